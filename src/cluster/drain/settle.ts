import type { OperatorError } from '../../kit/errors/operator-error.js';
import { clusterOperationTexts } from '../texts/operation.js';
import type { Direction, DrainTarget } from './drain-plan.js';

export interface ApplyOptions {
  /** How long viewers, participants or jobs may take to leave. */
  readonly waitMs: number;
  readonly pollMs: number;
  /** A server without a request for so long has no viewer left: two target durations of the playlists. */
  readonly quietSeconds: number;
  readonly limits: { readonly minimum: number; readonly demand: string };
  /** The operator knows that too few are left. */
  readonly belowPlan: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

/** Looks again and again until it holds, or until the wait is over. */
export async function until(
  options: Pick<ApplyOptions, 'pollMs' | 'signal' | 'pause'>,
  waitMs: number,
  holds: () => Promise<boolean>,
): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += options.pollMs) {
    options.signal.throwIfAborted();
    if (await holds()) return true;
    if (waitedMs >= waitMs) return false;
    await options.pause(options.pollMs);
  }
}

/** The node did not come to where it should be. */
export const notSettled = (
  target: DrainTarget,
  direction: Direction,
  wanted: string,
  state: string,
  { waitMs }: Pick<ApplyOptions, 'waitMs'>,
): OperatorError =>
  clusterOperationTexts.clusterNotSettled({
    node: target.name,
    wanted,
    seconds: Math.round(waitMs / 1000),
    state,
    command: direction,
    more: Math.round((waitMs * 3) / 1000),
  });
