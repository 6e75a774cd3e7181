import type { BridgeTree, Placed } from './jitsi-trees.js';
import { lintFinding, type LintResult } from './lint-file.js';
import { isPlain } from './lint-jitsi-writing.js';
import { effective, OUR, put, type Deployment } from './placed.js';
import { editDistance } from '../../kit/config/nearest.js';
import { words } from '../words.js';

/** Names of the machine itself. */
export const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;
/** HOSTNAME leads to the JMS, not to the bridge itself. */
export function lintHostname(
  bridge: BridgeTree,
  { domain, isServer, server, accounts }: Deployment,
): LintResult[] {
  const placed = effective(bridge, 'HOSTNAME');
  if (placed === null || isServer || !isPlain(placed)) return [];
  const host = placed.value.trim();
  const at = { ...OUR, node: bridge.node, file: placed.file, line: placed.line };
  const sure = domain !== null && accounts.length <= 1 && server?.elsewhere !== true;
  // A container finds prosody on its own loopback when it shares the network of the host: alone, it is no fault.
  if ((LOCAL.test(host) && server !== null) || isItself(bridge, host, domain)) {
    const wanted = domain ?? words.nameOfJms();
    return [
      lintFinding('J16-local', {
        ...at,
        parameters: { key: 'HOSTNAME', value: host, wanted },
        ...(sure ? { replacement: put(placed, wanted) } : {}),
      }),
    ];
  }
  if (
    sure &&
    host.toLowerCase() !== domain.toLowerCase() &&
    editDistance(host.toLowerCase(), domain.toLowerCase(), 2) <= 2
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

/** The bridge's own name: `jvb1` or `jvb1.univ.fr` in the tree of jvb1. */
const isItself = ({ node }: BridgeTree, host: string, domain: string | null): boolean =>
  host.toLowerCase() !== domain?.toLowerCase() && host.toLowerCase().split('.')[0] === node.toLowerCase();

/** DOMAIN and MUC_JIDS against what prosody and jicofo know. */
export function lintNames(bridge: BridgeTree, { server, accounts }: Deployment): LintResult[] {
  if (server === null) return [];
  const results: LintResult[] = [];
  const account = effective(bridge, 'DOMAIN');
  const [wanted] = accounts;
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  if (
    account !== null &&
    isPlain(account) &&
    wanted !== undefined &&
    !accounts.some((one) => same(one, account.value.trim()))
  )
    results.push(
      lintFinding('J16-name', {
        ...{ ...OUR, node: bridge.node, file: account.file, line: account.line },
        parameters: { key: 'DOMAIN', value: account.value.trim(), wanted: accounts.join(', ') },
        ...(accounts.length === 1 ? { replacement: put(account, wanted) } : {}),
      }),
    );
  const room = effective(bridge, 'MUC_JIDS');
  const brewery = server.breweries[0];
  if (room === null || brewery === undefined || !isPlain(room) || !isPlain(brewery)) return results;
  const at = { ...OUR, node: bridge.node, file: room.file, line: room.line };
  // HOCON allows a list: ["a@b", "c@d"].
  const rooms = room.value
    .replaceAll(/[[\]"]/g, '')
    .split(',')
    .map((one) => one.trim());
  const target = brewery.value.trim();
  if (!rooms.some((one) => same(one, target)))
    results.push(
      lintFinding('J16-name', {
        ...at,
        parameters: { key: 'MUC_JIDS', value: room.value.trim(), wanted: target },
        ...(accounts.length <= 1 && !server.elsewhere ? { replacement: put(room, target) } : {}),
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

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** A nickname that people recognise. */
export function lintNicknameForm(bridge: BridgeTree): LintResult[] {
  const placed = effective(bridge, 'MUC_NICKNAME');
  if (placed === null || placed.computed || !UUID.test(placed.value.trim())) return [];
  const at = { ...OUR, node: bridge.node, file: placed.file, line: placed.line };
  return [
    lintFinding('J16-uuid', {
      ...at,
      parameters: { key: 'MUC_NICKNAME' },
      replacement: put(placed, bridge.node),
    }),
  ];
}

/** One nickname per bridge. */
export function lintNicknames(bridges: readonly BridgeTree[]): LintResult[] {
  const seen = new Map<string, { node: string; placed: Placed }>();
  return bridges
    .filter(({ enabled }) => enabled !== false)
    .flatMap(({ node, ...bridge }) => {
      const placed = effective({ node, ...bridge }, 'MUC_NICKNAME');
      if (placed === null || !isPlain(placed)) return [];
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
