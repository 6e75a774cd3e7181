import { z } from 'zod';

/*
 * What goes between us and esup-runner, as its own code writes and reads it at commit 49b21c0d (1.7.1); each field is
 * traced in docs/domain/esup-runner.md.
 */

/** `app_name` of our tasks: what the dashboard and the statistics show. */
export const APP_NAME = 'bbb2pod';
/** Error of a task that somebody stopped (runner/app/api/routes/task.py, _CANCELLED_BY_USER_ERROR). */
export const CANCELLED = 'Cancelled by user.';

/** `POST /task/run` of a runner (runner/app/models/models.py, TaskRequest). */
export const runRequestSchema = z.object({
  task_id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  etab_name: z.string().default(''),
  app_name: z.string().default(''),
  app_version: z.string().nullish(),
  task_type: z.string(),
  source_url: z.string(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  notify_url: z.string().nullish(),
  completion_callback: z.string().nullish(),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/**
 * A task of `/task/status/ID` and `/task/list`: pending, running, completed, failed, timeout, or warning, when it ended and its
 * client was not reached (manager/app/models/models.py, Task).
 */
export const managerTaskSchema = z.object({
  task_id: z.string(),
  runner_id: z.string().default(''),
  status: z.string(),
  app_name: z.string().nullish(),
  task_type: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  created_at: z.string().nullish(),
  error: z.string().nullish(),
});
export type ManagerTask = z.infer<typeof managerTaskSchema>;

/** `POST /task/execute` (manager/app/models/models.py, TaskRequest). */
export interface ExecuteRequest {
  readonly etab_name: string;
  readonly app_name: string;
  readonly app_version: string;
  readonly task_type: string;
  readonly source_url: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Must be there; empty: we ask ourselves. */
  readonly notify_url: '';
}

/** `POST /task/completion` (manager/app/models/models.py, TaskCompletionNotification). */
export interface Completion {
  readonly task_id: string;
  readonly status: 'completed' | 'failed' | 'timeout';
  readonly error_message: string | null;
  readonly script_output: string | null;
}

/** A runner as `/api/runners` lists it. */
export interface ListedRunner {
  readonly id: string;
  readonly url: string;
  readonly online: boolean;
}

/** One look at the manager: `/api/tasks` and `/api/runners`. */
export interface ManagerLook {
  readonly tasks: ReadonlyMap<string, { readonly status: string; readonly runnerId: string }>;
  readonly runners: readonly ListedRunner[];
}

/** Facts of a film, beside it in the results of a task; our own file, other runners have none. */
export const resultSchema = z.object({
  film: z.string(),
  durationMs: z.number(),
  sizeBytes: z.number(),
  missing: z.string(),
  /** SHA-256 of each file, hexadecimal. */
  sha256: z.record(z.string(), z.string()),
});
export type TaskResult = z.infer<typeof resultSchema>;
export const RESULT_FILE = 'result.json';

/** `CODE: message -> remedy`: what the dashboard shows of a failure, and what our client reads again. */
export const renderError = (failure: { code: string; message: string; remedy: string }): string =>
  `${failure.code}: ${failure.message}${failure.remedy === '' ? '' : ` -> ${failure.remedy}`}`;

/** What `renderError` wrote, also inside the manager's own words; null for anything else. */
export function readError(text: string): { code: string; message: string; remedy: string } | null {
  const found = /(?:^|["\s])([a-z][a-z0-9]*(?:-[a-z0-9]+)+): ([^\n]*)/.exec(text);
  if (found === null) return null;
  const [message = '', remedy = ''] = (found[2] ?? '').replace(/"\}$/, '').split(' -> ');
  return { code: found[1] ?? '', message, remedy };
}
