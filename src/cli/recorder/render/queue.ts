import path from 'node:path';
import { plainText } from '../../../kit/output/text.js';
import { renderTable } from '../../../kit/output/table.js';
import { renderDuration } from '../../../kit/output/units.js';
import type { QueueEntry } from '../../../recorder/queue/conversion-queue.js';
import type { EnqueueOutcome, EnqueueTally } from '../../../recorder/queue/enqueue-conversions.js';
import type { QueueSurvey } from '../../../recorder/queue/survey-queue.js';

const LISTED = 20;

/** What became of one item of `recorder convert --queue`, when it is worth a line; null when it only counts. */
export function renderEnqueued({ job, state, entry }: EnqueueOutcome): string | null {
  if (state === 'set-aside')
    return `${plainText(job.label)}: set aside: ${plainText(entry?.failure?.message ?? '')}`;
  return null;
}

export const enqueuedJson = ({ job, state, entry }: EnqueueOutcome): object => ({
  type: 'item',
  id: job.id,
  source: job.label,
  output: job.outputPath,
  state,
  ...(state === 'set-aside' && entry?.failure ? entry.failure : {}),
});

/** The last lines: how many, and what to type next. */
export function renderEnqueueTally(tally: EnqueueTally): string {
  const parts = [
    `${tally.enqueued} enqueued`,
    `${tally['queued-already']} in the queue already`,
    `${tally['done-already']} made already`,
    ...(tally['set-aside'] > 0 ? [`${tally['set-aside']} set aside`] : []),
  ];
  const next =
    tally['set-aside'] > 0
      ? 'Try what was set aside again: the same command with --retry-failed'
      : tally.enqueued + tally['queued-already'] > 0
        ? 'Follow: bbb2pod recorder status --watch'
        : 'Nothing was left to do.';
  return `${parts.join(', ')}\n${next}`;
}

/** `recorder status`, 80 columns wide. @param now Unix milliseconds */
export function renderQueue(survey: QueueSurvey, now: number, columns = 80): string {
  const { counts, workers } = survey;
  const head = [
    `${counts.queued} queued, ${counts.running} running, ${counts.retrying} retrying, ${counts.done} done, ${counts.failed} failed, ${counts.missing} missing`,
    workers.length === 0 ? 'No worker is connected.' : `Workers: ${workers.map(plainText).join(', ')}`,
  ];
  return [...head, ...running(survey, now, columns), ...troubles(survey), nextStep(survey)].join('\n');
}

function running({ running: entries }: QueueSurvey, now: number, columns: number): string[] {
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, LISTED)
    .map(({ label, progress, worker, startedAt }) => [
      label,
      progress === null ? '-' : progress.step,
      progress?.fraction == null ? '-' : `${Math.floor(progress.fraction * 100)} %`,
      startedAt === null ? '-' : renderDuration(Math.max(0, now - startedAt)),
      worker ?? '-',
    ]);
  const right = { align: 'right' as const };
  return [
    '',
    renderTable(
      [
        { title: 'running', shrinks: true },
        { title: 'step' },
        { title: 'part', ...right },
        { title: 'since', ...right },
        { title: 'worker', shrinks: true },
      ],
      rows,
      columns,
    ),
  ];
}

function troubles({ retrying, failed, missing }: QueueSurvey): string[] {
  const told = (title: string, entries: readonly QueueEntry[]): string[] =>
    entries.length === 0
      ? []
      : [
          '',
          title,
          ...entries
            .slice(0, LISTED)
            .flatMap(({ label, failure, attempts }) => [
              `  ${plainText(label)}: ${plainText(failure?.message ?? 'no reason given')} (${attempts} attempts)`,
              ...(failure === null || failure.remedy === '' ? [] : [`    -> ${plainText(failure.remedy)}`]),
            ]),
        ];
  return [
    ...told('To be tried again:', retrying),
    ...told('Failed, set aside:', failed),
    ...(missing.length === 0
      ? []
      : [
          '',
          'Missing: enqueued from here, no file, and Redis does not know them:',
          ...missing
            .slice(0, LISTED)
            .map(
              ({ label, outputPath, run }) =>
                `  ${plainText(label)} -> ${plainText(path.basename(outputPath))} (run ${run})`,
            ),
          ...(missing.length > LISTED ? [`  … and ${missing.length - LISTED} more (--json lists all)`] : []),
        ]),
  ];
}

function nextStep({ counts, missing, workers }: QueueSurvey): string {
  const runs = [...new Set(missing.filter(({ claim }) => !claim).map(({ run }) => run))];
  if (runs.length > 0)
    return `\nEnqueue again: ${runs
      .slice(-3)
      .map((run) => `bbb2pod recorder convert --queue --resume ${run}`)
      .join('\n               ')}`;
  if (missing.length > 0)
    return '\nClaimed meanwhile or forgotten; this asks Pod: bbb2pod migrate recordings --use-manual-claim --queue';
  if (counts.failed > 0) return '\nTry again: the command that enqueued them, with --retry-failed';
  if (workers.length === 0 && counts.queued > 0)
    return '\nStart one on each encoding server: bbb2pod recorder worker';
  return counts.queued + counts.running + counts.retrying > 0
    ? 'Follow: bbb2pod recorder status --watch'
    : 'Nothing is left to do.';
}
