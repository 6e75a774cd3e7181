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

export function openTaskQueue(
  manager: ManagerClient,
  ledger: TaskLedger,
  settings: TaskQueueSettings,
): TaskQueue {
  const statusOf = async (url: string): Promise<z.infer<typeof statusSchema> | null> => {
    const text = await settings.askRunner(`${url.replace(/\/+$/, '')}/runner/status`);
    try {
      return text === null ? null : (statusSchema.safeParse(JSON.parse(text)).data ?? null);
    } catch {
      return null;
    }
  };
  const endedOf: FollowPorts['ended'] = async (url, task, signal): Promise<boolean | null> => {
    const text = await settings
      .askRunner(`${url.replace(/\/+$/, '')}/runner/ended/${encodeURIComponent(task)}`, {
        timeoutMs: ENDED_MS,
        signal,
      })
      .catch(() => null);
    try {
      return text === null ? null : (endedSchema.safeParse(JSON.parse(text)).data?.ended ?? null);
    } catch {
      return null;
    }
  };
  const execute: FollowPorts['execute'] = (job, submission) =>
    manager.execute({
      etab_name: settings.etabName,
      app_name: APP_NAME,
      app_version: settings.appVersion,
      task_type: settings.taskType,
      source_url: settings.sourceUrlOf(job),
      parameters: renderParameters(job, submission),
      notify_url: '',
    });
  const ports: FollowPorts = {
    execute,
    status: (task) => manager.status(task),
    stop: (task) => manager.stop(task),
    look: () => manager.look(),
    tasks: () => manager.tasks(),
    worksOn: async (url, task) => {
      const status = await statusOf(url);
      return status === null ? null : status.task?.task_id === task;
    },
    ended: endedOf,
    deliver: settings.deliver,
    ledger,
    now: () => Date.now(),
    wait: async (ms, until) => {
      const timer = new AbortController();
      await Promise.race([until, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
    },
  };
  const listRunners = async (look?: ManagerLook): Promise<SeenRunner[]> => {
    const { runners } = look ?? (await manager.look());
    const seen = await Promise.all(
      runners.map(async (runner): Promise<SeenRunner> => {
        const status = await statusOf(runner.url);
        const task = status?.task ?? null;
        return {
          ...runner,
          reachable: status !== null,
          available: status?.available ?? null,
          taskTypes: status?.task_types ?? [],
          task:
            task === null
              ? null
              : {
                  id: task.task_id,
                  step: task.progress?.step ?? null,
                  fraction: task.progress?.fraction ?? null,
                },
        };
      }),
    );
    return seen.filter(({ reachable, taskTypes }) => !reachable || taskTypes.includes(settings.taskType));
  };
  const entries = async (): Promise<QueueEntry[]> => {
    const look = await manager.look();
    const runners = await listRunners(look);
    return [...ledger.all()].map((entry) => {
      const runner = look.tasks.get(entry.record.task ?? '')?.runnerId ?? null;
      const doing = runners.find(({ task }) => task !== null && task.id === entry.record.task)?.task;
      const progress = doing?.step == null ? null : { step: doing.step, fraction: doing.fraction };
      return { ...entryOfRecord(entry, runner), progress };
    });
  };
  return {
    enqueue: (jobs) => {
      for (const job of jobs) {
        // Numbers go on: an ended task of before must not pass for the new one.
        const before = ledger.find([job.id]).get(job.id)?.record;
        // Refused before it stands anywhere: a path, a source without recordID.
        renderParameters(job, 1);
        ledger.save(job, newRecord(before === undefined ? 1 : before.submission + 1));
      }
      return Promise.resolve();
    },
    find: (ids) =>
      Promise.resolve(
        new Map([...ledger.find(ids)].map(([id, entry]) => [id, entryOfRecord(entry)] as const)),
      ),
    // What ended is given a new number by `enqueue`; the manager forgets by itself.
    remove: () => Promise.resolve(),
    count: () => {
      const counts: Record<QueueState, number> = { queued: 0, running: 0, retrying: 0, done: 0, failed: 0 };
      for (const entry of ledger.all()) counts[entryOfRecord(entry).state]++;
      return Promise.resolve(counts);
    },
    list: async (state, limit) => (await entries()).filter((entry) => entry.state === state).slice(0, limit),
    listWorkers: async () =>
      (await listRunners())
        .filter(({ online }) => online)
        .map(({ id }) => id)
        .sort(),
    listRunners: () => listRunners(),
    follow: (jobs, signal, onEvent) => followTasks(jobs, ports, settings, signal, onEvent),
  };
}
