import { ClusterBench, type BenchSystem } from '../support/cluster/cluster-bench.js';
import { proveFault, type FaultOutcome } from '../support/cluster/faults.js';
import { jitsiFaults } from '../support/cluster/jitsi-faults.js';
import { podFaults } from '../support/cluster/pod-faults.js';
import { streamingFaults } from '../support/cluster/streaming-faults.js';

// `npm run prove cluster [WORD…]`: every runtime fault on the real bench, one lane per system. Words choose faults.
const words = process.argv.slice(2);
const all = [...streamingFaults, ...jitsiFaults, ...podFaults].filter(
  ({ name, system }) => words.length === 0 || words.some((word) => name.includes(word) || system === word),
);
const systems = [...new Set(all.map(({ system }) => system))];
const bench = new ClusterBench(systems);

async function lane(system: BenchSystem): Promise<FaultOutcome[]> {
  const outcomes: FaultOutcome[] = [];
  for (const fault of all.filter((one) => one.system === system)) {
    const outcome = await proveFault(bench, fault);
    outcomes.push(outcome);
    const mark = outcome.passed ? 'ok  ' : 'FAIL';
    process.stdout.write(`${mark} ${system} ${fault.name} (${outcome.seconds} s): ${outcome.said}\n`);
  }
  return outcomes;
}

try {
  await bench.start();
  const outcomes = (await Promise.all(systems.map(lane))).flat();
  const failed = outcomes.filter(({ passed }) => !passed);
  process.stdout.write(
    `${outcomes.length - failed.length} of ${outcomes.length} faults found with their cause first\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await bench.stop();
}
