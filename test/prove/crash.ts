/* `npm run prove crash [-- SLICE…] [--seconds=N]`: kills at every journal step and at random moments; whatever a command
   needs taken away and given back. A second run must end as an uninterrupted one, undo must restore every table, and after
   each kill nothing of ours may run or lie about. Slices: import (import-sqlite, import-mysql, import-postgresql), restored
   (a Pod older than the journal), greenlight, annotate, claim, convert, queue, live (kills); faults, dependencies (taken
   away). Without a name: all, two at a time. No new kill begins after N seconds of a slice (120). Prints kills and
   differences of each, ends with status 1 when there is one. */
import { annotateScenario } from '../support/crash/annotate-scenario.js';
import { claimScenario } from '../support/crash/claim-scenario.js';
import { convertScenario } from '../support/crash/convert-scenario.js';
import { proveLiveDependencies } from '../support/crash/dependencies-of-lives.js';
import { proveMigrationDependencies } from '../support/crash/dependencies-of-migration.js';
import { proveQueueDependencies } from '../support/crash/dependencies-of-queue.js';
import type { DependencyRow } from '../support/crash/dependency.js';
import { proveDatabaseFaults } from '../support/crash/faults-of-databases.js';
import { proveFullDisks } from '../support/crash/full-disks.js';
import { importScenario } from '../support/crash/import-scenario.js';
import { proveLive } from '../support/crash/live-slice.js';
import { proveQueue } from '../support/crash/queue-slice.js';
import { proveScenario, type CrashTally, type Effort, type Scenario } from '../support/crash/scenario.js';
import { proveShortMemory } from '../support/crash/short-memory.js';
import { greenlightScenario, restoredScenario } from '../support/crash/typed-scenario.js';
import { stopOwnServers } from '../support/servers.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const seconds = Number(/^--seconds=(\d+)$/.exec(words.at(-1) ?? '')?.[1] ?? 120);
const chosen = words.filter((word) => !word.startsWith('--'));
const wants = (...names: string[]): boolean =>
  chosen.length === 0 || names.some((name) => chosen.includes(name));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const differences: string[] = [];
const total = { kills: 0, faults: 0 };
const startedAt = Date.now();

const scenario = async (opening: Promise<Scenario>, effort: Effort): Promise<CrashTally> => {
  const opened = await opening;
  const tally = await proveScenario(opened, { ...effort, seconds });
  await opened.close();
  return tally;
};

async function kills(prove: () => Promise<CrashTally>): Promise<void> {
  const from = Date.now();
  const tally = await prove();
  total.kills += tally.kills;
  differences.push(...tally.differences.map((difference) => `${tally.name}, ${difference}`));
  say(
    `${tally.name.padEnd(32)} ${String(tally.kills).padStart(4)} kills, ${String(tally.tooLate).padStart(3)} too late, ` +
      `${tally.differences.length} differences, ${secondsSince(from)} s`,
  );
}

async function dependencies(prove: () => Promise<readonly DependencyRow[]>): Promise<void> {
  const from = Date.now();
  for (const row of await prove()) {
    const name = `${row.dependency} | ${row.command}`;
    total.faults += row.faults;
    differences.push(...row.differences.map((difference) => `${name}, ${difference}`));
    const note = row.note === undefined || row.note === '' ? '' : ` (${row.note})`;
    say(
      `${name.padEnd(44)} ${String(row.faults).padStart(3)} times, ${String(row.through).padStart(3)} came through, ` +
        `${String(row.told).padStart(3)} told, ${row.differences.length} differences${note}`,
    );
  }
  say(`${''.padEnd(44)} ${secondsSince(from)} s`);
}

async function faults(engine: 'mysql' | 'postgresql'): Promise<void> {
  const tally = await proveDatabaseFaults(engine, { recordings: 9, everyStep: 1 });
  total.faults += tally.faults;
  differences.push(...tally.differences.map((difference) => `${tally.name}, ${difference}`));
  say(
    `${tally.name}: ${tally.faults} times, ${tally.refused} runs refused, ${tally.differences.length} differences`,
  );
}

const secondsSince = (from: number): number => Math.round((Date.now() - from) / 1000);

/** Databases and files: mostly waiting for disks and servers. */
async function migrationLane(): Promise<void> {
  for (const engine of ['sqlite', 'mysql', 'postgresql'] as const)
    if (wants('import', `import-${engine}`)) {
      const [recordings, random] = engine === 'sqlite' ? [40, 60] : [9, 20];
      await kills(() => scenario(importScenario(engine, recordings), { steps: 'all', random }));
    }
  if (wants('restored'))
    for (const engine of ['sqlite', 'postgresql'] as const)
      for (const answer of ['--recreate', '--accept-removed'] as const)
        await kills(() => scenario(restoredScenario(engine, answer), { steps: 'all', random: 10 }));
  if (wants('greenlight'))
    await kills(() => scenario(greenlightScenario('sqlite'), { steps: 'all', random: 10 }));
  if (wants('annotate'))
    for (const engine of ['mysql', 'postgresql'] as const)
      await kills(() => scenario(annotateScenario(engine), { steps: 'all', random: 40 }));
  if (wants('claim')) await kills(() => scenario(claimScenario(), { steps: 0, random: 80 }));
  if (wants('faults')) for (const engine of ['mysql', 'postgresql'] as const) await faults(engine);
  if (wants('dependencies')) {
    await dependencies(() => proveMigrationDependencies(2));
    await dependencies(proveFullDisks);
  }
}

/** Browsers, encoders, workers: mostly computing. */
async function mediaLane(): Promise<void> {
  if (wants('live'))
    await kills(() =>
      proveLive({ lives: 3, passes: { start: 20, onAir: 70, end: 20 }, keepers: 2, seconds }),
    );
  if (wants('queue'))
    for (const persistent of [true, false]) await kills(() => proveQueue({ kills: 18, persistent, seconds }));
  if (wants('convert')) {
    await kills(() => scenario(convertScenario(12, null), { steps: 0, random: 18, children: 10 }));
    await kills(() => scenario(convertScenario(12, '/dev/shm'), { steps: 0, random: 6, children: 2 }));
  }
  if (wants('dependencies')) {
    await dependencies(proveLiveDependencies);
    await dependencies(proveQueueDependencies);
    await dependencies(proveShortMemory);
  }
}

const lanes = await Promise.allSettled(
  chosen.length === 0 ? [migrationLane(), mediaLane()] : [migrationLane().then(mediaLane)],
);
await stopOwnServers();
for (const lane of lanes)
  if (lane.status === 'rejected') differences.push(`a slice broke off: ${String(lane.reason)}`);
for (const difference of differences) say(`DIFFERENCE ${difference}`);
say(
  `${total.kills} kills, ${total.faults} faults, ${differences.length} differences, ${secondsSince(startedAt)} s`,
);
process.exitCode = differences.length === 0 ? 0 : 1;
