import { greatest } from '../../kit/extremes.js';
import type { InspectFacts, QueuedMessage, QueuesFacts, WorkerReply, WorkerTask } from '../pod/facts.js';

/** `orphaned`: delivered to a worker that no longer holds it; it runs again after Redis' visibility timeout. */
export type TaskState = 'active' | 'reserved' | 'waiting' | 'orphaned';

export interface QueueTask {
  readonly state: TaskState;
  readonly id: string;
  readonly task: string;
  readonly queue: string;
  /** Video of an encoding or transcription, recording of a studio; null for other tasks. */
  readonly videoId: number | null;
  readonly file: string | null;
  readonly worker: string | null;
  /** Since it began (active), was delivered (reserved, orphaned) or its file was written (waiting). */
  readonly ageSeconds: number | null;
  /** Media duration; null when the file cannot be read here. */
  readonly durationSeconds: number | null;
  /** Seconds since 1970; null when it cannot be estimated. */
  readonly endsAtSeconds: number | null;
}

export interface QueueSummary {
  readonly name: string;
  readonly broker: string;
  readonly active: number;
  readonly reserved: number;
  readonly waiting: number;
  readonly orphaned: number;
  /** Workers that answered and consume it. */
  readonly workers: readonly string[];
  readonly endsAtSeconds: number | null;
  readonly tasks: readonly QueueTask[];
}

export interface BrokerSummary {
  readonly name: string;
  readonly queues: readonly QueueSummary[];
  /** Subscribed and silent: what they hold cannot be told from orphans. */
  readonly silentWorkers: number;
  /** Names that two processes share: `celery inspect` shows only one of them. */
  readonly sharedNames: readonly string[];
  /** Queues outside the inventory that hold messages. */
  readonly strangers: readonly { readonly name: string; readonly waiting: number }[];
}

export interface FileFacts {
  readonly durationSeconds: number | null;
  /** Seconds since 1970. */
  readonly writtenAtSeconds: number | null;
}

export interface BrokerFacts {
  readonly name: string;
  readonly queues: QueuesFacts;
  readonly inspect: InspectFacts;
}

export interface ReportOptions {
  readonly nowSeconds: number;
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Seconds of work per second of media and worker, by queue; null when unknown. */
  readonly pace: (queue: string) => number | null;
}

/** The media file of a task, by Pod's argument orders. */
function fileOfTask(task: string, args: readonly unknown[]): string | null {
  const file =
    task.endsWith('start_encoding_task') || task.endsWith('start_transcripting_task') ? args[1] : null;
  return typeof file === 'string' && file.startsWith('/') ? file : null;
}

const videoOf = (args: readonly unknown[]): number | null =>
  typeof args[0] === 'number' ? args[0] : /^\d+$/.test(String(args[0])) ? Number(args[0]) : null;

/** Transcriptions carry their duration. */
const durationArgument = (task: string, args: readonly unknown[]): number | null =>
  task.endsWith('start_transcripting_task') && typeof args[2] === 'number' ? args[2] : null;

/** Every file that the tasks of a broker name; what is probed before the report. */
export const filesOf = ({ queues, inspect }: BrokerFacts): string[] => [
  ...new Set(
    [
      ...inspect.replies
        .flatMap(({ active, reserved }) => [...(active ?? []), ...(reserved ?? [])])
        .map(({ name, arguments: args }) => fileOfTask(name, args)),
      ...queues.unacked.messages.map(({ task, arguments: args }) => fileOfTask(task, args)),
      ...queues.queues.flatMap(({ next }) => next).map(({ task, arguments: args }) => fileOfTask(task, args)),
    ].filter((file) => file !== null),
  ),
];

/**
 * What a broker's workers do and what waits. Waiting is what lies in Redis' lists and what workers prefetched,
 * which `inspect reserved` alone does not tell; orphans are deliveries that no answering worker holds.
 */
export function reportBroker(facts: BrokerFacts, options: ReportOptions): BrokerSummary {
  const { queues, inspect } = facts;
  const names = inspect.replies.map(({ node }) => node);
  const tasks = gatherTasks(facts, options);
  return {
    name: facts.name,
    queues: queues.queues.map(({ name, waiting }) =>
      summarise(
        {
          name,
          broker: facts.name,
          waiting,
          tasks: tasks.filter((task) => task.queue === name),
          workers: consumersOf(name, inspect.replies),
        },
        options,
      ),
    ),
    silentWorkers: Math.max(0, inspect.subscribers - inspect.replies.length),
    sharedNames: [...new Set(names.filter((name, i) => names.indexOf(name) !== i))],
    strangers: queues.strangers,
  };
}

const consumersOf = (queue: string, replies: readonly WorkerReply[]): string[] =>
  replies.filter(({ queues }) => queues?.includes(queue) === true).map(({ node }) => node);

function gatherTasks({ queues, inspect }: BrokerFacts, options: ReportOptions): QueueTask[] {
  const { nowSeconds, files } = options;
  const deliveredAt = new Map(
    queues.unacked.messages.map(({ id, deliveredAtSeconds }) => [id, deliveredAtSeconds ?? null]),
  );
  const held = new Set<string>();
  const describe = (
    state: TaskState,
    id: string,
    task: string,
    args: readonly unknown[],
    queue: string,
    more: { worker?: string; since?: number | null },
  ): QueueTask => {
    const file = fileOfTask(task, args);
    const known = file === null ? undefined : files.get(file);
    const since = more.since ?? (state === 'waiting' ? (known?.writtenAtSeconds ?? null) : null);
    return {
      state,
      id,
      task,
      queue,
      videoId: videoOf(args),
      file,
      worker: more.worker ?? null,
      ageSeconds: since === null ? null : Math.max(0, nowSeconds - since),
      durationSeconds: known?.durationSeconds ?? durationArgument(task, args),
      endsAtSeconds: null,
    };
  };
  const ofWorker = (
    state: 'active' | 'reserved',
    { node, queues: own }: WorkerReply,
    task: WorkerTask,
  ): QueueTask => {
    held.add(task.id);
    const since = state === 'active' ? task.startedAtSeconds : (deliveredAt.get(task.id) ?? null);
    return describe(state, task.id, task.name, task.arguments, task.queue ?? own?.[0] ?? '?', {
      worker: node,
      since,
    });
  };
  const active = inspect.replies.flatMap((reply) =>
    (reply.active ?? []).map((task) => ofWorker('active', reply, task)),
  );
  const reserved = inspect.replies.flatMap((reply) =>
    (reply.reserved ?? []).filter(({ id }) => !held.has(id)).map((task) => ofWorker('reserved', reply, task)),
  );
  const ofMessage = (
    state: TaskState,
    { id, task, arguments: args, queue, deliveredAtSeconds }: QueuedMessage,
  ): QueueTask =>
    describe(state, id, task, args, queue, {
      since: state === 'orphaned' ? (deliveredAtSeconds ?? null) : null,
    });
  return [
    ...active,
    ...reserved,
    ...queues.unacked.messages
      .filter(({ id }) => !held.has(id))
      .map((message) => ofMessage('orphaned', message)),
    ...queues.queues.flatMap(({ next }) => next.map((message) => ofMessage('waiting', message))),
  ];
}

function summarise(
  queue: {
    name: string;
    broker: string;
    waiting: number;
    tasks: readonly QueueTask[];
    workers: readonly string[];
  },
  options: ReportOptions,
): QueueSummary {
  const tasks = estimateEnds(queue.tasks, queue.workers, options.pace(queue.name), options.nowSeconds);
  const count = (state: TaskState): number => tasks.filter((task) => task.state === state).length;
  const expected = tasks.filter(({ state }) => state !== 'orphaned');
  const complete =
    expected.length > 0 &&
    expected.every(({ endsAtSeconds }) => endsAtSeconds !== null) &&
    count('waiting') === queue.waiting;
  return {
    name: queue.name,
    broker: queue.broker,
    active: count('active'),
    reserved: count('reserved'),
    waiting: queue.waiting,
    orphaned: count('orphaned'),
    workers: queue.workers,
    endsAtSeconds: complete ? greatest(expected.map(({ endsAtSeconds }) => endsAtSeconds ?? 0)) : null,
    tasks,
  };
}

/**
 * Plays the queue forward: each worker ends what it does, then what it prefetched, then takes the next.
 * From the first task of unknown length on, nothing can be said about those behind it.
 */
function estimateEnds(
  tasks: readonly QueueTask[],
  workers: readonly string[],
  pace: number | null,
  now: number,
): QueueTask[] {
  if (pace === null || workers.length === 0) return [...tasks];
  const free = new Map<string, number | null>(workers.map((worker) => [worker, now]));
  const work = (task: QueueTask): number | null =>
    task.durationSeconds === null ? null : task.durationSeconds * pace;
  const take = (task: QueueTask, worker: string): QueueTask => {
    const from = free.get(worker) ?? null;
    const length = work(task);
    const done = task.state === 'active' ? (task.ageSeconds ?? 0) : 0;
    // One that should have ended already ends any moment: never in the past.
    const end = from === null || length === null ? null : from + Math.max(0, length - done);
    free.set(worker, end);
    return { ...task, endsAtSeconds: end };
  };
  return tasks.map((task) => {
    if (task.state === 'orphaned') return task;
    if (task.worker !== null) return take(task, task.worker);
    const open = [...free].filter((entry): entry is [string, number] => entry[1] !== null);
    if (open.length < free.size || open.length === 0) return task;
    const [next] = open.sort((a, b) => a[1] - b[1])[0] ?? [];
    return next === undefined ? task : take(task, next);
  });
}
