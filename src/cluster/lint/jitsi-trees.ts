import { editDistance } from '../../kit/config/nearest.js';
import type { JitsiRole, LintFile, LintTree } from './lint-file.js';
import { readHocon, type HoconValue } from './read-hocon.js';
import { includesOthers, readProsody, type ProsodyComponent, type ProsodyHost } from './read-prosody.js';
import { readEnvironmentFile, readProperties, type Property } from './read-properties.js';

/** Keys of a bridge's XMPP account. */
export const SHARD_KEYS = [
  'HOSTNAME',
  'DOMAIN',
  'USERNAME',
  'PASSWORD',
  'MUC_JIDS',
  'MUC_NICKNAME',
  'DISABLE_CERTIFICATE_VERIFICATION',
] as const;
export type ShardKey = (typeof SHARD_KEYS)[number];

/** One value with the file and line it comes from. */
export interface Placed {
  readonly value: string;
  readonly raw: string;
  readonly file: LintFile;
  readonly line: number;
  readonly generation: 'properties' | 'hocon';
  /** What an unquoted `#` cut off (HOCON). */
  readonly cut: string | null;
  /** `${…}`: known at the start of the program alone. */
  readonly computed: boolean;
}

/** A key of an account that nothing reads, with the known one that is meant. */
export interface StrayKey {
  readonly written: string;
  readonly meant: string;
  readonly file: LintFile;
  readonly line: number;
}

/** One XMPP account of a bridge: it may have several, one per server that it serves. */
export interface Shard {
  readonly name: string;
  /** All values of each key, in the order of precedence: the legacy file wins where it names the key. */
  readonly values: Readonly<Partial<Record<ShardKey, readonly Placed[]>>>;
  readonly stray: readonly StrayKey[];
  /** Whether it takes over members from elsewhere (`${base} { … }`). */
  readonly open: boolean;
}

export interface BridgeTree {
  readonly node: string;
  readonly properties: LintFile | null;
  readonly conf: LintFile | null;
  readonly environment: LintFile | null;
  readonly shards: readonly Shard[];
  /** The account that is judged: each in turn. */
  readonly shard: Shard['values'];
  /** Whether a part of its configuration is in other files, or filled in at the start. */
  readonly open: boolean;
  /** `JVB_SECRET` of the package's environment file. */
  readonly secret: Placed | null;
  readonly legacyKeys: readonly { readonly key: string; readonly property: Property }[];
  /** Unit links that start the bridge at boot. */
  readonly enabled: boolean | null;
}

export interface ServerTree {
  readonly node: string;
  readonly breweries: readonly Placed[];
  readonly prosody: readonly LintFile[];
  /** Names in `jicofo.xmpp.client`: of its account, of the participants, of the proxy component, of the rooms. */
  readonly client: {
    readonly domain: Placed | null;
    readonly xmppDomain: Placed | null;
    readonly proxy: Placed | null;
    readonly room: Placed | null;
  };
  /** `jicofo.xmpp.client.domain` and `jicofo.xmpp.service.domain`, where they are written out. */
  readonly clientDomain: string | null;
  readonly serviceDomain: string | null;
  /** Bridges log in at a second XMPP server (`xmpp-connection-name = Service`). */
  readonly elsewhere: boolean;
  readonly hosts: readonly ProsodyHost[];
  readonly components: readonly ProsodyComponent[];
  /** Whether prosody has hosts that its files here do not write out: what is absent may be among them. */
  readonly open: boolean;
}

const endsWith = (tree: LintTree, path: string, role: JitsiRole): LintFile | null => {
  const name = path.split('/').at(-1) ?? path;
  return (
    tree.files.find((file) => file.path === path || file.path.endsWith(`/${path}`)) ??
    tree.files.find((file) => file.role === role) ??
    // docker-jitsi-meet keeps jvb/jvb.conf and jicofo/jicofo.conf.
    (name === 'jvb.conf' || name === 'jicofo.conf'
      ? tree.files.find((file) => file.path.endsWith(`/${name}`) && file.role === undefined)
      : undefined) ??
    null
  );
};

/** What a tree says of a bridge; null when it holds none. */
export function readBridgeTree(tree: LintTree): BridgeTree | null {
  const properties = endsWith(tree, 'jitsi/videobridge/sip-communicator.properties', 'properties');
  const conf = endsWith(tree, 'jitsi/videobridge/jvb.conf', 'jvb');
  const environment = endsWith(tree, 'jitsi/videobridge/config', 'environment');
  if (properties === null && conf === null && environment === null) return null;
  const legacy = properties === null ? [] : readProperties(properties.text);
  const shards = shardsOf(properties, conf);
  const secret =
    environment === null
      ? undefined
      : readEnvironmentFile(environment.text).find(({ key }) => key === 'JVB_SECRET');
  return {
    node: tree.node,
    properties,
    conf,
    environment,
    shards,
    shard: shards[0]?.values ?? {},
    open: conf !== null && (/^[ \t]*include\b/m.test(conf.text) || takesOver(conf)),
    secret:
      secret === undefined || environment === null || secret.value === ''
        ? null
        : { ...secret, file: environment, generation: 'properties', cut: null, computed: false },
    legacyKeys: legacy.map((property) => ({ key: property.key, property })),
    enabled: isEnabled(tree),
  };
}

/** Whether the accounts, or what is around them, are another object's: `configs = ${common} { … }`. */
const takesOver = ({ text }: LintFile): boolean =>
  readHocon(text).some(({ path, computed }) => computed && ACCOUNTS.startsWith(`${path}.`));

const LEGACY_ACCOUNT = /^org\.jitsi\.videobridge\.xmpp\.user\.([^.]+)\.([\w-]+)$/;
const ACCOUNTS = 'videobridge.apis.xmpp-client.configs.';
/** Other keys of an account (jitsi-xmpp-extensions, MucClientConfiguration). */
const OTHER_KEYS = ['PORT', 'IQ_HANDLER_MODE', 'MUC', 'MODE', 'RESOURCE', 'PROXY_ADDRESS', 'PROXY_PORT'];

/** Where both files hold one account, it is the same one whatever they call it; the legacy file comes first. */
function shardsOf(properties: LintFile | null, conf: LintFile | null): Shard[] {
  const legacy = new Map<string, Keyed[]>();
  const modern = new Map<string, Keyed[]>();
  const add = (to: Map<string, Keyed[]>, name: string, keyed: Keyed): void => {
    to.set(name, [...(to.get(name) ?? []), keyed]);
  };
  for (const property of lastOfEach(properties === null ? [] : readProperties(properties.text))) {
    const found = LEGACY_ACCOUNT.exec(property.key);
    if (found === null || properties === null) continue;
    const placed = {
      ...property,
      file: properties,
      generation: 'properties' as const,
      cut: null,
      computed: false,
    };
    add(legacy, found[1] ?? '', { key: found[2] ?? '', placed, misplaced: null });
  }
  const told = lastOfEach(
    conf === null ? [] : readHocon(conf.text).map((one) => ({ ...one, key: one.path })),
  );
  const inherited = conf === null ? [] : inheritedOf(told);
  const open = new Set(inherited.filter(({ values }) => values.length === 0).map(({ name }) => name));
  for (const { name } of inherited) modern.set(name, []);
  for (const value of [...inherited.flatMap(({ values }) => values), ...told]) {
    const parts = value.path.split('.');
    const [name = '', key = ''] = parts.slice(-2);
    const head = `${parts.slice(0, -2).join('.')}.`;
    if (conf === null || parts.length !== 6) continue;
    // Keys of HOCON are case-sensitive: `XMPP-client` is another key, which nobody reads.
    if (head !== ACCOUNTS && !isMeant(head, ACCOUNTS)) continue;
    const placed = { ...value, raw: value.value, file: conf, generation: 'hocon' as const };
    add(modern, name, { key, placed, misplaced: head === ACCOUNTS ? null : head });
  }
  // A member written after those that were taken over is the one that counts.
  for (const [name, keys] of modern) modern.set(name, lastOfEach(keys));
  if (legacy.size === 1 && modern.size === 1)
    return [...legacy].map(([name, keys]) =>
      toShard(name, [...keys, ...[...modern.values()].flat()], open.size > 0),
    );
  const chosen = legacy.size > 0 ? legacy : modern;
  return [...chosen].map(([name, keys]) =>
    toShard(name, chosen === legacy ? [...keys, ...(modern.get(name) ?? [])] : keys, open.has(name)),
  );
}

/** Members that accounts take over from an object of the same file; none where that object is not here. */
function inheritedOf(
  told: readonly (HoconValue & { readonly key: string })[],
): { readonly name: string; readonly values: readonly (HoconValue & { readonly key: string })[] }[] {
  return told.flatMap((one) => {
    const name = one.path.startsWith(ACCOUNTS) ? one.path.slice(ACCOUNTS.length) : '';
    const base = /^\$\{\??([\w.-]+)\}/.exec(one.value)?.[1];
    if (!one.computed || name === '' || name.includes('.') || base === undefined) return [];
    const values = told
      .filter(({ path }) => path.startsWith(`${base}.`) && !path.slice(base.length + 1).includes('.'))
      .map((value) => {
        const path = `${one.path}.${value.path.slice(base.length + 1)}`;
        return { ...value, path, key: path };
      });
    return [{ name, values }];
  });
}

interface Keyed {
  readonly key: string;
  readonly placed: Placed;
  /** The path as written, when it is not the one that the bridge reads. */
  readonly misplaced: string | null;
}

const isMeant = (written: string, known: string): boolean =>
  written.toLowerCase() === known || editDistance(written.toLowerCase(), known, 2) <= 2;

function toShard(name: string, keys: readonly Keyed[], open: boolean): Shard {
  const values: Partial<Record<ShardKey, Placed[]>> = {};
  const stray: StrayKey[] = [];
  for (const { key, placed, misplaced } of keys) {
    const upper = key.toUpperCase();
    const at = { file: placed.file, line: placed.line };
    const known = SHARD_KEYS.find((one) => one === upper);
    if (misplaced !== null) {
      // The whole account is out of reach, not each of its keys.
      if (!stray.some(({ written }) => written === misplaced.slice(0, -1)))
        stray.push({ written: misplaced.slice(0, -1), meant: ACCOUNTS.slice(0, -1), ...at });
    } else if (known !== undefined) values[known] = [...(values[known] ?? []), placed];
    else if (!OTHER_KEYS.includes(upper)) {
      const meant = SHARD_KEYS.find((one) => editDistance(one, upper.replaceAll('-', '_'), 2) <= 2);
      if (meant !== undefined) stray.push({ written: key, meant, ...at });
    }
  }
  return { name, values, stray, open };
}

/** Whether systemd starts the bridge; null when the tree has no units at all. */
function isEnabled(tree: LintTree): boolean | null {
  const units = tree.files.filter(({ path }) => /systemd\/system\//.test(path));
  if (units.length === 0) return null;
  return units.some(({ path }) => /\.wants\/jitsi-videobridge2?\.service$/.test(path));
}

/** What a tree says of the Jitsi Meet server; null when it is none. */
export function readServerTree(tree: LintTree): ServerTree | null {
  const conf = endsWith(tree, 'jitsi/jicofo/jicofo.conf', 'jicofo');
  const properties = endsWith(tree, 'jitsi/jicofo/sip-communicator.properties', 'jicofo-properties');
  const prosody = prosodyFiles(tree);
  if (conf === null && properties === null && prosody.length === 0) return null;
  const legacy = (properties === null ? [] : readProperties(properties.text))
    .filter(({ key }) => key === 'org.jitsi.jicofo.BRIDGE_MUC')
    .map((property): Placed => ({
      ...property,
      file: properties ?? conf ?? none,
      generation: 'properties',
      cut: null,
      computed: false,
    }));
  const told = conf === null ? [] : readHocon(conf.text);
  const all = (path: string): Placed[] =>
    told
      .filter((one) => one.path === path)
      .map((value) => ({ ...value, raw: value.value, file: conf ?? none, generation: 'hocon' }));
  const last = (path: string): Placed | null => all(path).at(-1) ?? null;
  const service = last('jicofo.xmpp.service.domain');
  const said = prosody.map(readProsody);
  const connection = last('jicofo.bridge.xmpp-connection-name')?.value.toLowerCase() ?? null;
  return {
    node: tree.node,
    breweries: [...legacy, ...all('jicofo.bridge.brewery-jid')],
    prosody,
    hosts: said.flatMap(({ hosts }) => hosts),
    components: said.flatMap(({ components }) => components),
    open: said.some(({ open }) => open) || includesOthers(prosody),
    client: {
      domain: last('jicofo.xmpp.client.domain'),
      xmppDomain: last('jicofo.xmpp.client.xmpp-domain'),
      proxy: last('jicofo.xmpp.client.client-proxy'),
      room: last('jicofo.xmpp.client.conference-muc-jid'),
    },
    clientDomain: literal(last('jicofo.xmpp.client.domain')),
    serviceDomain: literal(service),
    elsewhere:
      connection === 'service' ||
      (connection !== 'client' &&
        (service !== null || last('jicofo.xmpp.service.enabled')?.value === 'true')),
  };
}

const literal = (placed: Placed | null): string | null =>
  placed === null || placed.computed ? null : placed.value.trim();

/** Of conf.avail only what conf.d links to: Debian keeps examples there. */
function prosodyFiles(tree: LintTree): LintFile[] {
  const all = tree.files.filter(
    ({ path, role }) =>
      role === 'prosody' || /prosody\/(config\/)?(conf\.(d|avail)\/)?[^/]+\.lua$/.test(path),
  );
  const name = ({ path }: LintFile): string => path.split('/').at(-1) ?? path;
  const linked = new Set(all.filter(({ path }) => /\/conf\.d\//.test(path)).map(name));
  return all.filter(
    (file) => !/\/conf\.avail\//.test(file.path) || linked.size === 0 || linked.has(name(file)),
  );
}

const none: LintFile = { path: '?', text: '', mode: null };

function lastOfEach<T extends { readonly key: string }>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [value.key, value])).values()];
}
