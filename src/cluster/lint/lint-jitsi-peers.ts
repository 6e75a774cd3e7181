import type { BridgeTree, Placed } from './jitsi-trees.js';
import { lintFinding, type LintResult } from './lint-file.js';
import type { HashSecret } from './lint-jitsi-secret.js';
import { isPlain } from './lint-jitsi-writing.js';
import { effective, OUR, put } from './placed.js';
import { readHocon } from './read-hocon.js';

/** What two bridges may not share, and what they must: identifiers of their own, one password for one account. */
export const lintPeers = (
  bridges: readonly BridgeTree[],
  { isWhole, secretKnown }: { readonly isWhole: boolean; readonly secretKnown: boolean },
  hash: HashSecret,
): LintResult[] => [
  ...lintIdentifier(bridges, 'videobridge.relay', 'relay-id'),
  ...lintIdentifier(bridges, 'videobridge.websockets', 'server-id'),
  ...(secretKnown ? [] : lintPasswords(bridges, isWhole, hash)),
];

/**
 * `relay-id` names a bridge to the others, `server-id` names it in the path of its WebSockets (/colibri-ws/ID/): each
 * counts where its block is enabled (jitsi-videobridge 2.3, reference.conf).
 */
function lintIdentifier(bridges: readonly BridgeTree[], block: string, name: string): LintResult[] {
  const seen = new Map<string, string>();
  return bridges.flatMap(({ node, conf, enabled }) => {
    if (conf === null || enabled === false) return [];
    const told = readHocon(conf.text);
    const last = (path: string) => told.findLast((one) => one.path === path);
    const found = last(`${block}.${name}`);
    if (found === undefined || found.computed || last(`${block}.enabled`)?.value.trim() !== 'true') return [];
    const placed: Placed = { ...found, raw: found.value, file: conf, generation: 'hocon' };
    const value = found.value.trim();
    if (!isPlain(placed)) return [];
    // Behind names of their own, bridges may have the same path.
    const key = `${last(`${block}.domain`)?.value.trim().toLowerCase() ?? ''} ${value}`;
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, `${node} (${conf.path}:${found.line})`);
      return [];
    }
    return [
      lintFinding('J06-identifier', {
        ...OUR,
        node,
        file: conf,
        line: found.line,
        parameters: { key: name, value, other },
        // WebSockets have a path in the web server's file for each: that file would have to change with it.
        ...(name === 'relay-id' ? { replacement: put(placed, node) } : {}),
      }),
    ];
  });
}

/** Bridges that log in as one account, with several passwords: prosody keeps one. */
function lintPasswords(bridges: readonly BridgeTree[], isWhole: boolean, hash: HashSecret): LintResult[] {
  const seen = new Map<string, { readonly node: string; readonly password: Placed }>();
  return bridges.flatMap((bridge) => {
    if (bridge.enabled === false || bridge.shards.length > 1) return [];
    const [domain, user, room, password] = (['DOMAIN', 'USERNAME', 'MUC_JIDS', 'PASSWORD'] as const).map(
      (key) => effective(bridge, key),
    );
    if (domain == null || user == null || room == null || password == null) return [];
    if (![domain, user, room, password].every(isPlain)) return [];
    // What is badly written is told for itself.
    if (password.cut !== null || /^\s|\s$|\s#/.test(password.value)) return [];
    const account = `${user.value.trim()}@${domain.value.trim()}`;
    // Two installations with the names of the documentation are two, unless the server of these bridges is here, too.
    const place = isWhole ? '' : (effective(bridge, 'HOSTNAME')?.value.trim() ?? '');
    const key = `${place} ${account} ${room.value.trim()}`.toLowerCase();
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, { node: bridge.node, password });
      return [];
    }
    if (hash(other.password.value) === hash(password.value)) return [];
    return [
      lintFinding('J16-passwords', {
        ...OUR,
        node: bridge.node,
        file: password.file,
        line: password.line,
        parameters: {
          key: 'PASSWORD',
          other: other.node,
          source: `${other.password.file.path}:${other.password.line}`,
          account,
        },
      }),
    ];
  });
}
