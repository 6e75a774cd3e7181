import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { EncodingThresholds, PodTargets } from '../check/targets.js';
import { videoOf } from './facts.js';
import type { BrokerFacts, PodFacts } from './run-facts.js';

/** Assumed where no file can be measured from here: an hour's lecture. Such an estimate never is an alarm. */
const ASSUMED_MINUTES = 60;
const USABLE_SHARE_OF_CORES = 0.9;

/** P06, P09, P11, P19: what waits, for how long, and what was lost on the way. */
export function checkQueues(facts: PodFacts, targets: PodTargets, make: ResultMaker): ClusterResult[] {
  return facts.brokers.flatMap((broker) => {
    const { contents } = broker;
    if (contents === null) return [];
    if (!contents.ok) return [make.unknown('P09', broker.broker, contents.detail, 'redis')];
    return [
      ...broker.queues.flatMap((queue) => checkBacklog(broker, queue, facts, targets, make)),
      ...contents.value.strangers.map(({ name, waiting }) =>
        make.found('P06-filled', name, {
          parameters: { waiting, known: broker.queues.join(', ') },
          node: 'redis',
        }),
      ),
      ...checkUnacked(broker, facts.at, targets.thresholds, make),
      ...checkFiles(broker, facts, make),
    ];
  });
}

function checkBacklog(
  broker: BrokerFacts,
  queue: string,
  facts: PodFacts,
  targets: PodTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (broker.contents?.ok !== true) return [];
  const { thresholds } = targets;
  const waiting = broker.contents.value.queues.find(({ name }) => name === queue)?.waiting ?? 0;
  const replies = broker.workers?.ok === true ? broker.workers.value.replies : [];
  const reserved = replies
    .flatMap((reply) => reply.reserved ?? [])
    .filter((task) => (task.queue ?? queue) === queue).length;
  const consumers = replies.filter((reply) => reply.queues?.includes(queue) === true).length;
  const measure = {
    label: `waiting_${queue.replaceAll(/\W/g, '_')}`,
    value: waiting + reserved,
    unit: '' as const,
  };
  const kind = targets.queues.find((target) => target.queue === queue)?.kind;
  if (kind === 'xapi' || kind === 'main') return checkDepth(queue, waiting + reserved, measure, make);
  const average = averageMinutes(facts, queue);
  const minutes = (waiting + reserved) * (average ?? ASSUMED_MINUTES);
  const throughput =
    (Math.max(consumers, 1) * targets.coresPerWorker * USABLE_SHARE_OF_CORES) / targets.encodingFactor;
  const eta = Math.round(minutes / throughput);
  const details = {
    parameters: { queue, waiting: waiting + reserved, minutes: Math.round(minutes), eta },
    measures: [
      measure,
      // A number that rests on nothing makes no curve.
      ...(average === null && minutes > 0
        ? []
        : [
            {
              label: `backlog_${queue}_min`,
              value: eta,
              unit: '' as const,
              warning: thresholds.backlogWarningMinutes,
              critical: thresholds.backlogCriticalMinutes,
            },
          ]),
    ],
    evidence: [`LLEN ${waiting}, reserved ${reserved}, ${consumers} consumer(s)`],
    node: queue,
  };
  if (average === null)
    return [
      eta > thresholds.backlogCriticalMinutes
        ? make.found('P09-assumed', queue, details)
        : make.good('P09', queue, details),
    ];
  if (eta > thresholds.backlogCriticalMinutes)
    return [make.found('P09-long', queue, { ...details, status: 'critical' })];
  if (eta > thresholds.backlogWarningMinutes) return [make.found('P09-long', queue, details)];
  return [make.good('P09', queue, details)];
}

const SMALL_JOBS_WARNING = 1000;

function checkDepth(
  queue: string,
  waiting: number,
  measure: { label: string; value: number; unit: '' },
  make: ResultMaker,
): ClusterResult[] {
  const details = {
    parameters: { queue, waiting },
    measures: [{ ...measure, warning: SMALL_JOBS_WARNING }],
    node: queue,
  };
  return [
    waiting > SMALL_JOBS_WARNING ? make.found('P09-deep', queue, details) : make.good('P09', queue, details),
  ];
}

/** Minutes of the mean waiting file; null when none could be read from here. */
function averageMinutes({ files }: PodFacts, queue: string): number | null {
  const known = (files ?? []).flatMap((file) =>
    file.queue === queue && file.durationSeconds !== null ? [file.durationSeconds / 60] : [],
  );
  return known.length === 0 ? null : known.reduce((sum, minutes) => sum + minutes, 0) / known.length;
}

/**
 * Pod acknowledges early (docs/domain/cluster.md, "Celery on Redis"): what stands in `unacked` is what workers hold in
 * advance (reserved). More than that belongs to a worker that died, and stays hidden until the visibility timeout.
 */
function checkUnacked(
  broker: BrokerFacts,
  at: number,
  thresholds: EncodingThresholds,
  make: ResultMaker,
): ClusterResult[] {
  if (broker.contents?.ok !== true) return [];
  const { unacked } = broker.contents.value;
  if (unacked.count === 0) return [make.good('P11', broker.broker, { node: 'redis' })];
  const results: ClusterResult[] = [];
  const measures = [{ label: `unacked_${broker.database}`, value: unacked.count, unit: '' as const }];
  if (broker.workers?.ok === true) {
    const held = broker.workers.value.replies.flatMap(({ reserved, active }) => [
      ...(reserved ?? []),
      ...(active ?? []),
    ]);
    const ids = new Set(held.map(({ id }) => id));
    const orphans = unacked.messages.filter(({ id }) => !ids.has(id));
    if (orphans.length > 0)
      results.push(
        make.found('P11-orphans', broker.broker, {
          parameters: {
            count: orphans.length,
            videos: orphans.map((message) => videoOf(message)).join(', '),
          },
          measures,
          node: 'redis',
        }),
      );
  }
  const minutes = unacked.oldestAtSeconds === null ? 0 : (at / 1000 - unacked.oldestAtSeconds) / 60;
  if (minutes > thresholds.redeliveryMinutes)
    results.push(
      make.found('P11-redelivery', broker.broker, {
        parameters: { minutes: Math.round(minutes), count: unacked.count },
        measures,
        node: 'redis',
      }),
    );
  return results.length === 0 ? [make.good('P11', broker.broker, { measures, node: 'redis' })] : results;
}

function checkFiles(broker: BrokerFacts, { files }: PodFacts, make: ResultMaker): ClusterResult[] {
  if (files === null) return [];
  const own = files.filter(({ queue }) => broker.queues.includes(queue));
  const missing = own.filter(({ exists }) => !exists);
  if (missing.length === 0)
    return own.length === 0 ? [] : [make.good('P19', broker.broker, { node: 'redis' })];
  return missing.map(({ path, videoId, queue }) =>
    make.found('P19-missing', `${queue}/${videoId}`, {
      parameters: { path, video: videoId, queue },
      node: queue,
    }),
  );
}
