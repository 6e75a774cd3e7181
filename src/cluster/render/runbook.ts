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
    'Written by `bbb2pod cluster render` from cluster.toml. Commands are typed as root on the node unless said otherwise.',
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
  `# from the machine where you rendered:`,
  `rsync -rv --backup --suffix=.before-bbb2pod ${folders.map((folder) => `${node}/${folder}`).join(' ')} root@${address}:/`,
];
