import type { Attempt } from '../../../kit/batch/attempt.js';
import type { JournalItem, RunRecord } from '../../../kit/batch/journal.js';
import type { Code } from '../../../kit/errors/code.js';
import { definitionOf, describeCode } from '../../../kit/errors/describe-code.js';
import { dayOf, minuteOf } from '../../../kit/output/instants.js';
import { renderPace, type PaceFacts } from '../../../kit/output/pace.js';
import { renderTable } from '../../../kit/output/table.js';
import { fitWidth, plainText } from '../../../kit/output/text.js';
import { hanging, padWidth } from '../../../kit/output/wrap.js';

const LINE = 80;
const STATES = ['done', 'skipped', 'failed', 'not-run'] as const;

/** A run with how far it is, when it goes on. */
export interface ShownRun {
  readonly run: RunRecord;
  readonly pace: PaceFacts | null;
}

/** `import`, `claim`, `annotate`, `undo`: what fits beside the rest of a line. */
export const nameOf = ({ command, header }: RunRecord): string => {
  const words = command.replace(/^(?:migrate|moodle) /, '');
  const mode = header['mode'];
  return typeof mode === 'string' && command === 'migrate recordings' ? mode : words;
};

/** All runs, newest first. */
export function renderRuns(runs: readonly ShownRun[], timezone: string): string {
  if (runs.length === 0) return 'No run yet. Begin with: bbb2pod migrate recordings --use-import-video --dry';
  const rows = runs.map(({ run }) => [
    run.id,
    nameOf(run),
    minuteOf(run.startedAt, timezone).slice(5),
    run.state,
    ...STATES.map((key) => String(run.counts[key] ?? 0)),
  ]);
  const right = { align: 'right' as const };
  const table = renderTable(
    [
      ...[{ title: 'run' }, { title: 'command', shrinks: true }, { title: 'started' }, { title: 'state' }],
      ...['done', 'skip', 'fail', 'left'].map((title) => ({ title, ...right })),
    ],
    rows,
    LINE,
  );
  const going = runs.flatMap(({ run, pace }) =>
    pace === null ? [] : [`${run.id}: ${renderGoing(pace, timezone)}`],
  );
  const next =
    'One run and its items: bbb2pod migrate status RUN\nTake one back: bbb2pod migrate undo RUN --dry';
  return [table, ...going, next].join('\n');
}

function renderGoing(pace: PaceFacts, timezone: string): string {
  const rate = pace.perMinute === null ? '' : `, ${pace.perMinute.toFixed(1)} a minute`;
  return `${renderPace(pace, timezone)}${rate}`;
}

/** The head of one run. */
export function renderRun({ run, pace }: ShownRun, timezone: string): string {
  const ended = run.endedAt === null ? '' : `, ended ${minuteOf(run.endedAt, timezone)}`;
  const counts = STATES.map((key) => `${run.counts[key] ?? 0} ${key === 'not-run' ? 'not run' : key}`);
  return [
    `Run ${run.id}: ${nameOf(run)}, ${run.state}`,
    `started ${minuteOf(run.startedAt, timezone)}${ended}`,
    run.endedAt === null ? '' : counts.join(', '),
    pace === null ? '' : renderGoing(pace, timezone),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** One item: how it ended, the day of its session, its title and owner; below it why, where it was not done. */
export function renderItem(item: JournalItem, timezone: string): string {
  const { title, owner, startAt } = item.shown;
  const day = startAt === null ? '-' : dayOf(startAt, timezone);
  const name = title === '' ? item.actionId : title;
  const columns: readonly (readonly [string, number])[] = [
    [item.state, 8],
    [day, 10],
    [name, 42],
    [owner, 14],
  ];
  const line = columns.map(([text, width]) => padWidth(fitWidth(plainText(text), width), width)).join('  ');
  if (item.state === 'done' || item.state === 'undone') return line.trimEnd();
  return `${line.trimEnd()}\n${hanging('    ', `${item.reason}: ${itemReason(item)} (${item.recordId})`, LINE)}`;
}

/** Why an item ended as it did, with its values. */
export const itemReason = ({ reason, shown }: Pick<JournalItem, 'reason' | 'shown'>): string =>
  plainText(
    definitionOf(reason) !== undefined ? describeCode(reason as Code, shown.parameters).text : reason,
  );

const NIGHTS = 10;

/** Batches started without a terminal, newest first: how each ended, and what to do about one that did not end well. */
export function renderNights(
  nights: readonly (Attempt & { readonly state: string })[],
  timezone: string,
): string {
  if (nights.length === 0) return '';
  const lines = nights.slice(0, NIGHTS).flatMap((night) => {
    const head = `${minuteOf(night.startedAt, timezone).slice(5)}  ${padWidth(night.state, 10)}  ${night.command}`;
    const shown = fitWidth(plainText(head), LINE);
    const why =
      night.code === '' ? [] : [hanging('    ', `${night.code}: ${plainText(night.message)}`, LINE)];
    const what = night.remedy === '' ? [] : [hanging('    ', `-> ${plainText(night.remedy)}`, LINE)];
    return [shown, ...why, ...what];
  });
  return ['Without a terminal (newest first):', ...lines].join('\n');
}
