import { surveyQueue, type QueueSurvey } from '../../recorder/queue/survey-queue.js';
import type { SeenRunner } from '../../recorder/adapters/esup-runner/task-queue.js';
import type { Context } from '../kit/context.js';
import { engineOf } from './engine.js';
import { isMade } from './made.js';
import { connectQueue } from './queue.js';
import { journalOf } from '../sites/state.js';

/** A survey of either engine; of esup-runner with its manager. */
export interface EngineSurvey extends QueueSurvey {
  readonly manager?: {
    readonly url: string;
    readonly version: string;
    /** Tasks of our type by the manager's own states, whoever gave them. */
    readonly tasks: Readonly<Record<string, number>>;
    readonly runners: readonly SeenRunner[];
  };
}

/** One look at the queue per call, over a connection of its own: --watch outlives a restart of Redis or of the manager. */
export async function openQueueSurvey(context: Context): Promise<() => Promise<EngineSurvey>> {
  const journal = await journalOf(context);
  if (engineOf(context) === 'esup-runner') {
    const { openTaskEngine } = await import('./task-engine.js');
    const { queue, target, manager } = await openTaskEngine(context, journal, null);
    const { task_type: type } = context.configuration.recorder;
    return async () => {
      const [version, all, runners, survey] = await Promise.all([
        manager.version(),
        manager.tasks(),
        queue.listRunners(),
        surveyQueue(queue, journal, target, isMade),
      ]);
      const tasks: Record<string, number> = {};
      for (const { task_type: of, status } of all) if (of === type) tasks[status] = (tasks[status] ?? 0) + 1;
      return { ...survey, manager: { url: manager.url, version, tasks, runners } };
    };
  }
  return async () => {
    const { queue, target, close } = await connectQueue(context);
    try {
      return await surveyQueue(queue, journal, target, isMade);
    } finally {
      await close();
    }
  };
}
