import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { InspectFacts, WorkerReply, WorkerTask } from '../../cluster/pod/facts.js';
import { asRecord, openEnvelope, SEPARATOR, wrapControl } from './envelope.js';

const METHODS = ['ping', 'stats', 'active_queues', 'active', 'reserved', 'registered', 'report'] as const;
export type InspectMethod = (typeof METHODS)[number];
const BINDINGS = '_kombu.binding.reply.celery.pidbox';

/**
 * Asks all workers of one broker database, as `celery inspect` does, and says how many heard the question:
 * PUBLISH returns the number of live subscriptions, so that a worker that hears and never answers is seen.
 * Writes one binding and one reply list of a random name; both are removed at once.
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
  const startedAt = performance.now();
  const methods = options.methods ?? METHODS;
  const oid = randomUUID();
  const replyList = `${oid}.reply.celery.pidbox`;
  const binding = `${oid}${SEPARATOR}${SEPARATOR}${replyList}`;
  const tickets = new Map<string, InspectMethod>(methods.map((method) => [randomUUID(), method]));
  await redis.sadd(BINDINGS, binding);
  const reader = redis.duplicate({ commandTimeout: undefined as never, lazyConnect: true });
  reader.on('error', () => undefined);
  const answers: Answer[] = [];
  let subscribers = 0;
  try {
    await reader.connect();
    for (const [ticket, method] of tickets) {
      const message = controlMessage(method, ticket, oid, options.waitMs);
      subscribers = Math.max(subscribers, await redis.publish(`/${options.database}.celery.pidbox`, message));
    }
    const deadline = startedAt + options.waitMs;
    while (answers.length < subscribers * methods.length) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 10) break;
      const popped = await reader.brpop(replyList, leftMs / 1000);
      if (popped === null) break;
      const answer = readAnswer(popped[1], tickets);
      if (answer !== null) answers.push(answer);
    }
  } finally {
    reader.disconnect();
    await redis.multi().srem(BINDINGS, binding).del(replyList).exec();
  }
  return {
    subscribers,
    replies: gatherReplies(answers),
    waitedMs: Math.round(performance.now() - startedAt),
  };
}

interface Answer {
  readonly method: InspectMethod;
  readonly node: string;
  readonly payload: unknown;
}

/** Workers drop a question that expired, so that one that wakes up late writes nothing. */
const controlMessage = (method: InspectMethod, ticket: string, oid: string, waitMs: number): string =>
  wrapControl(
    {
      method,
      arguments: {},
      destination: null,
      pattern: null,
      matcher: null,
      ticket,
      reply_to: { exchange: 'reply.celery.pidbox', routing_key: oid },
    },
    Date.now() / 1000 + waitMs / 1000 + 30,
  );

function readAnswer(text: string, tickets: ReadonlyMap<string, InspectMethod>): Answer | null {
  const opened = openEnvelope(text);
  if (opened === null) return null;
  const method = tickets.get(String(opened.headers['ticket']));
  const entry = Object.entries(asRecord(opened.body))[0];
  return method === undefined || entry === undefined ? null : { method, node: entry[0], payload: entry[1] };
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
        registered: of('registered')[i],
        report: of('report')[i],
      }),
    );
  });
}

function workerReply(node: string, said: Record<string, unknown>): WorkerReply {
  const stats = asRecord(said['stats']);
  const broker = asRecord(stats['broker']);
  const pool = asRecord(stats['pool']);
  const report = asRecord(said['report'])['ok'];
  return {
    node,
    pid: numberOrNull(stats['pid']),
    uptimeSeconds: numberOrNull(stats['uptime']),
    prefetchCount: numberOrNull(stats['prefetch_count']),
    concurrency: numberOrNull(pool['max-concurrency']),
    broker: showBroker(broker),
    queues: listOrNull(said['queues'])?.map((queue) => String(asRecord(queue)['name'])) ?? null,
    active: listOrNull(said['active'])?.map(workerTask) ?? null,
    reserved: listOrNull(said['reserved'])?.map(workerTask) ?? null,
    tasks: listOrNull(said['registered'])?.map((task) => String(task).split(' ')[0] ?? '') ?? null,
    versions: typeof report === 'string' ? readVersions(report) : {},
  };
}

function showBroker({ hostname, port, virtual_host: database }: Record<string, unknown>): string | null {
  if (typeof hostname !== 'string') return null;
  return `${hostname}:${String(numberOrNull(port) ?? 6379)}/${typeof database === 'string' ? database.replace(/^\//, '') : String(numberOrNull(database) ?? 0)}`;
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
