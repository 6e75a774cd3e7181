import { configured } from '../../../kit/named-configuration.js';
import { retell } from '../../../kit/errors/retell.js';
import { shownPercent, shownPhrase, shownQuantity } from '../../../kit/output/localized.js';
import path from 'node:path';
import { plainText } from '../../../kit/output/text.js';
import { typedWith } from '../../kit/next-command.js';
import { renderTable } from '../../../kit/output/table.js';
import { renderDuration } from '../../../kit/output/units.js';
import type { QueueEntry } from '../../../recorder/queue/conversion-queue.js';
import type { EnqueueOutcome, EnqueueTally } from '../../../recorder/queue/enqueue-conversions.js';
import type { SeenRunner } from '../../../recorder/adapters/esup-runner/task-queue.js';
import type { QueueSurvey } from '../../../recorder/queue/survey-queue.js';
import type { EngineSurvey } from '../status.js';
import { words } from '../words.js';
import { stepName } from './conversions.js';

const LISTED = 20;

/** What became of one item of `recorder convert --queue`, when it is worth a line; null when it only counts. */
export function renderEnqueued({ job, state, entry }: EnqueueOutcome): string | null {
  if (state === 'set-aside')
    return words.setAside({
      label: plainText(job.label),
      why: plainText(entry?.failure ? retell(entry.failure).text : ''),
    });
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
    words.enqueued({ count: tally.enqueued }),
    words.enqueuedAlready({ count: tally['queued-already'] }),
    words.madeAlready({ count: tally['done-already'] }),
    ...(tally['set-aside'] > 0 ? [words.countAside({ count: tally['set-aside'] })] : []),
  ];
  const next =
    tally['set-aside'] > 0
      ? words.retryAside({ command: typedWith('--retry-failed') })
      : tally.enqueued + tally['queued-already'] > 0
        ? follow()
        : words.nothingWasLeft();
  return `${parts.join(', ')}\n${next}`;
}

/** `recorder status`, 80 columns wide. @param now Unix milliseconds */
export function renderQueue(survey: EngineSurvey, now: number, columns = 80): string {
  const { counts, workers } = survey;
  const head = [
    words.queueCounts(counts),
    workers.length === 0 ? words.noWorker() : words.workers({ names: workers.map(plainText).join(', ') }),
  ];
  return [
    ...head,
    ...managerLines(survey),
    ...running(survey, now, columns),
    ...troubles(survey),
    nextStep(survey),
  ].join('\n');
}

/** The manager of esup-runner, its tasks of our type, and each of its runners that takes them. */
function managerLines({ manager }: EngineSurvey): string[] {
  if (manager === undefined) return [];
  const tasks = Object.entries(manager.tasks).map(([state, count]) => `${count} ${plainText(state)}`);
  return [
    words.manager({ url: plainText(manager.url), version: plainText(manager.version) }),
    tasks.length === 0 ? words.managerNoTasks() : words.managerTasks({ tasks: tasks.join(', ') }),
    ...manager.runners.slice(0, LISTED).map(runnerLine),
  ];
}

function runnerLine({ id, url, online, reachable, available, task }: SeenRunner): string {
  const runner = `${plainText(id)} ${plainText(url)}`;
  if (!online) return words.runnerSilent({ runner });
  if (!reachable) return words.runnerUnseen({ runner });
  if (task !== null) return words.runnerWorks({ runner, task: plainText(task.id) });
  return available === true ? words.runnerFree({ runner }) : words.runnerBusy({ runner });
}

function running({ running: entries }: QueueSurvey, now: number, columns: number): string[] {
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, LISTED)
    .map(({ label, progress, worker, startedAt }) => [
      label,
      progress === null ? '-' : stepName(progress.step),
      progress?.fraction == null ? '-' : shownPercent(progress.fraction),
      startedAt === null ? '-' : shownQuantity(renderDuration(Math.max(0, now - startedAt))),
      worker ?? '-',
    ]);
  const right = { align: 'right' as const };
  return [
    '',
    renderTable(
      [
        { title: words.running(), shrinks: true },
        { title: words.step() },
        { title: words.part(), ...right },
        { title: words.since(), ...right },
        { title: words.worker(), shrinks: true },
      ],
      rows,
      columns,
    ),
  ];
}

function troubles({ retrying, failed, incomplete, missing }: QueueSurvey): string[] {
  const told = (title: string, entries: readonly QueueEntry[]): string[] =>
    entries.length === 0
      ? []
      : [
          '',
          title,
          ...entries.slice(0, LISTED).flatMap(({ label, failure, attempts }) => [
            words.trouble({
              label: plainText(label),
              why: failure === null ? words.noReason() : plainText(retell(failure).text),
              attempts,
            }),
            ...(failure === null || failure.remedy === ''
              ? []
              : [`    -> ${plainText(retell(failure).remedy)}`]),
          ]),
        ];
  return [
    ...told(words.toRetry(), retrying),
    ...told(words.failedAside(), failed),
    ...(incomplete.length === 0
      ? []
      : [
          '',
          words.madeIncomplete(),
          ...incomplete
            .slice(0, LISTED)
            .map((entry) =>
              words.lacks({ label: plainText(entry.label), what: shownPhrase(plainText(entry.missing)) }),
            ),
        ]),
    ...(missing.length === 0
      ? []
      : [
          '',
          words.lost(),
          ...missing
            .slice(0, LISTED)
            .map(({ label, outputPath, run }) =>
              words.lostOne({ label: plainText(label), file: plainText(path.basename(outputPath)), run }),
            ),
          ...(missing.length > LISTED ? [words.lostMore({ count: missing.length - LISTED })] : []),
        ]),
  ];
}

function nextStep({ counts, missing, setAside, workers, manager }: EngineSurvey): string {
  const runs = [...new Set(missing.filter(({ claim }) => !claim).map(({ run }) => run))];
  if (runs.length > 0)
    return `\n${words.enqueueAgain({
      commands: runs
        .slice(-3)
        .map((run) => configured(`bbb2pod recorder convert --queue --resume ${run}`))
        .join('\n               '),
    })}`;
  if (missing.length > 0)
    return `\n${words.askPod({ command: configured('bbb2pod migrate recordings --use-manual-claim --queue') })}`;
  if (counts.failed > 0) return `\n${retry(setAside)}`;
  if (manager !== undefined && counts.queued + counts.running + counts.retrying > 0)
    return `\n${words.bringThem({ command: configured('bbb2pod recorder convert --queue --resume last') })}`;
  if (workers.length === 0 && counts.queued > 0)
    return `\n${words.startWorker({ command: configured('bbb2pod recorder worker') })}`;
  return counts.queued + counts.running + counts.retrying > 0 ? follow() : words.nothingIsLeft();
}

/** Which command tries again what was set aside: that of their run, when it was begun on this machine. */
function retry(setAside: QueueSurvey['setAside']): string {
  const commands = [
    ...setAside
      .filter(({ claim }) => !claim)
      .slice(-3)
      .map(({ run }) => `bbb2pod recorder convert --queue --resume ${run} --retry-failed`),
    ...(setAside.some(({ claim }) => claim)
      ? ['bbb2pod migrate recordings --use-manual-claim --queue --retry-failed']
      : []),
  ].map(configured);
  return commands.length === 0
    ? words.tryElsewhere()
    : words.tryAgain({ commands: commands.join('\n           ') });
}

const follow = (): string => words.follow({ command: configured('bbb2pod recorder status --watch') });
