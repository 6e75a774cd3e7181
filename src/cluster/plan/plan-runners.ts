import { HEADROOM, minutesPerHour } from './formulas.js';
import type { EsupRunnerFacts } from '../esup-runner/facts.js';
import { valueOf } from '../../kit/outcome.js';

/** Where the speed of an instance comes from: given, measured on finished tasks, or reckoned from cores. */
export type SpeedSource = 'given' | 'measured' | 'cores';

export interface RunnerDemand {
  readonly hoursPerDay: number;
  readonly busyHours: number;
  /** Hours of video that one instance encodes in an hour. */
  readonly speed: number;
  readonly speedBy: SpeedSource;
}

export interface RunnerPlan extends RunnerDemand {
  /** Instances that encode, with one to spare. */
  readonly instances: number;
  /** Hours that the day's videos take with that many. */
  readonly hoursNeeded: number;
}

/** Instances that encode the videos of a full day in its busy hours at 70 % of their time, and one more. */
export function planRunners(demand: RunnerDemand): RunnerPlan {
  const { hoursPerDay, busyHours, speed } = demand;
  const working = Math.ceil(hoursPerDay / (busyHours * speed * HEADROOM) - 1e-9);
  return { ...demand, instances: working + 1, hoursNeeded: hoursPerDay / (speed * working) };
}

/** From the cores of one instance; `coreMinutes` per minute of video, as for Celery's workers. */
export const speedOfCores = (cores: number, coreMinutes: number): number =>
  minutesPerHour(cores, coreMinutes) / 60;

/** Fewer finished videos than that tell little. */
const ENOUGH = 3;

/**
 * What the runners really do: seconds of video over seconds of work, of the encodings that the manager remembers and whose
 * length Pod knows. Null when there are too few.
 */
export function measuredSpeed({ manager, pod }: EsupRunnerFacts): number | null {
  const durations = new Map(
    (valueOf(pod)?.tasks ?? []).flatMap(({ taskId, durationSeconds, type }) =>
      taskId === null || durationSeconds === null || type !== 'encoding' ? [] : [[taskId, durationSeconds]],
    ),
  );
  let [video, work, count] = [0, 0, 0];
  for (const { id, status, createdAt, updatedAt } of valueOf(manager.tasks) ?? []) {
    const duration = durations.get(id);
    if (status !== 'completed' || duration === undefined || createdAt === null || updatedAt === null)
      continue;
    if (updatedAt <= createdAt) continue;
    video += duration;
    work += (updatedAt - createdAt) / 1000;
    count++;
  }
  return count < ENOUGH || work === 0 ? null : video / work;
}
