import { describeResult } from '../../../src/kit/checks/check-result.js';
import { findingsOf, type Finding } from '../../../src/cluster/check/verdict.js';
import type { CheckReport } from '../../../src/cluster/check/run-check.js';
import { RunnerBench } from './runner-bench.js';
import type { RunnerFault } from './runner-faults.js';

const codeOf = ({ root }: Finding): string => root.id.split('@')[0] ?? '';

/** Makes one fault on a bench of its own and checks. @returns what is not as expected; empty when all is */
export async function proveRunnerFault(fault: RunnerFault): Promise<string> {
  const bench = new RunnerBench();
  await bench.start();
  try {
    fault.make(bench);
    const options = fault.probe === true ? { probe: true } : {};
    let report = await bench.check(options);
    if (fault.againAfterMinutes !== undefined) {
      const minutes = fault.againAfterMinutes;
      const { idleRunners = {} } = bench.memory;
      bench.memory = {
        ...bench.memory,
        idleRunners: Object.fromEntries(
          Object.entries(idleRunners).map(([name, at]) => [name, at - minutes * 60_000]),
        ),
      };
      report = await bench.check(options);
    }
    return judge(fault, report);
  } finally {
    await bench.stop();
  }
}

function judge({ first, status, explains, amongOthers }: RunnerFault, report: CheckReport): string {
  const untold = report.results
    .flatMap((result) => (['en', 'fr'] as const).map((language) => describeResult(result, language)))
    .flatMap(({ text, remedy }) => [text, remedy])
    .filter((said) => /\{[a-z]\w*\}/i.test(said));
  if (untold.length > 0) return `words without a value: ${untold.join(' / ')}`;
  if (status === 'ok') {
    const seen = report.results.some(({ id, noteworthy }) => noteworthy && first.test(id));
    return seen && findingsOf(report.results).length === 0
      ? ''
      : `not noted: ${say(findingsOf(report.results))}`;
  }
  const findings = findingsOf(report.results);
  const found = amongOthers === true ? findings.find((one) => first.test(codeOf(one))) : findings[0];
  if (found === undefined || !first.test(codeOf(found)) || found.status !== status) return say(findings);
  if (explains !== undefined && !found.consequences.some(({ id }) => explains.test(id)))
    return `does not explain ${String(explains)}: ${say(findings)}`;
  const others = findings.filter((one) => !first.test(codeOf(one)));
  return amongOthers === true || others.length === 0 ? '' : `more than the cause: ${say(findings)}`;
}

export const say = (findings: readonly Finding[]): string =>
  findings
    .map(
      ({ root, status, consequences }) =>
        `${status} ${root.id} ${describeResult(root, 'en').text} (+${consequences.map(({ id }) => id).join(' ')})`,
    )
    .join(' | ') || 'nothing';
