import { localized } from '../../kit/output/localized.js';
import type { RenderedFile } from './layout.js';

/** One step: what, why when it is not plain, and the commands to type. */
export interface Step {
  readonly title: string;
  readonly why?: string;
  readonly commands?: readonly string[];
  /** Ticked by hand during a rehearsal. */
  readonly ticks?: readonly string[];
}

/** A runbook in Markdown: numbered steps in the order in which they work. */
export function runbook(
  node: string,
  title: string,
  steps: readonly Step[],
  name = 'RUNBOOK.md',
): RenderedFile {
  const text = [
    `# ${title}`,
    '',
    localized(
      'Written by `bbb2pod cluster render` from cluster.toml. Commands are typed as root on the node unless said otherwise.',
      'Écrit par `bbb2pod cluster render` depuis cluster.toml. Les commandes se tapent en root sur le nœud, sauf mention contraire.',
    ),
    ...steps.flatMap((step, i) => ['', `## ${i + 1}. ${step.title}`, ...body(step)]),
    '',
  ].join('\n');
  return { node, path: name, text, mode: 0o644 };
}

const body = ({ why, commands, ticks }: Step): string[] => [
  ...(why === undefined ? [] : ['', why]),
  ...(commands === undefined ? [] : ['', '```sh', ...commands, '```']),
  ...(ticks === undefined ? [] : ['', ...ticks.map((tick) => `- [ ] ${tick}`)]),
];

/** nftables rules for ports that must be open; the order is that of the page. */
export const openPorts = (
  rules: readonly { readonly from: readonly string[]; readonly to: string }[],
): string[] =>
  rules.map(({ from, to }) =>
    from.length === 0
      ? `nft add rule inet filter input ${to} accept`
      : `nft add rule inet filter input ${from[0]?.includes(':') === true ? 'ip6' : 'ip'} saddr { ${from.join(', ')} } ${to} accept`,
  );

/** Copies the rendered tree of a node onto it, keeping what was there. */
export const copyFiles = (node: string, address: string, folders: readonly string[]): string[] => [
  localized('# from the machine where you rendered:', '# depuis la machine où vous avez généré :'),
  `rsync -rv --backup --suffix=.before-bbb2pod ${folders.map((folder) => `${node}/${folder}`).join(' ')} root@${address}:/`,
];

/** The last step of every runbook of the streaming cluster. */
export const lookAtTheWhole = (name: string): Step => ({
  title: localized('Look at the whole', "Regarder l'ensemble"),
  why: localized(
    'From the supervision machine. Exit 0 and no critical.',
    'Depuis la machine de supervision. Code de sortie 0 et aucun critique.',
  ),
  commands: [
    `bbb2pod cluster check   # ${localized(`then: ${name} is listed and ok`, `${name} y figure, ok`)}`,
  ],
});

/** Addresses of the nodes of one role. */
export const addresses = (nodes: Readonly<Record<string, { readonly address: string }>>): string[] =>
  Object.values(nodes).map(({ address }) => address);
