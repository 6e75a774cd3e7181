import {
  readBridgeTree,
  readServerTree,
  type BridgeTree,
  type Placed,
  type ServerTree,
  type ShardKey,
} from './jitsi-trees.js';
import { lintFinding, type LintFile, type LintResult, type LintTree } from './lint-file.js';

/** Turns a secret into something that may be compared and never shown. */
export type HashSecret = (secret: string) => string;

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;
const REQUIRED: readonly ShardKey[] = [
  'HOSTNAME',
  'DOMAIN',
  'USERNAME',
  'PASSWORD',
  'MUC_JIDS',
  'MUC_NICKNAME',
];
const OUR = { system: 'jitsi' as const };

/**
 * Judges Jitsi trees of both generations, alone and against each other. What files cannot show (who owns them
 * here, what a name resolves to, whether prosody has the account) is no finding.
 */
export function lintJitsi(trees: readonly LintTree[], hash: HashSecret): LintResult[] {
  const servers = trees.map(readServerTree).filter((server) => server !== null);
  const bridges = trees.map(readBridgeTree).filter((bridge) => bridge !== null);
  const server = servers[0] ?? null;
  const own = server === null ? null : (bridges.find(({ node }) => node === server.node) ?? null);
  const domain = server === null ? null : domainOf(server);
  const secret = own === null ? null : secretOf(own);
  return [
    ...(server === null ? [] : lintServer(server)),
    ...bridges.flatMap((bridge) => {
      const isServer = server?.node === bridge.node;
      // A server whose own bridge is not there, or not started, needs no sound account: it takes no part.
      const absent = bridge.properties === null && bridge.conf === null;
      if (isServer && bridges.length > 1 && (absent || bridge.enabled === false)) return lintFiles(bridge);
      return [
        ...lintFiles(bridge),
        ...lintShard(bridge, { server, domain, isServer }),
        ...(isServer ? [] : lintSecret(bridge, secret, hash)),
      ];
    }),
    ...lintNicknames(bridges),
    ...(server !== null &&
    own !== null &&
    bridges.length > 1 &&
    own.enabled === true &&
    own.properties !== null
      ? [lintFinding('J18-enabled', { ...OUR, node: own.node, file: own.properties, line: 0 })]
      : []),
  ];
}

/** The value that wins: the legacy file where it names the key. */
const effective = (bridge: BridgeTree, key: ShardKey): Placed | null => bridge.shard[key]?.[0] ?? null;

/** The name of the Jitsi Meet server: what follows `auth.` in prosody's hosts. */
const domainOf = ({ hosts }: ServerTree): string | null =>
  hosts.find(({ name }) => name.startsWith('auth.'))?.name.slice('auth.'.length) ?? null;

const secretOf = (own: BridgeTree): Placed | null => own.secret ?? effective(own, 'PASSWORD');

/** Rules on the files themselves. */
function lintFiles(bridge: BridgeTree): LintResult[] {
  const { node } = bridge;
  const results: LintResult[] = [];
  for (const file of [bridge.properties, bridge.conf, bridge.environment]) {
    if (file?.mode != null && (file.mode & 0o004) !== 0)
      results.push(
        lintFinding('J17-readable', {
          ...OUR,
          node,
          file,
          line: 0,
          parameters: { mode: file.mode.toString(8) },
        }),
      );
  }
  return [...results, ...lintLegacyKeys(bridge)];
}

const DEAD_KEYS: Readonly<Record<string, string>> = {
  'org.jitsi.videobridge.ENABLE_STATISTICS': '2021-03',
  'org.jitsi.videobridge.STATISTICS_TRANSPORT': '2024-04',
  'org.jitsi.videobridge.DISABLE_TCP_HARVESTER': '2024-07',
};

function lintLegacyKeys({ node, properties, legacyKeys }: BridgeTree): LintResult[] {
  if (properties === null) return [];
  const results: LintResult[] = [];
  for (const { key, property } of legacyKeys) {
    const at = { ...OUR, node, file: properties, line: property.line };
    const glued = /\s(org\.(?:jitsi|ice4j)\.[\w.]+=)/.exec(property.raw);
    if (glued !== null) {
      const replacement = `${key}=${property.raw}`.replaceAll(/\s+(?=org\.(?:jitsi|ice4j)\.)/g, '\n');
      results.push(lintFinding('J16-glued', { ...at, parameters: { key: shortKey(key) }, replacement }));
      continue;
    }
    const since = DEAD_KEYS[key];
    if (since !== undefined)
      results.push(lintFinding('J16-ignored', { ...at, parameters: { key: shortKey(key), since } }));
    if (/STUN_MAPPING_HARVESTER_ADDRESSES$/.test(key) && /jit(si\.net|\.si)/.test(property.value))
      results.push(
        lintFinding('J16-foreign-stun', { ...at, parameters: { key: shortKey(key), value: property.value } }),
      );
    if (/DISABLE_AWS_HARVESTER$/.test(key) && property.value.trim() !== 'true')
      results.push(
        lintFinding('J16-aws', { ...at, parameters: { key: shortKey(key) }, replacement: `${key}=true` }),
      );
  }
  return results;
}

const shortKey = (key: string): string => key.split('.').at(-1) ?? key;

interface Around {
  readonly server: ServerTree | null;
  readonly domain: string | null;
  /** Whether this bridge is the one on the server itself. */
  readonly isServer: boolean;
}

function lintShard(bridge: BridgeTree, around: Around): LintResult[] {
  const { node } = bridge;
  const file = bridge.properties ?? bridge.conf ?? bridge.environment;
  const present = REQUIRED.filter((key) => effective(bridge, key) !== null);
  if (file === null) return [];
  if (present.length === 0) return [lintFinding('J16-no-shard', { ...OUR, node, file, line: 0 })];
  const missing = REQUIRED.filter((key) => !present.includes(key));
  const results = missing.map((key) =>
    lintFinding('J16-missing', { ...OUR, node, file, line: 0, parameters: { key } }),
  );
  for (const key of REQUIRED) {
    const placed = effective(bridge, key);
    if (placed === null) continue;
    results.push(...lintWriting(node, key, placed), ...lintDisagreement(bridge, key, placed));
  }
  return [
    ...results,
    ...lintHostname(bridge, around),
    ...lintNames(bridge, around),
    ...lintVerification(bridge),
    ...lintNicknameForm(bridge),
  ];
}

/** Slips of one line that change its value: blanks, comments, an unquoted `#`. */
function lintWriting(node: string, key: ShardKey, placed: Placed): LintResult[] {
  const at = { ...OUR, node, file: placed.file, line: placed.line, parameters: { key } };
  const line = placed.file.text.split('\n')[placed.line - 1] ?? '';
  if (placed.generation === 'hocon') {
    if (placed.cut === null) return [];
    const replacement = line.replace(
      /([=:]\s*)([^"\s][^\n]*?)\s*$/,
      (_, start: string, value: string) => `${start}"${value}"`,
    );
    return [lintFinding('J16-cut', { ...at, replacement })];
  }
  if (/\s#/.test(placed.value))
    return [lintFinding('J16-comment', { ...at, replacement: line.replace(/\s+#.*$/, '') })];
  if (/[ \t]$/.test(placed.value))
    return [lintFinding('J16-blank', { ...at, replacement: line.replace(/[ \t]+$/, '') })];
  if (placed.raw.includes('\\') && key === 'PASSWORD')
    return [lintFinding('J16-backslash', { ...at, replacement: line.replaceAll(/\\/g, '\\\\') })];
  return [];
}

/** Both files name a key differently: the legacy one wins; whether it is right is another finding. */
function lintDisagreement(bridge: BridgeTree, key: ShardKey, winner: Placed): LintResult[] {
  const other = bridge.shard[key]?.find(({ generation }) => generation !== winner.generation);
  if (other === undefined || other.value.trim().toLowerCase() === winner.value.trim().toLowerCase())
    return [];
  return [
    lintFinding('J16-disagree', {
      ...OUR,
      node: bridge.node,
      file: other.file,
      line: other.line,
      parameters: { key, winner: `${winner.file.path}:${winner.line}` },
    }),
  ];
}

function lintHostname(bridge: BridgeTree, { domain, isServer }: Around): LintResult[] {
  const placed = effective(bridge, 'HOSTNAME');
  if (placed === null || isServer) return [];
  const host = placed.value.trim();
  const at = { ...OUR, node: bridge.node, file: placed.file, line: placed.line };
  if (LOCAL.test(host)) {
    const wanted = domain ?? 'jitsi.example.org';
    return [
      lintFinding('J16-local', {
        ...at,
        parameters: { key: 'HOSTNAME', value: host, wanted },
        replacement: put(placed, wanted),
      }),
    ];
  }
  if (
    domain !== null &&
    host.toLowerCase() !== domain.toLowerCase() &&
    distance(host.toLowerCase(), domain.toLowerCase()) <= 2
  )
    return [
      lintFinding('J16-name', {
        ...at,
        parameters: { key: 'HOSTNAME', value: host, wanted: domain },
        replacement: put(placed, domain),
      }),
    ];
  return [];
}

/** DOMAIN and MUC_JIDS against what prosody and jicofo know. */
function lintNames(bridge: BridgeTree, { server, domain }: Around): LintResult[] {
  if (server === null) return [];
  const results: LintResult[] = [];
  const account = effective(bridge, 'DOMAIN');
  const wanted = domain === null ? null : `auth.${domain}`;
  if (account !== null && wanted !== null && account.value.trim().toLowerCase() !== wanted.toLowerCase())
    results.push(
      lintFinding('J16-name', {
        ...{ ...OUR, node: bridge.node, file: account.file, line: account.line },
        parameters: { key: 'DOMAIN', value: account.value.trim(), wanted },
        replacement: put(account, wanted),
      }),
    );
  const room = effective(bridge, 'MUC_JIDS');
  const brewery = server.breweries[0];
  if (room === null || brewery === undefined) return results;
  const at = { ...OUR, node: bridge.node, file: room.file, line: room.line };
  const rooms = room.value.split(',').map((one) => one.trim());
  const target = brewery.value.trim();
  if (!rooms.some((one) => one.toLowerCase() === target.toLowerCase()))
    results.push(
      lintFinding('J16-name', {
        ...at,
        parameters: { key: 'MUC_JIDS', value: room.value.trim(), wanted: target },
        replacement: put(room, target),
      }),
    );
  else if (!rooms.includes(target))
    results.push(
      lintFinding('J16-case', {
        ...at,
        parameters: { key: 'MUC_JIDS', value: room.value.trim(), wanted: target },
      }),
    );
  return results;
}

function lintVerification(bridge: BridgeTree): LintResult[] {
  const placed = effective(bridge, 'DISABLE_CERTIFICATE_VERIFICATION');
  if (placed?.value.trim() === 'true') return [];
  const file = placed?.file ?? bridge.properties ?? bridge.conf;
  if (file === null) return [];
  return [
    lintFinding('J16-verification', {
      ...{ ...OUR, node: bridge.node, file, line: placed?.line ?? effective(bridge, 'HOSTNAME')?.line ?? 0 },
      parameters: { key: 'DISABLE_CERTIFICATE_VERIFICATION' },
    }),
  ];
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

function lintNicknameForm(bridge: BridgeTree): LintResult[] {
  const placed = effective(bridge, 'MUC_NICKNAME');
  if (placed === null || !UUID.test(placed.value.trim())) return [];
  const at = { ...OUR, node: bridge.node, file: placed.file, line: placed.line };
  return [
    lintFinding('J16-uuid', {
      ...at,
      parameters: { key: 'MUC_NICKNAME' },
      replacement: put(placed, bridge.node),
    }),
  ];
}

function lintNicknames(bridges: readonly BridgeTree[]): LintResult[] {
  const seen = new Map<string, { node: string; placed: Placed }>();
  return bridges
    .filter(({ enabled }) => enabled !== false)
    .flatMap(({ node, ...bridge }) => {
      const placed = effective({ node, ...bridge }, 'MUC_NICKNAME');
      if (placed === null) return [];
      const nickname = placed.value.trim().toLowerCase();
      const other = seen.get(nickname);
      if (other === undefined) {
        seen.set(nickname, { node, placed });
        return [];
      }
      return [
        lintFinding('J06-files', {
          ...{ ...OUR, node, file: placed.file, line: placed.line },
          parameters: {
            key: 'MUC_NICKNAME',
            nickname: placed.value.trim(),
            other: `${other.node} (${other.placed.file.path}:${other.placed.line})`,
          },
          replacement: put(placed, node),
        }),
      ];
    });
}

/** The bridge's password and its environment file against the server's secret, by hash alone. */
function lintSecret(bridge: BridgeTree, secret: Placed | null, hash: HashSecret): LintResult[] {
  if (secret === null) return [];
  const { node } = bridge;
  const password = effective(bridge, 'PASSWORD');
  const same = (placed: Placed): boolean => hash(placed.value) === hash(secret.value);
  const wrong = password !== null && !same(password);
  const source = `${secret.file.path}:${secret.line}`;
  if (wrong && password.cut === null && !/[ \t]$|\s#/.test(password.value))
    return [
      lintFinding('J16-password', {
        ...{ ...OUR, node, file: password.file, line: password.line },
        parameters: { key: 'PASSWORD', source, difference: describeDifference(password.value, secret.value) },
      }),
    ];
  if (!wrong && bridge.secret !== null && !same(bridge.secret))
    return [
      lintFinding('J16-secret', {
        ...{ ...OUR, node, file: bridge.secret.file, line: bridge.secret.line },
        parameters: { key: 'JVB_SECRET', source },
      }),
    ];
  return [];
}

/** How two secrets differ, without a character of either. */
export function describeDifference(one: string, other: string): string {
  if (one.trim() === other.trim()) return 'by blanks at its ends';
  if (one.toLowerCase() === other.toLowerCase()) return 'by upper and lower case';
  if (one.replaceAll(/["']/g, '') === other.replaceAll(/["']/g, '')) return 'by quotes';
  if (other.startsWith(one) || one.startsWith(other))
    return `by its end (${one.length} characters instead of ${other.length})`;
  return one.length === other.length
    ? 'same length, other characters'
    : `${one.length} characters instead of ${other.length}`;
}

/** The line of a value with another value, in the file's own syntax. */
function put(placed: Placed, value: string): string {
  const line = placed.file.text.split('\n')[placed.line - 1] ?? '';
  const quoted = new RegExp(`(["'])${escapeRegExp(placed.raw.trim())}\\1`);
  if (quoted.test(line)) return line.replace(quoted, `"${value}"`);
  return line.replace(placed.raw.trim(), value);
}

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function lintServer(server: ServerTree): LintResult[] {
  const results: LintResult[] = [];
  const [brewery, ...others] = server.breweries;
  const at = (file: LintFile, line: number) => ({ ...OUR, node: server.node, file, line });
  for (const other of others) {
    if (brewery !== undefined && other.value.trim().toLowerCase() !== brewery.value.trim().toLowerCase())
      results.push(
        lintFinding('J16-disagree', {
          ...at(other.file, other.line),
          parameters: { key: 'brewery-jid', winner: `${brewery.file.path}:${brewery.line}` },
        }),
      );
  }
  const room = brewery?.value.trim().split('@')[1] ?? null;
  const [firstFile] = server.prosody;
  if (brewery !== undefined && room !== null && firstFile !== undefined) {
    const component = server.components.find(({ name }) => name.toLowerCase() === room.toLowerCase());
    if (component === undefined)
      results.push(
        lintFinding('J16-component', {
          ...at(brewery.file, brewery.line),
          parameters: { key: 'brewery-jid', value: room },
        }),
      );
    else if (component.kind !== 'muc')
      results.push(
        lintFinding('J16-not-muc', {
          ...at(component.file, component.line),
          parameters: { key: 'Component', value: room },
        }),
      );
  }
  for (const host of server.hosts) {
    if (
      host.name.startsWith('auth.') &&
      host.authentication !== null &&
      !/^internal/.test(host.authentication)
    )
      results.push(
        lintFinding('J16-authentication', {
          ...at(host.file, host.line),
          parameters: { key: 'authentication', value: host.authentication, host: host.name },
        }),
      );
  }
  if (firstFile !== undefined && !server.hosts.some(({ name }) => name.startsWith('auth.')))
    results.push(lintFinding('J16-no-auth-host', at(firstFile, 0)));
  return results;
}

/** Levenshtein's distance; a typing error is 1 or 2. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
