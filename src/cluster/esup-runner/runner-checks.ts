import { valueOf } from '../../kit/outcome.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets } from '../check/targets.js';
import { reachOf } from '../pod/broker-checks.js';
import type { EsupRunnerFacts, RunnerFacts } from './facts.js';
import { hostOf, nodeOfUrl } from './gather.js';
import type { EsupRunnerTargets, RunnerNodeTarget } from './targets.js';
import { words } from '../words.js';

/** Since when a runner has said busy without a task, by name; milliseconds since 1970. */
export type PreviousIdle = Readonly<Record<string, number>>;

/** R10 to R18: the runners themselves. */
export function checkRunners(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  { maintenance }: ClusterTargets,
  previous: PreviousIdle,
  make: ResultMaker,
): ClusterResult[] {
  const atWork = facts.runners.filter(({ node }) => !maintenance.includes(node));
  return [
    ...atWork.flatMap((runner) => [
      ...checkReach(runner, facts, targets, make),
      ...checkAddress(runner, targets, make),
      ...checkIdle(runner, facts, targets, previous, make),
      ...checkDisks(runner, targets, make),
      ...checkOpenness(runner, targets, make),
    ]),
    ...checkTypes(atWork, targets, make),
  ];
}

const portOf = (url: string): string => /:(\d+)(?:\/|$)/.exec(url.replace(/^https?:\/\//, ''))?.[1] ?? '80';

/** `8082-8083`, of the node or of the URL alone. */
function rangeOf(node: RunnerNodeTarget | undefined, url: string): { range: string; ports: string } {
  if (node === undefined) return { range: portOf(url), ports: `:${portOf(url)}` };
  const ports = Array.from({ length: node.instances }, (_, i) => node.basePort + i);
  const last = node.basePort + node.instances - 1;
  return {
    range: node.instances === 1 ? String(node.basePort) : `${node.basePort}-${last}`,
    ports: ports.map((port) => `:${port}`).join('|'),
  };
}

const nodeTarget = ({ node }: RunnerFacts, { nodes }: EsupRunnerTargets): RunnerNodeTarget | undefined =>
  nodes.find(({ name }) => name === node);

/** R10, R11. A listed runner that is not registered and does not answer is missing: that is R07's. */
function checkReach(
  runner: RunnerFacts,
  { manager }: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { name, node, url, ping, registered } = runner;
  if (!ping.ok) {
    const managerKnows = manager.runners?.ok === true;
    if (registered === null && managerKnows) return [make.unknown('R10', name, ping.detail, node)];
    // It works for the manager: then it is this machine that may not ask it, as R18 wants it.
    const works = manager.tasks?.ok === true && workedLately(runner, manager.tasks.value, registered?.id);
    if (ping.fault === 'timeout' && works && !targets.managerLocal)
      return [make.notFromHere('R10', name === node ? name : `${node}/${name}`, targets.managerHost)];
    return [
      make.found('R10-unreachable', name, {
        node,
        parameters: { url, detail: ping.detail, ...rangeOf(nodeTarget(runner, targets), url) },
      }),
    ];
  }
  const reachable = make.good('R10', name, { node });
  return [
    reachable,
    ping.value.registered
      ? make.good('R11', name, { node })
      : make.found('R11-unregistered', name, { node, parameters: { url } }),
  ];
}

const workedLately = (
  { ping }: RunnerFacts,
  tasks: readonly { readonly runnerId: string; readonly status: string }[],
  id: string | undefined,
): boolean => {
  const own = id ?? (ping.ok ? ping.value.id : '');
  return tasks.some(({ runnerId, status }) => runnerId === own && ['completed', 'running'].includes(status));
};

/** R12, R13. */
function checkAddress(runner: RunnerFacts, targets: EsupRunnerTargets, make: ResultMaker): ClusterResult[] {
  const { name, node, url, registered, listed } = runner;
  if (registered === null) return [];
  const host = hostOf(registered.url);
  const toItself = reachOf(host) === 'loopback' || host === '0.0.0.0' || host === '::';
  if (toItself && !sharesManager(targets)) {
    const suggested = targets.nodes[0]?.host ?? '$(hostname -f)';
    return [make.found('R12-loopback', name, { node, parameters: { url: registered.url, suggested } })];
  }
  const good = make.good('R12', name, { node });
  if (listed) return [good, make.good('R13', name, { node })];
  const known = targets.nodes.filter(
    (one) => one.name === nodeOfUrl(registered.url, targets) || one.host === host,
  );
  const [first] = known;
  if (first === undefined) return [good, make.found('R13-unlisted', name, { node, parameters: { url } })];
  const port = Number(portOf(registered.url));
  const inside = known.some(({ basePort, instances }) => port >= basePort && port < basePort + instances);
  return [
    good,
    inside
      ? make.good('R13', name, { node })
      : make.found('R13-moved', name, { node, parameters: { port, ...rangeOf(first, url) } }),
  ];
}

/** Whether some runner stands on the manager's own machine: there a loopback address is right. */
const sharesManager = ({ managerHost, managerLocal, nodes }: EsupRunnerTargets): boolean =>
  nodes.length === 0 || nodes.some(({ host, local }) => host === managerHost || (local && managerLocal));

/** R14, R15, over the runners that answer and are registered. */
function checkTypes(
  runners: readonly RunnerFacts[],
  { taskTypes }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const pings = runners.flatMap(({ ping }) => (ping.ok && ping.value.registered ? [ping.value] : []));
  if (pings.length === 0) {
    const failed = runners.flatMap(({ ping }) => (ping.ok ? [] : [ping.detail]));
    const detail = [words.noRunnerAnswers(), ...failed.slice(0, 1)].join(': ');
    return taskTypes.map((type) => make.unknown('R14', `types/${type}`, detail));
  }
  return taskTypes.flatMap((type) => {
    const count = pings.filter((ping) => ping.taskTypes.includes(type)).length;
    const details = {
      parameters: { type },
      node: 'types',
      measures: [{ label: `runners_${type}`, value: count, unit: '' as const }],
    };
    if (count === 0) return [make.found('R14-nobody', `types/${type}`, details)];
    return [
      make.good('R14', `types/${type}`, details),
      count === 1
        ? make.found('R15-single', `types/${type}`, details)
        : make.good('R15', `types/${type}`, details),
    ];
  });
}

/** Whether a runner says busy and the manager has nothing running there. Null: that cannot be told. */
function isIdleBusy({ ping, registered }: RunnerFacts, { manager }: EsupRunnerFacts): boolean | null {
  if (!ping.ok || manager.tasks?.ok !== true) return null;
  if (ping.value.available) return false;
  const id = registered?.id ?? ping.value.id;
  return !manager.tasks.value.some((task) => task.runnerId === id && task.status === 'running');
}

function checkIdle(
  runner: RunnerFacts,
  facts: EsupRunnerFacts,
  { thresholds }: EsupRunnerTargets,
  previous: PreviousIdle,
  make: ResultMaker,
): ClusterResult[] {
  const idle = isIdleBusy(runner, facts);
  if (idle === null) return [];
  const since = idle ? previous[runner.name] : undefined;
  const minutes = since === undefined ? 0 : Math.floor((facts.at - since) / 60_000);
  const { name, node } = runner;
  return [
    minutes >= thresholds.idle_busy_minutes
      ? make.found('R16-stuck', name, { node, parameters: { minutes } })
      : make.good('R16', name, { node }),
  ];
}

/** What the next run wants to know: since when each runner has been busy with nothing. */
export const idleSince = (facts: EsupRunnerFacts, previous: PreviousIdle): PreviousIdle =>
  Object.fromEntries(
    facts.runners
      .filter((runner) => isIdleBusy(runner, facts) === true)
      .map(({ name }) => [name, previous[name] ?? facts.at]),
  );

function checkDisks(
  { name, node, disks }: RunnerFacts,
  { thresholds }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const [worst] = [...disks].sort((a, b) => b.usedPercent - a.usedPercent);
  if (worst === undefined) return [];
  const { disk_percent: warning, disk_critical_percent: critical } = thresholds;
  const details = {
    node,
    parameters: { path: worst.path, percent: worst.usedPercent },
    measures: [
      {
        label: `runner_disk_${name.replaceAll(/\W/g, '_')}`,
        value: worst.usedPercent,
        unit: '%' as const,
        warning,
        critical,
      },
    ],
  };
  if (worst.usedPercent >= critical) return [make.found('R17-full', name, details)];
  return [
    worst.usedPercent >= warning ? make.found('R17-filling', name, details) : make.good('R17', name, details),
  ];
}

function checkOpenness(runner: RunnerFacts, targets: EsupRunnerTargets, make: ResultMaker): ClusterResult[] {
  const { name, node, url, ping } = runner;
  if (!targets.outside)
    return [
      make.notFromHere(
        'R18',
        name === node ? name : `${node}/${name}`,
        'a machine outside the network (outside = true)',
      ),
    ];
  const answered = valueOf(ping) !== null;
  return [
    answered
      ? make.found('R18-open', name, {
          node,
          parameters: { url, ...rangeOf(nodeTarget(runner, targets), url) },
        })
      : make.good('R18', name, { node }),
  ];
}
