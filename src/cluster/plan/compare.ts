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
  const { streaming, jitsi, encoding } = inventory;
  const found: RoleComparison[] = [];
  const seen = (role: Exclude<keyof RunningCluster, 'maxconnSum'>): Seen | null => running?.[role] ?? null;
  const add = (
    system: RoleComparison['system'],
    role: string,
    names: readonly string[],
    needed: number,
    demand: string,
    seen: Seen | null,
  ): void => {
    const listed = names.filter((name) => !inventory.maintenance.includes(name));
    const available = seen?.ok === true ? seen.count : listed.length;
    found.push({
      ...{ system, role, present: names.length, available, needed, spare: available - needed, demand },
      missing: seen?.ok === true ? listed.filter((name) => !seen.names.includes(name)) : [],
      by: seen === null ? null : { running: seen.ok, told: seen.ok ? seen.by : seen.why },
    });
  };
  if (streaming !== undefined && plans.streaming !== null) {
    const demand = `${plans.streaming.viewers} ${words.viewersWord({ viewers: plans.streaming.viewers })}`;
    const { balancers, ingests, broadcasts, expected } = streaming;
    const one = words.oneToFail();
    add('streaming', 'balancer', Object.keys(balancers), expected.balancers ?? 2, one, seen('balancer'));
    add('streaming', 'ingest', Object.keys(ingests), expected.ingests ?? 2, one, seen('ingest'));
    const needed = Math.max(plans.streaming.nodesLikeOurs, expected.broadcasts ?? 0);
    add('streaming', 'broadcast', Object.keys(broadcasts), needed, demand, seen('broadcast'));
  }
  if (jitsi !== undefined && plans.jitsi !== null)
    add(
      'jitsi',
      'jvb',
      Object.keys(jitsi.jvbs),
      Math.max(plans.jitsi.bridges, jitsi.expected.jvbs ?? 0),
      `${plans.jitsi.participants} ${plural(plans.jitsi.participants, 'participant', 'participants')}`,
      seen('jvb'),
    );
  if (encoding !== undefined && plans.encoding !== null) {
    const names = Object.entries(encoding.workers)
      .filter(([, { queue }]) => queue === 'encoding')
      .map(([name]) => name);
    add(
      'encoding',
      'worker (encoding)',
      names,
      plans.encoding.workers,
      words.minutesOfVideo({ peakMinutesPerHour: plans.encoding.peakMinutesPerHour }),
      seen('worker'),
    );
  }
  if (inventory.esup_runner !== undefined && plans.runners !== null && plans.runners !== undefined) {
    const { hoursPerDay, instances } = plans.runners;
    // Instances, not nodes, are what the manager counts; one that is not to encode does not help.
    const names = Object.entries(inventory.esup_runner.runners)
      .filter(
        ([name, { task_types: types }]) =>
          types.includes('encoding') && !inventory.maintenance.includes(name),
      )
      .flatMap(([name, node]) => instancesOf(name, node).map((instance) => instance.name));
    const demand = words.hoursOfVideo({ hoursPerDay });
    add('esup-runner', 'runner', names, instances, demand, seen('runner'));
  }
  return found;
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
