import { editDistance } from '../../kit/config/nearest.js';
import type { Placed, ServerTree } from './jitsi-trees.js';
import { lintFinding, type LintResult } from './lint-file.js';
import { isPlain } from './lint-jitsi-writing.js';
import { OUR, put } from './placed.js';

/**
 * The names in jicofo.conf against prosody's: the domain of jicofo's own account must be one of its hosts; other
 * names are faults only when they miss one by a letter or two, for a proxy or a default may know them.
 */
export function lintJicofo(server: ServerTree): LintResult[] {
  if (server.prosody.length === 0 || server.open || server.elsewhere || server.hosts.length === 0) return [];
  const hosts = server.hosts.map(({ name }) => name);
  const components = server.components.map(({ name }) => name);
  const accounts = hosts.filter((name) => name.startsWith('auth.'));
  const { domain, xmppDomain, proxy, room } = server.client;
  return [
    ...lintName(server, 'xmpp.client.domain', domain, hosts, accounts.length === 1 ? accounts[0] : undefined),
    ...lintNear(server, 'xmpp.client.xmpp-domain', xmppDomain, hosts),
    ...lintNear(server, 'xmpp.client.client-proxy', proxy, components),
    ...lintNear(server, 'xmpp.client.conference-muc-jid', room, components),
  ];
}

const isKnown = (value: string, names: readonly string[]): boolean =>
  names.some((name) => name.toLowerCase() === value.toLowerCase());

function lintName(
  { node }: ServerTree,
  key: string,
  placed: Placed | null,
  names: readonly string[],
  wanted: string | undefined,
): LintResult[] {
  const value = placed?.value.trim() ?? '';
  if (placed === null || value === '' || !isPlain(placed) || isKnown(value, names)) return [];
  return [
    lintFinding('J16-jicofo', {
      ...OUR,
      node,
      file: placed.file,
      line: placed.line,
      parameters: { key, value, wanted: wanted ?? names.join(', ') },
      ...(wanted === undefined ? {} : { replacement: put(placed, wanted) }),
    }),
  ];
}

function lintNear(
  server: ServerTree,
  key: string,
  placed: Placed | null,
  names: readonly string[],
): LintResult[] {
  const value = placed?.value.trim().toLowerCase() ?? '';
  const near = names.filter((name) => editDistance(value, name.toLowerCase(), 2) <= 2);
  return near.length === 1 ? lintName(server, key, placed, names, near[0]) : [];
}
