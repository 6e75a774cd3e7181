import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { renderError, runRequestSchema, type RunRequest } from './protocol.js';

/** What stands of a task on this runner; `running` until its end is known. */
export interface OwnTask {
  readonly task_id: string;
  readonly status: 'running' | 'completed' | 'failed';
  readonly error_message: string | null;
  readonly script_output: string | null;
  readonly progress: { readonly step: string; readonly fraction: number | null } | null;
}

/** The runner that the answers speak of. */
export interface OwnRunner {
  readonly id: string;
  readonly port: number;
  readonly managerUrl: string;
  readonly taskTypes: readonly string[];
  registered(): boolean;
  available(): boolean;
  find(task: string): OwnTask | null;
  running(): OwnTask | null;
  /** Begins it. @throws OperatorError task-refused, task-host-refused, disk-full */
  begin(request: RunRequest): Promise<void>;
  stop(task: string): void;
  /** Held back until the manager knows its end, or for less than half a minute. */
  ended(task: string): Promise<boolean>;
  /** Names of its results, or null while there are none. */
  files(task: string): readonly string[] | null;
  /** Where that result lies, or null. */
  place(task: string, name: string): string | null;
  remove(task: string): Promise<void>;
  disk(): Promise<{ path: string; totalBytes: number; freeBytes: number }>;
}

export interface RunnerRequest {
  readonly method: string;
  readonly path: string;
  /** `X-API-Token`, else the Bearer token. */
  readonly token: string | null;
  readonly body: string;
}

export type RunnerReply =
  { readonly status: number; readonly body: unknown } | { readonly status: 200; readonly file: string };

const detail = (status: number, text: unknown): RunnerReply => ({ status, body: { detail: text } });
const TASK_ID = /^[A-Za-z0-9_-]{1,100}$/;
/** Ours alone: a client of ours waits there instead of asking the manager every few seconds. Needs no token, as status. */
const ENDED = /^\/runner\/ended\/([A-Za-z0-9_-]{1,100})$/;
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._ -]*$/;

/**
 * Answers as a runner of esup-runner does (runner/app/api/routes/runner.py, task.py at 49b21c0d): same paths, fields and
 * statuses. Ping, health and status need no token, the others do.
 */
export async function answerManager(
  request: RunnerRequest,
  runner: OwnRunner,
  token: string,
  now: Date,
): Promise<RunnerReply> {
  const { method, path } = request;
  const me = { runner_instance_id: 0, runner_id: runner.id };
  const state = {
    available: runner.available(),
    registered: runner.registered(),
    task_types: [...runner.taskTypes],
  };
  if (method === 'GET' && path === '/') return { status: 200, body: { message: 'Runner (bbb2pod)', ...me } };
  if (method === 'GET' && path === '/runner/health') {
    const body = { status: 'healthy', ...me, registered: state.registered, timestamp: now.toISOString() };
    return { status: 200, body };
  }
  if (method === 'GET' && path === '/runner/ping') return { status: 200, body: { ...me, ...state } };
  if (method === 'GET' && path === '/runner/status')
    return { status: 200, body: await statusBody(me, state, runner, now) };
  const [, id] = ENDED.exec(path) ?? [];
  if (method === 'GET' && id !== undefined)
    return { status: 200, body: { task_id: id, ended: await runner.ended(id) } };
  if (!path.startsWith('/task/')) return detail(404, 'Not Found');
  if (request.token === null) return detail(401, 'Missing authentication token');
  if (!isSame(request.token, token)) return detail(401, 'Invalid or expired token');
  return answerTask(request, runner);
}

async function statusBody(me: object, state: object, runner: OwnRunner, now: Date): Promise<object> {
  const { path, totalBytes, freeBytes } = await runner.disk();
  const usedPercent =
    totalBytes === 0 ? null : Math.round(((totalBytes - freeBytes) / totalBytes) * 1000) / 10;
  const mark =
    usedPercent === null ? 'unknown' : usedPercent >= 90 ? 'red' : usedPercent >= 75 ? 'orange' : 'green';
  const running = runner.running();
  return {
    ...me,
    ...state,
    manager_url: runner.managerUrl,
    port: String(runner.port),
    storage_stats: { available_space: freeBytes },
    disk_usage: {
      checked_at: now.toISOString(),
      status: mark,
      ok: mark !== 'red',
      directories: {
        STORAGE_DIR: { path, target_path: path, used_percent: usedPercent, status: mark, error: '' },
      },
    },
    task: running === null ? null : { task_id: running.task_id, progress: running.progress },
  };
}

async function answerTask({ method, path, body }: RunnerRequest, runner: OwnRunner): Promise<RunnerReply> {
  const [, , verb = '', id = '', word, name = '', ...rest] = path.split('/');
  if (verb === 'run' && method === 'POST') return run(body, runner);
  if (!TASK_ID.test(id)) return detail(404, 'File not found');
  if (verb === 'status' && method === 'GET') {
    const task = runner.find(id);
    return { status: 200, body: task ?? { task_id: id, status: 'not_found' } };
  }
  if (verb === 'stop' && method === 'POST') {
    const task = runner.find(id);
    if (task === null) return detail(404, 'Task not found');
    if (task.status !== 'running')
      return {
        status: 200,
        body: { task_id: id, status: 'already_terminal', current_status: task.status },
      };
    runner.stop(id);
    return {
      status: 202,
      body: {
        task_id: id,
        status: 'stop_requested',
        termination_attempted: true,
        terminated_any_process: true,
      },
    };
  }
  if (verb === 'result' && method === 'GET') {
    const files = runner.files(id);
    if (files === null) return detail(404, 'File not found');
    if (word === undefined) return { status: 200, body: { task_id: id, files } };
    const isName = word === 'file' && rest.length === 0 && FILE_NAME.test(name) && files.includes(name);
    const file = isName ? runner.place(id, name) : null;
    return file === null ? detail(404, 'File not found') : { status: 200, file };
  }
  if (verb === 'delete' && method === 'DELETE') {
    if (runner.find(id)?.status === 'running') return detail(409, 'Task is running');
    await runner.remove(id);
    return { status: 200, body: { status: 'deleted' } };
  }
  return detail(404, 'Not Found');
}

/** Not a conversion of ours: refused at once, and the manager marks the task as failed with our words. */
async function run(text: string, runner: OwnRunner): Promise<RunnerReply> {
  const { data: json } = z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue('no JSON');
        return z.NEVER;
      }
    })
    .safeParse(text);
  const { success, data: request, error } = runRequestSchema.safeParse(json);
  if (!success)
    return detail(
      422,
      error.issues.map(({ path, message }) => ({
        type: 'value_error',
        loc: ['body', ...path],
        msg: message,
      })),
    );
  if (!runner.registered()) return detail(503, 'Runner not registered with manager');
  if (!runner.available()) return detail(400, 'Runner is busy');
  try {
    await runner.begin(request);
  } catch (thrown) {
    const failure = thrown as OperatorError;
    if (typeof failure.code !== 'string') throw thrown;
    return detail(failure.code.startsWith('task-') ? 422 : 503, renderError(failure));
  }
  return { status: 200, body: { status: 'started', task_id: request.task_id } };
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
