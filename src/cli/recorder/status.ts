import { surveyQueue, type QueueSurvey } from '../../recorder/queue/survey-queue.js';
import type { Context } from '../kit/context.js';
import { isMade } from './made.js';
import { connectQueue } from './queue.js';
import { journalOf } from '../sites/state.js';

/** One look at the queue per call, over a connection of its own: --watch outlives a restart of Redis. */
export async function openQueueSurvey(context: Context): Promise<() => Promise<QueueSurvey>> {
  const journal = await journalOf(context);
  return async () => {
    const { queue, target, close } = await connectQueue(context);
    try {
      return await surveyQueue(queue, journal, target, isMade);
    } finally {
      await close();
    }
  };
}
