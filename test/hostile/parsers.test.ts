import { describe, expect, it } from 'vitest';
import { proveTarget } from '../support/hostile/prove-target.js';
import { targets } from '../support/hostile/targets.js';

/* The bounded share of `npm run prove fuzz`: the same faults and targets, fields of 50 kB, and what is kept in
   fixtures/hostile. */
describe.each(targets.map((target) => [target.name, target] as const))('%s, spoilt', (_name, target) => {
  it('gives a result or one clear error, in bounded time', async () => {
    const proof = await proveTarget(target, { runs: 6, size: 50_000, limitMs: 4000, seed: 20_261_121 });
    expect(proof.failure).toBeNull();
    expect(proof.cases).toBeGreaterThanOrEqual(6);
  }, 30_000);
});
