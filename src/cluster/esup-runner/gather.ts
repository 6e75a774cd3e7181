import type { Secret } from '../../kit/config/secret.js';
import { valueOf, type Outcome } from '../../kit/outcome.js';
import type { WebAnswer, WebPorts } from '../check/web-facts.js';
import { readPythonConstants } from '../../kit/config/init/read-python.js';
import type {
  EsupRunnerFacts,
  ManagerFacts,
  ManagerTask,
  PodRunnerTables,
  RunnerFacts,
  RunnerHostFacts,
  WebhookFacts,
} from './facts.js';
import {
  detailOf,
  jsonOf,
  readDisks,
  readOk,
  readPing,
  readRunners,
  readTasks,
  readVersion,
  zoneOf,
} from './read-answers.js';
import type { EsupRunnerTargets, RunnerMachine } from './targets.js';
import { words } from '../words.js';

/** What the checks of esup-runner need of the outside. Each question is bounded in time and never throws. */
export interface EsupRunnerPorts extends WebPorts {
  text(path: string): Promise<Outcome<string>>;
  /** Pod's own tables; null when no database of Pod is configured. */
  podRunnerTables(): Promise<Outcome<PodRunnerTables> | null>;
  /** Files of this machine as one of esup-runner's; null when it is not installed there. */
  runnerHost(
    machine: RunnerMachine,
    place: { readonly root: string; readonly user: string },
  ): Promise<RunnerHostFacts | null>;
  now(): number;
}

export const WEBHOOK_PATH = 'runner/notify_task_end/';
/** A type that no runner serves: the manager judges the URL, then finds nobody and keeps nothing. */
const PROBE_TYPE = 'bbb2pod_probe';

/** Looks at manager, runners, Pod's webhook, Pod's tables and this machine's files, side by side. */
export async function gatherEsupRunner(
  targets: EsupRunnerTargets,
  options: { readonly probe: boolean },
  ports: EsupRunnerPorts,
): Promise<EsupRunnerFacts> {
  const tables = ports.podRunnerTables();
  const token = targets.token === null ? tokenOfPod(tables, targets) : Promise.resolve(targets.token);
  const manager = askManager(targets, token, tables, ports);
  const settingsText = targets.settingsFile === null ? null : ports.text(targets.settingsFile);
  // Everything that needs no answer of the manager is asked at once: two silences in a row would take too long.
  const asked = {
    listed: Promise.all(targets.instances.map((instance) => askRunner(instance.url, ports))),
    hosts: Promise.all(targets.machines.map((machine) => ports.runnerHost(machine, targets))).then((found) =>
      found.filter((host) => host !== null),
    ),
    webhook: askWebhook(
      targets,
      manager.then(({ tasks }) => valueOf(tasks) ?? []),
      settingsText,
      ports,
    ),
  };
  const [managerFacts, pod, listedAnswers] = await Promise.all([manager, tables, asked.listed]);
  const registered = valueOf(managerFacts.runners) ?? [];
  const known = targets.instances.map((instance, i) => ({ instance, answer: listedAnswers[i] }));
  const [others, webhook, hosts, settings, probe] = await Promise.all([
    Promise.all(
      registered
        .filter(({ url }) => !targets.instances.some((instance) => instance.url === url))
        .map(async (one): Promise<RunnerFacts> => {
          const node = nodeOfUrl(one.url, targets);
          return {
            name: one.id,
            node: node ?? one.id,
            url: one.url,
            listed: false,
            registered: one,
            ...(await askRunner(one.url, ports)),
          };
        }),
    ),
    asked.webhook,
    asked.hosts,
    settingsText,
    options.probe && managerFacts.anonymous.ok ? askProbe(targets, await token, ports) : null,
  ]);
  const runners = known.flatMap(({ instance: { name, node, url }, answer }) =>
    answer === undefined
      ? []
      : [
          {
            name,
            node,
            url,
            listed: true,
            registered: registered.find((one) => one.url === url) ?? null,
            ...answer,
          },
        ],
  );
  return {
    at: ports.now(),
    manager: managerFacts,
    runners: [...runners, ...matchMoved(others, runners)],
    webhook,
    pod,
    hosts,
    settings,
    probe,
  };
}

/** An instance that the manager knows by another spelling of its host answers with the same id: it is one. */
function matchMoved(others: readonly RunnerFacts[], listed: readonly RunnerFacts[]): RunnerFacts[] {
  const ids = new Set(listed.flatMap(({ ping }) => (ping.ok && ping.value.id !== '' ? [ping.value.id] : [])));
  return others.filter(({ registered, ping }) => !ping.ok || !ids.has(registered?.id ?? ''));
}

/** The token that Pod itself uses for this manager. */
async function tokenOfPod(
  tables: Promise<Outcome<PodRunnerTables> | null>,
  { managerUrl }: EsupRunnerTargets,
): Promise<Secret | null> {
  const found = valueOf(await tables)?.managers.find(({ url }) => sameUrl(url, managerUrl));
  return found?.token ?? null;
}

/** Whether two base URLs are one, a final slash and letters' case of the host aside. */
export const sameUrl = (a: string, b: string): boolean => plainUrl(a) === plainUrl(b);

function plainUrl(text: string): string {
  try {
    return new URL(text).href.replace(/\/+$/, '');
  } catch {
    return text;
  }
}

const bearer = (token: Secret): Record<string, string> => ({ authorization: `Bearer ${token.reveal()}` });

async function askManager(
  targets: EsupRunnerTargets,
  tokenOf: Promise<Secret | null>,
  tables: Promise<Outcome<PodRunnerTables> | null>,
  ports: EsupRunnerPorts,
): Promise<ManagerFacts> {
  const { managerUrl } = targets;
  const url = new URL(managerUrl);
  const get = (path: string, headers: Record<string, string> = {}): Promise<Outcome<WebAnswer>> =>
    ports.web({ url: `${managerUrl}${path}`, headers: { accept: 'application/json', ...headers } });
  const withToken = tokenOf.then(async (token) => {
    if (token === null) return null;
    const headers = bearer(token);
    const asked = ports.now();
    const [health, runners, list, short, version] = await Promise.all([
      askHealth(get, headers),
      get('/api/runners', headers),
      get('/task/list', headers),
      get('/api/tasks', headers),
      get('/api/version', headers),
    ]);
    const stamp = health.ok ? jsonOf(health.value)?.['timestamp'] : null;
    const { offsetMs } = zoneOf(typeof stamp === 'string' ? stamp : null, asked);
    const whole = readOk(list, (json) => readTasks(json, offsetMs));
    return {
      token,
      health,
      runners: readOk(runners, readRunners),
      // The whole list may be too long or too slow: then the short one tells states at least.
      tasks: whole.ok ? whole : readOk(short, (json) => readTasks(json, offsetMs)),
      version: valueOf(readOk(version, readVersion)),
    };
  });
  const [anonymous, certificate, docs, openapi, told, pod] = await Promise.all([
    askHealth(get, {}),
    url.protocol === 'https:'
      ? ports.certificate({
          host: url.hostname,
          port: url.port === '' ? 443 : Number(url.port),
          name: url.hostname,
          authorities: targets.authorities,
        })
      : null,
    get('/docs'),
    get('/openapi.json'),
    withToken,
    tables,
  ]);
  const own = valueOf(pod)?.managers.find((one) => sameUrl(one.url, managerUrl))?.token;
  const differs = own !== undefined && told?.health.ok === true && own.reveal() !== told.token.reveal();
  return {
    anonymous,
    certificate,
    docs,
    health: told?.health ?? null,
    runners: told?.runners ?? null,
    tasks: told?.tasks ?? null,
    version: valueOf(readOk(openapi, readVersion)) ?? told?.version ?? null,
    podTokenHealth: differs ? await askHealth(get, bearer(own)) : null,
  };
}

/** `/manager/health`, which managers after 1.7.1 call `/api/health` (manager/app/api/routes/manager.py, August 2026). */
async function askHealth(
  get: (path: string, headers: Record<string, string>) => Promise<Outcome<WebAnswer>>,
  headers: Record<string, string>,
): Promise<Outcome<WebAnswer>> {
  const first = await get('/manager/health', headers);
  return first.ok && first.value.status === 404 ? get('/api/health', headers) : first;
}

async function askRunner(
  url: string,
  ports: EsupRunnerPorts,
): Promise<Pick<RunnerFacts, 'ping' | 'disks' | 'version'>> {
  const headers = { accept: 'application/json' };
  const [ping, status, openapi] = await Promise.all(
    ['/runner/ping', '/runner/status', '/openapi.json'].map((path) =>
      ports.web({ url: `${url}${path}`, headers }),
    ),
  );
  const missing: Outcome<WebAnswer> = {
    ok: false,
    fault: 'other',
    detail: words.notAsked(),
    ms: 0,
  };
  return {
    ping: readOk(ping ?? missing, readPing),
    disks: valueOf(readOk(status ?? missing, readDisks)) ?? [],
    version: valueOf(readOk(openapi ?? missing, readVersion)),
  };
}

/** The node of the inventory that an advertised URL belongs to, by its host. */
export function nodeOfUrl(url: string, { nodes }: EsupRunnerTargets): string | null {
  const host = hostOf(url);
  return nodes.find((node) => node.host.toLowerCase() === host)?.name ?? null;
}

/** Lower-case host of a URL, brackets of IPv6 aside; empty for what is no URL. */
export function hostOf(url: string): string {
  try {
    return new URL(url).hostname.toLowerCase().replace(/^\[|\]$/g, '');
  } catch {
    return '';
  }
}

async function askWebhook(
  targets: EsupRunnerTargets,
  known: Promise<readonly ManagerTask[]>,
  settings: Promise<Outcome<string>> | null,
  ports: EsupRunnerPorts,
): Promise<WebhookFacts | null> {
  const { podUrl } = targets;
  if (podUrl === null) return null;
  const main = `${podUrl}${WEBHOOK_PATH}`;
  const host = hostOf(podUrl);
  const first = Promise.all([
    ports.web({ url: main, headers: { accept: 'application/json' } }),
    ports.addresses(host),
  ]);
  const tasks = await known;
  const ours = newest(tasks.filter(({ notifyUrl }) => notifyUrl !== null && hostOf(notifyUrl) === host));
  const built = ours?.notifyUrl ?? builtBySettings(main, await settings);
  const media = mediaUrl(targets, tasks, host);
  const [[answer, addresses], second, file] = await Promise.all([
    first,
    built === null || built === main ? null : ports.web({ url: built }),
    media === null ? null : ports.web({ url: media, method: 'HEAD' }),
  ]);
  return {
    answer,
    addresses,
    built: second === null || built === null ? null : { url: built, answer: second },
    media: file === null || media === null ? null : { url: media, answer: file },
  };
}

/** Pod writes https only when SECURE_SSL_REDIRECT is true (Esup-Pod 4.2, runner_manager.py). */
function builtBySettings(main: string, settings: Outcome<string> | null): string | null {
  if (settings?.ok !== true) return null;
  const secure = readPythonConstants(settings.value).get('SECURE_SSL_REDIRECT');
  if (typeof secure !== 'boolean') return null;
  return main.replace(/^https?:/, secure ? 'https:' : 'http:');
}

function mediaUrl(
  { sampleMedia, podUrl }: EsupRunnerTargets,
  tasks: readonly ManagerTask[],
  host: string,
): string | null {
  if (sampleMedia !== null && podUrl !== null) return new URL(sampleMedia, podUrl).href;
  const found = newest(
    tasks.filter(
      ({ sourceUrl }) => sourceUrl !== null && hostOf(sourceUrl) === host && /\/media\//.test(sourceUrl),
    ),
  );
  return found?.sourceUrl ?? null;
}

const newest = (tasks: readonly ManagerTask[]): ManagerTask | undefined =>
  [...tasks].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];

/** Whether the manager takes Pod's webhook, told without leaving a task: the URL is judged before a runner is sought. */
async function askProbe(
  { managerUrl, podUrl }: EsupRunnerTargets,
  token: Secret | null,
  ports: EsupRunnerPorts,
): Promise<Outcome<WebAnswer> | null> {
  if (token === null || podUrl === null) return null;
  return ports.web({
    url: `${managerUrl}/task/execute`,
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/json' },
    body: JSON.stringify({
      etab_name: 'bbb2pod cluster check',
      app_name: 'bbb2pod',
      task_type: PROBE_TYPE,
      source_url: `${podUrl}media/none`,
      notify_url: `${podUrl}${WEBHOOK_PATH}`,
      parameters: {},
    }),
  });
}

/** Why the manager refuses Pod's webhook, as it says it; null: it does not. */
export const refusalOfProbe = (probe: Outcome<WebAnswer> | null): string | null =>
  probe?.ok === true && probe.value.status === 400 ? detailOf(probe.value) || 'answers 400' : null;
