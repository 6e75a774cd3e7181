import { configurationTexts } from '../../kit/errors/configuration.js';
import { splitHaproxyLine } from '../split-haproxy-line.js';
import type { SourceFile } from './found-system.js';

/** A server line, or one slot of a server-template. */
export interface HaproxyServer {
  readonly name: string;
  readonly host: string;
  /** Null: the line names none, and HAProxy takes the port of the client's connection. */
  readonly port: number | null;
  readonly weight: number | null;
  readonly disabled: boolean;
  /** `b 1-4` of a server-template: HAProxy makes the names itself. */
  readonly template: string | null;
}

export interface HaproxyBind {
  readonly address: string | null;
  readonly port: number;
  readonly certificate: string | null;
  readonly secure: boolean;
}

/** A frontend, a backend or a listen section. */
export interface HaproxyProxy {
  readonly kind: 'frontend' | 'backend' | 'listen';
  readonly name: string;
  readonly mode: string;
  readonly binds: readonly HaproxyBind[];
  readonly servers: readonly HaproxyServer[];
  /** Backends that it leads to, with the hosts that the condition names. */
  readonly uses: readonly { readonly backend: string; readonly hosts: readonly string[] }[];
  readonly sticky: boolean;
  readonly stats: { readonly enabled: boolean; readonly uri: string | null; readonly user: string | null };
}

export interface HaproxyFile {
  readonly proxies: readonly HaproxyProxy[];
  readonly sockets: readonly { readonly address: string; readonly admin: boolean }[];
}

type Open = {
  -readonly [Key in keyof HaproxyProxy]: HaproxyProxy[Key] extends readonly (infer T)[]
    ? T[]
    : HaproxyProxy[Key];
};

/**
 * Reads an haproxy.cfg as far as an inventory needs it (configuration manual of 2.6, sections 2 to 7).
 * @throws OperatorError config-unreadable for a line that HAProxy itself refuses, with its number
 */
export function parseHaproxy(file: SourceFile): HaproxyFile {
  const proxies: Open[] = [];
  const sockets: { address: string; admin: boolean }[] = [];
  const acls = new Map<string, string[]>();
  let open: Open | null = null;
  let mode = 'tcp';
  let inDefaults = false;
  for (const words of linesOf(file)) {
    const [first = '', second = ''] = words;
    if (
      /^(?:global|defaults|frontend|backend|listen|peers|userlist|cache|resolvers|program|ring|mailers|http-errors)$/.test(
        first,
      )
    ) {
      inDefaults = first === 'defaults';
      open = null;
      if (first === 'frontend' || first === 'backend' || first === 'listen') {
        open = newProxy(first, second, mode);
        proxies.push(open);
      }
      continue;
    }
    if (inDefaults && first === 'mode') mode = second;
    if (open === null) {
      if (first === 'stats' && second === 'socket') sockets.push(readSocket(words));
      continue;
    }
    if (first === 'mode') open.mode = second;
    else if (first === 'acl') addHosts(acls, `${open.name}\n${second}`, hostsOf(words.slice(2)));
    else if (first === 'bind') open.binds = [...open.binds, ...readBinds(words)];
    else if (first === 'server' || first === 'server-template' || first === 'default-server')
      readServers(words, open);
    else if (first === 'cookie') open.sticky = true;
    else if (first === 'default_backend') open.uses.push({ backend: second, hosts: [] });
    else if (first === 'use_backend') open.uses.push(readUse(words, open.name, acls));
    else if (first === 'stats') open.stats = readStats(words, open.stats);
  }
  return { proxies, sockets };
}

/** HAProxy takes a line of any length, of so many words (include/haproxy/defaults.h of 2.6, MAX_LINE_ARGS). */
const MOST_WORDS = 64;

function linesOf({ path, text }: SourceFile): (readonly string[])[] {
  return text
    .split('\n')
    .map((source, i) => {
      const { words, closed } = splitHaproxyLine(source);
      const refuse = (detail: string): Error => configurationTexts.configUnreadable({ file: path, detail });
      if (!closed) throw refuse(`line ${i + 1}: a quote is not closed`);
      if (words.length > MOST_WORDS) throw refuse(`line ${i + 1}: more than ${MOST_WORDS} words`);
      return words;
    })
    .filter((words) => words.length > 0);
}

function addHosts(acls: Map<string, string[]>, name: string, hosts: readonly string[]): void {
  const known = acls.get(name) ?? [];
  known.push(...hosts);
  acls.set(name, known);
}

const newProxy = (kind: HaproxyProxy['kind'], name: string, mode: string): Open => ({
  ...{ kind, name, mode, binds: [], servers: [], uses: [], sticky: false },
  stats: { enabled: false, uri: null, user: null },
});

const readSocket = (words: readonly string[]): { address: string; admin: boolean } => {
  const address = (words[2] ?? '').replace(/^(?:unix|ipv4|ipv6|abns)@/, '').replace(/^\*?:/, '127.0.0.1:');
  return { address, admin: words[words.indexOf('level') + 1] === 'admin' };
};

const after = (words: readonly string[], word: string): string | null => {
  const at = words.indexOf(word);
  return at < 0 ? null : (words[at + 1] ?? null);
};

function readBinds(words: readonly string[]): HaproxyBind[] {
  return (words[1] ?? '').split(',').flatMap((part) => {
    const found = /^(?:ipv[46]@)?(.*):(\d+)(?:-\d+)?$/.exec(part);
    if (found === null) return [];
    const address = (found[1] ?? '').replace(/^\[|\]$/g, '');
    return [
      {
        address: ['', '*', '::', '0.0.0.0'].includes(address) ? null : address,
        port: Number(found[2]),
        secure: words.includes('ssl'),
        certificate: after(words, 'crt'),
      },
    ];
  });
}

function readServers(words: readonly string[], open: Open): void {
  const template = words[0] === 'server-template';
  if (words[0] === 'default-server') return;
  const [, name = '', range = '', place = ''] = template ? words : [words[0], words[1], '', words[2]];
  const target = /^(?:ipv[46]@)?(.*):(\d+)$/.exec(place);
  const host = (target?.[1] ?? place.replace(/^ipv[46]@/, '')).replace(/^\[|\]$/g, '');
  if (host === '' || host.includes('/')) return;
  const weight = after(words, 'weight');
  open.servers.push({
    name,
    host,
    port: target === null ? null : Number(target[2]),
    weight: weight === null ? null : Number(weight),
    disabled: words.includes('disabled'),
    template: template ? `${name} ${range}` : null,
  });
}

/** Hosts of a condition: `hdr(host) -i -m beg a.test b.test`, also in braces; flags take no host for a name. */
function hostsOf(words: readonly string[]): string[] {
  const hosts: string[] = [];
  let reading = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (
      /^(?:req\.)?hdr(?:_(?:beg|dom|end|str|sub))?\(\s*host\b|^(?:req_)?ssl_(?:fc_)?sni\b|^req\.ssl_sni\b/i.test(
        word,
      )
    )
      reading = true;
    else if (word === '}' || word === '{' || word === 'or' || word === '||') reading = false;
    else if (reading && /^-[mfMu]$/.test(word)) i++;
    else if (reading && word === '--') continue;
    else if (
      reading &&
      !word.startsWith('-') &&
      /^[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z0-9.-]+(?::\d+)?$/.test(word)
    )
      hosts.push(word.replace(/:\d+$/, '').replace(/\.$/, ''));
  }
  return hosts;
}

function readUse(
  words: readonly string[],
  section: string,
  acls: ReadonlyMap<string, readonly string[]>,
): { backend: string; hosts: string[] } {
  const condition = words.slice(3);
  // A refused host (`!pod`) leads elsewhere.
  const named = condition.flatMap((word) => acls.get(`${section}\n${word}`) ?? []);
  return { backend: words[1] ?? '', hosts: [...new Set([...named, ...hostsOf(condition)])] };
}

function readStats(words: readonly string[], before: HaproxyProxy['stats']): HaproxyProxy['stats'] {
  const [, what = '', value = ''] = words;
  if (what === 'uri') return { ...before, enabled: true, uri: value };
  if (what === 'auth') return { ...before, enabled: true, user: value.split(':')[0] ?? null };
  return { ...before, enabled: true };
}
