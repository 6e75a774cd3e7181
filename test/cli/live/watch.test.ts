import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Context } from '../../../src/cli/kit/context.js';
import type { LivePasses } from '../../../src/cli/live/run.js';
import { watchPasses } from '../../../src/cli/live/watch.js';
import { LiveDirectory } from '../../../src/live/adapters/live-store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-watch-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Watches until the second pass. @returns when each began, and whether it would have waited for newcomers */
async function watch(
  intervalSeconds: number,
  hasWork: () => boolean,
): Promise<{ at: number; waits: boolean }[]> {
  const end = new AbortController();
  const begun: { at: number; waits: boolean }[] = [];
  const passes: LivePasses = {
    plan: () => Promise.reject(new Error('not asked')),
    run: async (how) => {
      begun.push({ at: Date.now(), waits: how?.waits ?? true });
      if (begun.length === 2) end.abort();
      return { actions: [], failures: [], incidents: [] };
    },
    renew: () => Promise.resolve(),
    hasWork,
  };
  const context = {
    configuration: { live: { watch_interval: intervalSeconds } },
    stateDirectory: directory,
    signal: end.signal,
  } as unknown as Context;
  await watchPasses(context, passes, () => undefined);
  return begun;
}
const longestPause = (begun: readonly { at: number }[]): number =>
  Math.max(...begun.slice(1).map(({ at }, i) => at - begun[i]!.at));

it('never waits for newcomers in a pass: a keeper may die meanwhile', async () => {
  const begun = await watch(0.3, () => false);
  expect(begun.map(({ waits }) => waits)).toEqual([false, false]);
});

it('brings the next pass forward for a dead keeper or an untold newcomer, and for a knock', async () => {
  expect(longestPause(await watch(3, () => true))).toBeLessThan(2600);
  const store = new LiveDirectory(directory);
  const knocking = setInterval(() => store.knock(), 100);
  expect(longestPause(await watch(60, () => false))).toBeLessThan(5000);
  clearInterval(knocking);
});
