import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import { reachOf } from '../pod/broker-checks.js';
import type { EsupRunnerFacts, RunnerHostFacts } from './facts.js';
import { hostOf } from './gather.js';
import { managerHost, managerMode } from './read-environment.js';
import type { EsupRunnerTargets } from './targets.js';
import { words } from '../words.js';

/* Defaults of esup-runner 1.7: manager/docs/PARAMETERS.md and runner/app/core/config.py. */
const DEFAULT_WORKERS = 4;
const DEFAULT_STORAGE = '/tmp/esup-runner';

const isOn = (value: string | undefined): boolean => /^(?:true|1|yes|on)$/i.test(value ?? '');

/** R20 to R26, R37: files of the machines of esup-runner that this machine is. */
export function checkHosts(
  { hosts, manager }: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const registered = manager.runners?.ok === true ? manager.runners.value.length : targets.instances.length;
  const seen = new Set(hosts.map(({ role }) => role));
  const elsewhere = [
    ...(seen.has('manager')
      ? []
      : (['R20', 'R21', 'R37'] as const).map((id) => make.notFromHere(id, 'manager', targets.managerHost))),
    ...(seen.has('runner') || targets.nodes.length === 0
      ? []
      : [make.notFromHere('R26', 'runners', targets.nodes.map(({ host }) => host).join(', '))]),
    ...(hosts.length > 0
      ? []
      : (['R22', 'R23', 'R24', 'R25'] as const).map((id) =>
          make.notFromHere(id, 'manager', `${targets.managerHost} and each runner`),
        )),
  ];
  return [
    ...hosts.flatMap((host, i) => [
      ...checkUnits(host, i === 0, targets, make),
      ...checkModes(host, make),
      ...(host.role === 'manager'
        ? checkManagerFile(host, hosts, targets, registered, make)
        : checkRunnerFile(host, make)),
    ]),
    ...elsewhere,
  ];
}

/** R22, R23. Machines without the user (a container, a test machine) are not judged. */
function checkUnits(
  host: RunnerHostFacts,
  first: boolean,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { node, linger, systemUnit, userUnit } = host;
  return [
    // The user is one for all units of this machine.
    ...(!first || linger === null || userUnit === null
      ? []
      : [
          linger
            ? make.good('R22', node)
            : make.found('R22-no-linger', node, { parameters: { user: targets.user } }),
        ]),
    ...(systemUnit !== null && userUnit !== null
      ? [
          make.found('R23-two', node, {
            parameters: { old: systemUnit, unit: userUnit, service: systemUnit.split('/').at(-1) ?? '' },
          }),
        ]
      : [make.good('R23', node)]),
  ];
}

function checkModes(host: RunnerHostFacts, make: ResultMaker): ClusterResult[] {
  const { node, environmentFile, environmentMode, dataDirectory, dataMode } = host;
  const open = [
    { path: environmentFile, mode: environmentMode, right: '600' },
    { path: dataDirectory, mode: dataMode, right: '700' },
  ].filter(({ mode }) => mode !== null && (mode & 0o007) !== 0);
  if (open.length > 0)
    return open.map(({ path, mode, right }) =>
      make.found('R24-readable', `${node}/${path.split('/').at(-1) ?? ''}`, {
        parameters: { subject: node, path, right, mode: (mode ?? 0).toString(8).padStart(3, '0') },
      }),
    );
  return environmentMode === null ? [] : [make.good('R24', node)];
}

function checkManagerFile(
  host: RunnerHostFacts,
  hosts: readonly RunnerHostFacts[],
  targets: EsupRunnerTargets,
  registered: number,
  make: ResultMaker,
): ClusterResult[] {
  const { environment: own, node, environmentFile: file } = host;
  if (own === null) return (['R20', 'R21', 'R37'] as const).map((id) => unreadable(id, host, make));
  const value = managerHost(own);
  const toItself = value === '0.0.0.0' || reachOf(value) === 'loopback';
  const remote = targets.nodes.some(({ local }) => !local);
  const mode = managerMode(own);
  const workers = Number(own['UVICORN_WORKERS'] ?? DEFAULT_WORKERS);
  return [
    toItself && remote
      ? make.found('R20-loopback', node, { parameters: { value, suggested: suggestedHost(targets), file } })
      : make.good('R20', node),
    mode !== 'production' && workers > 1
      ? make.found('R21-development', node, { parameters: { value: mode, workers, file } })
      : make.good('R21', node),
    ...checkShare(host, hosts, own, make),
    ...checkQuota(host, own, targets.podUrl, registered, make),
  ];
}

const unreadable = (
  id: 'R20' | 'R21' | 'R25' | 'R37',
  { node, environmentFile: file, environmentDetail }: RunnerHostFacts,
  make: ResultMaker,
): ClusterResult => make.unknown(id, node, environmentDetail ?? words.fileUnreadable({ file }));

const suggestedHost = ({ managerHost }: EsupRunnerTargets): string =>
  reachOf(managerHost) === 'loopback' ? '$(hostname -f)' : managerHost;

function checkShare(
  host: RunnerHostFacts,
  hosts: readonly RunnerHostFacts[],
  own: Readonly<Record<string, string>>,
  make: ResultMaker,
): ClusterResult[] {
  if (!isOn(own['RUNNERS_STORAGE_ENABLED'])) return [];
  const path = own['RUNNERS_STORAGE_DIR'] ?? own['RUNNERS_STORAGE_PATH'] ?? DEFAULT_STORAGE;
  const { node, environmentFile: file, storageIdentity } = host;
  if (storageIdentity === null) return [make.found('R25-absent', node, { parameters: { path, file } })];
  const other = hosts.find(
    (one) => one.role === 'runner' && one.storageIdentity !== null && one.storageIdentity !== storageIdentity,
  );
  return [
    other === undefined
      ? make.good('R25', node)
      : make.found('R25-share', node, { parameters: { path, file, runner: other.node } }),
  ];
}

function checkQuota(
  { node, environmentFile: file }: RunnerHostFacts,
  own: Readonly<Record<string, string>>,
  podUrl: string | null,
  registered: number,
  make: ResultMaker,
): ClusterResult[] {
  if (!isOn(own['PRIORITIES_ENABLED']) || podUrl === null) return [make.good('R37', node)];
  const domain = (own['PRIORITY_DOMAIN'] ?? '').toLowerCase();
  const pod = hostOf(podUrl);
  if (domain !== '' && (pod === domain || pod.endsWith(`.${domain}`))) return [make.good('R37', node)];
  const percent = Number(own['MAX_OTHER_DOMAIN_TASK_PERCENT'] ?? 100);
  const quota = percent <= 0 ? 0 : Math.max(1, Math.floor((registered * percent) / 100));
  if (quota >= registered) return [make.good('R37', node)];
  const suggested = pod.split('.').slice(-2).join('.');
  return [
    make.found('R37-starved', node, { parameters: { pod, domain: domain || '?', quota, suggested, file } }),
  ];
}

function checkRunnerFile(host: RunnerHostFacts, make: ResultMaker): ClusterResult[] {
  const { node, environment: own, environmentFile: file, missingPrograms, gpuFound } = host;
  const path = own?.['STORAGE_DIR'] ?? DEFAULT_STORAGE;
  return [
    ...(own === null
      ? [unreadable('R25', host, make)]
      : [
          /^\/(?:var\/)?tmp(?:\/|$)/.test(path)
            ? make.found('R25-tmp', node, { parameters: { path, file, suggested: '/srv/esup-runner' } })
            : host.storageIdentity === null
              ? make.found('R25-absent', node, { parameters: { path, file } })
              : make.good('R25', node),
        ]),
    ...(missingPrograms.length > 0
      ? [make.found('R26-missing', node, { parameters: { programs: missingPrograms.join(', ') } })]
      : gpuFound === false
        ? [make.found('R26-gpu', node, { parameters: { file } })]
        : [make.good('R26', node)]),
  ];
}
