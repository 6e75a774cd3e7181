import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMoodleDatabase } from '../../src/moodle-site/database.js';
import { openDatabase, type SqlDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { MoodleDatabase } from '../../src/migrate/moodle-port.js';
import { indexPodUsers } from '../../src/owners/map-user.js';
import { indexMoodleFacts, type MoodleIndex } from '../../src/owners/moodle-index.js';
import { emptyOwnersFile } from '../../src/owners/owners-file.js';
import { defaultOwnerPolicy } from '../../src/owners/policy.js';
import { resolveOwners } from '../../src/owners/resolve-owners.js';
import { createMoodleSite, type MoodleForm } from '../support/moodle-site.js';
import { moodleSeed, OWNER_CASES, recordingOf } from '../support/moodle-seed.js';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';

const open = (database: TestDatabase, prefix: string): MoodleDatabase =>
  openMoodleDatabase(
    openDatabase(databaseSettings('[moodle.default]', { database: new Secret(database.url) })),
    { prefix, name: 'default' },
  );

const recordings = OWNER_CASES.map(recordingOf);

const answer = (index: MoodleIndex, i: number, moderatorScope: 'course' | 'moodle') => {
  const facts = { ownersFile: emptyOwnersFile, podMeetings: [], attendees: [], sessions: [], moodle: index };
  const decision = resolveOwners(
    recordings[i]!,
    { ...facts, podUsers: indexPodUsers([]) },
    { ...defaultOwnerPolicy, moderatorScope },
  );
  if (decision.kind !== 'owners') return { owners: decision.reason.code, rules: [] };
  return {
    owners: decision.owners
      .map(({ account }) => ('create' in account ? account.create.username : account.username))
      .sort(),
    rules: [...new Set(decision.owners.map((owner) => owner.reason.code))],
  };
};

const sorted = (owners: readonly string[] | string) =>
  typeof owners === 'string' ? owners : [...owners].sort();

describe.each(['mysql', 'postgresql'] as ServerEngine[])('owners by Moodle on %s', (engine) => {
  const forms: [MoodleForm, string][] = [
    ['4.5', 'mdl_'],
    ['5.1', 'm_'],
    ['2.4', 'mdl_'],
    ['2.4', ''],
  ];
  describe.each(forms)('form %s with prefix "%s"', (form, prefix) => {
    let database: TestDatabase;
    let moodle: MoodleDatabase;
    let index: MoodleIndex;
    beforeAll(async () => {
      database = await createDatabase(engine);
      await createMoodleSite(database, moodleSeed(), { form, prefix });
      moodle = open(database, prefix);
      index = indexMoodleFacts(await moodle.gatherFacts(recordings));
    });
    afterAll(async () => {
      await moodle.close();
      await database.drop();
    });

    it('knows its generation', async () => {
      expect(await moodle.describe()).toMatchObject({ engine, hasRecordingsTable: form !== '2.4' });
    });

    it.each(OWNER_CASES.map((owner, i) => [owner.label, i] as const))('%s', (_, i) => {
      const owner = OWNER_CASES[i]!;
      const { owners, rules } = answer(index, i, 'course');
      expect(owners).toEqual(sorted((form === '2.4' ? owner.old : undefined) ?? owner.owners));
      if (owner.rule !== undefined && !(form === '2.4' && owner.old !== undefined) && Array.isArray(owners))
        expect(rules).toEqual([owner.rule]);
      if (form !== '2.4' && owner.wide !== undefined && Array.isArray(owners))
        expect(answer(index, i, 'moodle').owners).toEqual(sorted(owner.wide));
    });
  });

  it('asks a constant number of questions, whatever the number of recordings', async () => {
    const database = await createDatabase(engine);
    await createMoodleSite(database, moodleSeed());
    const counted = async (questions: typeof recordings): Promise<number> => {
      const sql = openDatabase(databaseSettings('[moodle.default]', { database: new Secret(database.url) }));
      let queries = 0;
      const read: typeof sql.read = (work) =>
        sql.read((query) => {
          query.on('query', () => queries++);
          return work(query);
        });
      const moodle = openMoodleDatabase(withRead(sql, read), { prefix: 'mdl_', name: 'default' });
      await moodle.describe();
      queries = 0;
      await moodle.gatherFacts(questions);
      await sql.close();
      return queries;
    };
    // Those that need every question: separate groups, a course without its activity.
    const few = await counted(
      recordings.filter((_, i) =>
        /^(group 1|headless row, activity gone|status 2)$/.test(OWNER_CASES[i]!.label),
      ),
    );
    const many = await counted(recordings);
    await database.drop();
    expect(many).toBe(few);
    // Eight, and what begins and ends the transaction.
    expect(many).toBeLessThanOrEqual(10);
  });

  it('lists every form of its meetingIDs', async () => {
    const database = await createDatabase(engine);
    await createMoodleSite(database, moodleSeed());
    const moodle = open(database, 'mdl_');
    const found = new Set<string>();
    for await (const page of moodle.meetingIds()) page.forEach((id) => found.add(id));
    await moodle.close();
    await database.drop();
    const known = OWNER_CASES.filter(
      ({ owners, label, rule }) =>
        Array.isArray(owners) && !label.startsWith('stale') && rule !== 'owner-moodle-course',
    );
    expect(known.filter(({ meetingId }) => !found.has(meetingId))).toEqual([]);
    // No activity leads to these: their rows alone know them.
    const stray = OWNER_CASES.map((owner, i) => ({ owner, id: recordings[i]!.recordId })).filter(
      ({ owner }) => owner.rows.some(({ headless, imported }) => headless === 1 || imported === 1),
    );
    expect(stray.length).toBeGreaterThan(2);
    expect(stray.filter(({ id }) => !found.has(id))).toEqual([]);
  });

  it('names the prefixes it finds when the prefix is wrong', async () => {
    const database = await createDatabase(engine);
    await createMoodleSite(database, moodleSeed(), { prefix: 'm_' });
    const moodle = open(database, 'mdl_');
    await expect(moodle.describe()).rejects.toThrow(/prefix "mdl_".*"m_"/);
    await moodle.close();
    await database.drop();
  });
});

/** The same adapter with another `read`. */
const withRead = (sql: SqlDatabase, read: SqlDatabase['read']): SqlDatabase =>
  new Proxy(sql, {
    get: (target, name) => {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
