import type { Inventory } from '../inventory/schema.js';
import type { EncodingPlan, JitsiPlan, StreamingPlan } from './plan-capacity.js';

export interface Plans {
  readonly streaming: StreamingPlan | null;
  readonly jitsi: JitsiPlan | null;
  readonly encoding: EncodingPlan | null;
}

/** What a role has and needs. `spare` is negative when nodes are short. */
export interface RoleComparison {
  readonly system: 'streaming' | 'jitsi' | 'encoding';
  readonly role: string;
  readonly present: number;
  /** Present and not in maintenance. */
  readonly available: number;
  readonly needed: number;
  readonly spare: number;
  /** What the needed count is for: `5000 viewers`. */
  readonly demand: string;
}

/** Compares the plan with the inventory; roles whose demand is unknown are left out. */
export function compareWithInventory(plans: Plans, inventory: Inventory): RoleComparison[] {
  const { streaming, jitsi, encoding } = inventory;
  const found: RoleComparison[] = [];
  const add = (
    system: RoleComparison['system'],
    role: string,
    names: readonly string[],
    needed: number,
    demand: string,
  ): void => {
    const available = names.filter((name) => !inventory.maintenance.includes(name)).length;
    found.push({ system, role, present: names.length, available, needed, spare: available - needed, demand });
  };
  if (streaming !== undefined && plans.streaming !== null) {
    const demand = `${plans.streaming.viewers} viewers`;
    add('streaming', 'balancer', Object.keys(streaming.balancers), 2, 'one to fail');
    add('streaming', 'ingest', Object.keys(streaming.ingests), 2, 'one to fail');
    add('streaming', 'broadcast', Object.keys(streaming.broadcasts), plans.streaming.nodesLikeOurs, demand);
  }
  if (jitsi !== undefined && plans.jitsi !== null)
    add(
      'jitsi',
      'jvb',
      Object.keys(jitsi.jvbs),
      plans.jitsi.bridges,
      `${plans.jitsi.participants} participants`,
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
      `${plans.encoding.peakMinutesPerHour} min of video per hour`,
    );
  }
  return found;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** `one broadcast node short for 5000 viewers`, or how many there are to spare. */
export function sayComparison({ role, spare, needed, available, demand }: RoleComparison): string {
  const count = Math.abs(spare);
  const nodes = `${NUMBERS[count] ?? String(count)} ${role} node${count === 1 ? '' : 's'}`;
  if (spare < 0) return `${nodes} short for ${demand}: ${available} available, ${needed} needed`;
  if (spare === 0) return `${role}: ${available} available, exactly what ${demand} needs`;
  return `${role}: ${available} available, ${needed} needed for ${demand}, ${nodes} more than needed`;
}
