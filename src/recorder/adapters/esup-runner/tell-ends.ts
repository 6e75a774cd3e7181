import { OperatorError } from '../../../kit/errors/operator-error.js';
import { wakeableSleep } from '../../../kit/wakeable-sleep.js';
import type { ManagerClient } from './manager-client.js';
import type { StoredTask, TaskStore } from './task-store.js';

/** Before the manager is told a second time; longer each time (runner/app/api/routes/task.py, notify_completion). */
export interface TellingIntervals {
  readonly againMs: number;
  readonly longestMs: number;
}
export const TELLING_INTERVALS: TellingIntervals = { againMs: 15_000, longestMs: 300_000 };

export interface EndTeller {
  /** Tells this end, and every other that the manager does not know yet, until it does. */
  readonly tell: () => void;
  /** Ends when the signal stops it; what the manager did not hear stands on disk, and is told after the next start. */
  readonly ended: Promise<void>;
}

export interface EndTellerSettings {
  readonly intervals: TellingIntervals;
  readonly signal: AbortSignal;
  readonly onTrouble: (text: string) => void;
  /** After each end that the manager knows now. */
  readonly onTold: () => void;
}

/** Completion call-backs with retry. They go to the configured manager, never to an address that a task names. */
export function tellEnds(
  manager: ManagerClient,
  store: TaskStore,
  { intervals, signal, onTrouble, onTold }: EndTellerSettings,
): EndTeller {
  let pending = true;
  const isPending = (): boolean => pending;
  const { sleep, wake } = wakeableSleep(signal);
  const untold = (): StoredTask[] => store.all().filter(({ status, told }) => status !== 'running' && !told);
  const tellOne = async (task: StoredTask): Promise<boolean> => {
    const { request, status, error_message, script_output } = task;
    if (status === 'running') return true;
    try {
      await manager.complete({ task_id: request.task_id, status, error_message, script_output });
    } catch (error) {
      const code = error instanceof OperatorError ? error.code : '';
      onTrouble(`end of ${request.task_id}: ${code}: ${(error as Error).message}`);
      // A manager that forgot the task waits for nothing.
      if (code !== 'task-unknown') return false;
    }
    await store.save({ ...task, told: true });
    onTold();
    return true;
  };
  const ended = (async () => {
    let pauseMs = intervals.againMs;
    for (;;) {
      pending = false;
      let all = true;
      for (const task of untold()) all = (await tellOne(task).catch(() => false)) && all;
      if (signal.aborted) return;
      if (all) pauseMs = intervals.againMs;
      if (!isPending()) await sleep(all ? null : pauseMs);
      if (!all) pauseMs = Math.min(pauseMs * 1.5, intervals.longestMs);
    }
  })();
  return {
    tell: () => {
      pending = true;
      wake();
    },
    ended,
  };
}
