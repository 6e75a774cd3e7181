import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';
import { createMoodleSite, resetMoodleSite } from '../support/moodle-site.js';
import { activityId, moodleSeed } from '../support/moodle-seed.js';
import { bulkSeed, openAnnotateSite, type AnnotateSite } from '../support/annotate.js';
import { parseFragment } from '../../src/moodle/notice/parse-fragment.js';
import type { Journal } from '../../src/kit/batch/journal.js';
import type { MoodleWriter } from '../../src/moodle/ports.js';

const seed = moodleSeed();
const all = seed['bigbluebuttonbn']!.map((row) => Number(row['id']));
const writable = ['byRole', 'byName', 'nothing', 'automatic', 'markdown', 'plain', 'group'].map(activityId);
const MARK = 'bbb2pod-notice-test';
/** How many notices a text holds; plain text names its end too. */
const copies = (intro: string | null | undefined): number =>
  ((intro ?? '').match(/[ [\n]bbb2pod-notice-test/g) ?? []).length;

describe.each(['mysql', 'postgresql'] as ServerEngine[])('notices in Moodle on %s', (engine) => {
  let database: TestDatabase;
  let site: AnnotateSite;
  beforeAll(async () => {
    database = await createDatabase(engine);
    await createMoodleSite(database, seed);
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await resetMoodleSite(database, seed, ['bigbluebuttonbn', 'course']);
    site = await openAnnotateSite(database);
  });
  afterEach(() => site.close());
  const introOf = async (name: string): Promise<string | null> =>
    (await site.intros()).get(activityId(name)) ?? null;
  const save = (name: string, intro: string): Promise<unknown> =>
    database.admin('mdl_bigbluebuttonbn').where('id', activityId(name)).update({ intro });
  const rows = (table: string): Promise<Record<string, unknown>[]> => database.admin(table).orderBy('id');

  it('are written once, seen at once, and taken back byte for byte', async () => {
    const before = await rows('mdl_bigbluebuttonbn');
    const first = await site.annotate('r1', all);
    expect(first.tally.byState).toMatchObject({ skipped: 3, failed: 0, done: all.length - 3 });
    const courses = await rows('mdl_course');
    const now = Math.floor(Date.now() / 1000);
    for (const course of courses.slice(1))
      expect(Math.abs(Number(course['cacherev']) - now)).toBeLessThan(60);
    const written = await rows('mdl_bigbluebuttonbn');
    const second = await site.annotate('r2', all);
    expect(second.tally.byState.done).toBe(0);
    expect(await rows('mdl_bigbluebuttonbn')).toEqual(written);
    expect(await rows('mdl_course')).toEqual(courses);
    expect(await site.undo()).toEqual({ restored: all.length - 3, cut: 0, 'nothing-left': 0, left: 0 });
    const timeless = (list: Record<string, unknown>[]) =>
      list.map(({ timemodified, ...row }) => [row, Number(timemodified) > 0]);
    expect(timeless(await rows('mdl_bigbluebuttonbn'))).toEqual(timeless(before));
    expect(await introOf('nothing')).toBeNull();
    expect(await site.undo()).toEqual({ restored: 0, cut: 0, 'nothing-left': 0, left: 0 });
  });

  it('leave out activities being deleted, without module, or whose text would swallow them', async () => {
    await site.annotate('r1', all);
    const marked = [...(await site.intros())]
      .filter(([, intro]) => intro?.includes(MARK) === true)
      .map(([id]) => id);
    const left = ['deleting', 'orphan', 'unclosed'].map(activityId);
    expect(all.filter((id) => !marked.includes(id)).sort()).toEqual([...left].sort());
    await site.undo();
    await site.annotate('r2', [activityId('moduleRole')], { policy: { includeHidden: false } });
    expect(await introOf('moduleRole')).not.toContain(MARK);
  });

  it('suit all four formats', async () => {
    await site.annotate('r1', writable);
    expect(await introOf('automatic')).toMatch(
      /^Ligne 1\nLigne 2 <b>gras<\/b><div class="alert[^\n]*<\/div>$/,
    );
    expect(await introOf('markdown')).toMatch(
      /^# Titre\n\n\* un\n\* deux\n\n<div class="alert[^\n]*<\/div>$/,
    );
    expect(await introOf('plain')).toMatch(/^Texte <sans balise> & co\n\n\[bbb2pod-notice-test\]\n/);
    expect(await introOf('plain')).not.toContain('<p>');
    expect(await introOf('group')).toContain('have moved to Pod');
    expect(await introOf('byRole')).toContain('ont déménagé sur Pod');
    // Plain text is escaped by Moodle when it is shown.
    for (const id of writable.filter((one) => one !== activityId('plain')))
      expect((await site.intros()).get(id)).not.toMatch(/<script>alert|\u202e/);
  });

  it('are cut out alone where a teacher edited since, left where that is unclear', async () => {
    await site.annotate('r1', writable);
    await save('byName', `<p>Nouveau</p>${(await introOf('byName')) ?? ''}<p>Fin</p>`);
    await save('nothing', '<p>Tout effacé</p>');
    await save('group', ((await introOf('group')) ?? '').replace('</div>', ''));
    expect(await site.undo()).toEqual({ restored: 4, cut: 1, 'nothing-left': 1, left: 1 });
    expect(await introOf('byName')).toBe(
      '<p>Nouveau</p><p>Séance du <b>lundi</b> 🎓 &amp; «TD»</p><p>Fin</p>',
    );
    expect(await introOf('nothing')).toBe('<p>Tout effacé</p>');
    expect(await introOf('group')).toContain(MARK);
  });

  it('of an earlier version, which told too much, are replaced unasked and taken back byte for byte', async () => {
    const before = await site.intros();
    const ids = ['byName', 'group', 'plain', 'markdown'].map(activityId);
    const recordId = `${'b'.repeat(40)}-1690000000000`;
    const recording = { recordId, url: `https://bbb.univ.example/playback/presentation/2.3/${recordId}` };
    const early = parseFragment(
      '<p>{{count}} ne sont plus accessibles depuis Moodle :</p>{{recordings}}',
      'v',
    );
    await site.annotate('r1', ids, {
      recording,
      policy: { links: true, fragments: { fr: early, en: early } },
    });
    const links = async (): Promise<number> => (await site.intros()).size - (await withoutLinks());
    const withoutLinks = async (): Promise<number> =>
      [...(await site.intros()).values()].filter((intro) => intro?.includes(recordId) !== true).length;
    expect(await links()).toBe(3);
    // The version before this one linked in activities with groups, too.
    await database
      .admin('mdl_bigbluebuttonbn')
      .where('id', activityId('group'))
      .update({
        intro: ((await introOf('group')) ?? '').replace(
          '</div>',
          `<ul><li><a href="${recording.url}">x</a></li></ul></div>`,
        ),
      });
    const second = await site.annotate('r2', ids, { recording });
    expect([...second.tally.byReason]).toEqual([['done annotate-outdated', 4]]);
    expect(await links()).toBe(0);
    expect(await introOf('group')).toContain('1 recording, on 2023-07-22');
    expect(await introOf('group')).not.toContain('<li>');
    expect(await introOf('byName')).toContain('<li>');
    expect((await site.annotate('r3', ids, { recording })).tally.byState.done).toBe(0);
    expect(await site.undo('r2')).toMatchObject({ restored: 4 });
    expect(await site.undo()).toMatchObject({ restored: 3, cut: 1, left: 0 });
    expect(await site.intros()).toEqual(before);
  });

  it('are replaced on demand, and the old script’s message with them', async () => {
    const before = await site.intros();
    const ids = [activityId('byShortName'), activityId('byName')];
    const first = await site.annotate('r1', ids);
    expect([...first.tally.byReason.keys()]).toContain('done annotate-beside-legacy');
    await site.undo();
    await site.annotate('r2', ids, { policy: { replaceLegacy: true } });
    expect(await introOf('byShortName')).not.toContain('alert-dark');
    await site.annotate('r3', ids, { policy: { replace: true }, title: 'Autre titre' });
    expect(copies(await introOf('byShortName'))).toBe(1);
    expect(await introOf('byName')).toContain('Autre titre');
    expect(await site.undo('r2')).toMatchObject({ left: 2 });
    expect(await site.undo()).toMatchObject({ restored: 4, left: 0 });
    expect(await site.intros()).toEqual(before);
  });

  it('are not written over what a teacher saved meanwhile', async () => {
    const writer: MoodleWriter = {
      ...site.writer,
      writeIntros: async (changes) => {
        await save('byName', '<p>TEACHER</p>');
        return site.writer.writeIntros(changes);
      },
    };
    const { tally } = await site.annotate('r1', writable, { writer });
    expect([...tally.byReason]).toContainEqual(['skipped annotate-changed-meanwhile', 1]);
    expect(await introOf('byName')).toBe('<p>TEACHER</p>');
    await site.annotate('r2', writable);
    expect(await introOf('byName')).toMatch(/^<p>TEACHER<\/p><div/);
  });

  it('are written once by two runs at the same time', async () => {
    const results = await Promise.all([site.annotate('r1', all), site.annotate('r2', all)]);
    expect(results.reduce((sum, { tally }) => sum + tally.byState.done, 0)).toBe(all.length - 3);
    for (const [, intro] of await site.intros()) expect(copies(intro)).toBeLessThanOrEqual(1);
    await site.undo();
    for (const [, intro] of await site.intros()) expect(intro ?? '').not.toContain(MARK);
  });

  it.each(['intents', 'write', 'commit', 'outcomes'])('survive a crash at the step: %s', async (step) => {
    const before = await site.intros();
    const crash = (): never => {
      throw new Error('killed');
    };
    const writer: MoodleWriter = {
      ...site.writer,
      writeIntros: async (changes) => {
        if (step === 'write') crash();
        const results = await site.writer.writeIntros(changes);
        return step === 'commit' ? crash() : results;
      },
    };
    const journal: Journal = new Proxy(site.journal, {
      get: (target, name) => {
        if (name === 'recordIntents' && step === 'intents') return crash;
        if (name === 'recordOutcomes' && step === 'outcomes') return crash;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await site.annotate('r1', writable, { writer, journal }).catch(() => null);
    const { tally } = await site.annotate('r2', writable);
    expect(tally.byState.failed + tally.byState['not-run']).toBe(0);
    for (const id of writable) expect(copies((await site.intros()).get(id))).toBe(1);
    const undone = await site.undo();
    expect(undone.left + undone.cut).toBe(0);
    expect(await site.intros()).toEqual(before);
  });

  it('stop at a connection that is lost, and go on with the next run', async () => {
    const bulk = await createDatabase(engine);
    await createMoodleSite(bulk, bulkSeed(seed, 160));
    const large = await openAnnotateSite(bulk);
    const ids = Array.from({ length: 160 }, (_, i) => i + 1);
    let chunks = 0;
    const writer: MoodleWriter = {
      ...large.writer,
      writeIntros: async (changes) => {
        if (++chunks === 2) await endOtherConnections(bulk);
        return large.writer.writeIntros(changes);
      },
    };
    const first = await large.annotate('r1', ids, { writer });
    expect(first.tally.byState.done).toBeGreaterThanOrEqual(50);
    expect(first.tally.byState.failed).toBe(0);
    const second = await large.annotate('r2', ids);
    expect(first.tally.byState.done + second.tally.byState.done).toBe(160);
    for (const [, intro] of await large.intros()) expect(copies(intro)).toBe(1);
    expect(await large.undo()).toMatchObject({ restored: 160, left: 0 });
    await large.close();
    await bulk.drop();
  });

  it('are refused by an account that may only read, with the GRANT to run', async () => {
    const url = await createAccount(database, ['SELECT']);
    const poor = await openAnnotateSite(database, url);
    await expect(poor.writer.checkWritable()).rejects.toMatchObject({
      code: 'moodle-write-right-missing',
      remedy: expect.stringMatching(
        /GRANT SELECT, UPDATE \(intro, timemodified\) ON .*mdl_bigbluebuttonbn.* TO .*reader/,
      ) as string,
    });
    await poor.close();
  });

  it('need column rights alone, those that are printed', async () => {
    const url = await createAccount(database, []);
    const user = new URL(url).username;
    const account = engine === 'mysql' ? `'${user}'@'%'` : `"${user}"`;
    for (const [table, columns] of [
      ['bigbluebuttonbn', 'intro, timemodified'],
      ['course', 'cacherev'],
    ])
      await database.admin.raw(`GRANT SELECT, UPDATE (${columns!}) ON mdl_${table!} TO ${account}`);
    const narrow = await openAnnotateSite(database, url);
    await narrow.writer.checkWritable();
    expect((await narrow.annotate('r1', writable)).tally.byState.done).toBe(writable.length);
    await narrow.close();
  });

  it('are for 0 activities no work and no error', async () => {
    expect((await site.annotate('r1', [])).tally.total).toBe(0);
    expect(await site.undo()).toMatchObject({ restored: 0 });
  });
});

describe('notices on MariaDB alone', () => {
  it('are written as entities where the column holds three bytes a character', async () => {
    const database = await createDatabase('mysql');
    const small = bulkSeed(seed, 3);
    const plain = small['bigbluebuttonbn']!.map((row) => ({ ...row, intro: '<p>é</p>' }));
    await createMoodleSite(database, { ...small, bigbluebuttonbn: plain }, { characterSet: 'utf8mb3' });
    const site = await openAnnotateSite(database);
    expect((await site.annotate('r1', [1, 2, 3])).tally.byState.done).toBe(3);
    expect((await site.intros()).get(1)).toContain('&#x1f393;');
    await site.close();
    await database.drop();
  });

  it('are refused on tables without transactions', async () => {
    const database = await createDatabase('mysql');
    await createMoodleSite(database, bulkSeed(seed, 3), { storage: 'MyISAM' });
    const site = await openAnnotateSite(database);
    await expect(site.writer.checkWritable()).rejects.toMatchObject({ code: 'moodle-without-transactions' });
    await site.close();
    await database.drop();
  });
});

async function createAccount(database: TestDatabase, rights: readonly string[]): Promise<string> {
  const user = `reader_${rights.length}${database.name.slice(-6)}`;
  const url = new URL(database.url);
  if (database.engine === 'mysql') {
    await database.admin.raw(`CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`);
    if (rights.length > 0)
      await database.admin.raw(`GRANT ${rights.join(', ')} ON \`${database.name}\`.* TO '${user}'@'%'`);
  } else {
    await database.admin.raw(`CREATE ROLE ${user} LOGIN PASSWORD 'pw'`);
    if (rights.length > 0)
      await database.admin.raw(`GRANT ${rights.join(', ')} ON ALL TABLES IN SCHEMA public TO ${user}`);
  }
  url.username = user;
  url.password = 'pw';
  return url.toString();
}

async function endOtherConnections(database: TestDatabase): Promise<void> {
  if (database.engine === 'postgresql') {
    await database.admin.raw(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return;
  }
  const [list] = (await database.admin.raw(
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
  )) as [{ id: number }[]];
  for (const { id } of list) await database.admin.raw(`KILL ${id}`).catch(() => undefined);
}
