import { localized } from '../../kit/output/localized.js';
import {
  instancesOf,
  managerUrlOf,
  type EsupRunnerInventory,
  type RunnerNode,
} from '../esup-runner/inventory.js';
import { bracket } from '../inventory/values.js';
import { fillTemplate } from './fill-template.js';
import { templateOf, type RenderedFile, type Templates } from './layout.js';

/** esup-runner refuses to start with these, as its own examples name them: nothing runs with a word that everybody knows. */
export const MISSING_TOKEN = { pod: 'CHANGE_ME_POD_TOKEN', runners: 'CHANGE_ME_RUNNERS_TOKEN' };

/** Folder of what belongs to Pod's own backend. */
export const POD_NODE = 'pod-runner';

/** `[2x(encoding,studio)]`: instances and types in one word (runner/.env.example of esup-runner 1.7). */
export const taskTypesOf = ({ instances, task_types: types }: RunnerNode): string =>
  `[${instances}x(${types.join(',')})]`;

/** Where the units of a user lie; enabling links them into default.target.wants. */
export const unitPath = (user: string, role: 'manager' | 'runner'): string =>
  `home/${user}/.config/systemd/user/esup-runner-${role}.service`;

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** Address that runners report to: the manager's own, never that of the proxy in front of it. */
export const reportUrlOf = ({ manager: { address, port } }: EsupRunnerInventory): string =>
  `http://${bracket(address)}:${port}`;

/** Files of manager, runners and Pod for esup-runner. */
export function renderEsupRunner(inventory: EsupRunnerInventory, templates: Templates): RenderedFile[] {
  return [
    ...renderManager(inventory, templates),
    ...Object.entries(inventory.runners).flatMap(([name, node]) =>
      renderRunner(name, node, inventory, templates),
    ),
    ...renderPod(inventory, templates),
  ];
}

function renderManager(inventory: EsupRunnerInventory, templates: Templates): RenderedFile[] {
  const { root, user, storage, manager, runner_token: runnerToken, pod_url: podUrl } = inventory;
  const url = managerUrlOf(inventory);
  const name = hostOf(url);
  const secure = url.startsWith('https:');
  const remote = Object.values(inventory.runners).some(({ address }) => address !== manager.address);
  const relative = root.slice(1);
  const files: RenderedFile[] = [
    {
      node: 'manager',
      path: `${relative}/manager/.env`,
      mode: 0o600,
      text: fillTemplate(templateOf(templates, 'esup-runner-manager.env'), {
        ...{ node: 'manager', root, user, storage, publicUrl: url },
        host: manager.address,
        port: manager.port,
        bind: remote || !secure ? '0.0.0.0' : '127.0.0.1',
        podToken: manager.token?.reveal() ?? MISSING_TOKEN.pod,
        runnerToken: runnerToken?.reveal() ?? MISSING_TOKEN.runners,
        shared: String(inventory.shared_storage),
        podHost: podUrl === undefined ? '' : hostOf(podUrl),
      }),
    },
    unit('manager', 'manager', inventory, templates),
  ];
  if (secure)
    files.push({
      node: 'manager',
      path: 'etc/nginx/sites-available/esup-runner-manager.conf',
      mode: 0o644,
      text: fillTemplate(templateOf(templates, 'nginx-runner-manager.conf'), {
        node: 'manager',
        name,
        port: manager.port,
      }),
    });
  return files;
}

function renderRunner(
  name: string,
  node: RunnerNode,
  inventory: EsupRunnerInventory,
  templates: Templates,
): RenderedFile[] {
  const { root, user, storage } = inventory;
  const [first] = instancesOf(name, node);
  return [
    {
      node: name,
      path: `${root.slice(1)}/runner/.env`,
      mode: 0o600,
      text: fillTemplate(templateOf(templates, 'esup-runner-runner.env'), {
        ...{ node: name, root, user, storage },
        host: node.address,
        port: first?.port ?? node.base_port,
        instances: node.instances,
        types: taskTypesOf(node),
        managerUrl: reportUrlOf(inventory),
        runnerToken: inventory.runner_token?.reveal() ?? MISSING_TOKEN.runners,
        encoding: node.gpu ? 'GPU' : 'CPU',
      }),
    },
    unit(name, 'runner', inventory, templates),
  ];
}

const unit = (
  node: string,
  role: 'manager' | 'runner',
  { root, user }: EsupRunnerInventory,
  templates: Templates,
): RenderedFile => ({
  node,
  path: unitPath(user, role),
  mode: 0o644,
  text: fillTemplate(templateOf(templates, 'esup-runner.service'), { node, role, root, user }),
});

function renderPod(
  { pod_url: podUrl, pod_root: podRoot, pod_user: podUser, venv }: EsupRunnerInventory,
  templates: Templates,
): RenderedFile[] {
  const log = `${podRoot}/pod/log/process_tasks.log`;
  return [
    {
      node: POD_NODE,
      path: 'settings_local.py',
      mode: 0o644,
      text: fillTemplate(templateOf(templates, 'settings-runner.py'), {
        secure: podUrl === undefined || podUrl.startsWith('https:') ? 'True' : 'False',
      }),
    },
    {
      node: POD_NODE,
      path: 'etc/nginx/snippets/pod-runner.conf',
      mode: 0o644,
      text: fillTemplate(templateOf(templates, 'nginx-pod-runner.conf'), {
        socket: `${podRoot}/uwsgi/podv4.sock`,
      }),
    },
    {
      node: POD_NODE,
      path: 'etc/cron.d/pod-process-tasks',
      mode: 0o644,
      text: [
        localized(
          '# Sends what waits to the runners, asks about what runs, clears the old.\n# Written by `bbb2pod cluster render`.',
          '# Envoie aux runners ce qui attend, demande où en est le reste.\n# Efface aussi le vieux. Écrit par `bbb2pod cluster render`.',
        ),
        localized(
          '# flock: a pass that takes longer than three minutes is not doubled.',
          "# flock : un passage de plus de trois minutes n'est pas doublé.",
        ),
        `*/3 * * * * ${podUser} cd ${podRoot} && flock -n /tmp/pod-process-tasks.lock ${venv}/bin/python manage.py process_tasks >> ${log} 2>&1`,
        '',
      ].join('\n'),
    },
  ];
}
