import { localized, plural } from '../../kit/output/localized.js';
import { renderTable } from '../../kit/output/table.js';
import { renderDuration } from '../../kit/output/units.js';
import { wrap } from '../check/render-table.js';
import { stateWord } from './state-words.js';
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
      { title: localized('QUEUE', 'FILE') },
      ...[
        localized('ACTIVE', 'ACTIVES'),
        localized('RESERVED', 'RÉSERVÉES'),
        localized('WAITING', 'EN ATTENTE'),
        localized('ORPHANED', 'ORPHELINES'),
        'WORKERS',
      ].map((title) => ({
        title,
        align: 'right' as const,
      })),
      { title: localized('ALL DONE', 'FIN') },
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
      { title: localized('STATE', 'ÉTAT') },
      { title: localized('QUEUE', 'FILE'), shrinks: true },
      { title: localized('VIDEO', 'VIDÉO'), align: 'right' },
      { title: localized('AGE', 'ÂGE'), align: 'right' },
      { title: localized('LENGTH', 'DURÉE'), align: 'right' },
      { title: localized('ENDS', 'FIN') },
      { title: localized('WORKER OR FILE', 'WORKER OU FICHIER'), shrinks: true },
    ],
    rows,
  );
  return [
    head,
    ...(tasks.length === 0 ? [] : ['', list]),
    ...(tasks.length > rows.length
      ? [
          localized(
            `… and ${tasks.length - rows.length} more (--limit)`,
            `… et ${tasks.length - rows.length} de plus (--limit)`,
          ),
        ]
      : []),
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
          localized(
            `! ${name}: ${silentWorkers} ${plural(silentWorkers, 'worker listens and does not answer: systemctl restart it; what it holds', 'workers listen and do not answer: systemctl restart them; what they hold')} shows as orphaned`,
            `! ${name} : ${silentWorkers} ${plural(silentWorkers, 'worker écoute et ne répond pas : systemctl restart ; ce qu’il tient', 'workers écoutent et ne répondent pas : systemctl restart ; ce qu’ils tiennent')} figure comme orphelin`,
          ),
        ]
      : []),
    ...(orphans > 0
      ? [
          localized(
            `! ${name}: ${orphans} ${plural(orphans, 'task was', 'tasks were')} delivered to a worker that is gone: Redis gives ${plural(orphans, 'it', 'them')} back after its visibility timeout (1 h)`,
            `! ${name} : ${orphans} ${plural(orphans, 'tâche remise', 'tâches remises')} à un worker disparu : Redis ${plural(orphans, 'la rend', 'les rend')} après son délai de visibilité (1 h)`,
          ),
        ]
      : []),
    ...sharedNames.map((shared) =>
      localized(
        `! ${name}: two workers are called ${shared}: start them with -n NAME@%h`,
        `! ${name} : deux workers s'appellent ${shared} : lancez-les avec -n NOM@%h`,
      ),
    ),
    ...strangers.map((queue) =>
      localized(
        `! ${name}: ${queue.waiting} ${plural(queue.waiting, 'task waits', 'tasks wait')} in ${queue.name}, which is not in the inventory`,
        `! ${name} : ${queue.waiting} ${plural(queue.waiting, 'tâche attend', 'tâches attendent')} dans ${queue.name}, absente de l'inventaire`,
      ),
    ),
    ...queues
      .filter(({ workers, waiting, reserved }) => workers.length === 0 && waiting + reserved > 0)
      .map((queue) =>
        localized(
          `! ${name}: nobody consumes ${queue.name}, where ${queue.waiting} ${plural(queue.waiting, 'task waits', 'tasks wait')}`,
          `! ${name} : personne ne consomme ${queue.name}, où ${queue.waiting} ${plural(queue.waiting, 'tâche attend', 'tâches attendent')}`,
        ),
      ),
  ].map((line) => `\n${wrap(line, 2)}`);
}
