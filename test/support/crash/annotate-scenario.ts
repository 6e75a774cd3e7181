import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openAnnotateSite } from '../annotate.js';
import { moodleSeed } from '../moodle-seed.js';
import { createMoodleSite } from '../moodle-site.js';
import { createDatabase, type ServerEngine } from '../servers.js';
import { startScript, type Scenario } from './scenario.js';

const child = path.resolve(import.meta.dirname, '../annotate-crash-child.ts');

/** `moodle annotate` of every activity of the sample Moodle. */
export async function annotateScenario(engine: ServerEngine): Promise<Scenario> {
  const seed = moodleSeed();
  const all = seed['bigbluebuttonbn']!.map((row) => Number(row['id']));
  const database = await createDatabase(engine);
  await createMoodleSite(database, seed);
  const newState = (): string => mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  let state = newState();
  const within = async <T>(
    work: (site: Awaited<ReturnType<typeof openAnnotateSite>>) => Promise<T>,
  ): Promise<T> => {
    const site = await openAnnotateSite(database, database.url, state);
    try {
      return await work(site);
    } finally {
      await site.close();
    }
  };
  const before = await within((site) => site.intros());
  return {
    name: `annotate on ${engine}`,
    start: (step, temporary) =>
      startScript(child, [database.url, state, all.join(','), String(step)], temporary),
    finish: () =>
      within(async (site) => {
        await site.annotate('SECOND', all);
      }),
    look: () => within((site) => site.intros()),
    reset: async () => {
      const restored = await within(async (site) => {
        await site.undo();
        return site.intros();
      });
      rmSync(state, { recursive: true });
      state = newState();
      if (!isDeepStrictEqual(restored, before)) throw new Error('undo left something behind');
    },
    close: async () => {
      await database.drop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
