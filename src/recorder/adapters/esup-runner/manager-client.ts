import { z } from 'zod';
import type { Secret } from '../../../kit/config/secret.js';
import { messageOf, OperatorError } from '../../../kit/errors/operator-error.js';
import type { HttpClient } from '../../../kit/adapters/http/open-http.js';
import { download } from '../../../kit/adapters/http/download.js';
import { judgeAnswer, type Asked } from '../../esup-runner/judge-answer.js';
import {
  managerTaskSchema,
  type Completion,
  type ExecuteRequest,
  type ListedRunner,
  type ManagerLook,
  type ManagerTask,
} from '../../esup-runner/protocol.js';
import { runnerTexts } from '../../esup-runner/texts.js';

/** What a runner says of itself when it registers (runner/app/services/manager_service.py). */
export interface Registration {
  readonly id: string;
  readonly url: string;
  readonly task_types: readonly string[];
  readonly availability: 'available' | 'busy';
}

/** Largest size, and permission bits of the file. */
export interface FileLimits {
  readonly maxBytes: number;
  readonly mode: number;
}

/** The manager of esup-runner over HTTP. Every method @throws OperatorError manager-…, runner-gone, task-… */
export interface ManagerClient {
  readonly url: string;
  /** `MAJOR.MINOR.PATCH` of `/api/version`. */
  version(): Promise<string>;
  /** Healthy, by `/api/health`, which managers before 1.7 call `/manager/health`. */
  health(): Promise<void>;
  register(registration: Registration, version: string): Promise<void>;
  heartbeat(id: string, availability: 'available' | 'busy', version: string): Promise<void>;
  complete(completion: Completion): Promise<void>;
  /** @returns the task's id */
  execute(request: ExecuteRequest): Promise<string>;
  status(task: string): Promise<ManagerTask>;
  stop(task: string): Promise<void>;
  look(): Promise<ManagerLook>;
  /** All tasks with their parameters: long on a busy manager, asked for once. */
  tasks(): Promise<ManagerTask[]>;
  /** Names of a task's files. */
  files(task: string): Promise<string[]>;
  fetchFile(task: string, name: string, to: string, limits: FileLimits): Promise<void>;
}

/** Pod itself waits 30 s for /task/execute: each dead runner costs the manager a ping of 5 s. */
const EXECUTE_MS = 60_000;
/** A manager whose disk is slow saves its tasks before it answers. */
const COMPLETE_MS = 30_000;

const versionSchema = z.object({ version: z.string() });
const runnersSchema = z.object({
  runners: z.array(z.object({ id: z.string(), url: z.string().default(''), status: z.string().default('') })),
});
const shortTasksSchema = z.object({
  tasks: z.array(z.object({ id: z.string(), runner_id: z.string().default(''), status: z.string() })),
});

export function openManagerClient(
  http: HttpClient,
  { url, token, timeoutMs, signal }: { url: string; token: Secret; timeoutMs: number; signal: AbortSignal },
): ManagerClient {
  const base = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${token.reveal()}` };
  const ask = async <T>(
    path: string,
    shape: z.ZodType<T>,
    asked: Asked,
    more: {
      method?: 'POST';
      body?: unknown;
      version?: string;
      timeoutMs?: number;
      task?: string;
      type?: string;
    } = {},
  ): Promise<T> => {
    const answer = await send(path, more);
    const failure = judgeAnswer({ ...answer, url: `${base}${path}` }, asked, more);
    if (failure !== null) throw failure;
    const { success, data } = shape.safeParse(JSON.parse(answer.text));
    if (!success) throw runnerTexts.managerNotOne({ url: `${base}${path}`, detail: 'not its JSON' });
    return data;
  };
  const send = async (
    path: string,
    more: { method?: 'POST'; body?: unknown; version?: string; timeoutMs?: number },
  ): Promise<{ status: number; text: string }> => {
    try {
      return await http.readText(
        {
          url: `${base}${path}`,
          method: more.method ?? 'GET',
          headers: {
            ...headers,
            accept: 'application/json',
            ...(more.version === undefined ? {} : { 'x-runner-version': more.version }),
            ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
          timeoutMs: more.timeoutMs ?? timeoutMs,
          retries: 0,
          maxRedirects: 0,
          accepts: () => true,
          // A signal of its own: several questions at once would leave their listeners on one.
          signal: AbortSignal.any([signal]),
        },
        64_000_000,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(error, `${base}${path}`);
    }
  };
  const anything = z.unknown();
  const path = (task: string): string => encodeURIComponent(task);
  return {
    url: base,
    version: async () => (await ask('/api/version', versionSchema, 'api')).version,
    health: async () => {
      const shape = z.object({ status: z.string() });
      const { status } = await ask('/api/health', shape, 'api').catch((error: unknown) => {
        if (error instanceof OperatorError && error.code === 'manager-not-one')
          return ask('/manager/health', shape, 'api');
        throw error;
      });
      if (status !== 'healthy') throw runnerTexts.managerFailing({ status: 200, detail: status });
    },
    register: async (registration, version) => {
      await ask('/runner/register', anything, 'runner', { method: 'POST', body: registration, version });
    },
    heartbeat: async (id, availability, version) => {
      const body = { availability };
      await ask(`/runner/heartbeat/${path(id)}`, anything, 'runner', { method: 'POST', body, version });
    },
    complete: async (completion) => {
      await ask('/task/completion', anything, 'task', {
        method: 'POST',
        body: completion,
        timeoutMs: Math.max(timeoutMs, COMPLETE_MS),
        task: completion.task_id,
      });
    },
    execute: async (body) => {
      const shape = z.object({ task_id: z.string() });
      const more = { method: 'POST', body, timeoutMs: EXECUTE_MS, type: body.task_type } as const;
      return (await ask('/task/execute', shape, 'execute', more)).task_id;
    },
    status: (task) => ask(`/task/status/${path(task)}`, managerTaskSchema, 'task', { task }),
    stop: async (task) => {
      await ask(`/task/stop/${path(task)}`, anything, 'stop', { method: 'POST', task });
    },
    look: async () => {
      const [tasks, runners] = await Promise.all([
        ask('/api/tasks', shortTasksSchema, 'api'),
        ask('/api/runners', runnersSchema, 'api'),
      ]);
      return {
        tasks: new Map(
          tasks.tasks.map(({ id, runner_id: runnerId, status }) => [id, { status, runnerId }] as const),
        ),
        runners: runners.runners.map(({ id, url: at, status }): ListedRunner => ({
          id,
          url: at,
          online: status === 'online',
        })),
      };
    },
    tasks: async () => {
      const all = await ask('/task/list', z.record(z.string(), z.unknown()), 'api');
      return Object.values(all).flatMap((one) => managerTaskSchema.safeParse(one).data ?? []);
    },
    files: async (task) => {
      const shape = z.object({ files: z.array(z.string()) });
      return (await ask(`/task/result/${path(task)}`, shape, 'result', { task })).files;
    },
    fetchFile: async (task, name, to, { maxBytes, mode }) => {
      const at = `${base}/task/result/${path(task)}/file/${encodeURIComponent(name)}`;
      try {
        await download(http, {
          request: { url: at, headers, retries: 1, maxRedirects: 0, signal, timeoutMs: EXECUTE_MS },
          file: to,
          mode,
          maxBytes,
        });
      } catch (error) {
        signal.throwIfAborted();
        const status = (error as { status?: number | null }).status ?? null;
        if (status === null) throw unreachable(error, at);
        throw judgeAnswer({ url: at, status, text: '{"detail":""}' }, 'result', { task }) ?? error;
      }
    },
  };
}

const LOCAL = new Set([
  'disk-full',
  'file-unwritable',
  'min-free-reached',
  'http-too-large',
  'download-empty',
]);

/** What the web says, in the manager's name; failures of our own disk stay what they are. */
function unreachable(error: unknown, url: string): unknown {
  if (!(error instanceof OperatorError) || LOCAL.has(error.code)) return error;
  if (error.code === 'http-redirects' || error.code === 'download-not-media')
    return runnerTexts.managerNotOne({ url, detail: error.message }, { cause: error });
  return runnerTexts.managerUnreachable({ detail: messageOf(error) }, { cause: error });
}
