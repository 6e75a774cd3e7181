import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planAnnotations } from '../../src/moodle/plan-annotations.js';
import { emitPhp } from '../../src/moodle/emit/emit-php.js';
import { emitBackup, emitSql } from '../../src/moodle/emit/emit-sql.js';
import type { AnnotateAction } from '../../src/moodle/plan-annotation.js';
import { listed, noticePolicy, openAnnotateSite, type AnnotateSite } from '../support/annotate.js';
import { activityId, moodleSeed } from '../support/moodle-seed.js';
import { createMoodleSite, resetMoodleSite } from '../support/moodle-site.js';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';

const seed = moodleSeed();
const all = seed['bigbluebuttonbn']!.map((row) => Number(row['id']));
const WRITTEN = all.length - 3;

describe.each(['mysql', 'postgresql'] as ServerEngine[])(
  'scripts for somebody else to run, on %s',
  (engine) => {
    let database: TestDatabase;
    let site: AnnotateSite;
    let actions: AnnotateAction[];
    let directory: string;
    beforeAll(async () => {
      database = await createDatabase(engine);
      await createMoodleSite(database, seed);
    });
    afterAll(() => database.drop());
    beforeEach(async () => {
      await resetMoodleSite(database, seed, ['bigbluebuttonbn', 'course']);
      site = await openAnnotateSite(database);
      directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-emit-'));
      const byActivity = new Map(all.map((id) => [id, [listed()]]));
      actions = [];
      const { signal } = new AbortController();
      for await (const action of planAnnotations(byActivity, site.reader, noticePolicy(), signal))
        actions.push(action);
    });
    afterEach(async () => {
      await site.close();
      rmSync(directory, { recursive: true, force: true });
    });

    const marked = async (): Promise<number> =>
      [...(await site.intros()).values()].filter((intro) => intro?.includes('bbb2pod-notice-test') === true)
        .length;
    const edit = (name: string, change: (intro: string) => string): Promise<unknown> =>
      site.intros().then((intros) =>
        database
          .admin('mdl_bigbluebuttonbn')
          .where('id', activityId(name))
          .update({ intro: change(intros.get(activityId(name)) ?? '') }),
      );

    describe('SQL', () => {
      // Through the engine's own client, as an administrator would.
      const run = (sql: string): void => {
        const { host, port, user, password } = database.server!;
        const file = path.join(directory, 'script.sql');
        writeFileSync(file, sql);
        if (engine === 'mysql')
          execFileSync(
            'mariadb',
            [
              '--no-defaults',
              `--host=${host}`,
              `--port=${port}`,
              `--user=${user}`,
              `--password=${password}`,
              database.name,
              '-e',
              `source ${file}`,
            ],
            { stdio: ['ignore', 'pipe', 'pipe'] },
          );
        else
          execFileSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', file, database.url], {
            stdio: ['ignore', 'pipe', 'pipe'],
          });
      };
      const scripts = () => emitSql(actions, { engine, prefix: 'mdl_', nowSeconds: 1_800_000_000 });

      it('writes, changes nothing when run again, and takes back byte for byte', async () => {
        const before = await site.intros();
        run(scripts().apply);
        const after = await site.intros();
        expect(await marked()).toBe(WRITTEN);
        for (const { activity, to } of actions) expect(after.get(activity.id)).toBe(to);
        run(scripts().apply);
        expect(await site.intros()).toEqual(after);
        const [course] = (await database.admin('mdl_course').where('id', 2)) as {
          cacherev: string | number;
        }[];
        expect(Number(course?.cacherev)).toBeGreaterThanOrEqual(1_800_000_000);
        run(scripts().undo);
        expect(await site.intros()).toEqual(before);
      });

      it('cuts our text alone where a teacher edited since', async () => {
        run(scripts().apply);
        await edit('byName', (intro) => `<p>Nouveau \\ ' "</p>${intro}`);
        run(scripts().undo);
        expect((await site.intros()).get(activityId('byName'))).toMatch(/^<p>Nouveau \\ ' "<\/p><p>Séance/);
        expect(await marked()).toBe(0);
      });

      it('restores from a backup, whatever was done since', async () => {
        const before = await site.intros();
        await site.annotate('r1', all);
        await edit('byName', () => 'gone');
        run(emitBackup(actions, { engine, prefix: 'mdl_', nowSeconds: 0 }));
        expect(await site.intros()).toEqual(before);
      });
    });

    describe('PHP', () => {
      const config = path.resolve('fixtures/moodle-stand-in/config.php');
      const php = (...parameters: string[]): Record<string, unknown> => {
        const { host, port, user, password } = database.server!;
        const dsn = `${engine === 'mysql' ? 'mysql' : 'pgsql'}:host=${host};port=${port};dbname=${database.name}`;
        const env = {
          ...process.env,
          STAND_IN_DSN: engine === 'mysql' ? `${dsn};charset=utf8mb4` : dsn,
          STAND_IN_USER: user,
          STAND_IN_PASSWORD: password,
        };
        const output = execFileSync('php', [path.join(directory, 'notice.php'), ...parameters, config], {
          env,
        });
        return JSON.parse(output.toString().trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      };
      beforeEach(() => writeFileSync(path.join(directory, 'notice.php'), emitPhp(actions, 'test')));

      it('has no fault of syntax', () => {
        execFileSync('php', ['-l', path.join(directory, 'notice.php')]);
      });

      it('writes, changes nothing when run again, and takes back byte for byte', async () => {
        const before = await site.intros();
        expect(php('--dry')).toMatchObject({ written: WRITTEN, dry: true });
        expect(await site.intros()).toEqual(before);
        expect(php()).toMatchObject({ written: WRITTEN, skipped: 0 });
        const after = await site.intros();
        for (const { activity, to } of actions) expect(after.get(activity.id)).toBe(to);
        expect(php()).toMatchObject({ written: 0, skipped: WRITTEN });
        expect(await site.intros()).toEqual(after);
        expect(php('--undo')).toMatchObject({ restored: WRITTEN, left: 0 });
        expect(await site.intros()).toEqual(before);
        expect(php('--undo')).toMatchObject({ restored: 0, left: 0 });
      });

      it('appends to what stands there then, and cuts out its text alone afterwards', async () => {
        await edit('byName', () => '<p>Plus récent</p>');
        expect(php()).toMatchObject({ written: WRITTEN });
        await edit('group', (intro) => `${intro}<p>Ajout</p>`);
        expect(php('--undo')).toMatchObject({ restored: WRITTEN - 1, cut: 1, left: 0 });
        expect((await site.intros()).get(activityId('byName'))).toBe('<p>Plus récent</p>');
        expect((await site.intros()).get(activityId('group'))).toBe('<p>Groupes</p><p>Ajout</p>');
      });
    });
  },
);
