import { expect, it } from 'vitest';
import { proveDatabaseFaults } from '../support/crash/faults-of-databases.js';

/* The bounded share of `npm run prove:crash faults`: each manner of going away, once. */
it('an import whose database goes away and comes back ends, after a second run, as if it had not', async () => {
  const { faults, differences } = await proveDatabaseFaults('postgresql', { recordings: 4, everyStep: 100 });
  expect(differences).toEqual([]);
  expect(faults).toBe(4);
});
