import { runnerTexts } from '../../recorder/esup-runner/texts.js';
import type { Context } from '../kit/context.js';

/** Who spreads conversions over machines: BullMQ over a Redis, or the manager of esup-runner. */
export type EngineName = 'bullmq' | 'esup-runner';

/**
 * The engine of `--queue`, of a worker and of `recorder status`: the one that is asked for, else `[recorder] engine`, else the
 * only one that is configured. Without any it is BullMQ, whose missing key is then told.
 * @throws OperatorError engine-ambiguous
 */
export function engineOf({ configuration: { recorder } }: Context, asked?: EngineName): EngineName {
  const named = asked ?? recorder.engine;
  if (named !== undefined) return named;
  if (recorder.manager === undefined) return 'bullmq';
  if (recorder.queue !== undefined) throw runnerTexts.engineAmbiguous();
  return 'esup-runner';
}
