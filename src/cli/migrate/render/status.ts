import { partialOf } from './partial.js';
import { shownCount, shownDecimal, shownQuantity } from '../../../kit/output/localized.js';
import type { Attempt } from '../../../kit/batch/attempt.js';
import type { JournalItem, RunRecord } from '../../../kit/batch/journal.js';
import type { Code } from '../../../kit/errors/code.js';
import { retell } from '../../../kit/errors/retell.js';
import { definitionOf, describeCode } from '../../../kit/errors/describe-code.js';
import { shownDay, shownMinute, shownMinuteOfYear } from '../../../kit/output/instants.js';
import { renderPace, type PaceFacts } from '../../../kit/output/pace.js';
import type { KeptWork } from '../../../migrate/claim-work.js';
import { renderBytes } from '../../../kit/output/units.js';
import { nextCommand } from '../../kit/next-command.js';
import { configured } from '../../../kit/named-configuration.js';
import { renderTable } from '../../../kit/output/table.js';
import { fitWidth, plainText } from '../../../kit/output/text.js';
import { shownName } from '../../../kit/output/words.js';
import { hanging, padWidth, wrapText } from '../../../kit/output/wrap.js';
import { words } from '../words.js';

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
    return words.noRun({
      command: nextCommand(typed, 'migrate', 'recordings', '--use-import-video', '--dry'),
    });
  const rows = runs.map(({ run, pace }) => [
    run.id,
    nameOf(run),
    shownMinuteOfYear(run.startedAt, timezone),
    shownName(run.state),
    ...STATES.map((key) => shownCount((pace === null ? run.counts : countsOf(pace))[key] ?? 0)),
  ]);
  const right = { align: 'right' as const };
  const table = renderTable(
    [
      { title: words.run() },
      { title: words.command(), shrinks: true },
      { title: words.started() },
      { title: words.state(), shrinks: true },
      ...[words.doneShort, words.skippedShort, words.failedShort, words.leftShort].map((title) => ({
        title: title(),
        ...right,
      })),
    ],
    rows,
    LINE,
  );
  const going = runs.flatMap(({ run, pace }) =>
    pace === null ? [] : [folded(words.going({ run: run.id, pace: renderGoing(pace, timezone) }))],
  );
  const last = runs[0]?.run.id ?? 'last';
  const next = [words.oneRun({ command: nextCommand(typed, 'migrate', 'status', last) })];
  const undoable = runs.find(({ run }) => UNDOABLE.has(run.command) && run.state !== 'undone');
  if (undoable !== undefined)
    next.push(words.undoWould({ command: nextCommand(typed, 'migrate', 'undo', undoable.run.id, '--dry') }));
  const partial = runs
    .filter(({ run }) => partialOf({ facts: run.header }).length > 0)
    .map(({ run }) => words.wasPartial({ run: run.id }));
  return [table, ...going, ...partial, ...next].join('\n');
}

/** A run that goes on writes its counts at its end. */
const countsOf = ({ done, failed, total }: PaceFacts): Partial<Record<string, number>> => ({
  ...{ done: done - failed, failed },
  'not-run': total - done,
});

/** A sentence whose further lines are set in. */
const folded = (text: string): string => wrapText(text, LINE - 2).join('\n  ');

function renderGoing(pace: PaceFacts, timezone: string): string {
  const shown = renderPace(pace, timezone);
  return pace.perMinute === null
    ? shown
    : words.perMinute({ pace: shown, rate: shownDecimal(pace.perMinute) });
}

/** The head of one run. */
export function renderRun({ run, pace }: ShownRun, timezone: string): string {
  const at = shownMinute(run.startedAt, timezone);
  const { done = 0, skipped = 0, failed = 0, 'not-run': left = 0 } = run.counts;
  return [
    words.runHead({ run: run.id, name: nameOf(run), state: shownName(run.state) }),
    run.endedAt === null
      ? words.startedAt({ at })
      : words.startedEnded({ at, end: shownMinute(run.endedAt, timezone) }),
    run.endedAt === null ? '' : words.counts({ done, skipped, failed, left }),
    pace === null ? '' : folded(renderGoing(pace, timezone)),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Done, and yet something is to be said of it. */
const INCOMPLETE = new Set(['claim-dropped-incomplete']);

/** One item: how it ended, the day of its session, its title and owner; below it why, where it was not done. */
export function renderItem(item: JournalItem, timezone: string): string {
  const { title, owner, startAt } = item.shown;
  const day = startAt === null ? '-' : shownDay(startAt, timezone);
  const name = title === '' ? item.actionId : title;
  const columns: readonly (readonly [string, number])[] = [
    [item.state === 'not-run' ? words.itemLeft() : shownName(item.state), 8],
    [day, 10],
    [name, 42],
    [owner, 14],
  ];
  const line = columns.map(([text, width]) => padWidth(fitWidth(plainText(text), width), width)).join('  ');
  const isPlain = item.state === 'undone' || (item.state === 'done' && !INCOMPLETE.has(item.reason));
  if (isPlain) return line.trimEnd();
  return `${line.trimEnd()}\n${hanging('    ', words.because({ code: item.reason, why: itemReason(item), recordId: item.recordId }), LINE)}`;
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
    const head = `${shownMinuteOfYear(changedAt, timezone)}  ${padWidth(workState(state), 9)}  ${padWidth(shownQuantity(renderBytes(sizeBytes)), 7)}  ${name}`;
    return [
      fitWidth(head, LINE),
      ...(why === '' ? [] : [hanging('    ', plainText(why), LINE)]),
      hanging('    ', plainText(path), LINE),
    ];
  });
  const forget = nextCommand(typed, 'migrate', 'purge', '--older-than', '30d', '--dry');
  return [words.keptWork(), ...lines, words.tooOld({ command: forget })].join('\n');
}

const workState = (state: KeptWork['state']): string =>
  ({ finished: words.workFinished, begun: words.workBegun, running: words.workRunning })[state]();

const NIGHTS = 10;

/** `status 3`, `running`, `killed`, as `--json` names them. */
function nightState(state: string): string {
  if (state === 'running') return words.nightRunning();
  if (state === 'killed') return words.nightKilled();
  return words.nightStatus({ status: state.replace('status ', '') });
}

/** A night that ended with some failures has no reason of its own: where they are named. */
const whatFailedOf = ({ command, run, status }: Attempt): string =>
  status === 3 && run !== null && command.startsWith('migrate recordings')
    ? configured(`bbb2pod migrate status ${run} --state failed`)
    : '';

/** Batches started without a terminal, newest first: how each ended, and what to do about one that did not end well. */
export function renderNights(
  nights: readonly (Attempt & { readonly state: string })[],
  timezone: string,
): string {
  if (nights.length === 0) return '';
  const lines = nights.slice(0, NIGHTS).flatMap((night) => {
    const head = `${shownMinuteOfYear(night.startedAt, timezone)}  ${padWidth(nightState(night.state), 10)}  ${night.command}`;
    const shown = fitWidth(plainText(head), LINE);
    const { text, remedy } = retell(night);
    const why =
      night.code === ''
        ? []
        : [hanging('    ', words.codeText({ code: night.code, text: plainText(text) }), LINE)];
    const next = remedy === '' ? whatFailedOf(night) : plainText(remedy);
    const what = next === '' ? [] : [hanging('    ', `-> ${next}`, LINE)];
    return [shown, ...why, ...what];
  });
  return [words.nights(), ...lines].join('\n');
}
