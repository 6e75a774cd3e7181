import { afterEach, describe, expect, it } from 'vitest';
import { checkPodDatabase } from '../../src/pod/database/check-pod.js';
import { describeResult } from '../../src/kit/checks/check-result.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import { createPod, ENGINES, type TestPod } from '../support/pod.js';

const expected = {
  siteId: 1,
  adminId: 1,
  recorderId: 1,
  recorderPath: '/data/ftp-pod/ftp/',
  adminNeeded: true,
  createsUsers: true,
  otherSites: new Map<string, number>(),
};
const signal = new AbortController().signal;
const user = {
  firstName: '',
  lastName: '',
  email: '',
  isStaff: true,
  authType: 'CAS',
  affiliation: 'faculty',
  establishment: 'Etab_1',
  siteId: 1,
};

let test: TestPod;
afterEach(() => test.drop());

/** esup-runner's tables (pod/video_encode_transcript/models.py 4.2); PriorityUser came with 4.3, its name is Django's default. */
async function upgrade({ admin }: TestPod, version: '4.2' | '4.3' | '4.4'): Promise<void> {
  await admin.schema.createTable('runner_manager', (table) => {
    table.increments('id');
    table.string('name', 250).notNullable();
    table.integer('priority').notNullable();
    table.string('url', 250).notNullable();
    table.string('token', 50).notNullable();
    table.integer('site_id').notNullable();
    if (version !== '4.2') table.boolean('is_active').notNullable();
  });
  if (version === '4.2') return;
  await admin.schema.createTable('video_encode_transcript_priorityuser', (table) => {
    table.increments('id');
    table.integer('user_id').notNullable().unique().references('id').inTable('auth_user');
    table.dateTime('date_added').notNullable();
  });
  if (version === '4.4')
    await admin('playlist_playlist').where({ id: 1 }).update({ password: 'pbkdf2_sha256$600000$salt$hash' });
}

describe.each(ENGINES)('Pod after 4.1 on %s', (engine) => {
  it.each(['4.2', '4.3', '4.4'] as const)('%s is known by its signs, and sound', async (version) => {
    test = await createPod({ engine, version: '4.1.0' });
    await upgrade(test, version);
    const { adapter, pod } = test.open();
    expect((await pod.describe()).version).toBe(version);
    const { results, facts } = await checkPodDatabase(adapter)(expected, signal);
    expect(results.filter(({ status }) => status !== 'ok').map(({ code }) => code)).toEqual([]);
    expect(facts?.version).toBe(version);
  });

  it('undo leaves whom a new table leads to, and removes the others', async () => {
    test = await createPod({ engine, version: '4.1.0' });
    await upgrade(test, '4.3');
    const { pod } = test.open();
    const users = await accountsOfImports(pod, ['first', 'second']);
    const states = await pod.removeCreatedUsers(users);
    expect(states.map(({ state }) => state)).toEqual(['touched', 'removed']);
  });

  it('Pod 5 is named, with what had to be done before, and nothing else is asked', async () => {
    test = await createPod({ engine, version: '4.1.0' });
    await test.admin.schema.alterTable('import_video_externalrecording', (table) => {
      table.string('source_type', 20);
      table.dropColumn('type');
    });
    await test.admin.schema.createTable('collection_playlist', (table) => table.increments('id'));
    const { adapter, pod } = test.open();
    await expect(pod.describe()).rejects.toMatchObject({ code: 'pod-five' });
    const { results, facts } = await checkPodDatabase(adapter)(expected, signal);
    expect(results.map(({ code, status }) => `${code} ${status}`)).toEqual([
      'pod-database-answers ok',
      'pod-five critical',
    ]);
    expect(describeResult(results[1]!).remedy).toContain('migrate status --adoption');
    expect(facts).toBeNull();
  });
});

/** Accounts that imports made, their rows gone again; a new table of Pod leads to the first one. */
async function accountsOfImports(pod: ReturnType<TestPod['open']>['pod'], names: readonly string[]) {
  const results = await pod.writeImports(
    names.map((username, i) => ({
      actionId: username,
      owner: { create: { ...user, username } },
      recordId: `r${i}`,
      row: { name: 'x', startAt: 0, sourceUrl: `https://b/${i}`, siteId: 1 },
    })),
    0,
  );
  const users = results.flatMap((one) =>
    one.state === 'done' && one.createdUser !== undefined ? [one.createdUser] : [],
  );
  await pod.removeExternalRecordings(results.flatMap((one) => (one.state === 'done' ? [one.written] : [])));
  await test
    .admin('video_encode_transcript_priorityuser')
    .insert({ id: 1, user_id: users[0]!.userId, date_added: '2026-11-01 08:00:00' });
  return users;
}

describe('rights after an upgrade', () => {
  it('PostgreSQL: the new table with a key to auth_user is asked for, with its GRANT', async () => {
    test = await createPod({ engine: 'postgresql', version: '4.1.0' });
    const account = `grown_${process.pid}`;
    await test.admin.raw(`CREATE ROLE ${account} LOGIN PASSWORD 'secret-word'`);
    await test.admin.raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${account}`);
    await test.admin.raw(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${account}`);
    await upgrade(test, '4.3');
    const url = new URL(test.test.url);
    url.username = account;
    url.password = 'secret-word';
    const settings = databaseSettings('[pod]', { database: new Secret(url.toString()) });
    const { results } = await checkPodDatabase(test.open({}, settings).adapter)(expected, signal);
    const refused = results.find(({ code }) => code === 'pod-right-missing')!;
    expect(describeResult(refused).text).toContain('video_encode_transcript_priorityuser');
    const grants = String(refused.parameters['grants']);
    for (const statement of grants.split(/(?<=;)\s/)) await test.admin.raw(statement);
    const again = await checkPodDatabase(test.open({}, settings).adapter)(expected, signal);
    expect(again.results.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(again.facts?.version).toBe('4.3');
    await test.admin.raw(`DROP OWNED BY ${account}; DROP ROLE ${account}`);
  });

  it('MariaDB hides such a table from the account: whom the database refuses to remove is left', async () => {
    test = await createPod({ engine: 'mysql', version: '4.1.0' });
    await upgrade(test, '4.3');
    const account = `grown_${process.pid}`;
    await test.admin.raw(`CREATE USER '${account}'@'127.0.0.1' IDENTIFIED BY 'secret-word'`);
    const tables = (
      await test.admin.raw<{ name: string }[][]>(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
      )
    )[0]!;
    for (const { name } of tables)
      if (name !== 'video_encode_transcript_priorityuser')
        await test.admin.raw(
          `GRANT SELECT, INSERT, UPDATE, DELETE ON \`${test.test.name}\`.\`${name}\` TO '${account}'@'127.0.0.1'`,
        );
    const url = new URL(test.test.url);
    url.username = account;
    url.password = 'secret-word';
    const { pod } = test.open({}, databaseSettings('[pod]', { database: new Secret(url.toString()) }));
    const users = await accountsOfImports(pod, ['one', 'two']);
    expect((await pod.removeCreatedUsers(users)).map(({ state }) => state)).toEqual(['touched', 'removed']);
    await test.admin.raw(`DROP USER '${account}'@'127.0.0.1'`);
  });
});
