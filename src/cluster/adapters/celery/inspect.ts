import type { Redis } from 'ioredis';
import type { InspectFacts, WorkerReply, WorkerTask } from '../../pod/facts.js';
import { asRecord } from '../../../kit/record.js';
import { withPidbox } from './pidbox.js';

const METHODS = ['ping', 'stats', 'active_queues', 'active', 'reserved', 'report'] as const;
export type InspectMethod = (typeof METHODS)[number];

/**
 * Asks all workers of one broker database, as `celery inspect` does, and says how many heard the question.
 * @param waitMs how long a silent worker is waited for.
 */
export async function inspectWorkers(
  redis: Redis,
  options: {
    readonly database: number;
    readonly waitMs: number;
    readonly methods?: readonly InspectMethod[];
  },
): Promise<InspectFacts> {
  const methods = options.methods ?? METHODS;
  const { database, waitMs } = options;
  const { replies, tickets, subscribers } = await withPidbox(
    redis,
    { database, waitMs, graceSeconds: 30 },
    async (pidbox) => {
      const tickets = new Map<string, InspectMethod>();
      let subscribers = 0;
      for (const method of methods) {
        const { ticket, heardBy } = await pidbox.send({ method, arguments: {}, destination: null });
        tickets.set(ticket, method);
        subscribers = Math.max(subscribers, heardBy);
      }
      return { replies: await pidbox.collect(subscribers * methods.length), tickets, subscribers };
    },
  );
  const answers = replies.flatMap(({ ticket, node, payload }): Answer[] => {
    const method = tickets.get(ticket);
    return method === undefined ? [] : [{ method, node, payload }];
  });
  return { subscribers, replies: gatherReplies(answers) };
}

interface Answer {
  readonly method: InspectMethod;
  readonly node: string;
  readonly payload: unknown;
}

/**
 * One reply per process: the nth answer of a name to each question belongs together only as far as
 * names are unique, which the pid of `stats` decides.
 */
function gatherReplies(answers: readonly Answer[]): WorkerReply[] {
  const nodes = [...new Set(answers.map(({ node }) => node))].sort();
  return nodes.flatMap((node) => {
    const of = (method: InspectMethod): unknown[] =>
      answers
        .filter((answer) => answer.node === node && answer.method === method)
        .map(({ payload }) => payload);
    const count = Math.max(of('ping').length, of('stats').length, 1);
    return Array.from({ length: count }, (_, i) =>
      workerReply(node, {
        stats: of('stats')[i],
        queues: of('active_queues')[i],
        active: of('active')[i],
        reserved: of('reserved')[i],
        report: of('report')[i],
      }),
    );
  });
}

function workerReply(node: string, said: Record<string, unknown>): WorkerReply {
  const stats = asRecord(said['stats']);
  const pool = asRecord(stats['pool']);
  const report = asRecord(said['report'])['ok'];
  return {
    node,
    pid: numberOrNull(stats['pid']),
    prefetchCount: numberOrNull(stats['prefetch_count']),
    concurrency: numberOrNull(pool['max-concurrency']),
    queues: listOrNull(said['queues'])?.map((queue) => String(asRecord(queue)['name'])) ?? null,
    active: listOrNull(said['active'])?.map(workerTask) ?? null,
    reserved: listOrNull(said['reserved'])?.map(workerTask) ?? null,
    versions: typeof report === 'string' ? readVersions(report) : {},
  };
}

function workerTask(value: unknown): WorkerTask {
  const task = asRecord(value);
  const queue = asRecord(task['delivery_info'])['routing_key'];
  return {
    id: String(task['id']),
    name: String(task['name']),
    arguments: Array.isArray(task['args']) ? task['args'] : [],
    startedAtSeconds: numberOrNull(task['time_start']),
    queue: typeof queue === 'string' ? queue : null,
  };
}

/** `software -> celery:5.4.0 (opalescent) kombu:5.3.4 py:3.11.2 … redis:5.2.0`. */
function readVersions(report: string): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const [, name, version] of report.matchAll(/\b(celery|kombu|py|billiard|redis):(\d[\w.]*)/g)) {
    if (name !== undefined && version !== undefined) versions[name] ??= version;
  }
  return versions;
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const listOrNull = (value: unknown): unknown[] | null => (Array.isArray(value) ? (value as unknown[]) : null);
