import { groupBy } from '../../kit/groups.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets, PodTargets, WorkerTarget } from '../check/targets.js';
import { videoOf, type InspectFacts, type WorkerReply } from './facts.js';
import type { BrokerFacts, PodFacts } from './run-facts.js';

const DAY_SECONDS = 86_400;

/** P05 to P08, P10, P12, P13: who works, under which name, on what, since when. */
export function checkWorkers(
  facts: PodFacts,
  targets: PodTargets,
  all: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  return facts.brokers.flatMap((broker) => {
    const expected = targets.workers.filter(
      ({ queue, name }) => broker.queues.includes(queue) && !isAway(name, all.maintenance),
    );
    if (broker.workers === null) return checkByHeartbeat(broker, expected, make);
    if (!broker.workers.ok) return [make.unknown('P07', broker.broker, broker.workers.detail, 'redis')];
    const seen = broker.workers.value;
    return [
      ...checkConsumers(broker, seen, targets, expected, make),
      ...checkAnswers(broker, seen, expected, make),
      ...checkNames(seen.replies, make),
      ...checkFairness(seen.replies, make),
      ...checkLongJobs(seen.replies, facts.at, targets.thresholds.jobHours, make),
      ...checkVersions(broker, seen.replies, make),
    ];
  });
}

const isAway = (name: string, maintenance: readonly string[]): boolean =>
  maintenance.some((away) => name === away || name.startsWith(`${away}@`) || name.endsWith(`@${away}`));

/** `encode1` names the worker `encode1@anything`. */
export const matches = ({ name }: WorkerTarget, node: string): boolean =>
  node === name || (!name.includes('@') && node.startsWith(`${name}@`));

function checkConsumers(
  { broker, queues }: BrokerFacts,
  { replies, subscribers }: InspectFacts,
  targets: PodTargets,
  expected: readonly WorkerTarget[],
  make: ResultMaker,
): ClusterResult[] {
  const results = queues.map((queue) => {
    const consumers = replies
      .filter((reply) => reply.queues?.includes(queue) === true)
      .map(({ node }) => node);
    const wanted =
      targets.queues.find((target) => target.queue === queue)?.expectedWorkers ??
      expected.filter((worker) => worker.queue === queue).length;
    const parameters = { queue, found: consumers.length, wanted, broker };
    const measures = [
      { label: `workers_${word(queue)}`, value: consumers.length, unit: '' as const, critical: 1 },
    ];
    const details = { parameters, measures, evidence: consumers, node: queue };
    if (consumers.length === 0)
      return make.found(subscribers === 0 ? 'P05-nobody' : 'P05-none', queue, details);
    return consumers.length < wanted
      ? make.found('P05-fewer', queue, details)
      : make.good('P05', queue, details);
  });
  const known = targets.queues.map(({ queue }) => queue);
  const strays = replies.flatMap((reply) =>
    (reply.queues ?? [])
      .filter((queue) => !known.includes(queue))
      .map((queue) =>
        make.found('P06-stray', reply.node, {
          parameters: { queue, known: known.join(', '), like: nearest(queue, known) },
        }),
      ),
  );
  return [...results, ...strays];
}

/** The known name that shares the longest beginning: `encodnig` is meant to be `encoding`. */
function nearest(wrong: string, known: readonly string[]): string {
  const common = (one: string): number => {
    let i = 0;
    while (i < one.length && one[i] === wrong[i]) i++;
    return i;
  };
  return known.toSorted((a, b) => common(b) - common(a))[0] ?? 'encoding';
}

function checkAnswers(
  broker: BrokerFacts,
  { replies, subscribers }: InspectFacts,
  expected: readonly WorkerTarget[],
  make: ResultMaker,
): ClusterResult[] {
  const answered = replies.map(({ node }) => node);
  const missing = expected.filter((worker) => !answered.some((node) => matches(worker, node)));
  const silent = Math.max(0, subscribers - replies.length);
  const uptime = broker.state.ok ? broker.state.value.uptimeSeconds : DAY_SECONDS;
  const evidence = [`heard by ${subscribers}, answered by ${answered.join(', ') || 'nobody'}`];
  const results = missing.map(({ name, queue }, i) => {
    const details = { parameters: { queue, uptime }, evidence, node: name };
    if (i < silent) return make.found('P07-hung', name, details);
    return make.found(uptime < DAY_SECONDS && subscribers > 0 ? 'P07-deaf' : 'P07-absent', name, details);
  });
  if (silent > missing.length)
    results.push(
      make.found('P07-silent', broker.broker, {
        parameters: { silent: silent - missing.length },
        evidence,
        node: 'redis',
      }),
    );
  return [...results, ...checkTaking(broker, replies, make), ...goodAnswers(replies, results, make)];
}

/** A worker that answers and holds no BRPOP takes no job: seen after a Redis restart with kombu before 5.4. */
function checkTaking(
  { waitingConsumers, broker }: BrokerFacts,
  replies: readonly WorkerReply[],
  make: ResultMaker,
): ClusterResult[] {
  if (waitingConsumers === null) return [];
  const free = replies.filter(({ active, reserved, prefetchCount, queues }) => {
    const held = (active?.length ?? 0) + (reserved?.length ?? 0);
    return prefetchCount !== null && held < prefetchCount && (queues?.length ?? 0) > 0;
  });
  if (free.length <= waitingConsumers) return [];
  const parameters = {
    free: free.length,
    waiting: waitingConsumers,
    names: free.map(({ node }) => node).join(', '),
  };
  return [make.found('P07-idle', broker, { parameters, node: 'redis' })];
}

const goodAnswers = (
  replies: readonly WorkerReply[],
  bad: readonly ClusterResult[],
  make: ResultMaker,
): ClusterResult[] =>
  [...new Map(replies.map((reply) => [reply.node, reply])).values()]
    .filter(({ node }) => !bad.some((result) => result.node === node))
    .map(({ node, active, reserved, pid }) =>
      make.good('P07', node, {
        evidence: [`pid ${pid ?? '?'}, ${active?.length ?? '?'} active, ${reserved?.length ?? '?'} reserved`],
      }),
    );

function checkNames(replies: readonly WorkerReply[], make: ResultMaker): ClusterResult[] {
  const byName = groupBy(replies, ({ node }) => node);
  return [...byName].flatMap(([node, same]) => {
    if (same.length < 2) return [make.good('P08', node)];
    const pids = same.map(({ pid }) => pid ?? '?').join(', ');
    return [make.found('P08-shared', node, { parameters: { count: same.length, pids } })];
  });
}

function checkFairness(replies: readonly WorkerReply[], make: ResultMaker): ClusterResult[] {
  return replies.flatMap(({ node, prefetchCount, concurrency, reserved, queues }) => {
    const evidence = [`prefetch ${prefetchCount ?? '?'}, processes ${concurrency ?? '?'}`];
    const waiting = reserved?.length ?? 0;
    const idle = replies.find(
      (other) =>
        other.node !== node &&
        (other.active?.length ?? 1) + (other.reserved?.length ?? 1) === 0 &&
        other.queues?.some((queue) => queues?.includes(queue) === true) === true,
    );
    if (waiting > 0 && idle !== undefined)
      return [make.found('P10-unfair', node, { parameters: { waiting, idle: idle.node }, evidence })];
    // Celery counts what runs too: a multiplier of 1 gives exactly one per process.
    if (prefetchCount !== null && concurrency !== null && prefetchCount > concurrency)
      return [
        make.found('P10-prefetch', node, { parameters: { prefetch: prefetchCount, concurrency }, evidence }),
      ];
    return [make.good('P10', node, { evidence })];
  });
}

function checkLongJobs(
  replies: readonly WorkerReply[],
  at: number,
  limitHours: number,
  make: ResultMaker,
): ClusterResult[] {
  return replies.flatMap(({ node, active }) =>
    (active ?? []).flatMap((task) => {
      if (task.startedAtSeconds === null) return [];
      const hours = (at / 1000 - task.startedAtSeconds) / 3600;
      if (hours <= limitHours) return [];
      const parameters = {
        hours: Math.round(hours * 10) / 10,
        video: videoOf(task),
        task: task.id,
      };
      return [make.found('P12-long', node, { parameters })];
    }),
  );
}

function checkVersions(
  { broker }: BrokerFacts,
  replies: readonly WorkerReply[],
  make: ResultMaker,
): ClusterResult[] {
  const all = replies.map(
    ({ versions }) => `celery ${versions['celery'] ?? '?'} kombu ${versions['kombu'] ?? '?'}`,
  );
  const different = [...new Set(all)];
  const kombu = replies.map(({ versions }) => versions['kombu']).find((version) => version !== undefined);
  const evidence = replies.map(({ node }, i) => `${node}: ${all[i] ?? '?'}`);
  if (different.length > 1)
    return [
      make.found('P13-differ', broker, {
        parameters: { versions: different.join('; ') },
        evidence,
        node: 'redis',
      }),
    ];
  if (kombu !== undefined && isOlder(kombu, [5, 4]))
    return [make.found('P13-old', broker, { parameters: { version: kombu }, evidence, node: 'redis' })];
  return replies.length === 0 ? [] : [make.good('P13', broker, { evidence, node: 'redis' })];
}

function isOlder(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}

/** --passive: heartbeats tell who lives and how many share a name, not what they consume. */
function checkByHeartbeat(
  { broker, heartbeats }: BrokerFacts,
  expected: readonly WorkerTarget[],
  make: ResultMaker,
): ClusterResult[] {
  if (heartbeats === null) return [];
  if (!heartbeats.ok) return [make.unknown('P07', broker, heartbeats.detail, 'redis')];
  const beats = heartbeats.value;
  const byName = groupBy(beats, ({ node }) => node);
  return [
    ...expected
      .filter((worker) => !beats.some(({ node }) => matches(worker, node)))
      .map(({ name, queue }) => make.found('P07-absent', name, { parameters: { queue }, node: name })),
    ...[...byName].map(([node, same]) =>
      same.length > 1
        ? make.found('P08-shared', node, {
            parameters: { count: same.length, pids: same.map(({ pid }) => pid).join(', ') },
          })
        : make.good('P07', node, { evidence: [`heartbeat of pid ${same[0]?.pid ?? '?'}`] }),
    ),
  ];
}

const word = (text: string): string => text.replaceAll(/\W/g, '_');
