/* `npm run prove fuzz [RUNS] [SEED] [TARGET]`: hostile input for everything that reads what others wrote. RUNS (default
   60) generated cases for each target beside the kept ones in fixtures/hostile; fields of 10 MB. A failing input is
   kept there. Prints one line per target and ends with status 1 when one failed. */
import { proveTarget } from '../support/hostile/prove-target.js';
import { targets } from '../support/hostile/targets.js';

const [runs = '60', seed = String(Date.now() % 1_000_000), only = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let cases = 0;
let failed = 0;
say(`seed ${seed}, ${runs} generated cases for each of ${targets.length} targets, fields of 10 MB`);
for (const target of targets) {
  if (only !== '' && !target.name.includes(only)) continue;
  // Whoever waits in vain sees for what.
  process.stderr.write(`${target.name} …\n`);
  const proof = await proveTarget(target, {
    runs: Number(runs),
    size: 10_000_000,
    limitMs: 5000,
    seed: Number(seed),
    keep: true,
  });
  cases += proof.cases;
  if (proof.failure !== null) failed++;
  say(
    `${proof.failure === null ? 'ok    ' : 'FAILED'} ${target.name.padEnd(38)} ${String(proof.cases).padStart(4)} cases: ` +
      `${proof.read} read, ${proof.refused} refused; slowest ${Math.round(proof.slowestMs)} ms; heap +${(proof.grownBytes / 1e6).toFixed(1)} MB` +
      (proof.failure === null ? '' : `\n       ${proof.failure}`),
  );
}
say(`${cases} cases, ${failed} targets failed`);
process.exitCode = failed === 0 ? 0 : 1;
