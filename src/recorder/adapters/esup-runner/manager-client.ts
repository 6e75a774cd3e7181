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

const anything = z.unknown();
const versionSchema = z.object({ version: z.string() });
const healthSchema = z.object({ status: z.string() });
const executeSchema = z.object({ task_id: z.string() });
const filesSchema = z.object({ files: z.array(z.string()) });
const runnersSchema = z.object({
  runners: z.array(z.object({ id: z.string(), url: z.string().default(''), status: z.string().default('') })),
});
const shortTasksSchema = z.object({
  tasks: z.array(z.object({ id: z.string(), runner_id: z.string().default(''), status: z.string() })),
});

interface ManagerSettings {
  readonly url: string;
  readonly token: Secret;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How one question differs from a plain GET; `task` and `type` are what it is about, for failures. */
interface Question {
  readonly method?: 'POST';
  readonly body?: unknown;
  readonly version?: string;
  readonly timeoutMs?: number;
  readonly task?: string;
  readonly type?: string;
}

export const openManagerClient = (http: HttpClient, settings: ManagerSettings): ManagerClient =>
  new HttpManager(http, settings);

class HttpManager implements ManagerClient {
  readonly url: string;
  readonly #http: HttpClient;
  readonly #settings: ManagerSettings;

  constructor(http: HttpClient, settings: ManagerSettings) {
    this.url = settings.url.replace(/\/+$/, '');
    this.#http = http;
    this.#settings = settings;
  }

  async version(): Promise<string> {
    return (await this.#ask('/api/version', versionSchema, 'api')).version;
  }

  async health(): Promise<void> {
    const { status } = await this.#ask('/api/health', healthSchema, 'api').catch((error: unknown) => {
      if (error instanceof OperatorError && error.code === 'manager-not-one')
        return this.#ask('/manager/health', healthSchema, 'api');
      throw error;
    });
    if (status !== 'healthy') throw runnerTexts.managerFailing({ status: 200, detail: status });
  }

  async register(body: Registration, version: string): Promise<void> {
    await this.#ask('/runner/register', anything, 'runner', { method: 'POST', body, version });
  }

  async heartbeat(id: string, availability: 'available' | 'busy', version: string): Promise<void> {
    const body = { availability };
    await this.#ask(`/runner/heartbeat/${inPath(id)}`, anything, 'runner', { method: 'POST', body, version });
  }

  async complete(completion: Completion): Promise<void> {
    await this.#ask('/task/completion', anything, 'task', {
      method: 'POST',
      body: completion,
      timeoutMs: Math.max(this.#settings.timeoutMs, COMPLETE_MS),
      task: completion.task_id,
    });
  }

  async execute(body: ExecuteRequest): Promise<string> {
    const question = { method: 'POST', body, timeoutMs: EXECUTE_MS, type: body.task_type } as const;
    return (await this.#ask('/task/execute', executeSchema, 'execute', question)).task_id;
  }

  status(task: string): Promise<ManagerTask> {
    return this.#ask(`/task/status/${inPath(task)}`, managerTaskSchema, 'task', { task });
  }

  async stop(task: string): Promise<void> {
    await this.#ask(`/task/stop/${inPath(task)}`, anything, 'stop', { method: 'POST', task });
  }

  async look(): Promise<ManagerLook> {
    const [{ tasks }, { runners }] = await Promise.all([
      this.#ask('/api/tasks', shortTasksSchema, 'api'),
      this.#ask('/api/runners', runnersSchema, 'api'),
    ]);
    return {
      tasks: new Map(tasks.map(({ id, runner_id: runnerId, status }) => [id, { status, runnerId }] as const)),
      runners: runners.map(({ id, url, status }): ListedRunner => ({ id, url, online: status === 'online' })),
    };
  }

  async tasks(): Promise<ManagerTask[]> {
    const all = await this.#ask('/task/list', z.record(z.string(), z.unknown()), 'api');
    return Object.values(all).flatMap((one) => managerTaskSchema.safeParse(one).data ?? []);
  }

  async files(task: string): Promise<string[]> {
    return (await this.#ask(`/task/result/${inPath(task)}`, filesSchema, 'result', { task })).files;
  }

  async fetchFile(task: string, name: string, to: string, { maxBytes, mode }: FileLimits): Promise<void> {
    const { signal } = this.#settings;
    const url = `${this.url}/task/result/${inPath(task)}/file/${inPath(name)}`;
    const headers = this.#authorization();
    try {
      await download(this.#http, {
        request: { url, headers, retries: 1, maxRedirects: 0, signal, timeoutMs: EXECUTE_MS },
        file: to,
        mode,
        maxBytes,
      });
    } catch (error) {
      signal.throwIfAborted();
      const status = (error as { status?: number | null }).status ?? null;
      if (status === null) throw unreachable(error, url);
      throw judgeAnswer({ url, status, text: '{"detail":""}' }, 'result', { task }) ?? error;
    }
  }

  #authorization(): { authorization: string } {
    return { authorization: `Bearer ${this.#settings.token.reveal()}` };
  }

  async #ask<T>(path: string, shape: z.ZodType<T>, asked: Asked, question: Question = {}): Promise<T> {
    const url = `${this.url}${path}`;
    const answer = await this.#send(url, question);
    const failure = judgeAnswer({ ...answer, url }, asked, question);
    if (failure !== null) throw failure;
    const { success, data } = shape.safeParse(JSON.parse(answer.text));
    if (!success) throw runnerTexts.managerNotOne({ url, detail: 'not its JSON' });
    return data;
  }

  async #send(url: string, question: Question): Promise<{ status: number; text: string }> {
    const { method = 'GET', body, version, timeoutMs = this.#settings.timeoutMs } = question;
    const { signal } = this.#settings;
    try {
      return await this.#http.readText(
        {
          url,
          method,
          headers: {
            ...this.#authorization(),
            accept: 'application/json',
            ...(version === undefined ? {} : { 'x-runner-version': version }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          timeoutMs,
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
      throw unreachable(error, url);
    }
  }
}

/** An identifier as one part of a path. */
const inPath = (id: string): string => encodeURIComponent(id);

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
