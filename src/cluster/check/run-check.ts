import type { StreamingPorts } from '../streaming/ports.js';
import { gatherStreaming } from '../streaming/gather.js';
import { judgeStreaming, positionsOf, sequencesOf } from '../streaming/judge.js';
import type { PreviousPositions, PreviousSequences } from '../streaming/playlist-checks.js';
import type { JitsiPorts } from '../jitsi/gather.js';
import { gatherJitsi } from '../jitsi/gather.js';
import { judgeJitsi } from '../jitsi/judge.js';
import type { JitsiRunFacts } from '../jitsi/run-facts.js';
import type { PreviousJitsi } from '../jitsi/bridge-checks.js';
import { gatherPod, type PodPorts } from '../pod/gather.js';
import type { BrokerFacts, PodFacts } from '../pod/run-facts.js';
import { judgePod } from '../pod/judge.js';
import { excuseTimeouts, type Strain } from './excuse-timeouts.js';
import { gatherEsupRunner, type EsupRunnerPorts } from '../esup-runner/gather.js';
import { judgeEsupRunner, usesRunners } from '../esup-runner/judge.js';
import { idleSince, type PreviousIdle } from '../esup-runner/runner-checks.js';
import { judgeWhoEncodes } from '../esup-runner/who-encodes.js';
import { describeContacts, type Contact, type Written } from './contacts.js';
import type { ClusterResult, SystemName } from './cluster-result.js';
import type { ClusterTargets } from './targets.js';

/** What one run hands to the next, through the state file. */
export interface CheckMemory {
  readonly sequences?: PreviousSequences;
  readonly positions?: PreviousPositions;
  readonly jitsi?: PreviousJitsi;
  readonly idleRunners?: PreviousIdle;
}

export interface CheckOptions {
  /** Nothing is written anywhere, not even Celery's inspect message or an XMPP login. */
  readonly passive: boolean;
  /** A sentinel file on the share, SET and DEL of a probe key. */
  readonly probe: boolean;
}

export interface CheckPorts extends StreamingPorts, JitsiPorts, PodPorts, EsupRunnerPorts {
  /** How busy this machine was meanwhile; null: not known. */
  strain(): Strain | null;
}

/** One system that can be checked: a new kind is a folder and a line here. */
interface SystemCheck {
  readonly name: SystemName;
  /** First letter of its checks: S09, J05, P07. */
  readonly letter: string;
  readonly present: (targets: ClusterTargets) => boolean;
  readonly run: (
    targets: ClusterTargets,
    ports: CheckPorts,
    options: CheckOptions,
    memory: CheckMemory,
  ) => Promise<SystemRun>;
}

interface SystemRun {
  readonly results: readonly ClusterResult[];
  readonly memory: CheckMemory;
  readonly written: Written;
  /** Whether Pod sends its work to esup-runner, as far as it is known. */
  readonly usesRunners?: ReturnType<typeof usesRunners>;
}

const NOTHING: SystemRun = { results: [], memory: {}, written: {} };

export const systemChecks: readonly SystemCheck[] = [
  {
    name: 'streaming',
    letter: 'S',
    present: ({ streaming }) => streaming !== null,
    run: async (all, ports, _options, memory) => {
      if (all.streaming === null) return NOTHING;
      const facts = await gatherStreaming(all.streaming, ports);
      return {
        results: judgeStreaming(facts, all.streaming, all, memory),
        memory: { sequences: sequencesOf(facts), positions: positionsOf(facts, memory.positions) },
        written: {},
      };
    },
  },
  {
    name: 'jitsi',
    letter: 'J',
    present: ({ jitsi }) => jitsi !== null,
    run: async (all, ports, options, memory) => {
      if (all.jitsi === null) return NOTHING;
      const facts = await gatherJitsi(all.jitsi, options, ports);
      const lostBridges = facts.jicofo?.ok === true ? facts.jicofo.value.lostBridges : null;
      return {
        results: judgeJitsi(facts, all.jitsi, all, memory.jitsi),
        memory: { jitsi: { lostBridges } },
        written: { login: loginOf(facts) },
      };
    },
  },
  {
    name: 'encoding',
    letter: 'P',
    present: ({ pod }) => pod !== null,
    run: async (all, ports, options) => {
      if (all.pod === null) return NOTHING;
      const facts = await gatherPod(all.pod, options, ports);
      return { results: judgePod(facts, all.pod, all), memory: {}, written: writtenTo(facts) };
    },
  },
  {
    name: 'esup-runner',
    letter: 'R',
    present: ({ runners }) => runners !== null,
    run: async (all, ports, options, memory) => {
      if (all.runners === null) return NOTHING;
      const facts = await gatherEsupRunner(all.runners, options, ports);
      const before = memory.idleRunners ?? {};
      return {
        results: judgeEsupRunner(facts, all.runners, all, before),
        memory: { idleRunners: idleSince(facts, before) },
        written: { runnerProbed: facts.probe?.ok === true },
        usesRunners: usesRunners(facts),
      };
    },
  },
];

/** A login that did not come as far as its password wrote nothing. */
function loginOf({ login }: JitsiRunFacts): 'refused' | 'accepted' | null {
  if (login?.ok !== true || login.value.stage === 'connected') return null;
  return login.value.stage === 'starttls' ? 'refused' : 'accepted';
}

function writtenTo({ brokers, shares }: PodFacts): Written {
  const named = (wrote: (facts: BrokerFacts) => boolean): string[] =>
    brokers.filter(wrote).map(({ broker }) => broker);
  return {
    inspected: named(({ state, workers }) => state.ok && workers !== null),
    probed: named(({ write }) => write !== null),
    sentinel: shares.some(({ sentinel }) => sentinel?.ok === true),
  };
}

/** What one run of `cluster check` found. */
export interface CheckReport {
  readonly at: number;
  readonly ms: number;
  readonly results: readonly ClusterResult[];
  /** For the next run; nothing of a system that was not looked at. */
  readonly memory: CheckMemory;
  /** Everything that was contacted, and what was written there. */
  readonly contacts: readonly Contact[];
}

/** The check that two systems answer together. */
const WHO_ENCODES = 'P20';

/**
 * Checks the systems of the inventory, side by side.
 * @param only ids of checks (S09, P07); systems without any of them are not contacted. Empty: all.
 */
export async function runClusterCheck(
  targets: ClusterTargets,
  ports: CheckPorts,
  options: CheckOptions & { readonly only: readonly string[]; readonly memory: CheckMemory },
): Promise<CheckReport> {
  const startedAt = performance.now();
  const wanted = systemChecks.filter(
    ({ letter, present }) =>
      present(targets) &&
      (options.only.length === 0 ||
        options.only.some((id) => id.startsWith(letter) || (id === WHO_ENCODES && letter === 'R'))),
  );
  const ends = await Promise.all(wanted.map((system) => system.run(targets, ports, options, options.memory)));
  const uses = ends.map((end) => end.usesRunners ?? null).find((one) => one !== null) ?? null;
  const results = judgeWhoEncodes(
    excuseTimeouts(
      ends.flatMap((end) => end.results),
      ports.strain(),
    ),
    targets,
    uses,
  );
  return {
    at: ports.now(),
    ms: Math.round(performance.now() - startedAt),
    results: keepOnly(results, options.only),
    memory: Object.assign({}, ...ends.map((end) => end.memory)) as CheckMemory,
    contacts: describeContacts(
      targets,
      wanted.map(({ name }) => name),
      Object.assign({}, ...ends.map(({ written }) => written)) as Written,
    ),
  };
}

/** The asked checks, with what explains their bad results. */
export function keepOnly(
  results: readonly ClusterResult[],
  only: readonly string[],
): readonly ClusterResult[] {
  if (only.length === 0) return results;
  const kept = new Set(results.filter(({ check }) => only.includes(check)).map(({ id }) => id));
  const byId = new Map(results.map((result) => [result.id, result]));
  const addCauses = (result: ClusterResult): void => {
    for (const id of result.causedBy) {
      const cause = byId.get(id);
      if (cause === undefined || kept.has(id)) continue;
      kept.add(id);
      addCauses(cause);
    }
  };
  for (const result of results) if (result.status !== 'ok' && kept.has(result.id)) addCauses(result);
  return results.filter(({ id }) => kept.has(id));
}
