import {
  readBridgeTree,
  readServerTree,
  type BridgeTree,
  type Placed,
  type ServerTree,
  type ShardKey,
  type StrayKey,
} from './jitsi-trees.js';
import { lintJicofo } from './lint-jicofo.js';
import { lintPeers } from './lint-jitsi-peers.js';
import { LOCAL, lintHostname, lintNames, lintNicknameForm, lintNicknames } from './lint-jitsi-names.js';
import { lintSecret, type HashSecret } from './lint-jitsi-secret.js';
import { lintWriting } from './lint-jitsi-writing.js';
import { lintServer } from './lint-jitsi-server.js';
import { effective, OUR, type Deployment } from './placed.js';
import { lineOf, lintFinding, type LintResult, type LintTree } from './lint-file.js';

const REQUIRED: readonly ShardKey[] = [
  'HOSTNAME',
  'DOMAIN',
  'USERNAME',
  'PASSWORD',
  'MUC_JIDS',
  'MUC_NICKNAME',
];
/** A file alone with fewer keys of an account is a part of one: an account with a hole has most of them. */
const HALF = 3;
/**
 * Judges Jitsi trees of both generations, alone and against each other. What files cannot show (who owns them
 * here, what a name resolves to, whether prosody has the account) is no finding. `alone`: each tree is one file, whose
 * neighbours may hold what it does not.
 */
export function lintJitsi(trees: readonly LintTree[], hash: HashSecret, alone = false): LintResult[] {
  const servers = trees.map(readServerTree).filter((server) => server !== null);
  const bridges = trees.map(readBridgeTree).filter((bridge) => bridge !== null);
  const server = servers[0] ?? null;
  const own = server === null ? null : (bridges.find(({ node }) => node === server.node) ?? null);
  const domain = server === null ? null : domainOf(server);
  const secret = own === null ? null : secretOf(own);
  const named = bridges.flatMap((bridge) => {
    const placed = effective(bridge, 'DOMAIN');
    return placed === null || placed.computed ? [] : [placed.value.trim()];
  });
  const accounts = server === null ? [] : accountsOf(server, named);
  return [
    ...(server === null ? [] : [...lintServer(server, named), ...lintJicofo(server)]),
    ...bridges.flatMap((bridge) => {
      const isServer = server?.node === bridge.node;
      // A server whose own bridge is not there, or not started, needs no sound account: it takes no part.
      const absent = bridge.properties === null && bridge.conf === null;
      if (isServer && bridges.length > 1 && (absent || bridge.enabled === false)) return lintFiles(bridge);
      return [
        ...lintFiles(bridge),
        ...lintAccounts(bridge, { server, domain, isServer, accounts, alone }, secret, hash),
      ];
    }),
    ...lintNicknames(bridges),
    ...lintPeers(bridges, { isWhole: server !== null, secretKnown: secret !== null }, hash),
    ...(server !== null &&
    own !== null &&
    bridges.length > 1 &&
    own.enabled === true &&
    own.properties !== null
      ? [lintFinding('J18-enabled', { ...OUR, node: own.node, file: own.properties, line: 0 })]
      : []),
  ];
}

/** Each account of a bridge; with several, only those of this server are compared with it. */
function lintAccounts(
  bridge: BridgeTree,
  deployment: Deployment,
  secret: Placed | null,
  hash: HashSecret,
): LintResult[] {
  const views =
    bridge.shards.length === 0
      ? [bridge]
      : bridge.shards.map(({ values, open }) => ({ ...bridge, shard: values, open: bridge.open || open }));
  const belongs = (view: BridgeTree): boolean => {
    const domain = effective(view, 'DOMAIN')?.value.trim().toLowerCase();
    const room = effective(view, 'MUC_JIDS')?.value.trim().toLowerCase();
    return (
      deployment.accounts.some((one) => one.toLowerCase() === domain) ||
      (room !== undefined && deployment.server?.breweries[0]?.value.trim().toLowerCase() === room)
    );
  };
  return views.flatMap((view, i) => {
    const stray = bridge.shards[i]?.stray ?? [];
    const here = views.length === 1 || belongs(view);
    const known = here ? deployment : { ...deployment, server: null, domain: null, accounts: [] };
    return [
      ...lintShard(view, known, stray),
      ...(deployment.isServer || !here ? [] : lintSecret(view, secret, hash)),
    ];
  });
}

/** Domains of prosody and jicofo where bridges may have their account. */
function accountsOf(server: ServerTree, named: readonly string[]): string[] {
  const { hosts, clientDomain, serviceDomain, elsewhere } = server;
  const names = hosts.map(({ name }) => name);
  // The domain of the participants is none of the bridges, whose own is `auth.` before it.
  const isParticipants = (name: string): boolean => names.includes(`auth.${name}`);
  if (elsewhere) return serviceDomain === null ? [] : [serviceDomain];
  const found = names.filter(
    (name) => name.startsWith('auth.') || (named.includes(name) && !isParticipants(name)),
  );
  return [...new Set([...found, ...(found.length === 0 && clientDomain !== null ? [clientDomain] : [])])];
}

/** The name of the Jitsi Meet server: what follows `auth.` in prosody's hosts. */
const domainOf = ({ hosts }: ServerTree): string | null =>
  hosts.find(({ name }) => name.startsWith('auth.'))?.name.slice('auth.'.length) ?? null;

const secretOf = (own: BridgeTree): Placed | null => own.secret ?? effective(own, 'PASSWORD');

/** What is filled in at the start, or by a template, does not stand in the file. */
const holdsSecret = (text: string): boolean =>
  /^(?![ \t]*(?:#|!|\/\/))[^\n]*?(?:password|secret)["']?[ \t]*[=:][ \t]*["']*(?!\$\{|\{\{|<%)[^\s"']/im.test(
    text,
  );

/** Rules on the files themselves. */
function lintFiles(bridge: BridgeTree): LintResult[] {
  const { node } = bridge;
  const results: LintResult[] = [];
  for (const file of [bridge.properties, bridge.conf, bridge.environment]) {
    // The package's own jvb.conf is readable by everybody; until 2025 it held no account.
    if (file?.mode != null && (file.mode & 0o004) !== 0 && holdsSecret(file.text))
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
  if (
    bridge.environment !== null &&
    /^[ \t]*(videobridge|ice4j)\b[\w.-]*\s*\{/m.test(bridge.environment.text)
  )
    results.push(
      lintFinding('J16-environment', {
        ...OUR,
        node,
        file: bridge.environment,
        line:
          bridge.environment.text.split('\n').findIndex((line) => /^\s*(videobridge|ice4j)\b/.test(line)) + 1,
      }),
    );
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
      const replacement = `${key}=${property.raw}`.replaceAll(/(?<!\s)\s+(?=org\.(?:jitsi|ice4j)\.)/g, '\n');
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

function lintShard(bridge: BridgeTree, deployment: Deployment, stray: readonly StrayKey[]): LintResult[] {
  const { node } = bridge;
  const file = bridge.properties ?? bridge.conf ?? bridge.environment;
  if (file === null) return [];
  const strays = stray.map(({ written, meant, file: where, line }) =>
    lintFinding('J16-unknown-key', {
      ...OUR,
      node,
      file: where,
      line,
      parameters: { key: written, meant },
      ...(lineOf(where, line).includes(written)
        ? { replacement: lineOf(where, line).replace(written, meant) }
        : {}),
    }),
  );
  const present = REQUIRED.filter((key) => effective(bridge, key) !== null);
  if (present.length === 0 && (bridge.open || strays.length > 0))
    return strays.length > 0
      ? strays
      : [
          lintFinding('J16-computed', {
            ...OUR,
            node,
            file,
            line: 0,
            parameters: { key: 'xmpp-client.configs' },
          }),
        ];
  if (deployment.alone && strays.length === 0 && present.length < HALF)
    return [lintFinding('J16-elsewhere', { ...OUR, node, file, line: 0 })];
  if (present.length === 0) return [lintFinding('J16-no-shard', { ...OUR, node, file, line: 0 })];
  const meant = stray.map((one) => one.meant);
  const missing = REQUIRED.filter((key) => !present.includes(key) && !meant.includes(key));
  const results = [
    ...strays,
    ...(bridge.open ? [] : missing).map((key) =>
      lintFinding('J16-missing', { ...OUR, node, file, line: 0, parameters: { key } }),
    ),
  ];
  for (const key of REQUIRED) {
    const placed = effective(bridge, key);
    if (placed === null) continue;
    results.push(...lintWriting(node, key, placed), ...lintDisagreement(bridge, key, placed));
  }
  return [
    ...results,
    ...lintHostname(bridge, deployment),
    ...lintNames(bridge, deployment),
    // The package makes prosody's certificate known to Java on the server itself.
    ...(meant.includes('DISABLE_CERTIFICATE_VERIFICATION') ||
    deployment.isServer ||
    (deployment.server === null && LOCAL.test(effective(bridge, 'HOSTNAME')?.value.trim() ?? ''))
      ? []
      : lintVerification(bridge)),
    ...lintNicknameForm(bridge),
  ];
}

/** Both files name a key differently: the legacy one wins; whether it is right is another finding. */
function lintDisagreement(bridge: BridgeTree, key: ShardKey, winner: Placed): LintResult[] {
  const other = bridge.shard[key]?.find(({ generation }) => generation !== winner.generation);
  if (
    other === undefined ||
    other.computed ||
    winner.computed ||
    other.value.trim().toLowerCase() === winner.value.trim().toLowerCase()
  )
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

function lintVerification(bridge: BridgeTree): LintResult[] {
  const placed = effective(bridge, 'DISABLE_CERTIFICATE_VERIFICATION');
  if (placed?.value.trim() === 'true' || placed?.computed === true || (placed === null && bridge.open))
    return [];
  const file = placed?.file ?? bridge.properties ?? bridge.conf;
  if (file === null) return [];
  return [
    lintFinding('J16-verification', {
      ...{ ...OUR, node: bridge.node, file, line: placed?.line ?? effective(bridge, 'HOSTNAME')?.line ?? 0 },
      parameters: { key: 'DISABLE_CERTIFICATE_VERIFICATION' },
    }),
  ];
}
