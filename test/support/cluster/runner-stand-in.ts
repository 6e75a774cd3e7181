import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/*
 * Own stand-in for esup-runner's manager and runners and for Pod's webhook, on loopback. Paths, fields, statuses and the
 * words of refusals are those of EsupPortail/esup-runner: manager/app/api/routes/{api,manager,runner,task}.py (1.7.1),
 * manager/app/services/task_dispatch_service.py (the order of refusals of /task/execute), manager/app/core/auth.py,
 * runner/app/api/routes/runner.py, runner/app/core/disk_usage.py; and of EsupPortail/Esup-Pod 4.2:
 * pod/video_encode_transcript/views.py (405 to GET).
 */

export const TOKEN = 'stand-in-token-0123456789';

export interface StandInTask {
  task_id: string;
  runner_id: string;
  status: string;
  task_type: string;
  source_url: string;
  notify_url: string;
  created_at: string;
  updated_at: string;
  error: string | null;
  app_name?: string;
}

export interface StandInRunner {
  id: string;
  /** What it told the manager; its own address unless changed. */
  url: string;
  types: string[];
  available: boolean;
  registered: boolean;
  version: string;
  /** Seconds since its last heartbeat. */
  age: number;
  /** Whether the manager lists it. */
  known: boolean;
  /** Percent used of its storage. */
  disk: number;
  /** Answers nothing: its port is closed. */
  dead: boolean;
  port: number;
}

/** Everything that a fault may change. */
export interface StandInState {
  version: string;
  token: string;
  /** `down`: the port is closed; `html`: a proxy's page; `redirect`. */
  manager: 'ok' | 'down' | 'html' | 'redirect' | 'bad-gateway';
  health: string;
  /** Older managers have no /api/health, newer ones no /manager/health. */
  healthPath: '/manager/health' | '/api/health';
  docs: boolean;
  /** NOTIFY_URL_ALLOW_PRIVATE_NETWORKS is false and Pod's name is private there. */
  refusesNotify: boolean;
  /** Literal private addresses in URLs are refused, as the real one does always (manager/app/models/models.py). */
  refusesLiteral: boolean;
  /** Zone of the manager's clock against UTC, and how wrong the clock is. */
  zoneHours: number;
  skewSeconds: number;
  webhook: 'ok' | 'missing' | 'redirect' | 'silent' | 'maintenance';
  media: number;
  runners: StandInRunner[];
  tasks: StandInTask[];
  /** Tasks that POST /task/execute started. */
  executed: unknown[];
}

export class RunnerStandIn {
  readonly state: StandInState;
  managerPort = 0;
  podPort = 0;
  /** Pod's port 80: everything is redirected to https. */
  podHttpPort = 0;
  readonly #servers: Server[] = [];
  readonly #key: { key: string; cert: string } | null;

  /** @param tls certificate of the manager; plain HTTP without it */
  constructor(count = 2, tls: { key: string; cert: string } | null = null) {
    this.#key = tls;
    this.state = {
      version: '1.7.1',
      token: TOKEN,
      manager: 'ok',
      health: 'healthy',
      healthPath: '/manager/health',
      docs: false,
      refusesNotify: false,
      refusesLiteral: false,
      zoneHours: 0,
      skewSeconds: 0,
      webhook: 'ok',
      media: 200,
      runners: Array.from({ length: count }, (_, i) => ({
        id: `runner-${i + 1}-instance-0`,
        url: '',
        types: ['encoding', 'studio'],
        available: true,
        registered: true,
        version: '1.7.1',
        age: 5,
        known: true,
        disk: 40,
        dead: false,
        port: 0,
      })),
      tasks: [],
      executed: [],
    };
  }

  async start(): Promise<void> {
    this.managerPort = await this.#listen(
      (request, response) => void this.#manager(request, response),
      this.#key,
    );
    this.podPort = await this.#listen((request, response) => this.#pod(request, response));
    this.podHttpPort = await this.#listen((_, response) =>
      send(response, 301, '', { location: 'https://pod.test/runner/notify_task_end/' }),
    );
    for (const runner of this.state.runners) {
      runner.port = await this.#listen((request, response) => this.#runner(runner, request, response));
      runner.url = `http://127.0.0.1:${runner.port}`;
    }
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** A task as `/task/list` tells it; instants are the manager's naive local time. */
  addTask(task: Partial<StandInTask> & { minutesAgo?: number }): StandInTask {
    const { minutesAgo = 30, ...given } = task;
    const at = this.#localTime(Date.now() - minutesAgo * 60_000);
    const made: StandInTask = {
      task_id: `00000000-0000-4000-8000-${String(this.state.tasks.length).padStart(12, '0')}`,
      runner_id: this.state.runners[0]?.id ?? '',
      status: 'completed',
      task_type: 'encoding',
      source_url: `http://127.0.0.1:${this.podPort}/media/videos/a/film.mp4`,
      notify_url: `http://127.0.0.1:${this.podPort}/runner/notify_task_end/`,
      created_at: at,
      updated_at: at,
      error: null,
      app_name: 'Pod',
      ...given,
    };
    this.state.tasks.push(made);
    return made;
  }

  async #listen(handler: RequestListener, tls: { key: string; cert: string } | null = null): Promise<number> {
    const server: Server = tls === null ? createServer(handler) : createTlsServer(tls, handler);
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** `datetime.now().isoformat()`: local, six digits, no zone. */
  #localTime(at: number): string {
    const shifted = at + this.state.zoneHours * 3_600_000 + this.state.skewSeconds * 1000;
    return `${new Date(shifted).toISOString().slice(0, -1)}000`;
  }

  async #manager(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { state } = this;
    const { pathname: path } = new URL(request.url ?? '/', 'http://x');
    if (state.manager === 'down') return void request.socket.destroy();
    if (state.manager === 'html') {
      send(response, 200, '<html>maintenance</html>');
      return;
    }
    if (state.manager === 'bad-gateway') {
      send(response, 502, '<html>Bad Gateway</html>');
      return;
    }
    if (state.manager === 'redirect') {
      send(response, 301, '', { location: 'https://elsewhere.test/' });
      return;
    }
    if (path === '/docs' || path === '/openapi.json') {
      if (!state.docs) {
        send(response, 401, { detail: 'Missing authentication token for OpenAPI access' });
        return;
      }
      send(response, 200, path === '/docs' ? '<html>docs</html>' : openApi('Runner Manager', state.version));
      return;
    }
    // FastAPI knows its paths before it asks for a token.
    const paths = [
      state.healthPath,
      ...['/api/version', '/api/runners', '/api/tasks', '/task/list', '/task/execute'],
    ];
    if (!paths.includes(path)) {
      send(response, 404, { detail: 'Not Found' });
      return;
    }
    const token =
      /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? request.headers['x-api-token'];
    if (token !== state.token) {
      send(
        response,
        401,
        { detail: token === undefined ? 'Missing authentication token' : 'Invalid or expired token' },
        { 'www-authenticate': 'Bearer' },
      );
      return;
    }
    const known = state.runners.filter((runner) => runner.known);
    if (path === state.healthPath) {
      send(response, 200, {
        status: state.health,
        timestamp: this.#localTime(Date.now()),
        runners: known.length,
        tasks: state.tasks.length,
      });
      return;
    }
    if (path === '/api/version') {
      send(response, 200, { version: state.version });
      return;
    }
    if (path === '/api/runners') {
      send(response, 200, {
        runners: known.map(({ id, url, age }) => ({
          id,
          url,
          status: age < 60 ? 'online' : 'offline',
          last_heartbeat: this.#localTime(Date.now() - age * 1000)
            .slice(0, 19)
            .replace('T', ' '),
          age_seconds: age,
        })),
      });
      return;
    }
    if (path === '/api/tasks') {
      send(response, 200, {
        tasks: state.tasks.map(({ task_id: id, runner_id, status }) => ({ id, runner_id, status })),
      });
      return;
    }
    if (path === '/task/list') {
      send(response, 200, Object.fromEntries(state.tasks.map((task) => [task.task_id, task])));
      return;
    }
    if (path === '/task/execute' && request.method === 'POST') {
      this.#execute(await bodyOf(request), response);
      return;
    }
    send(response, 405, { detail: 'Method Not Allowed' });
  }

  #execute(task: Record<string, unknown>, response: ServerResponse): void {
    const { state } = this;
    if (state.refusesLiteral) {
      const msg = 'Value error, source_url must not point to a private or reserved IP address';
      send(response, 422, { detail: [{ type: 'value_error', loc: ['body', 'source_url'], msg }] });
      return;
    }
    if (state.refusesNotify) {
      send(response, 400, { detail: 'notify_url resolves to a private/loopback/link-local address' });
      return;
    }
    const free = state.runners.find(
      ({ known, available, registered, types }) =>
        known && available && registered && types.includes(String(task['task_type'])),
    );
    if (free === undefined) {
      send(response, 503, { detail: 'No runners available' });
      return;
    }
    state.executed.push(task);
    send(response, 200, { task_id: 'x', status: 'running' });
  }

  #runner(runner: StandInRunner, request: IncomingMessage, response: ServerResponse): void {
    if (runner.dead) return void request.socket.destroy();
    const me = {
      runner_instance_id: 0,
      runner_id: runner.id,
      available: runner.available,
      registered: runner.registered,
      task_types: runner.types,
    };
    const path = request.url ?? '/';
    if (path === '/runner/ping') {
      send(response, 200, me);
      return;
    }
    if (path === '/runner/status') {
      send(response, 200, {
        ...me,
        manager_url: `http://127.0.0.1:${this.managerPort}`,
        port: String(runner.port),
        storage_stats: {},
        disk_usage: diskUsage(runner.disk),
      });
      return;
    }
    if (path === '/openapi.json') {
      send(response, 200, openApi('Runner', runner.version));
      return;
    }
    send(response, 404, { detail: 'Not Found' });
  }

  #pod(request: IncomingMessage, response: ServerResponse): void {
    const { webhook, media } = this.state;
    const path = request.url ?? '/';
    if (webhook === 'silent') return void request.socket.destroy();
    if (path.startsWith('/media/')) {
      send(response, media, media === 200 ? 'film' : '<h1>403 Forbidden</h1>');
      return;
    }
    if (!path.startsWith('/runner/notify_task_end/') || webhook === 'missing') {
      send(response, 404, '<h1>Not Found</h1>');
      return;
    }
    if (webhook === 'maintenance') {
      send(response, 200, '<html>maintenance</html>');
      return;
    }
    if (webhook === 'redirect') {
      send(response, 301, '', { location: 'https://pod.test/runner/notify_task_end/' });
      return;
    }
    if (request.method !== 'POST') {
      send(response, 405, { error: 'Only POST requests are allowed.' });
      return;
    }
    send(response, 401, { error: 'Missing or invalid Bearer token.' });
  }
}

const openApi = (title: string, version: string): unknown => ({ openapi: '3.1.0', info: { title, version } });

/** As runner/app/core/disk_usage.py writes it: green below 75 %, red from 90 %. */
const diskUsage = (used: number): unknown => {
  const status = used >= 90 ? 'red' : used >= 75 ? 'orange' : 'green';
  return {
    checked_at: '2026-08-01T10:00:00.000000',
    status,
    ok: status !== 'red',
    directories: {
      STORAGE_DIR: {
        path: '/srv/esup-runner',
        target_path: '/srv/esup-runner',
        used_percent: used,
        status,
        error: '',
      },
      LOG_DIR: {
        path: '/var/log/esup-runner',
        target_path: '/var/log',
        used_percent: 12,
        status: 'green',
        error: '',
      },
    },
  };
};

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json',
    connection: 'close',
    ...headers,
  });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
