import { randomUUID } from 'node:crypto';
import http from 'node:http';

/*
 * A manager of esup-runner on loopback: own code, behaving as manager/app of EsupPortail/esup-runner at 49b21c0d (1.7.1) does.
 * Beside each behaviour stands the file that it was read in. What it keeps survives `stop` and `start`, its runners do not
 * (core/runner_store.py keeps them in production alone).
 */

export interface StandInTask {
  readonly task_id: string;
  runner_id: string;
  status: string;
  readonly task_type: string;
  readonly app_name: string;
  readonly source_url: string;
  readonly parameters: Record<string, string>;
  readonly notify_url: string;
  readonly etab_name: string;
  readonly created_at: string;
  error: string | null;
  script_output: string | null;
}
interface StandInRunner {
  readonly id: string;
  readonly url: string;
  availability: string;
  readonly token: string;
  seen: number;
}

/** What goes wrong: each is what a real manager, or what stands before it, does. */
export interface ManagerFaults {
  /** A proxy's page instead of JSON. */
  html?: boolean;
  /** slowapi, 120 a minute and endpoint (main.py). */
  rateLimited?: boolean;
  /** core/priorities.py */
  quota?: boolean;
  /** Answers nothing. */
  silent?: boolean;
  /** Each answer is this status with `{"detail": …}`. */
  status?: number;
}

export interface StandInManager {
  readonly url: string;
  readonly tasks: Map<string, StandInTask>;
  readonly runners: Map<string, StandInRunner>;
  readonly faults: ManagerFaults;
  /** Every request: method and path. */
  readonly requests: string[];
  version: string;
  start(): Promise<void>;
  /** As kill -9: connections are cut, runners are forgotten. */
  stop(): Promise<void>;
}

interface Settings {
  readonly tokens: readonly string[];
  /** Without a heartbeat for so long a runner is offline (routes/api.py: 60 s), and twice that forgotten (runner_service.py). */
  readonly offlineMs?: number;
  readonly version?: string;
}

/** What they return says nothing: an answer is a function's end. */
type Reply = (status: number, body: unknown) => true;

export async function startStandInManager(settings: Settings): Promise<StandInManager> {
  const { tokens, offlineMs = 60_000 } = settings;
  const tasks = new Map<string, StandInTask>();
  const runners = new Map<string, StandInRunner>();
  const faults: ManagerFaults = {};
  const requests: string[] = [];
  let server: http.Server | null = null;
  let port = 0;
  const isOnline = ({ seen }: StandInRunner): boolean => Date.now() - seen < offlineMs;

  const answer = async (
    method: string,
    path: string,
    headers: http.IncomingHttpHeaders,
    body: Record<string, unknown> | null,
    reply: Reply,
    response: http.ServerResponse,
  ): Promise<unknown> => {
    const fail: Reply = (status, detail) => reply(status, { detail });
    if (path === '/openapi.json') return reply(200, { info: { version: manager.version } });
    // core/auth.py, verify_token: X-API-Token first, then Bearer.
    const given =
      (headers['x-api-token'] as string | undefined) ??
      /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (given === undefined) return fail(401, 'Missing authentication token');
    if (!tokens.includes(given)) return fail(401, 'Invalid or expired token');
    if (faults.status !== undefined) return fail(faults.status, `stand-in answers ${faults.status}`);
    if (path === '/api/health')
      return reply(200, { status: 'healthy', runners: runners.size, tasks: tasks.size });
    if (path === '/api/version') return reply(200, { version: manager.version });
    if (path === '/api/tasks')
      return reply(200, {
        tasks: [...tasks.values()].map(({ task_id: id, runner_id, status }) => ({ id, runner_id, status })),
      });
    if (path === '/api/runners')
      return reply(200, {
        runners: [...runners.values()].map((one) => ({
          id: one.id,
          url: one.url,
          status: isOnline(one) ? 'online' : 'offline',
          age_seconds: Math.floor((Date.now() - one.seen) / 1000),
        })),
      });
    if (path.startsWith('/runner/')) return answerRunner(path, headers, given, body ?? {}, reply, fail);
    if (path === '/task/list') return reply(200, Object.fromEntries(tasks));
    if (path === '/task/execute' && method === 'POST') return execute(body, reply, fail);
    if (path === '/task/completion' && method === 'POST') return complete(body ?? {}, given, reply, fail);
    const [, , verb, id = '', word, name = ''] = path.split('/');
    const task = tasks.get(id);
    if (!path.startsWith('/task/')) return fail(404, 'Not Found');
    if (task === undefined) return fail(404, 'Task not found');
    if (verb === 'status') return reply(200, task);
    const runner = runners.get(task.runner_id);
    if (verb === 'stop') {
      // routes/task.py, stop_task
      if (task.status !== 'running') return fail(409, 'Task not running');
      if (runner === undefined) return fail(404, 'Runner not found');
      const asked = await ask(runner, `/task/stop/${id}`, 'POST').catch(() => null);
      if (asked === null) return fail(502, 'Error contacting runner: refused');
      return reply(202, { task_id: id, status: 'stop_requested', runner_id: runner.id });
    }
    if (verb !== 'result') return fail(404, 'Not Found');
    // services/task_result_service.py, get_valid_task, get_task_runner, fetch_runner_resource
    if (task.status === 'failed') return fail(400, `Task failed: ${task.error}`);
    if (!['completed', 'warning'].includes(task.status))
      return fail(425, `Task not completed. Status: ${task.status}`);
    if (runner === undefined) return fail(500, 'Runner not available');
    const asked = await ask(
      runner,
      word === 'file' ? `/task/result/${id}/file/${name}` : `/task/result/${id}`,
      'GET',
    ).catch(() => null);
    if (asked === null) return fail(502, 'Error contacting runner: refused');
    if (asked.status !== 200) return fail(asked.status, 'Error fetching result from runner');
    response.writeHead(200, { 'content-type': asked.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await asked.arrayBuffer()));
  };

  const ask = (runner: StandInRunner, path: string, method: string, body?: unknown): Promise<Response> =>
    fetch(`${runner.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${runner.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5000),
    });

  /** routes/runner.py with core/auth.py, verify_runner_version. */
  const answerRunner = (
    path: string,
    headers: http.IncomingHttpHeaders,
    token: string,
    body: Record<string, unknown>,
    reply: Reply,
    fail: Reply,
  ): true => {
    const said = headers['x-runner-version'];
    if (typeof said !== 'string')
      return fail(400, 'Missing X-Runner-Version header. Runner must send its version.');
    const minor = (version: string): string => version.split('.').slice(0, 2).join('.');
    if (minor(said) !== minor(manager.version))
      return fail(
        409,
        `Version mismatch: Runner version ${said} does not match Manager version ${manager.version} (expected ${minor(manager.version)}.x)`,
      );
    if (path === '/runner/register') {
      const { id, url, availability } = body as unknown as StandInRunner;
      runners.set(id, { id, url, availability, token, seen: Date.now() });
      return reply(200, { status: 'registered' });
    }
    const runner = runners.get(decodeURIComponent(path.split('/')[3] ?? ''));
    if (runner === undefined) return fail(404, 'Runner not found');
    if (runner.token !== token) return fail(403, 'Token not authorized for this runner');
    runner.seen = Date.now();
    if (typeof body['availability'] === 'string') runner.availability = body['availability'];
    return reply(200, { status: 'ok' });
  };

  /** services/task_dispatch_service.py, queue_task_execution. */
  const execute = async (body: Record<string, unknown> | null, reply: Reply, fail: Reply): Promise<true> => {
    const needed = ['etab_name', 'app_name', 'task_type', 'source_url', 'notify_url'];
    const missing = needed.filter((name) => typeof body?.[name] !== 'string');
    if (missing.length > 0 || body === null)
      return fail(
        422,
        missing.map((name) => ({ type: 'missing', loc: ['body', name], msg: 'Field required' })),
      );
    const asked = body as unknown as StandInTask;
    // models/models.py, _validate_safe_url: literal addresses alone.
    if (/^https?:\/\/(?:127\.|10\.|192\.168\.|\[)/.test(asked.source_url))
      return fail(422, [
        {
          type: 'value_error',
          loc: ['body', 'source_url'],
          msg: 'Value error, source_url must not point to a private or reserved IP address',
        },
      ]);
    const print = ({
      task_type,
      source_url,
      parameters,
      notify_url,
      app_name,
      etab_name,
    }: StandInTask): string =>
      JSON.stringify([
        task_type,
        source_url,
        Object.entries(parameters).sort(),
        notify_url,
        app_name,
        etab_name,
      ]);
    const twin = [...tasks.values()].find((one) => one.status === 'running' && print(one) === print(asked));
    if (twin !== undefined) return reply(200, { task_id: twin.task_id, status: twin.status });
    if (faults.quota === true)
      return fail(503, 'Non-priority domain rejected: maximum other-domain task quota reached');
    for (const runner of runners.values()) {
      const ping = (await fetch(`${runner.url}/runner/ping`, { signal: AbortSignal.timeout(5000) })
        .then((response) => response.json())
        .catch(() => null)) as { available: boolean; registered: boolean; task_types: string[] } | null;
      if (ping?.available !== true || !ping.registered || !ping.task_types.includes(asked.task_type))
        continue;
      // runner_store.py, try_reserve
      if (runner.availability !== 'available') continue;
      runner.availability = 'busy';
      const task: StandInTask = {
        ...asked,
        task_id: randomUUID(),
        runner_id: runner.id,
        status: 'running',
        created_at: new Date().toISOString().replace('Z', '000'),
        error: null,
        script_output: null,
      };
      tasks.set(task.task_id, task);
      void dispatch(task, runner);
      return reply(200, { task_id: task.task_id, status: 'running' });
    }
    return fail(503, 'No runners available');
  };

  /** execute_task_background: whatever is not 200 is the task's end. */
  const dispatch = async (task: StandInTask, runner: StandInRunner): Promise<void> => {
    const completion = `${manager.url}/task/completion`;
    try {
      const given = await ask(runner, '/task/run', 'POST', { ...task, completion_callback: completion });
      if (given.status === 200) return;
      task.error = `Runner returned status ${given.status}: ${await given.text()}`;
    } catch (error) {
      task.error = String(error instanceof Error ? error.message : error);
    }
    task.status = 'failed';
    runner.availability = 'available';
  };

  /** routes/task.py, task_completion. */
  const complete = (body: Record<string, unknown>, token: string, reply: Reply, fail: Reply): true => {
    const {
      task_id: id,
      status,
      error_message: error,
      script_output: output,
    } = body as Record<string, string>;
    const task = tasks.get(id ?? '');
    if (task === undefined) return fail(404, 'Task not found');
    const runner = runners.get(task.runner_id);
    if (runner === undefined) return fail(404, 'Runner not found');
    if (runner.token !== token) return fail(403, 'Token not authorized for this task');
    if (!['completed', 'failed', 'timeout'].includes(status ?? '')) return fail(422, []);
    task.status = status ?? '';
    task.error = error ?? null;
    task.script_output = output ?? null;
    runner.availability = 'available';
    return reply(200, { status: 'acknowledged' });
  };

  const listen = async (): Promise<void> => {
    const started = http.createServer((request, response) => {
      void (async () => {
        const path = (request.url ?? '/').split('?')[0] ?? '/';
        requests.push(`${request.method} ${path}`);
        const reply: Reply = (status, body) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
          return true;
        };
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        if (faults.silent === true) return true;
        if (faults.html === true) {
          response.writeHead(200, { 'content-type': 'text/html' });
          response.end('<html>maintenance</html>');
          return true;
        }
        if (faults.rateLimited === true)
          return reply(429, { error: 'Rate limit exceeded: 120 per 1 minute' });
        const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
        return answer(request.method ?? 'GET', path, request.headers, body, reply, response);
      })().catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      started.once('error', reject);
      started.listen(port, '127.0.0.1', () => resolve());
    });
    port = (started.address() as { port: number }).port;
    server = started;
  };
  const sweep = setInterval(() => {
    for (const [id, one] of runners) if (Date.now() - one.seen > offlineMs * 2) runners.delete(id);
  }, offlineMs / 2).unref();
  const manager: StandInManager = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    tasks,
    runners,
    faults,
    requests,
    version: settings.version ?? '1.7.1',
    start: listen,
    stop: async () => {
      clearInterval(sweep);
      const ending = server;
      server = null;
      runners.clear();
      if (ending === null) return;
      ending.closeAllConnections();
      await new Promise<void>((resolve) => ending.close(() => resolve()));
    },
  };
  await listen();
  return manager;
}
