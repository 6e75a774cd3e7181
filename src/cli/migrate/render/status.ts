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

/** An item's or a run's state, as people read it. */
const stateText = (state: string): string =>
  localized(
    { 'not-run': 'not run' }[state] ?? state,
    {
      done: 'fait',
      skipped: 'laissé',
      failed: 'échec',
      'not-run': 'non traité',
      undone: 'annulé',
      running: 'en cours',
      finished: 'fini',
      interrupted: 'interrompu',
    }[state] ?? state,
  );

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
    return `${localized('No run yet. Begin with:', 'Aucune exécution. Commencez par :')} ${nextCommand(typed, 'migrate', 'recordings', '--use-import-video', '--dry')}`;
  const rows = runs.map(({ run }) => [
    run.id,
    nameOf(run),
    minuteOf(run.startedAt, timezone).slice(5),
    stateText(run.state),
    ...STATES.map((key) => String(run.counts[key] ?? 0)),
  ]);
  const right = { align: 'right' as const };
  const table = renderTable(
    [
      { title: localized('run', 'exécution') },
      { title: localized('command', 'commande'), shrinks: true },
      { title: localized('started', 'début') },
      { title: localized('state', 'état') },
      ...localized('done skip fail left', 'faits laissés échecs reste')
        .split(' ')
        .map((title) => ({ title, ...right })),
    ],
    rows,
    LINE,
  );
  const going = runs.flatMap(({ run, pace }) =>
    pace === null ? [] : [`${run.id}: ${renderGoing(pace, timezone)}`],
  );
  const last = runs[0]?.run.id ?? 'last';
  const next = [
    `${localized('One run and its items:', 'Une exécution et ses éléments :')} ${nextCommand(typed, 'migrate', 'status', last)}`,
  ];
  const undoable = runs.find(({ run: { command } }) => UNDOABLE.has(command));
  if (undoable !== undefined)
    next.push(
      `${localized('What undo would take back:', 'Ce que undo reprendrait :')} ${nextCommand(typed, 'migrate', 'undo', undoable.run.id, '--dry')}`,
    );
  const partial = runs
    .filter(({ run }) => partialOf({ facts: run.header }).length > 0)
    .map(({ run }) => localized(`${run.id}: its list was PARTIAL`, `${run.id} : sa liste était PARTIELLE`));
  return [table, ...going, ...partial, ...next].join('\n');
}

function renderGoing(pace: PaceFacts, timezone: string): string {
  const rate =
    pace.perMinute === null
      ? ''
      : localized(
          `, ${pace.perMinute.toFixed(1)} a minute`,
          `, ${pace.perMinute.toFixed(1).replace('.', ',')} par minute`,
        );
  return `${renderPace(pace, timezone)}${rate}`;
}

const FRENCH_COUNTS = {
  done: 'faits',
  skipped: 'laissés',
  failed: 'échecs',
  'not-run': 'non traités',
} as const;

/** The head of one run. */
export function renderRun({ run, pace }: ShownRun, timezone: string): string {
  const ended =
    run.endedAt === null ? '' : `, ${localized('ended', 'fin')} ${minuteOf(run.endedAt, timezone)}`;
  const counts = STATES.map((key) => {
    const count = run.counts[key] ?? 0;
    return localized(`${count} ${key === 'not-run' ? 'not run' : key}`, `${FRENCH_COUNTS[key]} : ${count}`);
  });
  return [
    localized(
      `Run ${run.id}: ${nameOf(run)}, ${run.state}`,
      `Exécution ${run.id} : ${nameOf(run)}, ${stateText(run.state)}`,
    ),
    `${localized('started', 'début')} ${minuteOf(run.startedAt, timezone)}${ended}`,
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
    [item.state === 'not-run' ? localized('not-run', 'reste') : stateText(item.state), 8],
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
    const head = `${minuteOf(changedAt, timezone).slice(5)}  ${padWidth(workState(state), 9)}  ${padWidth(renderBytes(sizeBytes), 7)}  ${name}`;
    return [
      fitWidth(head, LINE),
      ...(why === '' ? [] : [hanging('    ', plainText(why), LINE)]),
      hanging('    ', plainText(path), LINE),
    ];
  });
  const forget = nextCommand(typed, 'migrate', 'purge', '--older-than', '30d', '--dry');
  return [
    localized(
      'Work that is not delivered (the next run goes on with it):',
      "Travail non livré (l'exécution suivante le reprend) :",
    ),
    ...lines,
    `${localized('What is too old to go on with:', 'Ce qui est trop ancien pour être repris :')} ${forget}`,
  ].join('\n');
}

const workState = (state: KeptWork['state']): string =>
  localized(state, { finished: 'fini', begun: 'commencé', running: 'en cours' }[state]);

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
  return [
    localized('Without a terminal (newest first):', 'Sans terminal (les plus récents d’abord) :'),
    ...lines,
  ].join('\n');
}
