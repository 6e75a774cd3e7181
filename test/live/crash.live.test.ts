import { expect, it } from 'vitest';
import { proveLive } from '../support/crash/live-slice.js';

/* The bounded share of `npm run prove crash live`. */
it('passes killed at random and a killed keeper leave one keeper, one recording, and nothing else', async () => {
  const passes = { start: 3, onAir: 2, end: 2 };
  const { kills, differences } = await proveLive({ lives: 1, passes, keepers: 1 });
  expect(differences).toEqual([]);
  // The keeper, and at least one pass: on a quick machine most passes have ended before their moment.
  expect(kills).toBeGreaterThanOrEqual(2);
});
