/* `npm run prove:crash [SLICE…] [--seconds=N]`: kills at every journal step and at random moments, databases taken away and given
   back; a second run must end as an uninterrupted one, and undo must restore every table. Slices: import (or
   import-sqlite, import-mysql, import-postgresql), annotate, claim, faults; no new kill begins after N seconds of one. Prints kills and differences, ends with status 1 when there is one. */
import { annotateScenario } from '../support/crash/annotate-scenario.js';
import { claimScenario } from '../support/crash/claim-scenario.js';
import { proveDatabaseFaults } from '../support/crash/faults-of-databases.js';
import { importScenario } from '../support/crash/import-scenario.js';
import { proveScenario, type Scenario } from '../support/crash/scenario.js';
import { stopOwnServers } from '../support/servers.js';

const seconds = Number(/^--seconds=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? Infinity);
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wants = (slice: string): boolean => chosen.length === 0 || chosen.includes(slice);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let kills = 0;
let faults = 0;
const differences: string[] = [];

async function prove(scenario: Scenario, effort: Parameters<typeof proveScenario>[1]): Promise<void> {
  const startedAt = Date.now();
  const tally = await proveScenario(scenario, { ...effort, seconds });
  await scenario.close();
  kills += tally.kills;
  differences.push(...tally.differences.map((difference) => `${tally.name}, ${difference}`));
  say(
    `${tally.name}: ${tally.kills} kills, ${tally.tooLate} came too late, ${tally.differences.length} differences, ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
}

for (const engine of ['sqlite', 'mysql', 'postgresql'] as const)
  if (wants('import') || chosen.includes(`import-${engine}`))
    await prove(await importScenario(engine, engine === 'sqlite' ? 40 : 9), {
      steps: 'all',
      random: engine === 'sqlite' ? 80 : 20,
    });
if (wants('annotate'))
  for (const engine of ['mysql', 'postgresql'] as const)
    await prove(await annotateScenario(engine), { steps: 'all', random: 60 });
if (wants('claim')) await prove(await claimScenario(), { steps: 0, random: 120 });
if (wants('faults'))
  for (const engine of ['mysql', 'postgresql'] as const) {
    const tally = await proveDatabaseFaults(engine, { recordings: 9, everyStep: 1 });
    faults += tally.faults;
    differences.push(...tally.differences.map((difference) => `${tally.name}, ${difference}`));
    say(
      `${tally.name}: ${tally.faults} times, ${tally.refused} runs refused, ${tally.differences.length} differences`,
    );
  }
await stopOwnServers();
for (const difference of differences) say(`DIFFERENCE ${difference}`);
say(`${kills} kills, ${faults} faults, ${differences.length} differences`);
process.exitCode = differences.length === 0 ? 0 : 1;
