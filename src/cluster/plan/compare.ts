import { shownLanguage } from '../../kit/language.js';
import { plural } from '../../kit/output/localized.js';
import type { Inventory } from '../inventory/schema.js';
import type { RunningCluster, Seen } from './observe.js';
import type { EncodingPlan, JitsiPlan, StreamingPlan } from './plan-capacity.js';
import type { RunnerPlan } from './plan-runners.js';
import { instancesOf } from '../esup-runner/inventory.js';
import { words } from './words.js';

export interface Plans {
  readonly streaming: StreamingPlan | null;
  readonly jitsi: JitsiPlan | null;
  readonly encoding: EncodingPlan | null;
  readonly runners?: RunnerPlan | null;
}

/** What a role has and needs. `spare` is negative when nodes are short. */
export interface RoleComparison {
  readonly system: 'streaming' | 'jitsi' | 'encoding' | 'esup-runner';
  readonly role: string;
  readonly present: number;
  /** At work now when `by` is the running cluster; else listed and not in maintenance. */
  readonly available: number;
  /** Listed, not in maintenance, and not at work. */
  readonly missing: readonly string[];
  /** Whose word `available` is, or why the running cluster could not be asked; null: nobody was asked. */
  readonly by: { readonly running: boolean; readonly told: string } | null;
  readonly needed: number;
  readonly spare: number;
  /** What the needed count is for: `5000 viewers`. */
  readonly demand: string;
}

/**
 * Compares the plan with what runs, or with the inventory where that is not known; roles whose demand is unknown
 * are left out.
 */
export function compareWithInventory(
  plans: Plans,
  inventory: Inventory,
  running: RunningCluster | null = null,
): RoleComparison[] {
  return [
    ...streamingNeeds(plans, inventory),
    ...jitsiNeeds(plans, inventory),
    ...encodingNeeds(plans, inventory),
    ...runnerNeeds(plans, inventory),
  ].map(({ system, role, names, needed, demand, seenAs }) => {
    const seen: Seen | null = running?.[seenAs] ?? null;
    const listed = names.filter((name) => !inventory.maintenance.includes(name));
    const available = seen?.ok === true ? seen.count : listed.length;
    return {
      ...{ system, role, present: names.length, available, needed, spare: available - needed, demand },
      missing: seen?.ok === true ? listed.filter((name) => !seen.names.includes(name)) : [],
      by: seen === null ? null : { running: seen.ok, told: seen.ok ? seen.by : seen.why },
    };
  });
}

/** What a role must have, and who was listed for it. */
interface RoleNeed extends Pick<RoleComparison, 'system' | 'role' | 'needed' | 'demand'> {
  readonly names: readonly string[];
  readonly seenAs: Exclude<keyof RunningCluster, 'maxconnSum'>;
}

function streamingNeeds({ streaming: plan }: Plans, { streaming }: Inventory): RoleNeed[] {
  if (streaming === undefined || plan === null) return [];
  const { balancers, ingests, broadcasts, expected } = streaming;
  const system = 'streaming';
  const demand = words.oneToFail();
  return [
    {
      ...{ system, role: 'balancer', seenAs: 'balancer', demand },
      names: Object.keys(balancers),
      needed: expected.balancers ?? 2,
    },
    {
      ...{ system, role: 'ingest', seenAs: 'ingest', demand },
      names: Object.keys(ingests),
      needed: expected.ingests ?? 2,
    },
    {
      ...{ system, role: 'broadcast', seenAs: 'broadcast' },
      names: Object.keys(broadcasts),
      needed: Math.max(plan.nodesLikeOurs, expected.broadcasts ?? 0),
      demand: `${plan.viewers} ${words.viewersWord({ viewers: plan.viewers })}`,
    },
  ];
}

function jitsiNeeds({ jitsi: plan }: Plans, { jitsi }: Inventory): RoleNeed[] {
  if (jitsi === undefined || plan === null) return [];
  return [
    {
      ...{ system: 'jitsi', role: 'jvb', seenAs: 'jvb' },
      names: Object.keys(jitsi.jvbs),
      needed: Math.max(plan.bridges, jitsi.expected.jvbs ?? 0),
      demand: `${plan.participants} ${plural(plan.participants, 'participant', 'participants')}`,
    },
  ];
}

function encodingNeeds({ encoding: plan }: Plans, { encoding }: Inventory): RoleNeed[] {
  if (encoding === undefined || plan === null) return [];
  const workers = Object.entries(encoding.workers).filter(([, { queue }]) => queue === 'encoding');
  return [
    {
      ...{ system: 'encoding', role: 'worker (encoding)', seenAs: 'worker' },
      names: workers.map(([name]) => name),
      needed: plan.workers,
      demand: words.minutesOfVideo({ peakMinutesPerHour: plan.peakMinutesPerHour }),
    },
  ];
}

/** Instances, not nodes, are what the manager counts; one that is not to encode does not help. */
function runnerNeeds({ runners: plan }: Plans, { esup_runner: section, maintenance }: Inventory): RoleNeed[] {
  if (section === undefined || plan === null || plan === undefined) return [];
  const encoders = Object.entries(section.runners).filter(
    ([name, { task_types: types }]) => types.includes('encoding') && !maintenance.includes(name),
  );
  return [
    {
      ...{ system: 'esup-runner', role: 'runner', seenAs: 'runner' },
      names: encoders.flatMap(([name, node]) => instancesOf(name, node).map((instance) => instance.name)),
      needed: plan.instances,
      demand: words.hoursOfVideo({ hoursPerDay: plan.hoursPerDay }),
    },
  ];
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** In French a figure goes with every noun, whatever its gender. */
const FRENCH_ROLES: Readonly<Record<string, readonly [string, string]>> = {
  balancer: ['répartiteur', 'répartiteurs'],
  broadcast: ['nœud de diffusion', 'nœuds de diffusion'],
  ingest: ['ingest', 'ingests'],
  jvb: ['pont', 'ponts'],
  'worker (encoding)': ["worker d'encodage", "workers d'encodage"],
  runner: ['instance de runner', 'instances de runner'],
};

/** `one broadcast node short for 5000 viewers`, or how many there are to spare; by whose word. */
export function sayComparison(comparison: RoleComparison): string {
  const { role, spare, needed, available, present, demand, missing, by } = comparison;
  if (shownLanguage() === 'fr') return sayInFrench(comparison);
  const count = Math.abs(spare);
  const thing = role === 'runner' ? 'runner instance' : `${role} node`;
  const nodes = `${NUMBERS[count] ?? String(count)} ${thing}${count === 1 ? '' : 's'}`;
  const there =
    by === null
      ? `${available} available`
      : by.running
        ? `${available} up of ${present}`
        : `${available} listed`;
  const said =
    spare < 0
      ? `${nodes} short for ${demand}: ${there}, ${needed} needed`
      : spare === 0
        ? `${role}: ${there}, exactly what ${demand} needs`
        : `${role}: ${there}, ${needed} needed for ${demand}, ${nodes} more than needed`;
  if (by === null) return said;
  if (!by.running) return `${said}. Only the inventory speaks: ${by.told}`;
  return `${said} (${missing.length === 0 ? '' : `not up: ${missing.join(', ')}; `}${by.told})`;
}

function sayInFrench({
  role,
  spare,
  needed,
  available,
  present,
  demand,
  missing,
  by,
}: RoleComparison): string {
  const count = Math.abs(spare);
  const [one, many] = FRENCH_ROLES[role] ?? [role, role];
  const nodes = `${count} ${plural(count, one, many)}`;
  const there =
    by === null
      ? `${available} ${plural(available, 'disponible', 'disponibles')}`
      : by.running
        ? `${available} en service sur ${present}`
        : `${available} dans l'inventaire`;
  const wanted = `${needed} ${plural(needed, 'nécessaire', 'nécessaires')}`;
  const said =
    spare < 0
      ? `il manque ${nodes} pour ${demand} : ${there}, ${wanted}`
      : spare === 0
        ? `${one} : ${there}, juste ce que demande ${demand}`
        : `${one} : ${there}, ${wanted} pour ${demand}, ${nodes} de plus qu'il ne faut`;
  if (by === null) return said;
  if (!by.running) return `${said}. Seul l'inventaire parle : ${by.told}`;
  return `${said} (${missing.length === 0 ? '' : `pas en service : ${missing.join(', ')} ; `}${by.told})`;
}
