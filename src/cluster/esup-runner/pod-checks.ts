import { valueOf } from '../../kit/outcome.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { EsupRunnerFacts, ManagerTask, PodRunnerTables, PodRunnerTask } from './facts.js';
import { hostOf, sameUrl } from './gather.js';
import type { EsupRunnerTargets } from './targets.js';
import { words } from '../words.js';

const NODE = 'pod-runner';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Django's own names of a site that nobody named. */
const NEVER_NAMED = /^(?:example\.com|localhost|127\.0\.0\.1)(?::\d+)?$/;

/** R30 to R34, R36: Pod's own tables, against what the manager says. */
export function checkPodTables(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const ids = ['R30', 'R31', 'R32', 'R33', 'R34', 'R36'] as const;
  const { pod } = facts;
  if (pod === null)
    return ids.map((id) => make.notFromHere(id, NODE, 'a machine with [pod] database in bbb2pod.toml'));
  if (!pod.ok) return ids.map((id) => make.unknown(id, NODE, pod.detail));
  if (!pod.value.present) return ids.map((id) => make.unknown(id, NODE, words.podTooOld()));
  return [
    ...checkSite(pod.value, targets, make),
    ...checkManagers(pod.value, targets, make),
    ...checkPending(pod.value, facts, targets, make),
    ...checkRunning(pod.value, facts, targets, make),
    ...checkFailures(pod.value, facts.at, targets, make),
  ];
}

function checkSite(
  { siteId, siteDomain }: PodRunnerTables,
  { podUrl }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (siteDomain === null)
    return [
      make.found('R30-domain', NODE, {
        parameters: { site: siteId, domain: '?', expected: podHost(podUrl) },
      }),
    ];
  const expected = podUrl === null ? null : new URL(podUrl).host.toLowerCase();
  const wrong =
    expected === null
      ? NEVER_NAMED.test(siteDomain)
      : ![expected, hostOf(podUrl ?? '')].includes(siteDomain.toLowerCase());
  return [
    wrong
      ? make.found('R30-domain', NODE, {
          parameters: { site: siteId, domain: siteDomain, expected: podHost(podUrl) },
        })
      : make.good('R30', NODE),
  ];
}

const podHost = (podUrl: string | null): string =>
  podUrl === null ? 'the public name' : new URL(podUrl).host;

function checkManagers(
  { siteId, managers }: PodRunnerTables,
  { managerUrl }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const own = managers.filter((one) => one.siteId === siteId && one.active !== false);
  if (own.length === 0) return [make.found('R31-none', NODE, { parameters: { site: siteId } })];
  if (own.some(({ url }) => sameUrl(url, managerUrl))) return [make.good('R31', NODE)];
  return [make.found('R31-other', NODE, { parameters: { urls: own.map(({ url }) => url).join(', ') } })];
}

/** `video 12`, `recording 3`. */
const thingOf = ({ videoId, recordingId, id }: PodRunnerTask): string =>
  videoId !== null ? `video ${videoId}` : recordingId !== null ? `recording ${recordingId}` : `task ${id}`;

const FEW = 6;
function list(things: readonly string[]): string {
  const more = things.length > FEW ? ` + ${things.length - FEW}` : '';
  return things.slice(0, FEW).join(', ') + more;
}

/** A wait is a fault only while somebody could work; with all at work it is a queue. */
function checkPending(
  { tasks }: PodRunnerTables,
  { at, runners }: EsupRunnerFacts,
  { thresholds }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const pending = tasks
    .filter(({ status, addedAt }) => status === 'pending' && addedAt !== null)
    .map((task) => ({ task, minutes: Math.floor((at - (task.addedAt ?? at)) / 60_000) }))
    .sort((a, b) => b.minutes - a.minutes);
  const measures = [
    { label: 'runner_pending', value: pending.length, unit: '' as const },
    {
      label: 'runner_pending_minutes',
      value: pending[0]?.minutes ?? 0,
      unit: '' as const,
      critical: thresholds.pending_minutes,
    },
  ];
  const free = (type: string): string | undefined =>
    runners.find(
      ({ ping }) =>
        ping.ok && ping.value.registered && ping.value.available && ping.value.taskTypes.includes(type),
    )?.name;
  const late = pending.filter(({ minutes }) => minutes > thresholds.pending_minutes);
  const found = late.find(({ task }) => free(task.type) !== undefined);
  if (found === undefined) return [make.good('R32', NODE, { measures })];
  const { task, minutes } = found;
  return [
    make.found('R32-waiting', NODE, {
      parameters: {
        count: pending.length,
        type: task.type,
        thing: thingOf(task),
        minutes,
        free: free(task.type) ?? '?',
      },
      measures,
    }),
  ];
}

/** R33 and R36. */
function checkRunning(
  { tasks }: PodRunnerTables,
  { at, manager }: EsupRunnerFacts,
  { thresholds }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const old = (task: PodRunnerTask, hours: number): boolean =>
    task.status === 'running' && task.addedAt !== null && at - task.addedAt > hours * HOUR_MS;
  const studio = tasks.filter((task) => task.type === 'studio' && old(task, thresholds.studio_hours));
  const known = valueOf(manager.tasks);
  const lost =
    known === null
      ? []
      : tasks.flatMap((task) => {
          if (!old(task, thresholds.running_hours) || studio.includes(task)) return [];
          const state = stateAtManager(task, known);
          return ['running', 'completed', 'warning', 'pending'].includes(state) ? [] : [{ task, state }];
        });
  return [
    known === null
      ? make.unknown('R33', NODE, words.tasksNotTold())
      : lost.length > 0
        ? make.found('R33-lost', NODE, {
            parameters: {
              count: lost.length,
              things: list(lost.map(({ task }) => thingOf(task))),
              states: [...new Set(lost.map(({ state }) => state))].join(', '),
            },
            evidence: lost.map(({ task, state }) => `${task.taskId ?? '?'} ${state}`),
          })
        : make.good('R33', NODE),
    studio.length > 0
      ? make.found('R36-studio', NODE, {
          parameters: {
            count: studio.length,
            hours: thresholds.studio_hours,
            things: list(studio.map(thingOf)),
          },
        })
      : make.good('R36', NODE),
  ];
}

const stateAtManager = ({ taskId }: PodRunnerTask, known: readonly ManagerTask[]): string =>
  known.find(({ id }) => id === taskId)?.status ?? '404';

function checkFailures(
  { tasks }: PodRunnerTables,
  at: number,
  { thresholds }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const ended = tasks.filter(
    ({ status, addedAt }) =>
      ['completed', 'failed', 'timeout'].includes(status) && addedAt !== null && at - addedAt < DAY_MS,
  );
  const failed = ended.filter(({ status }) => status !== 'completed');
  const percent = ended.length === 0 ? 0 : Math.round((failed.length / ended.length) * 100);
  const measures = [
    { label: 'runner_failed', value: percent, unit: '%' as const, warning: thresholds.failed_percent },
  ];
  if (percent <= thresholds.failed_percent) return [make.good('R34', NODE, { measures })];
  return [
    make.found('R34-failures', NODE, {
      parameters: { failed: failed.length, total: ended.length, percent, reasons: groupReasons(failed) },
      measures,
      evidence: failed.map((task) => `${thingOf(task)}: ${task.lastLine}`),
    }),
  ];
}

/** `3 x "Invalid data", 1 x "timeout"`: the most frequent first. */
function groupReasons(failed: readonly PodRunnerTask[]): string {
  const counts = new Map<string, number>();
  for (const { lastLine, status } of failed) {
    const reason = lastLine === '' ? status : lastLine.slice(0, 100);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([reason, count]) => `${count} x "${reason}"`)
    .join(', ');
}
