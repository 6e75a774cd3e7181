import { expect, it } from 'vitest';
import { proveLive } from '../support/crash/live-slice.js';

/* The bounded share of `npm run prove:crash live`. */
it('passes killed at random and a killed keeper leave one keeper, one recording, and nothing else', async () => {
  const passes = { start: 4, onAir: 4, end: 3 };
  const { kills, differences } = await proveLive({ lives: 1, passes, keepers: 1 });
  expect(differences).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(6);
});
