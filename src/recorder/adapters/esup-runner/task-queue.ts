import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type {
  ConversionQueue,
  QueuedConversion,
  QueueEntry,
  QueueState,
} from '../../queue/conversion-queue.js';
import type {
  FollowEvent,
  FollowPorts,
  FollowSettings,
  FollowTally,
} from '../../esup-runner/follow-ports.js';
import { followTasks } from '../../esup-runner/follow-tasks.js';
import { APP_NAME, type ListedRunner, type ManagerLook } from '../../esup-runner/protocol.js';
import { renderParameters } from '../../esup-runner/task-parameters.js';
import { entryOfRecord, newRecord, type TaskLedger } from '../../esup-runner/task-record.js';
import type { ManagerClient } from './manager-client.js';

export interface TaskQueueSettings extends FollowSettings {
  readonly taskType: string;
  /** Who asks, as the dashboard shows it. */
  readonly etabName: string;
  readonly appVersion: string;
  /** Playback link of a recording, without query. @throws OperatorError queue-path-unsent */
  readonly sourceUrlOf: (job: QueuedConversion) => string;
  readonly deliver: FollowPorts['deliver'];
  /** Body of a runner's answer, or null when it cannot be reached from here. */
  readonly askRunner: (
    url: string,
    limits?: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<string | null>;
}

/** A runner as this machine sees it: by the manager, and by its own ping and status where it can be reached. */
export interface SeenRunner extends ListedRunner {
  readonly reachable: boolean;
  readonly available: boolean | null;
  readonly taskTypes: readonly string[];
  readonly task: {
    readonly id: string;
    readonly step: string | null;
    readonly fraction: number | null;
  } | null;
}

/** The queue over a manager of esup-runner, which keeps none: what waits stands in the ledger, and whoever follows gives it. */
export interface TaskQueue extends ConversionQueue {
  /** Until all of these are done or set aside. */
  follow(
    jobs: Iterable<QueuedConversion>,
    signal: AbortSignal,
    onEvent: (event: FollowEvent) => void,
  ): Promise<FollowTally>;
  /** The manager's runners that take our type, or that cannot be asked from here. */
  listRunners(): Promise<SeenRunner[]>;
}

/** A runner of ours holds its answer back for 25 s at most. */
const ENDED_MS = 40_000;
const endedSchema = z.object({ ended: z.boolean() });
const statusSchema = z.object({
  available: z.boolean(),
  task_types: z.array(z.string()),
  task: z
    .object({
      task_id: z.string(),
      progress: z.object({ step: z.string(), fraction: z.number().nullable() }).nullable(),
    })
    .nullish(),
});
type RunnerStatus = z.infer<typeof statusSchema>;

export const openTaskQueue = (
  manager: ManagerClient,
  ledger: TaskLedger,
  settings: TaskQueueSettings,
): TaskQueue => new ManagerQueue(manager, ledger, settings);

class ManagerQueue implements TaskQueue {
  readonly #manager: ManagerClient;
  readonly #ledger: TaskLedger;
  readonly #settings: TaskQueueSettings;

  constructor(manager: ManagerClient, ledger: TaskLedger, settings: TaskQueueSettings) {
    this.#manager = manager;
    this.#ledger = ledger;
    this.#settings = settings;
  }

  enqueue(jobs: readonly QueuedConversion[]): Promise<void> {
    for (const job of jobs) {
      // Numbers go on: an ended task of before must not pass for the new one.
      const before = this.#ledger.find([job.id]).get(job.id)?.record;
      // Refused before it stands anywhere: a path, a source without recordID.
      renderParameters(job, 1);
      this.#ledger.save(job, newRecord(before === undefined ? 1 : before.submission + 1));
    }
    return Promise.resolve();
  }

  find(ids: readonly string[]): Promise<Map<string, QueueEntry>> {
    const found = [...this.#ledger.find(ids)];
    return Promise.resolve(new Map(found.map(([id, entry]) => [id, entryOfRecord(entry)] as const)));
  }

  /** What ended is given a new number by `enqueue`; the manager forgets by itself. */
  remove(): Promise<void> {
    return Promise.resolve();
  }

  count(): Promise<Record<QueueState, number>> {
    const counts: Record<QueueState, number> = { queued: 0, running: 0, retrying: 0, done: 0, failed: 0 };
    for (const entry of this.#ledger.all()) counts[entryOfRecord(entry).state]++;
    return Promise.resolve(counts);
  }

  async list(state: QueueState, limit: number): Promise<QueueEntry[]> {
    return (await this.#entries()).filter((entry) => entry.state === state).slice(0, limit);
  }

  async listWorkers(): Promise<string[]> {
    const runners = await this.listRunners();
    return runners
      .filter(({ online }) => online)
      .map(({ id }) => id)
      .sort();
  }

  async listRunners(): Promise<SeenRunner[]> {
    return this.#seen(await this.#manager.look());
  }

  follow(
    jobs: Iterable<QueuedConversion>,
    signal: AbortSignal,
    onEvent: (event: FollowEvent) => void,
  ): Promise<FollowTally> {
    return followTasks(jobs, this.#ports(), this.#settings, signal, onEvent);
  }

  #ports(): FollowPorts {
    return {
      execute: (job, submission) => this.#execute(job, submission),
      status: (task) => this.#manager.status(task),
      stop: (task) => this.#manager.stop(task),
      look: () => this.#manager.look(),
      tasks: () => this.#manager.tasks(),
      worksOn: async (url, task) => {
        const status = await this.#statusOf(url);
        return status === null ? null : status.task?.task_id === task;
      },
      ended: (url, task, signal) => this.#ended(url, task, signal),
      deliver: this.#settings.deliver,
      ledger: this.#ledger,
      now: () => Date.now(),
      wait,
    };
  }

  #execute(job: QueuedConversion, submission: number): Promise<string> {
    const { etabName, appVersion, taskType, sourceUrlOf } = this.#settings;
    return this.#manager.execute({
      etab_name: etabName,
      app_name: APP_NAME,
      app_version: appVersion,
      task_type: taskType,
      source_url: sourceUrlOf(job),
      parameters: renderParameters(job, submission),
      notify_url: '',
    });
  }

  async #statusOf(url: string): Promise<RunnerStatus | null> {
    return parseAnswer(await this.#settings.askRunner(below(url, 'runner/status')), statusSchema);
  }

  async #ended(url: string, task: string, signal: AbortSignal): Promise<boolean | null> {
    const place = below(url, `runner/ended/${encodeURIComponent(task)}`);
    const limits = { timeoutMs: ENDED_MS, signal };
    const text = await this.#settings.askRunner(place, limits).catch(() => null);
    return parseAnswer(text, endedSchema)?.ended ?? null;
  }

  /** The runners of a look that take our type, each with what it says of itself. */
  async #seen({ runners }: ManagerLook): Promise<SeenRunner[]> {
    const seen = await Promise.all(
      runners.map(async (runner) => seenRunner(runner, await this.#statusOf(runner.url))),
    );
    const { taskType } = this.#settings;
    return seen.filter(({ reachable, taskTypes }) => !reachable || taskTypes.includes(taskType));
  }

  async #entries(): Promise<QueueEntry[]> {
    const look = await this.#manager.look();
    const runners = await this.#seen(look);
    return [...this.#ledger.all()].map((entry) => {
      const runner = look.tasks.get(entry.record.task ?? '')?.runnerId ?? null;
      const doing = runners.find(({ task }) => task !== null && task.id === entry.record.task)?.task;
      const progress = doing?.step == null ? null : { step: doing.step, fraction: doing.fraction };
      return { ...entryOfRecord(entry, runner), progress };
    });
  }
}

function seenRunner(runner: ListedRunner, status: RunnerStatus | null): SeenRunner {
  const { task_id: id, progress } = status?.task ?? {};
  return {
    ...runner,
    reachable: status !== null,
    available: status?.available ?? null,
    taskTypes: status?.task_types ?? [],
    task:
      id === undefined ? null : { id, step: progress?.step ?? null, fraction: progress?.fraction ?? null },
  };
}

const below = (url: string, place: string): string => `${url.replace(/\/+$/, '')}/${place}`;

/** An answer of that shape; null for none, and for what is no JSON or of another shape. */
function parseAnswer<T>(text: string | null, shape: z.ZodType<T>): T | null {
  try {
    return text === null ? null : (shape.safeParse(JSON.parse(text)).data ?? null);
  } catch {
    return null;
  }
}

async function wait(ms: number, until: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([until, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
