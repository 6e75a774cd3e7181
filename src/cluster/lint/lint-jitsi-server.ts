import type { ServerTree } from './jitsi-trees.js';
import { lintFinding, type LintFile, type LintResult } from './lint-file.js';
import { OUR } from './placed.js';

/** The JMS: one brewery, on a component of prosody that is a room, accounts of its own. */
export function lintServer(server: ServerTree, accounts: readonly string[]): LintResult[] {
  const results: LintResult[] = [];
  const [brewery, ...others] = server.breweries;
  const at = (file: LintFile, line: number) => ({ ...OUR, node: server.node, file, line });
  for (const other of others) {
    // Two branches of a template are two values, of which one is there.
    if (brewery === undefined || brewery.computed || other.computed) continue;
    if (other.value.trim().toLowerCase() !== brewery.value.trim().toLowerCase())
      results.push(
        lintFinding('J16-disagree', {
          ...at(other.file, other.line),
          parameters: { key: 'brewery-jid', winner: `${brewery.file.path}:${brewery.line}` },
        }),
      );
  }
  const room = brewery?.value.trim().split('@')[1] ?? null;
  const [firstFile] = server.prosody;
  // A second XMPP server, whose files may not be here, has the brewery then.
  const known =
    brewery !== undefined &&
    !brewery.computed &&
    (!server.elsewhere || server.components.some(({ name }) => name === room));
  if (known && room !== null && firstFile !== undefined) {
    const component = server.components.find(({ name }) => name.toLowerCase() === room.toLowerCase());
    if (component === undefined) {
      if (!server.open)
        results.push(
          lintFinding('J16-component', {
            ...at(brewery.file, brewery.line),
            parameters: { key: 'brewery-jid', value: room },
          }),
        );
    } else if (component.kind !== 'muc')
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
      // A module of the house's own may know the accounts; these cannot.
      /^(anonymous|jitsi-anonymous|token)$/.test(host.authentication ?? '')
    )
      results.push(
        lintFinding('J16-authentication', {
          ...at(host.file, host.line),
          parameters: { key: 'authentication', value: host.authentication ?? '', host: host.name },
        }),
      );
  }
  const isAccounts = (name: string): boolean => name.startsWith('auth.') || accounts.includes(name);
  // A prosody without jicofo and without its component may serve another house's chat.
  const serves =
    server.breweries.length > 0 || server.components.some(({ name }) => /^focus\.|internal/.test(name));
  if (
    firstFile !== undefined &&
    serves &&
    !server.elsewhere &&
    !server.open &&
    !server.hosts.some(({ name }) => isAccounts(name))
  )
    results.push(lintFinding('J16-no-auth-host', at(firstFile, 0)));
  return results;
}
