import { surveyQueue, type QueueSurvey } from '../../recorder/queue/survey-queue.js';
import type { Context } from '../context.js';
import { isMade, openQueue } from './recorder-queue.js';
import { journalOf } from './state.js';

/** One look at the queue per call. @throws OperatorError queue-unreachable */
export async function openQueueSurvey(context: Context): Promise<() => Promise<QueueSurvey>> {
  const { queue, target } = await openQueue(context);
  const journal = await journalOf(context);
  return () => surveyQueue(queue, journal, target, isMade);
}
