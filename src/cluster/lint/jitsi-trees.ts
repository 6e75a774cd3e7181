import type { LintFile, LintTree } from './lint-file.js';
import { readHocon } from './read-hocon.js';
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
}

export interface BridgeTree {
  readonly node: string;
  readonly properties: LintFile | null;
  readonly conf: LintFile | null;
  readonly environment: LintFile | null;
  /** All values of each key, in the order of precedence: the legacy file wins where it names the key. */
  readonly shard: Readonly<Partial<Record<ShardKey, readonly Placed[]>>>;
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
  readonly hosts: readonly {
    readonly name: string;
    readonly authentication: string | null;
    readonly file: LintFile;
    readonly line: number;
  }[];
  readonly components: readonly {
    readonly name: string;
    readonly kind: string;
    readonly file: LintFile;
    readonly line: number;
  }[];
}

const endsWith = (tree: LintTree, path: string): LintFile | null =>
  tree.files.find((file) => file.path === path || file.path.endsWith(`/${path}`)) ?? null;

/** What a tree says of a bridge; null when it holds none. */
export function readBridgeTree(tree: LintTree): BridgeTree | null {
  const properties = endsWith(tree, 'jitsi/videobridge/sip-communicator.properties');
  const conf = endsWith(tree, 'jitsi/videobridge/jvb.conf');
  const environment = endsWith(tree, 'jitsi/videobridge/config');
  if (properties === null && conf === null && environment === null) return null;
  const legacy = properties === null ? [] : readProperties(properties.text);
  const shard: Partial<Record<ShardKey, Placed[]>> = {};
  const add = (key: string, placed: Placed): void => {
    const known = SHARD_KEYS.find((one) => one === key.toUpperCase());
    if (known !== undefined) shard[known] = [...(shard[known] ?? []), placed];
  };
  for (const property of lastOfEach(legacy)) {
    const found = /^org\.jitsi\.videobridge\.xmpp\.user\.[^.]+\.(\w+)$/.exec(property.key);
    if (found !== null && properties !== null)
      add(found[1] ?? '', { ...property, file: properties, generation: 'properties', cut: null });
  }
  for (const value of conf === null
    ? []
    : lastOfEach(readHocon(conf.text).map((one) => ({ ...one, key: one.path })))) {
    const found = /^videobridge\.apis\.xmpp-client\.configs\.[^.]+\.(\w+)$/.exec(value.path);
    if (found !== null && conf !== null)
      add(found[1] ?? '', { ...value, raw: value.value, file: conf, generation: 'hocon' });
  }
  const secret =
    environment === null
      ? undefined
      : readEnvironmentFile(environment.text).find(({ key }) => key === 'JVB_SECRET');
  return {
    node: tree.node,
    properties,
    conf,
    environment,
    shard,
    secret:
      secret === undefined || environment === null || secret.value === ''
        ? null
        : { ...secret, file: environment, generation: 'properties', cut: null },
    legacyKeys: legacy.map((property) => ({ key: property.key, property })),
    enabled: isEnabled(tree),
  };
}

/** Whether systemd starts the bridge; null when the tree has no units at all. */
function isEnabled(tree: LintTree): boolean | null {
  const units = tree.files.filter(({ path }) => /systemd\/system\//.test(path));
  if (units.length === 0) return null;
  return units.some(({ path }) => /\.wants\/jitsi-videobridge2?\.service$/.test(path));
}

/** What a tree says of the Jitsi Meet server; null when it is none. */
export function readServerTree(tree: LintTree): ServerTree | null {
  const conf = endsWith(tree, 'jitsi/jicofo/jicofo.conf');
  const properties = endsWith(tree, 'jitsi/jicofo/sip-communicator.properties');
  const prosody = tree.files.filter(({ path }) => /prosody\/(conf\.(d|avail)\/)?[^/]+\.lua$/.test(path));
  if (conf === null && properties === null && prosody.length === 0) return null;
  const legacy = (properties === null ? [] : readProperties(properties.text))
    .filter(({ key }) => key === 'org.jitsi.jicofo.BRIDGE_MUC')
    .map((property): Placed => ({
      ...property,
      file: properties ?? conf ?? none,
      generation: 'properties',
      cut: null,
    }));
  const modern = (conf === null ? [] : readHocon(conf.text))
    .filter(({ path }) => path === 'jicofo.bridge.brewery-jid')
    .map((value): Placed => ({ ...value, raw: value.value, file: conf ?? none, generation: 'hocon' }));
  return {
    node: tree.node,
    breweries: [...legacy, ...modern],
    prosody,
    hosts: prosody.flatMap(readHosts),
    components: prosody.flatMap(readComponents),
  };
}

const none: LintFile = { path: '?', text: '', mode: null };

function readHosts(file: LintFile): ServerTree['hosts'] {
  const hosts: { name: string; authentication: string | null; file: LintFile; line: number }[] = [];
  file.text.split('\n').forEach((line, i) => {
    const host = /^\s*(?:VirtualHost|Component)\s*\(?\s*["']([^"']+)["']/.exec(line);
    if (host !== null && /^\s*VirtualHost/.test(line))
      hosts.push({ name: host[1] ?? '', authentication: null, file, line: i + 1 });
    else if (host !== null) hosts.push({ name: '', authentication: null, file, line: i + 1 });
    const authentication = /^\s*authentication\s*=\s*["']([^"']+)["']/.exec(line);
    const last = hosts.at(-1);
    if (authentication !== null && last !== undefined) last.authentication = authentication[1] ?? null;
  });
  return hosts.filter(({ name }) => name !== '');
}

const readComponents = (file: LintFile): ServerTree['components'] =>
  file.text.split('\n').flatMap((line, i) => {
    const found = /^\s*Component\s*\(?\s*["']([^"']+)["']\s*\)?\s*(?:["'(]+([\w.]+))?/.exec(line);
    return found === null ? [] : [{ name: found[1] ?? '', kind: found[2] ?? '', file, line: i + 1 }];
  });

function lastOfEach<T extends { readonly key: string }>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [value.key, value])).values()];
}
