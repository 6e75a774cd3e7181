import { shellQuote } from '../../kit/output/shell.js';
import { instancesOf, managerUrlOf, type EsupRunnerInventory } from '../esup-runner/inventory.js';
import { words } from './words.js';

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
      words.waitForRegistered(),
      ...pings,
    ];
  return [
    words.waitForAvailable(),
    ...pings,
    words.andNoTask({ inventory: managerUrlOf(inventory) }),
    `${onNode(userUnit(inventory.user, 'stop', 'esup-runner-runner'))}${node.ssh === undefined ? words.asRootOn({ address: node.address }) : ''}`,
  ];
}
