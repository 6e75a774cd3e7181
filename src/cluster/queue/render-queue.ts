import { renderTable } from '../../kit/output/table.js';
import { renderDuration } from '../../kit/output/units.js';
import { wrap } from '../check/render-table.js';
import { stateWord } from './state-words.js';
import type { BrokerSummary, QueueTask } from './queue-report.js';
import { words } from './words.js';

const seconds = (value: number | null): string => (value === null ? '?' : renderDuration(value * 1000));

/** The report in 80 columns; what is not known is `?`, never 0. */
export function renderQueues(
  brokers: readonly BrokerSummary[],
  options: { readonly limit: number; readonly clock: (atSeconds: number) => string },
): string {
  const ends = (at: number | null): string => (at === null ? '?' : options.clock(at));
  const queues = brokers.flatMap((broker) => broker.queues);
  const head = renderTable(
    [
      { title: words.queue() },
      ...[words.active(), words.reserved(), words.waiting(), words.orphaned(), 'WORKERS'].map((title) => ({
        title,
        align: 'right' as const,
      })),
      { title: words.allDone() },
    ],
    queues.map((queue) => [
      queue.name,
      ...[queue.active, queue.reserved, queue.waiting, queue.orphaned, queue.workers.length].map(String),
      queue.active + queue.reserved + queue.waiting === 0 ? '-' : ends(queue.endsAtSeconds),
    ]),
  );
  const tasks = queues.flatMap((queue) => queue.tasks);
  const rows = tasks
    .slice(0, options.limit)
    .map((task) => [
      stateWord(task.state),
      task.queue,
      task.videoId === null ? '?' : String(task.videoId),
      seconds(task.ageSeconds),
      seconds(task.durationSeconds),
      ends(task.endsAtSeconds),
      where(task),
    ]);
  const list = renderTable(
    [
      { title: words.state() },
      { title: words.queue(), shrinks: true },
      { title: words.video(), align: 'right' },
      { title: words.age(), align: 'right' },
      { title: words.length(), align: 'right' },
      { title: words.ends() },
      { title: words.workerOrFile(), shrinks: true },
    ],
    rows,
  );
  return [
    head,
    ...(tasks.length === 0 ? [] : ['', list]),
    ...(tasks.length > rows.length ? [words.moreTasks({ tasks: tasks.length - rows.length })] : []),
    ...brokers.flatMap(remarks),
  ].join('\n');
}

const where = ({ worker, file }: QueueTask): string => worker ?? file ?? '';

/** What `celery inspect` would hide. */
function remarks({ name, silentWorkers, sharedNames, strangers, queues }: BrokerSummary): string[] {
  const orphans = queues.reduce((sum, { orphaned }) => sum + orphaned, 0);
  return [
    ...(silentWorkers > 0 ? [words.silentWorkers({ name, silentWorkers })] : []),
    ...(orphans > 0 ? [words.orphanedTasks({ name, orphans })] : []),
    ...sharedNames.map((shared) => words.sharedName({ name, shared })),
    ...strangers.map((queue) => words.taskWaitsWhichNot({ name, waiting: queue.waiting, queue: queue.name })),
    ...queues
      .filter(({ workers, waiting, reserved }) => workers.length === 0 && waiting + reserved > 0)
      .map((queue) => words.nobodyConsumesWhereTask({ name, queue: queue.name, waiting: queue.waiting })),
  ].map((line) => `\n${wrap(line, 2)}`);
}
