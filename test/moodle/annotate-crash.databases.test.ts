import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { builtScript } from '../support/built-script.js';
import { openAnnotateSite } from '../support/annotate.js';
import { createMoodleSite } from '../support/moodle-site.js';
import { moodleSeed } from '../support/moodle-seed.js';
import { createDatabase, type ServerEngine } from '../support/servers.js';

const run = promisify(execFile);
const child = path.resolve(import.meta.dirname, '../support/annotate-crash-child.ts');
const seed = moodleSeed();
const all = seed['bigbluebuttonbn']!.map((row) => Number(row['id']));

describe.each(['mysql', 'postgresql'] as ServerEngine[])(
  'an annotation killed at any step, on %s',
  (engine) => {
    it('is finished by a second run, and taken back byte for byte', async () => {
      const database = await createDatabase(engine);
      await createMoodleSite(database, seed);
      const whole = await openAnnotateSite(database);
      const before = await whole.intros();
      await whole.annotate('WHOLE', all);
      const uninterrupted = await whole.intros();
      await whole.undo();
      await whole.close();
      let kills = 0;
      let ended = false;
      for (let step = 1; !ended; step++) {
        const state = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
        ended = await run(process.execPath, [
          builtScript(child),
          database.url,
          state,
          all.join(','),
          String(step),
        ]).then(
          () => true,
          (error: unknown) => (error as { signal?: string }).signal !== 'SIGKILL',
        );
        if (!ended) kills++;
        const site = await openAnnotateSite(database, database.url, state);
        await site.annotate('SECOND', all);
        expect(await site.intros(), `after a kill at step ${step}`).toEqual(uninterrupted);
        await site.undo();
        expect(await site.intros(), `undone after a kill at step ${step}`).toEqual(before);
        await site.close();
        rmSync(state, { recursive: true });
      }
      expect(kills).toBeGreaterThanOrEqual(8);
      await database.drop();
    });
  },
);
