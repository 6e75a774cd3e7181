import { localized } from '../../kit/output/localized.js';
import { shellQuote } from '../../kit/output/shell.js';
import { instancesOf, managerUrlOf, type EsupRunnerInventory } from '../esup-runner/inventory.js';

/** Arguments of systemctl that act on a unit of esup-runner's user, typed as root. */
export const userUnit = (user: string, verb: 'start' | 'stop' | 'restart', unit: string): string[] => [
  'systemctl',
  '--user',
  '-M',
  `${user}@.host`,
  verb,
  unit,
];

/** The commands that take a runner out or back, for whoever types them. */
export function runnerCommands(
  name: string,
  direction: 'drain' | 'ready',
  inventory: EsupRunnerInventory,
): string[] {
  const node = inventory.runners[name];
  if (node === undefined) return [];
  const onNode = (words: readonly string[]): string =>
    node.ssh === undefined ? words.join(' ') : `ssh ${node.ssh} ${shellQuote(words.join(' '))}`;
  const pings = instancesOf(name, node).map(({ url }) => `curl -s ${url}/runner/ping`);
  if (direction === 'ready')
    return [
      onNode(userUnit(inventory.user, 'start', 'esup-runner-runner')),
      localized('# wait until each says "registered":true', '# attendre que chacun dise "registered":true'),
      ...pings,
    ];
  return [
    localized(
      '# wait until each says "available":true at once (a stop kills a running task)',
      '# attendre que tous disent "available":true à la fois (un arrêt tue la tâche)',
    ),
    ...pings,
    localized(
      `# and until no task of it is running: bbb2pod cluster queue, or ${managerUrlOf(inventory)}/admin`,
      `# et qu'aucune de ses tâches ne tourne : bbb2pod cluster queue, ou ${managerUrlOf(inventory)}/admin`,
    ),
    `${onNode(userUnit(inventory.user, 'stop', 'esup-runner-runner'))}${node.ssh === undefined ? localized(`   # on ${node.address}, as root`, `   # sur ${node.address}, en root`) : ''}`,
  ];
}
