import { queueTexts } from '../queue-texts.js';
import { renderError, type ManagerTask, type RunRequest } from './protocol.js';
import { runnerTexts } from './texts.js';

/** How a task ends without being gone on with; `told`: the manager wants to hear nothing more of it. */
export interface LeftEnd {
  readonly error_message: string;
  readonly told: boolean;
}

/**
 * What becomes of a task that a runner was working on when it died. Null: it goes on.
 * @param tasks all tasks of the manager, with their parameters
 * @param takeovers a task that lost so many workers on this machine is given up
 */
export function judgeLeft(
  { request, resumed }: { readonly request: RunRequest; readonly resumed: number },
  tasks: readonly ManagerTask[],
  takeovers: number,
): LeftEnd | null {
  const known = tasks.find(({ task_id: id }) => id === request.task_id);
  const superseded = renderError(runnerTexts.taskSuperseded());
  if (known?.status !== 'running') return { error_message: superseded, told: true };
  const { job, attempt } = request.parameters ?? {};
  const later = tasks.some(
    ({ parameters }) =>
      job !== undefined && parameters?.['job'] === job && Number(parameters['attempt']) > Number(attempt),
  );
  if (later) return { error_message: superseded, told: false };
  if (resumed < takeovers) return null;
  const detail = `${resumed + 1} times on this machine`;
  return { error_message: renderError(queueTexts.conversionKillsWorkers({ detail })), told: false };
}
