import '../../src/cluster/texts/check-codes.js';
import { ClusterBench, type BenchSystem } from '../support/cluster/cluster-bench.js';
import { proveFault, type FaultOutcome } from '../support/cluster/faults.js';
import { jitsiFaults } from '../support/cluster/jitsi-faults.js';
import { podFaults } from '../support/cluster/pod-faults.js';
import { proveRunnerFault } from '../support/cluster/prove-runner-fault.js';
import { runnerFaults } from '../support/cluster/runner-faults.js';
import { runnerPodFaults } from '../support/cluster/runner-pod-faults.js';
import { streamingFaults } from '../support/cluster/streaming-faults.js';

// `npm run prove cluster [WORD…]`: every runtime fault on the real bench, one lane per system. Words choose faults.
const words = process.argv.slice(2);
const all = [...streamingFaults, ...jitsiFaults, ...podFaults].filter(
  ({ name, system }) => words.length === 0 || words.some((word) => name.includes(word) || system === word),
);
const runners = [...runnerFaults, ...runnerPodFaults].filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word) || word === 'esup-runner'),
);
const systems = [...new Set(all.map(({ system }) => system))];
const bench = new ClusterBench(systems);

const RUNNER_TRIES = 3;

type Judged = Pick<FaultOutcome, 'passed' | 'overloaded'>;

async function lane(system: BenchSystem): Promise<FaultOutcome[]> {
  const outcomes: FaultOutcome[] = [];
  for (const fault of all.filter((one) => one.system === system)) {
    const outcome = await proveFault(bench, fault);
    outcomes.push(outcome);
    const mark = outcome.passed ? 'ok  ' : outcome.overloaded ? 'busy' : 'FAIL';
    process.stdout.write(`${mark} ${system} ${fault.name} (${outcome.seconds} s): ${outcome.said}\n`);
  }
  return outcomes;
}

/** esup-runner has a stand-in of its own for each fault. */
async function runnerLane(): Promise<Judged[]> {
  const outcomes: Judged[] = [];
  for (const fault of runners) {
    let said = await proveRunnerFault(fault);
    // What did not come in time on a busy machine is asked again: that proves nothing.
    for (let again = 0; again < RUNNER_TRIES && /cluster-overloaded/.test(said); again++)
      said = await proveRunnerFault(fault);
    const overloaded = /cluster-overloaded/.test(said);
    outcomes.push({ passed: said === '', overloaded });
    process.stdout.write(
      `${said === '' ? 'ok  ' : overloaded ? 'busy' : 'FAIL'} esup-runner ${fault.name}${said === '' ? '' : `: ${said}`}\n`,
    );
  }
  return outcomes;
}

try {
  if (systems.length > 0) await bench.start();
  const outcomes = (await Promise.all<readonly Judged[]>([...systems.map(lane), runnerLane()])).flat();
  const failed = outcomes.filter(({ passed, overloaded }) => !passed && !overloaded);
  const busy = outcomes.filter(({ passed, overloaded }) => !passed && overloaded).length;
  process.stdout.write(
    `${outcomes.length - failed.length - busy} of ${outcomes.length} faults found with their cause first${busy === 0 ? '' : `; ${busy} not proven, this machine is overloaded`}\n`,
  );
  process.exitCode = failed.length > 0 ? 1 : busy > 0 ? 3 : 0;
} finally {
  await bench.stop();
}
