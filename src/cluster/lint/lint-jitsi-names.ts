import type { BridgeTree, Placed } from './jitsi-trees.js';
import { lintFinding, type LintResult } from './lint-file.js';
import { effective, OUR, put, type Around } from './placed.js';
import { editDistance } from '../../kit/config/nearest.js';

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i;
/** HOSTNAME leads to the JMS, not to the bridge itself. */
export function lintHostname(bridge: BridgeTree, { domain, isServer }: Around): LintResult[] {
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
    editDistance(host.toLowerCase(), domain.toLowerCase()) <= 2
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
export function lintNames(bridge: BridgeTree, { server, domain }: Around): LintResult[] {
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

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** A nickname that people recognise. */
export function lintNicknameForm(bridge: BridgeTree): LintResult[] {
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

/** One nickname per bridge. */
export function lintNicknames(bridges: readonly BridgeTree[]): LintResult[] {
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
