import {
  instancesOf,
  managerUrlOf,
  type EsupRunnerInventory,
  type RunnerNode,
} from '../esup-runner/inventory.js';
import type { TemplateValues } from './fill-template.js';
import type { RenderedFile, Templates } from './layout.js';
import { POD_NODE, reportUrlOf, unitPath } from './render-runner.js';
import { addresses, nodeRunbook, openPorts, rolePage } from './runbook.js';

/** Runbooks of the manager, of each runner, of Pod, and of adding and removing a runner. */
export const esupRunnerRunbooks = (inventory: EsupRunnerInventory, templates: Templates): RenderedFile[] => [
  managerRunbook(inventory, templates),
  ...Object.entries(inventory.runners).map(([name, node]) => runnerRunbook(name, node, inventory, templates)),
  podRunbook(inventory, templates),
  rolePage(templates, 'add-runner'),
  rolePage(templates, 'remove-runner', { user: inventory.user }),
];

/** User, checkout, directories and unit, which manager and runners have alike. */
const installed = (
  { root, user, storage }: EsupRunnerInventory,
  role: 'manager' | 'runner',
): TemplateValues => ({
  ...{ role, root, user, storage },
  rootFolder: root.split('/')[1] ?? 'opt',
  isRunner: role === 'runner',
  unitPath: unitPath(user, role),
});

function managerRunbook(inventory: EsupRunnerInventory, templates: Templates): RenderedFile {
  const { manager } = inventory;
  const url = managerUrlOf(inventory);
  const secure = url.startsWith('https:');
  const missing = [
    ...(manager.token === undefined ? ['AUTHORIZED_TOKENS__pod'] : []),
    ...(inventory.runner_token === undefined ? ['AUTHORIZED_TOKENS__runners'] : []),
  ];
  return nodeRunbook(templates, 'manager', 'manager', {
    ...installed(inventory, 'manager'),
    url,
    secure,
    packages: secure ? 'nginx certbot' : '',
    host: new URL(url).hostname,
    address: manager.address,
    reportUrl: reportUrlOf(inventory),
    ports: openPorts([
      { from: [...new Set(addresses(inventory.runners))], to: `tcp dport ${manager.port}` },
      ...(secure ? [{ from: [], to: 'tcp dport { 80, 443 }' }] : []),
    ]),
    tokensMissing: missing.length > 0,
    missing: missing.map((token) => ({ token })),
  });
}

function runnerRunbook(
  name: string,
  node: RunnerNode,
  inventory: EsupRunnerInventory,
  templates: Templates,
): RenderedFile {
  const { manager, runner_token: token, shared_storage: shared } = inventory;
  const { base_port: first, instances, task_types: types, gpu } = node;
  const range = instances === 1 ? String(first) : `${first}-${first + instances - 1}`;
  return nodeRunbook(templates, 'runner', name, {
    ...installed(inventory, 'runner'),
    types: types.join(', '),
    packages: `ffmpeg${shared ? ' nfs-common' : ''}`,
    shared,
    ports: openPorts([{ from: [manager.address], to: `tcp dport ${range}` }]),
    address: node.address,
    tokenGiven: token !== undefined,
    gpu,
    instances: instancesOf(name, node).map(({ url }) => ({ url })),
  });
}

function podRunbook(inventory: EsupRunnerInventory, templates: Templates): RenderedFile {
  const site = (inventory.pod_url ?? 'https://POD/').replace(/\/*$/, '/');
  return nodeRunbook(templates, 'pod-runner', POD_NODE, {
    settingsFile: inventory.settings_file ?? `${inventory.pod_root}/pod/custom/settings_local.py`,
    site,
    domain: inventory.pod_url === undefined ? 'pod.example' : new URL(site).host,
    url: managerUrlOf(inventory),
  });
}
