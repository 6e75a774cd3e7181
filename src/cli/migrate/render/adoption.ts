import { renderTable } from '../../../kit/output/table.js';
import { wrapText } from '../../../kit/output/wrap.js';
import type { Fate } from '../../../migrate/survey-run.js';
import { words } from '../words.js';

const LINE = 80;

/** One owner in the list of `--adoption`: what a mailing needs. */
export interface Adopter {
  readonly owner: string;
  readonly email: string;
  readonly counts: Readonly<Record<Fate, number>>;
}

type Counted = Pick<Adopter, 'counts'>;

export const taken = ({ counts }: Counted): number => counts.imported + counts.claimed;
export const waiting = ({ counts }: Counted): number => counts['as-written'] + counts.changed;
export const failedImports = ({ counts }: Counted): number => counts['import-failed'];

/**
 * What became of links, per owner, and of files to claim, which have no owner; then what an upgrade to Pod 5 would lose.
 * @param claims of all files to claim together.
 */
export function renderAdoption(adopters: readonly Adopter[], claims: Adopter['counts']): string {
  const files = Object.values(claims).reduce((sum, count) => sum + count, 0);
  const paragraphs = [
    ...(adopters.length === 0 ? [] : [ownersTable(adopters)]),
    ...(files === 0 ? [] : [folded(claimsText(claims))]),
    folded(beforePodFive(leftBeforePod5(adopters, claims))),
  ];
  return paragraphs.join('\n');
}

const folded = (text: string): string => wrapText(text, LINE).join('\n');

function ownersTable(adopters: readonly Adopter[]): string {
  const right = { align: 'right' as const };
  const rows = adopters.map((adopter) => [
    adopter.owner,
    ...[
      taken(adopter),
      waiting(adopter),
      adopter.counts['under-way'],
      failedImports(adopter),
      adopter.counts.gone,
    ].map(String),
  ]);
  return renderTable(
    [
      { title: words.owner(), shrinks: true },
      { title: words.taken(), ...right },
      { title: words.waiting(), ...right },
      { title: words.underWay(), ...right },
      { title: words.failedColumn(), ...right },
      { title: words.removed(), ...right },
    ],
    rows,
    LINE,
  );
}

const claimsText = (counts: Adopter['counts']): string =>
  words.claimsAdopted({ waiting: waiting({ counts }), claimed: counts.claimed, gone: counts.gone });

/** What an upgrade to Pod 5 would lose: links, of how many owners, and files to claim. */
export interface LeftBeforePod5 {
  readonly links: number;
  readonly owners: number;
  readonly files: number;
}

export function leftBeforePod5(adopters: readonly Adopter[], claims: Adopter['counts']): LeftBeforePod5 {
  const left = adopters
    .map((adopter) => waiting(adopter) + failedImports(adopter))
    .filter((links) => links > 0);
  const links = left.reduce((sum, count) => sum + count, 0);
  return { links, owners: left.length, files: waiting({ counts: claims }) };
}

/** Why the list matters on the day of an upgrade. */
function beforePodFive({ links, owners, files }: LeftBeforePod5): string {
  if (links + files === 0) return words.noneBeforePod5();
  if (files === 0) return words.beforePod5({ links, owners });
  return links === 0 ? words.filesBeforePod5({ files }) : words.bothBeforePod5({ links, owners, files });
}
