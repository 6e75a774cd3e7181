import { nodeName, tomlString, type FoundSystem, type SourceFile } from './found-system.js';

interface Server {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number | null;
  readonly disabled: boolean;
}

interface Balancer {
  http: number | null;
  https: number | null;
  certificate: string | null;
  stats: { port: number | null; user: string | null; password: boolean };
  socket: string | null;
  names: string[];
  servers: Server[];
}

/**
 * Reads an haproxy.cfg as far as an inventory needs: binds, certificate, servers, statistics, runtime socket,
 * names of hosts. Servers that several backends share are one node.
 */
export function readHaproxy({ path, text }: SourceFile): FoundSystem {
  const found: Balancer = {
    http: null,
    https: null,
    certificate: null,
    stats: { port: null, user: null, password: false },
    socket: null,
    names: [],
    servers: [],
  };
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim();
    const head = /^(global|defaults|frontend|backend|listen)\b\s*(\S*)/.exec(line);
    if (head !== null) section = head[1] ?? '';
    else if (line !== '') readLine(line, section, found);
  }
  return { system: 'streaming', text: toToml(found, path), remarks: remarksOn(found, path) };
}

function readLine(line: string, section: string, found: Balancer): void {
  const words = line.split(/\s+/);
  const [first = '', second = ''] = words;
  const after = (word: string): string | null => {
    const at = words.indexOf(word);
    return at < 0 ? null : (words[at + 1] ?? null);
  };
  if (first === 'stats' && second === 'socket')
    found.socket = (words[2] ?? '').replace(/^(?:unix|ipv4|ipv6)@/, '');
  if (first === 'stats' && second === 'auth') {
    found.stats.user = (words[2] ?? '').split(':')[0] ?? null;
    found.stats.password = true;
  }
  if (first === 'bind' && section !== 'global') {
    const port = Number(/:(\d+)$/.exec(second)?.[1] ?? Number.NaN);
    if (!Number.isFinite(port)) return;
    if (words.includes('ssl')) {
      found.https ??= port;
      found.certificate ??= after('crt');
    } else found.http ??= port;
  }
  if (first === 'server') {
    const target = /^(.*):(\d+)$/.exec(words[2] ?? '');
    const host = (target?.[1] ?? words[2] ?? '').replace(/^\[|\]$/g, '');
    if (host === '' || found.servers.some(({ name }) => name === second)) return;
    found.servers.push({
      name: second,
      host,
      port: Number(target?.[2] ?? 80),
      weight: after('weight') === null ? null : Number(after('weight')),
      disabled: words.includes('disabled'),
    });
  }
  for (const [, name] of line.matchAll(/hdr\(host\)[^{}]*?\s-i\s+([A-Za-z0-9.-]+)/g)) {
    if (name !== undefined && !found.names.includes(name)) found.names.push(name);
  }
}

function toToml(found: Balancer, path: string): string {
  const nodes = found.servers.filter(({ disabled }) => !disabled);
  const hosts = found.names.filter((name) => !nodes.some((node) => name.startsWith(`${node.name}.`)));
  const lines = [
    `# From ${path}.`,
    '[streaming]',
    `public_name = ${tomlString(hosts[0] ?? commonDomain(found.names) ?? 'streaming.example')}`,
    ...(found.certificate === null ? [] : [`certificate = ${tomlString(found.certificate)}`]),
    `spare_slots = ${found.servers.filter(({ disabled }) => disabled).length}`,
    ...(found.stats.user === null ? [] : [`stats_user = ${tomlString(found.stats.user)}`]),
    ...(found.stats.password ? ['#stats_password_file = "/etc/bbb2pod/haproxy-stats"'] : []),
    '',
    '[streaming.balancers.lb1]',
    'address = "127.0.0.1"   # of this balancer, as other nodes reach it',
    ...(found.http === null ? [] : [`http_port = ${found.http}`]),
    ...(found.https === null ? [] : [`https_port = ${found.https}`]),
    ...(found.socket === null ? [] : [`socket = ${tomlString(found.socket)}`]),
  ];
  for (const { name, host, port, weight } of nodes) {
    const own = found.names.find((candidate) => candidate.startsWith(`${name}.`));
    lines.push(
      '',
      `[streaming.broadcasts.${nodeName(name)}]`,
      `address = ${tomlString(host)}`,
      `http_port = ${port}`,
      ...(own === undefined ? [] : [`public_name = ${tomlString(own)}`]),
      ...(weight === null ? [] : [`weight = ${weight}`]),
    );
  }
  lines.push(
    '',
    '# haproxy.cfg knows nothing of the ingests:',
    '#[streaming.ingests.ingest1]',
    '#address = "…"',
  );
  return `${lines.join('\n')}\n`;
}

/** `live.test` of `broadcast1.live.test` and `broadcast2.live.test`. */
function commonDomain(names: readonly string[]): string | null {
  const [first] = names;
  const parent = first?.split('.').slice(1).join('.') ?? '';
  return parent !== '' && names.every((name) => name.endsWith(`.${parent}`)) ? parent : null;
}

const remarksOn = (found: Balancer, path: string): string[] => [
  ...(found.servers.length === 0 ? [`${path} names no server`] : []),
  ...(found.socket === null
    ? [`${path} has no runtime socket: cluster drain and ready will need one (stats socket … level admin)`]
    : []),
  ...(found.stats.password
    ? [
        `the password of the statistics page was left in ${path}: put it in a file of mode 0600 and name it in stats_password_file`,
      ]
    : []),
  'the address of the balancer, the ingests and the publishers are not in haproxy.cfg: fill them in',
];
