import { expect, it } from 'vitest';
import { convertScenario } from '../support/crash/convert-scenario.js';
import { proveQueue } from '../support/crash/queue-slice.js';
import { proveScenario } from '../support/crash/scenario.js';

/** Six conversions or starts of workers, on whatever machine. */
const LIMIT = { timeout: 300_000 };

/* The bounded share of `npm run prove crash convert queue`. */
it(
  'a conversion killed at random, or robbed of a program, ends in the same film after a second run',
  LIMIT,
  async () => {
    const scenario = await convertScenario(6, '/dev/shm');
    const { differences } = await proveScenario(scenario, { steps: 0, random: 1, children: 1 });
    await scenario.close();
    expect(differences).toEqual([]);
  },
);

it('a killed worker costs no job', LIMIT, async () => {
  const { kills, differences } = await proveQueue({ kills: 1, persistent: true });
  expect(differences).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(1);
});
