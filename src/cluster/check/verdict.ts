import { plural } from '../../kit/output/localized.js';
import { worstStatus, type CheckStatus } from '../../kit/checks/check-result.js';
import { foldResults, type FoldedResult } from '../../kit/checks/fold-results.js';
import type { ClusterResult, SystemName } from './cluster-result.js';
import type { ClusterTargets } from './targets.js';
import { words } from './words.js';

/** A cause with what follows from it; `status` is the worst of all of them. */
export interface Finding {
  readonly root: ClusterResult;
  readonly status: CheckStatus;
  readonly consequences: readonly ClusterResult[];
}

const rank: Record<CheckStatus, number> = { critical: 0, warning: 1, unknown: 2, ok: 3 };

/** What is wrong, causes first: the most severe, then the one that explains most. */
export function findingsOf(results: readonly ClusterResult[]): Finding[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  const below = ({ consequences }: FoldedResult): ClusterResult[] =>
    consequences
      .flatMap((one) => [byId.get(one.result.id), ...below(one)])
      .filter((one) => one !== undefined);
  return foldResults(results.filter(({ status }) => status !== 'ok'))
    .map((folded) => {
      const consequences = below(folded);
      const root = byId.get(folded.result.id);
      return root === undefined ? null : { root, consequences, status: worstStatus([root, ...consequences]) };
    })
    .filter((finding) => finding !== null)
    .sort((a, b) => rank[a.status] - rank[b.status] || b.consequences.length - a.consequences.length);
}

/** What the repair of the cause does not undo: jobs that were lost, servers that somebody must take back. */
const LEFT_BEHIND = /^(?:P11-|P19-|P07-(?:deaf|idle|hung)|S05-(?:maintenance|draining)|S10-backwards|J15-)/;

/** Whether a consequence needs a remedy of its own: it stays when its cause is repaired, or is worse than it. */
export const keepsRemedy = (consequence: ClusterResult, root: ClusterResult): boolean =>
  (LEFT_BEHIND.test(consequence.code) && consequence.code !== root.code) ||
  rank[consequence.status] < rank[root.status];

/** How many findings of each kind; consequences do not count. */
export interface Summary {
  readonly ok: number;
  readonly info: number;
  readonly warning: number;
  readonly critical: number;
  readonly unknown: number;
}

export function summarise(results: readonly ClusterResult[]): Summary {
  const findings = findingsOf(results);
  const count = (wanted: CheckStatus): number => findings.filter(({ status }) => status === wanted).length;
  const good = results.filter(({ status }) => status === 'ok');
  const info = good.filter(({ noteworthy }) => noteworthy).length;
  return {
    ok: good.length - info,
    info,
    warning: count('warning'),
    critical: count('critical'),
    unknown: count('unknown'),
  };
}

/** Exit status: 0 no critical, 1 a critical, 3 something could not be checked. */
export function exitStatusOf(summary: Summary): number {
  if (summary.critical > 0) return 1;
  return summary.unknown > 0 ? 3 : 0;
}

/** A node of a system's table. */
export interface NodeRow {
  readonly name: string;
  readonly role: string;
  readonly status: CheckStatus;
  /** `stress 0.12`, `age 2 s`; `?` when it is not known, `-` when there is none. */
  readonly load: string;
  readonly results: readonly ClusterResult[];
}

export interface SystemView {
  readonly system: SystemName;
  readonly nodes: readonly NodeRow[];
  readonly sparePresent: boolean | null;
}

/** Results by system and node, in the order in which they were found. */
export function viewSystems(results: readonly ClusterResult[], targets: ClusterTargets): SystemView[] {
  const roles = rolesOf(targets);
  const systems = [...new Set(results.map(({ system }) => system))];
  return systems.map((system) => {
    const own = results.filter((result) => result.system === system);
    const names = [...new Set(own.map(({ node }) => node))];
    return {
      system,
      nodes: names.map((name) => {
        const mine = own.filter(({ node }) => node === name);
        return {
          name,
          role: roles.get(name) ?? (name.includes('@') ? 'worker' : ''),
          status: worstStatus(mine),
          load: loadOf(mine),
          results: mine,
        };
      }),
      sparePresent: sparePresent(system, own),
    };
  });
}

function rolesOf({ streaming, jitsi, pod, runners }: ClusterTargets): Map<string, string> {
  const roles = new Map<string, string>([
    ['redis', 'broker'],
    ['share', 'media'],
    ['pod-rest', 'Pod'],
    ['lrs', 'LRS'],
    ['jms', 'JMS'],
    ['broadcast', 'all nodes'],
    ['programs', 'local'],
    ['this-machine', 'checks'],
    ['pod-webhook', 'Pod'],
    ['pod-runner', 'Pod'],
    ['types', 'all runners'],
  ]);
  for (const { name } of streaming?.balancers ?? []) roles.set(name, 'balancer');
  for (const { name } of streaming?.broadcasts ?? []) roles.set(name, 'broadcast');
  for (const { name } of streaming?.ingests ?? []) roles.set(name, 'ingest');
  for (const { name } of jitsi?.bridges ?? []) roles.set(name, 'JVB');
  for (const { queue } of pod?.queues ?? []) roles.set(queue, 'queue');
  for (const { name } of pod?.workers ?? []) roles.set(name, 'worker');
  if (runners !== null) roles.set('manager', 'manager');
  for (const { name } of runners?.nodes ?? []) roles.set(name, 'runner');
  return roles;
}

const LOADS: readonly { readonly label: RegExp; readonly show: (value: number) => string }[] = [
  { label: /^stress_/, show: (value) => `stress ${value}` },
  {
    label: /^hls_age_/,
    show: (value) => words.age({ value: Math.round(value) }),
  },
  { label: /^waiting_/, show: (value) => words.waiting({ value }) },
  { label: /^runner_pending$/, show: (value) => words.waiting({ value }) },
  { label: /^runners$/, show: (value) => `${value} ${plural(value, 'runner', 'runners')}` },
  { label: /^heartbeat_age_/, show: (value) => words.heard({ value }) },
  { label: /_sessions$/, show: (value) => `${value} ${plural(value, 'session', 'sessions')}` },
  { label: /^redis_memory$/, show: (value) => words.memoryUsed({ value }) },
  { label: /_free$/, show: (value) => words.diskFree({ value }) },
  {
    label: /^(bridges|broadcast_active)$/,
    show: (value) => words.active({ value }),
  },
];

function loadOf(results: readonly ClusterResult[]): string {
  for (const { label, show } of LOADS) {
    const values = results.flatMap(({ measures }) =>
      measures.filter((measure) => label.test(measure.label)).map(({ value }) => value),
    );
    if (values.length > 0) return show(Math.max(...values));
  }
  // What does not answer has a load that nobody knows.
  return results.some(({ status }) => status === 'unknown' || status === 'critical') ? '?' : '-';
}

/** Whether one node may be lost; null when this run cannot tell. */
function sparePresent(system: SystemName, results: readonly ClusterResult[]): boolean | null {
  const check = { streaming: 'S06', jitsi: 'J13', encoding: 'P05', 'esup-runner': 'R15' }[system];
  const about = results.filter((result) => result.check === check);
  if (about.length === 0) return null;
  if (system !== 'encoding') return about.every(({ status }) => status === 'ok');
  const encoders = about.flatMap(({ measures }) =>
    measures.filter(({ label }) => label === 'workers_encoding'),
  );
  const [first] = encoders;
  return first === undefined ? null : first.value >= 2;
}
