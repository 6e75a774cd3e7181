import { findingsOf, type Finding } from '../../../src/cluster/check/verdict.js';
import { excuseTimeouts } from '../../../src/cluster/check/excuse-timeouts.js';
import type { CheckReport } from '../../../src/cluster/check/run-check.js';
import type { BenchSystem, ClusterBench } from './cluster-bench.js';

/** Something broken on purpose on the running bench. */
export interface RuntimeFault {
  readonly name: string;
  readonly system: BenchSystem;
  /** One fault of each family of causes runs in `npm test`; all run in `npm run prove cluster`. */
  readonly family?: true;
  readonly inject: (bench: ClusterBench) => Promise<void> | void;
  readonly heal: (bench: ClusterBench) => Promise<void> | void;
  /** The cause that must stand first, by its code, and the severity of its finding. */
  readonly first: RegExp;
  readonly status: 'critical' | 'warning' | 'unknown';
  /** What must be folded under it. */
  readonly explains?: RegExp;
  readonly options?: { readonly probe?: boolean; readonly passive?: boolean };
}

export interface FaultOutcome {
  readonly fault: RuntimeFault;
  readonly passed: boolean;
  /** Not proven, because this machine was too busy for answers to come in time: neither good nor bad. */
  readonly overloaded: boolean;
  /** What stood first, and after how long. */
  readonly said: string;
  readonly seconds: number;
}

const DETECTION_MS = 30_000;
const HEALING_MS = 45_000;
/** As long as the check itself would say that this machine is overloaded. */
const OVERLOADED_MS = 120_000;

/** Whether the check, told how busy this machine is, would blame that: all answers that are missing came too late. */
const isOverloaded = ({ strain }: ClusterBench, { results }: CheckReport): boolean =>
  excuseTimeouts(results, strain).some(({ code }) => code === 'cluster-overloaded');

/** A report of the bench; of a machine that is too busy for answers to come in time, the first that is not. */
export async function lookInPeace(
  bench: ClusterBench,
  options?: Parameters<ClusterBench['check']>[0],
): Promise<CheckReport> {
  const startedAt = Date.now();
  for (;;) {
    const report = await bench.check(options);
    if (!isOverloaded(bench, report) || Date.now() - startedAt > OVERLOADED_MS) return report;
  }
}

/** Breaks, checks until the cause stands first, heals, checks until nothing is wrong. */
export async function proveFault(whole: ClusterBench, fault: RuntimeFault): Promise<FaultOutcome> {
  const bench = whole.forSystem(fault.system);
  const startedAt = Date.now();
  await fault.inject(bench);
  let said = 'nothing';
  let passed = false;
  let overloaded = false;
  try {
    while (!passed && Date.now() - startedAt < (overloaded ? OVERLOADED_MS : DETECTION_MS)) {
      const report = await bench.check({ systems: [fault.system], ...fault.options });
      const findings = findingsOf(report.results);
      said = describe(findings);
      overloaded = isOverloaded(bench, report);
      passed = matches(fault, findings[0]);
    }
  } finally {
    await fault.heal(bench);
  }
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const left = await untilHealthy(bench, fault.system);
  if (left !== null)
    return {
      ...{ fault, passed: false, overloaded: left.overloaded, seconds },
      said: `${said}; after healing: ${left.said}`,
    };
  return { fault, passed, overloaded: overloaded && !passed, said, seconds };
}

function matches(fault: RuntimeFault, first: Finding | undefined): boolean {
  if (first === undefined) return false;
  const name = first.root.id.split('@')[0] ?? '';
  if (!fault.first.test(name) || first.status !== fault.status) return false;
  const { explains } = fault;
  return explains === undefined || first.consequences.some(({ id }) => explains.test(id));
}

async function untilHealthy(
  bench: ClusterBench,
  system: BenchSystem,
): Promise<{ said: string; overloaded: boolean } | null> {
  const startedAt = Date.now();
  for (;;) {
    const report: CheckReport = await bench.check({ systems: [system] });
    const findings = findingsOf(report.results);
    if (findings.length === 0) return null;
    const overloaded = isOverloaded(bench, report);
    if (Date.now() - startedAt > (overloaded ? OVERLOADED_MS : HEALING_MS))
      return { said: describe(findings), overloaded };
  }
}

const describe = (findings: readonly Finding[]): string =>
  findings
    .slice(0, 3)
    .map(({ root, status, consequences }) => `${status} ${root.id} (+${consequences.length})`)
    .join(', ') || 'nothing';
