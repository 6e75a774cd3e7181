import { localized } from '../../kit/output/localized.js';
import { bracket } from '../inventory/values.js';
import { nodeName, tomlString, type FoundSystem, type SourceFile } from './found-system.js';
import {
  parseHaproxy,
  type HaproxyBind,
  type HaproxyFile,
  type HaproxyProxy,
  type HaproxyServer,
} from './parse-haproxy.js';

/** Names, hosts and servers that speak of a broadcast; and those of other services on the same balancer. */
const BROADCAST = /hls|live|broadcast|stream|diffus|direct|media|video|webtv|(?:^|[^a-z])tv(?:[^a-z]|$)/i;
const OTHER =
  /(?:^|[^a-z])(?:pod|moodle|bbb|bigbluebutton|greenlight|jitsi|visio|api|admin|wiki|mail|stats?|acme|letsencrypt|certbot)/i;
const RTMP_PORT = 1935;

interface Chosen {
  /** Backends of the broadcast nodes, the one with most servers first. */
  readonly media: readonly HaproxyProxy[];
  readonly ingests: readonly HaproxyProxy[];
  /** Backends with servers that were left out. */
  readonly others: readonly HaproxyProxy[];
}

/**
 * Reads an haproxy.cfg as far as an inventory needs: the backends of the broadcast (the file may carry other
 * services), their servers, binds, certificate, statistics, runtime socket, names of hosts. What the file cannot tell
 * stands as a comment to fill in. Servers that several backends share are one node.
 */
export function readHaproxy(source: SourceFile): FoundSystem {
  const { path } = source;
  const file = parseHaproxy(source);
  const chosen = choose(file);
  const nodes = nodesOf(chosen.media);
  const remarks = [
    ...(nodes.length === 0
      ? [
          localized(
            `${path} shows no backend of broadcast nodes: fill them in`,
            `${path} ne montre aucun backend de nœuds de diffusion : à remplir`,
          ),
        ]
      : []),
    ...(file.sockets.length === 0
      ? [
          localized(
            `${path} has no runtime socket: cluster drain and ready will need one (stats socket … level admin)`,
            `${path} n'a pas de socket d'administration : cluster drain et ready en voudront une (stats socket … level admin)`,
          ),
        ]
      : []),
    ...(statsOf(file)?.user == null
      ? []
      : [
          localized(
            `the password of the statistics page was left in ${path}: put it in a file of mode 0600 and name it in stats_password_file`,
            `le mot de passe de la page de statistiques est resté dans ${path} : mettez-le dans un fichier de mode 0600 nommé par stats_password_file`,
          ),
        ]),
    ...(chosen.others.length === 0
      ? []
      : [
          localized(
            `${chosen.others.map(({ name }) => name).join(', ')}: taken for other services and left out; cluster.toml lists them in a comment`,
            `${chosen.others.map(({ name }) => name).join(', ')} : pris pour d'autres services et laissés de côté ; cluster.toml les liste en commentaire`,
          ),
        ]),
    localized(
      'the addresses of the balancers, the ingests, the streams and the publishers are not in haproxy.cfg: fill them in',
      'les adresses des répartiteurs, les ingests, les flux et ceux qui publient ne sont pas dans haproxy.cfg : à remplir',
    ),
  ];
  return { system: 'streaming', text: toToml(path, file, chosen, nodes), remarks };
}

function choose({ proxies }: HaproxyFile): Chosen {
  const backends = proxies.filter(({ servers }) => servers.length > 0);
  const ingests = backends.filter(({ servers }) => servers.some(({ port }) => port === RTMP_PORT));
  const web = backends.filter((backend) => !ingests.includes(backend));
  const words = (backend: HaproxyProxy): string =>
    [backend.name, ...backend.servers.map(({ name }) => name), ...hostsTo(proxies, backend.name)].join(' ');
  const speaking = web.filter((backend) => BROADCAST.test(words(backend)) && !OTHER.test(backend.name));
  const silent = web.filter((backend) => !OTHER.test(words(backend)));
  const first = speaking.length > 0 ? speaking : silent;
  // The same machines under another backend's name are the same nodes.
  const places = new Set(first.flatMap(({ servers }) => servers.map(placeOf)));
  const media = web
    .filter(
      (backend) => first.includes(backend) || backend.servers.some((server) => places.has(placeOf(server))),
    )
    .toSorted((a, b) => b.servers.length - a.servers.length);
  return { media, ingests, others: web.filter((backend) => !media.includes(backend)) };
}

const placeOf = ({ host, port }: HaproxyServer): string => `${host}:${port ?? 80}`;

const hostsTo = (proxies: readonly HaproxyProxy[], backend: string): string[] => [
  ...new Set(
    proxies.flatMap(({ uses }) =>
      uses.filter((use) => use.backend === backend).flatMap(({ hosts }) => hosts),
    ),
  ),
];

interface FoundNode {
  readonly name: string;
  readonly server: HaproxyServer;
}

/** One node per address and port; its name is the server's in the largest backend that has it. */
function nodesOf(backends: readonly HaproxyProxy[]): FoundNode[] {
  const nodes = new Map<string, FoundNode>();
  const taken = new Set<string>();
  // A server with a line of its own names the machine; a template's slots are only numbered.
  const all = backends.flatMap(({ name, servers }) => servers.map((server) => ({ backend: name, server })));
  for (const { backend, server } of all.toSorted(
    (a, b) => Number(a.server.template !== null) - Number(b.server.template !== null),
  )) {
    if (isSlot(server) || nodes.has(placeOf(server))) continue;
    const plain = nodeName(server.name);
    const name = taken.has(plain) ? nodeName(`${backend}-${plain}`) : plain;
    taken.add(name);
    nodes.set(placeOf(server), { name, server });
  }
  return [...nodes.values()];
}

/** A slot in reserve: declared beforehand, for `cluster ready spareN`. */
const isSlot = ({ name, disabled }: HaproxyServer): boolean => disabled && /^spare\d*$/.test(name);

const statsOf = ({
  proxies,
}: HaproxyFile): { bind: HaproxyBind | null; uri: string; user: string | null } | null => {
  const own = proxies.filter(({ stats }) => stats.enabled);
  const found = own.find(({ binds, servers }) => binds.length > 0 && servers.length === 0) ?? own[0];
  if (found === undefined) return null;
  return {
    bind: found.binds[0] ?? null,
    uri: found.stats.uri ?? '/haproxy?stats',
    user: found.stats.user,
  };
};

function toToml(path: string, file: HaproxyFile, chosen: Chosen, nodes: readonly FoundNode[]): string {
  const stats = statsOf(file);
  const names = publicNames(file, chosen, nodes);
  const fronts = frontsOf(file, chosen);
  const secure = fronts.find((bind) => bind.secure);
  const slots = chosen.media.flatMap(({ servers }) => servers).filter(isSlot);
  const lines = [
    localized(`# From ${path}.`, `# De ${path}.`),
    '[streaming]',
    names.main === null
      ? `public_name = "streaming.example"   # ${localized('TO FILL IN: the file names no host of the broadcast', 'À REMPLIR : le fichier ne nomme aucun hôte de la diffusion')}`
      : `public_name = ${tomlString(names.main)}`,
    ...(secure?.certificate == null
      ? []
      : [
          `certificate = ${tomlString(secure.certificate)}${
            secure.certificate.endsWith('/')
              ? localized(
                  '   # a directory: name the file of this site to render with it',
                  '   # un dossier : nommez le fichier de ce site pour générer avec lui',
                )
              : ''
          }`,
        ]),
    `#streams = ["…"]   # ${localized('names of the streams on the air; until then playlists are not tested', "noms des flux à l'antenne ; d'ici là les listes ne sont pas testées")}`,
    `spare_slots = ${new Set(slots.map(({ name }) => name)).size}`,
    ...(stats?.user == null
      ? []
      : [`stats_user = ${tomlString(stats.user)}`, '#stats_password_file = "/etc/bbb2pod/haproxy-stats"']),
    '',
    ...balancerLines(file, fronts, stats),
    ...nodes.flatMap((node) => nodeLines(node, names.nodes.get(node.name) ?? null, slots)),
    ...templateLines(chosen.media, nodes),
    ...ingestLines(chosen.ingests),
    ...(chosen.others.length === 0
      ? []
      : [
          '',
          localized(
            '# Left out, as other services. Are some broadcast nodes? Then add them above.',
            '# Laissés de côté (autres services). Certains diffusent-ils ? Ajoutez-les.',
          ),
          ...chosen.others.map(
            ({ name, servers }) =>
              `#  backend ${name}: ${servers.map((server) => `${server.template ?? server.name} ${server.host}${server.port === null ? '' : `:${server.port}`}`).join(', ')}`,
          ),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Binds of what leads to the broadcast nodes. */
function frontsOf({ proxies }: HaproxyFile, { media }: Chosen): HaproxyBind[] {
  const names = media.map(({ name }) => name);
  return proxies
    .filter(
      (proxy) =>
        proxy.uses.some(({ backend }) => names.includes(backend)) ||
        (proxy.kind === 'listen' && names.includes(proxy.name)),
    )
    .flatMap(({ binds }) => binds);
}

/** The name that leads to all nodes, and those that lead to one alone. */
function publicNames(
  { proxies }: HaproxyFile,
  { media }: Chosen,
  nodes: readonly FoundNode[],
): { main: string | null; nodes: Map<string, string> } {
  const own = new Map<string, string>();
  const shared: string[] = [];
  // A node's own name begins with it, whatever the backend is called.
  for (const name of proxies.flatMap(({ uses }) => uses.flatMap(({ hosts }) => hosts))) {
    const node = nodes.find((one) => name.startsWith(`${one.name}.`));
    if (node !== undefined && !own.has(node.name)) own.set(node.name, name);
  }
  for (const backend of media) {
    const hosts = hostsTo(proxies, backend.name);
    const [only, ...more] = backend.servers;
    const node = nodes.find(({ server }) => only !== undefined && placeOf(server) === placeOf(only));
    const alone = more.length === 0 && media.length > 1 && node !== undefined;
    for (const name of hosts) {
      const named = nodes.find((one) => name.startsWith(`${one.name}.`));
      const target = named ?? (alone ? node : undefined);
      if (target === undefined) shared.push(name);
      else if (!own.has(target.name)) own.set(target.name, name);
    }
  }
  return { main: shared[0] ?? commonDomain([...own.values()]), nodes: own };
}

function balancerLines(
  { sockets }: HaproxyFile,
  fronts: readonly HaproxyBind[],
  stats: ReturnType<typeof statsOf>,
): string[] {
  const plain = fronts.find(({ secure }) => !secure);
  const secure = fronts.find((bind) => bind.secure);
  const address = [...fronts, ...(stats?.bind === undefined || stats.bind === null ? [] : [stats.bind])]
    .map((bind) => bind.address)
    .find((one) => one !== null && !one.startsWith('127.') && one !== '::1');
  // A path on the node first: a socket on TCP may be open to others, and is often less than admin.
  const ranked = sockets.toSorted(
    (a, b) =>
      Number(b.admin) - Number(a.admin) ||
      Number(b.address.startsWith('/')) - Number(a.address.startsWith('/')),
  );
  const [socket, ...rest] = ranked;
  const port = stats?.bind?.port;
  return [
    '[streaming.balancers.lb1]',
    `address = ${tomlString(address ?? '127.0.0.1')}   # ${localized('of this balancer, as other nodes reach it', 'de ce répartiteur, vue des autres nœuds')}`,
    ...(plain === undefined ? [] : [`http_port = ${plain.port}`]),
    ...(secure === undefined ? [] : [`https_port = ${secure.port}`]),
    ...(port === undefined ? [] : [`stats_port = ${port}`]),
    ...(port === undefined || stats?.uri === '/haproxy?stats'
      ? []
      : [
          `stats_url = ${tomlString(`http://${bracket(stats?.bind?.address ?? address ?? '127.0.0.1')}:${port}${stats?.uri ?? '/'};csv`)}`,
        ]),
    ...(socket === undefined
      ? [
          `#socket = "/run/haproxy/admin.sock"   # ${localized('the file has no stats socket', "le fichier n'a pas de stats socket")}`,
        ]
      : [
          `socket = ${tomlString(socket.address)}${socket.admin ? '' : localized('   # not level admin: drain and ready will be refused', '   # pas level admin : drain et ready seront refusés')}`,
        ]),
    ...rest.map(
      ({ address: other }) =>
        `#socket = ${tomlString(other)}   # ${localized('another one of the file', 'une autre du fichier')}`,
    ),
  ];
}

function nodeLines(
  { name, server }: FoundNode,
  publicName: string | null,
  slots: readonly HaproxyServer[],
): string[] {
  const { host, port, weight, template, disabled } = server;
  return [
    '',
    ...(template === null
      ? []
      : [
          localized(
            `# server-template ${template}: HAProxy numbers its servers itself;\n# give each machine a section of its own.`,
            `# server-template ${template} : HAProxy numérote ses serveurs ;\n# donnez une section à chaque machine.`,
          ),
        ]),
    ...(disabled && !slots.includes(server)
      ? [
          localized(
            `# disabled in haproxy.cfg: add ${tomlString(name)} to maintenance when that is meant.`,
            `# disabled dans haproxy.cfg : ajoutez ${tomlString(name)} à maintenance si c'est voulu.`,
          ),
        ]
      : []),
    `[streaming.broadcasts.${name}]`,
    `address = ${tomlString(host)}`,
    port === null
      ? `#http_port = 80   # ${localized('haproxy.cfg names no port', 'haproxy.cfg ne nomme aucun port')}`
      : `http_port = ${port}`,
    ...(publicName === null ? [] : [`public_name = ${tomlString(publicName)}`]),
    ...(weight === null ? [] : [`weight = ${weight}`]),
  ];
}

/** Templates whose slots became no node of their own. */
const templateLines = (backends: readonly HaproxyProxy[], nodes: readonly FoundNode[]): string[] =>
  backends
    .flatMap(({ servers }) => servers)
    .filter((server) => server.template !== null && !nodes.some((node) => node.server === server))
    .map(({ template, host, port }) =>
      localized(
        `# server-template ${template ?? ''} (${host}${port === null ? '' : `:${port}`}) leads to a machine above;\n# are there others behind that name? Add them.`,
        `# server-template ${template ?? ''} (${host}${port === null ? '' : `:${port}`}) mène à une machine ci-dessus ;\n# d'autres sont derrière ce nom ? Ajoutez-les.`,
      ),
    );

function ingestLines(backends: readonly HaproxyProxy[]): string[] {
  const found = nodesOf(backends);
  if (found.length === 0)
    return [
      '',
      localized('# haproxy.cfg knows nothing of the ingests:', '# haproxy.cfg ne sait rien des ingests :'),
      '#[streaming.ingests.ingest1]',
      '#address = "…"',
    ];
  return found.flatMap(({ name, server }) => [
    '',
    `[streaming.ingests.${name}]`,
    `address = ${tomlString(server.host)}`,
    `rtmp_port = ${server.port ?? RTMP_PORT}`,
    `#http_port = 80   # ${localized('where /stat answers', 'où répond /stat')}`,
  ]);
}

/** `live.test` of `broadcast1.live.test` and `broadcast2.live.test`. */
function commonDomain(names: readonly string[]): string | null {
  const [first] = names;
  const parent = first?.split('.').slice(1).join('.') ?? '';
  return parent !== '' && names.every((name) => name.endsWith(`.${parent}`)) ? parent : null;
}
