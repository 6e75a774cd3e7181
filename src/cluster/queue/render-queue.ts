import { renderTable } from '../../kit/output/table.js';
import { renderDuration } from '../../kit/output/units.js';
import type { BrokerSummary, QueueTask } from './queue-report.js';

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
      { title: 'QUEUE' },
      ...['ACTIVE', 'RESERVED', 'WAITING', 'ORPHANED', 'WORKERS'].map((title) => ({
        title,
        align: 'right' as const,
      })),
      { title: 'ALL DONE' },
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
      task.state,
      task.queue,
      task.videoId === null ? '?' : String(task.videoId),
      seconds(task.ageSeconds),
      seconds(task.durationSeconds),
      ends(task.endsAtSeconds),
      where(task),
    ]);
  const list = renderTable(
    [
      { title: 'STATE' },
      { title: 'QUEUE', shrinks: true },
      { title: 'VIDEO', align: 'right' },
      { title: 'AGE', align: 'right' },
      { title: 'LENGTH', align: 'right' },
      { title: 'ENDS' },
      { title: 'WORKER OR FILE', shrinks: true },
    ],
    rows,
  );
  return [
    head,
    ...(tasks.length === 0 ? [] : ['', list]),
    ...(tasks.length > rows.length ? [`… and ${tasks.length - rows.length} more (--limit)`] : []),
    ...brokers.flatMap(remarks),
  ].join('\n');
}

const where = ({ worker, file }: QueueTask): string => worker ?? file ?? '';

/** What `celery inspect` would hide. */
function remarks({ name, silentWorkers, sharedNames, strangers, queues }: BrokerSummary): string[] {
  const orphans = queues.reduce((sum, { orphaned }) => sum + orphaned, 0);
  return [
    ...(silentWorkers > 0
      ? [
          `! ${name}: ${silentWorkers} worker(s) listen and do not answer: systemctl restart them; what they hold shows as orphaned`,
        ]
      : []),
    ...(orphans > 0
      ? [
          `! ${name}: ${orphans} task(s) were delivered to a worker that is gone: Redis gives them back after its visibility timeout (1 h)`,
        ]
      : []),
    ...sharedNames.map((shared) => `! ${name}: two workers are called ${shared}: start them with -n NAME@%h`),
    ...strangers.map(
      (queue) => `! ${name}: ${queue.waiting} task(s) wait in ${queue.name}, which is not in the inventory`,
    ),
    ...queues
      .filter(({ workers, waiting, reserved }) => workers.length === 0 && waiting + reserved > 0)
      .map((queue) => `! ${name}: nobody consumes ${queue.name}, where ${queue.waiting} task(s) wait`),
  ].map((line) => `\n${line}`);
}
