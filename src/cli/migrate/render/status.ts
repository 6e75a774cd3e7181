import { partialOf } from './partial.js';
import { localized } from '../../../kit/output/localized.js';
import type { Attempt } from '../../../kit/batch/attempt.js';
import type { JournalItem, RunRecord } from '../../../kit/batch/journal.js';
import type { Code } from '../../../kit/errors/code.js';
import { definitionOf, describeCode } from '../../../kit/errors/describe-code.js';
import { dayOf, minuteOf } from '../../../kit/output/instants.js';
import { renderPace, type PaceFacts } from '../../../kit/output/pace.js';
import type { KeptWork } from '../../../migrate/claim-work.js';
import { renderBytes } from '../../../kit/output/units.js';
import { nextCommand } from '../../kit/next-command.js';
import { renderTable } from '../../../kit/output/table.js';
import { fitWidth, plainText } from '../../../kit/output/text.js';
import { hanging, padWidth } from '../../../kit/output/wrap.js';

type Typed = Parameters<typeof nextCommand>[0];

const LINE = 80;
const UNDOABLE = new Set(['migrate recordings', 'migrate cleanup']);
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
export function renderRuns(typed: Typed, runs: readonly ShownRun[], timezone: string): string {
  if (runs.length === 0)
    return `No run yet. Begin with: ${nextCommand(typed, 'migrate', 'recordings', '--use-import-video', '--dry')}`;
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
  const last = runs[0]?.run.id ?? 'last';
  const next = [`One run and its items: ${nextCommand(typed, 'migrate', 'status', last)}`];
  const undoable = runs.find(({ run: { command } }) => UNDOABLE.has(command));
  if (undoable !== undefined)
    next.push(
      `What undo would take back: ${nextCommand(typed, 'migrate', 'undo', undoable.run.id, '--dry')}`,
    );
  const partial = runs
    .filter(({ run }) => partialOf({ facts: run.header }).length > 0)
    .map(({ run }) => localized(`${run.id}: its list was PARTIAL`, `${run.id} : sa liste était PARTIELLE`));
  return [table, ...going, ...partial, ...next].join('\n');
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

/** Done, and yet something is to be said of it. */
const INCOMPLETE = new Set(['claim-dropped-incomplete']);

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
  const isPlain = item.state === 'undone' || (item.state === 'done' && !INCOMPLETE.has(item.reason));
  if (isPlain) return line.trimEnd();
  return `${line.trimEnd()}\n${hanging('    ', `${item.reason}: ${itemReason(item)} (${item.recordId})`, LINE)}`;
}

/** Why an item ended as it did, with its values. */
export const itemReason = ({ reason, shown }: Pick<JournalItem, 'reason' | 'shown'>): string =>
  plainText(
    definitionOf(reason) !== undefined ? describeCode(reason as Code, shown.parameters).text : reason,
  );

/** What stands below the work directory, newest first: each piece of it, why it is there, and how it goes. */
export function renderWork(typed: Typed, works: readonly KeptWork[], timezone: string): string {
  if (works.length === 0) return '';
  const lines = works.flatMap(({ state, title, fileName, recordId, sizeBytes, changedAt, why, path }) => {
    const name = plainText(title === '' ? fileName || recordId || path : title);
    const head = `${minuteOf(changedAt, timezone).slice(5)}  ${padWidth(WORK_STATES[state], 9)}  ${padWidth(renderBytes(sizeBytes), 7)}  ${name}`;
    return [
      fitWidth(head, LINE),
      ...(why === '' ? [] : [hanging('    ', plainText(why), LINE)]),
      hanging('    ', plainText(path), LINE),
    ];
  });
  const forget = nextCommand(typed, 'migrate', 'purge', '--older-than', '30d', '--dry');
  return [
    'Work that is not delivered (the next run goes on with it):',
    ...lines,
    `What is too old to go on with: ${forget}`,
  ].join('\n');
}

const WORK_STATES = { finished: 'finished', begun: 'begun', running: 'running' } as const;

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
