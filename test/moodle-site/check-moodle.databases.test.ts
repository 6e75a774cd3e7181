import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMoodleSite } from '../../src/moodle-site/check-moodle.js';
import { describeSite, type MoodleSite } from '../../src/moodle-site/site.js';
import { READ_TABLES } from '../../src/moodle-site/tables.js';
import { newWriterGrants } from '../../src/moodle-site/writer.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { describeResult, type CheckResult } from '../../src/kit/checks/check-result.js';
import { Secret } from '../../src/kit/config/secret.js';
import { createMoodleSite } from '../support/moodle-site.js';
import { moodleSeed } from '../support/moodle-seed.js';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';

describe.each(['mysql', 'postgresql'] as ServerEngine[])('what doctor says of a Moodle on %s', (engine) => {
  let database: TestDatabase;
  const opened: MoodleSite[] = [];
  beforeAll(async () => {
    database = await createDatabase(engine);
    await createMoodleSite(database, moodleSeed(), { prefix: 'm_', form: '2.4' });
  });
  afterAll(async () => {
    for (const { sql } of opened) await sql.close();
    await database.drop();
  });
  const site = (prefix = 'm_', url = database.url): MoodleSite => {
    const sql = openDatabase(databaseSettings('[moodle.default]', { database: new Secret(url) }));
    opened.push({ sql, prefix, name: 'default' });
    return { sql, prefix, name: 'default' };
  };
  const account = async (user: string): Promise<string> => {
    await database.admin.raw(
      engine === 'mysql'
        ? `CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`
        : `CREATE ROLE ${user} LOGIN PASSWORD 'pw'`,
    );
    const url = new URL(database.url);
    url.username = user;
    url.password = 'pw';
    return url.toString();
  };

  it('is good, with its generation and the right to write', async () => {
    const results = await checkMoodleSite(site(), site());
    expect(results.map(({ code, status }) => [code, status])).toEqual([
      ['moodle-database-answers', 'ok'],
      ['moodle-schema-old', 'ok'],
      ['moodle-writable', 'ok'],
    ]);
    expect(describeResult(results[1]!).text).toContain('3.9.25');
  });

  it('names the prefixes there are', async () => {
    const results = await checkMoodleSite(site('mdl_'), null);
    expect(results.at(-1)).toMatchObject({ code: 'moodle-prefix-unknown', parameters: { found: '"m_"' } });
  });

  it('prints grants that suffice an empty account, without the password column, then only what is missing', async () => {
    const user = `dr_${database.name.slice(-6)}`;
    const url = await account(user);
    const paste = (statements: string): Promise<void> =>
      database.admin.transaction(async (query) => {
        for (const statement of statements.split(/(?<=;) /)) await query.raw(statement);
      });
    const look = async (): Promise<CheckResult[]> => [...(await checkMoodleSite(site('m_', url), null))];
    const refused = (await look()).find(({ code }) => code === 'moodle-right-missing');
    expect(refused?.status).toBe('critical');
    const { remedy } = describeResult(refused!);
    expect(remedy).toContain('GRANT SELECT (id, username, email');
    expect(remedy).toContain('m_groups');
    expect(remedy).not.toContain('password,');
    await paste(String(refused!.parameters['grants']));
    const good = ['moodle-database-answers', 'moodle-schema-old'];
    expect((await look()).map(({ code }) => code)).toEqual(good);

    const from = engine === 'mysql' ? `'${user}'@'%'` : user;
    await database.admin.raw(`REVOKE SELECT ON m_groups FROM ${from}`);
    await database.admin.raw(`REVOKE SELECT ON m_role_capabilities FROM ${from}`);
    const again = (await look()).find(({ code }) => code === 'moodle-right-missing');
    expect(again?.parameters['tables']).toBe('m_groups, m_role_capabilities');
    expect(String(again?.parameters['grants'])).not.toContain('m_course');
    await paste(String(again!.parameters['grants']));
    expect((await look()).map(({ code }) => code)).toEqual(good);

    const writer = `wr_${database.name.slice(-6)}`;
    const writing = await account(writer);
    const found = await checkMoodleSite(site('m_', url), site('m_', writing));
    expect(found.at(-1)).toMatchObject({ code: 'moodle-write-right-missing', status: 'critical' });
    await paste(String(found.at(-1)!.parameters['grants']));
    expect((await checkMoodleSite(site('m_', url), site('m_', writing))).at(-1)).toMatchObject({
      code: 'moodle-writable',
    });
  });

  it('prints how a writing account is made, and with that it writes', async () => {
    const name = `nw_${database.name.slice(-6)}`;
    for (const statement of newWriterGrants(site(), name)) await database.admin.raw(statement);
    const url = new URL(database.url);
    url.username = name;
    url.password = 'CHOOSE-A-PASSWORD';
    const results = await checkMoodleSite(site(), site('m_', url.toString()));
    expect(results.at(-1)).toMatchObject({ code: 'moodle-writable' });
  });

  it('refuses a server that only reads', async () => {
    if (engine === 'mysql') {
      const user = `ro_${database.name.slice(-6)}`;
      const url = await account(user);
      await database.admin.raw(`GRANT SELECT, UPDATE ON \`${database.name}\`.* TO '${user}'@'%'`);
      await database.admin.raw('SET GLOBAL read_only = 1');
      try {
        const results = await checkMoodleSite(site(), site('m_', url));
        expect(results.at(-1)).toMatchObject({ code: 'moodle-read-replica', status: 'critical' });
      } finally {
        await database.admin.raw('SET GLOBAL read_only = 0');
      }
    } else {
      await database.admin.raw(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
      const results = await checkMoodleSite(site(), site());
      await database.admin.raw(`ALTER DATABASE ${database.name} SET default_transaction_read_only = off`);
      expect(results.at(-1)).toMatchObject({ status: 'critical' });
    }
  });
});

describe('a Moodle 4 whose table of recordings MariaDB hides', () => {
  it('is refused: what it says of owners and of deleted recordings would be passed over', async () => {
    const database = await createDatabase('mysql');
    await createMoodleSite(database, moodleSeed());
    const user = `hd_${database.name.slice(-6)}`;
    await database.admin.raw(`CREATE USER '${user}'@'%' IDENTIFIED BY 'pw'`);
    const url = Object.assign(new URL(database.url), { username: user, password: 'pw' }).toString();
    const grant = (name: string) =>
      database.admin.raw(`GRANT SELECT ON \`${database.name}\`.mdl_${name} TO '${user}'@'%'`);
    for (const { name } of READ_TABLES) if (name !== 'bigbluebuttonbn_recordings') await grant(name);
    const sql = openDatabase(databaseSettings('[moodle.default]', { database: new Secret(url) }));
    const site = { sql, prefix: 'mdl_', name: 'default' };
    try {
      await expect(describeSite(site)).rejects.toMatchObject({
        code: 'database-right-missing',
        parameters: { user, detail: 'SELECT on mdl_bigbluebuttonbn_recordings' },
      });
      await grant('bigbluebuttonbn_recordings');
      expect(await describeSite(site)).toMatchObject({ hasRecordingsTable: true });
    } finally {
      await sql.close();
      await database.admin.raw(`DROP USER '${user}'@'%'`);
      await database.drop();
    }
  });
});

it('names the right to enter the schema that the writing account lacks on PostgreSQL, not a missing table', async () => {
  const database = await createDatabase('postgresql');
  await createMoodleSite(database, moodleSeed());
  const { admin, name } = database;
  const user = `sc_${name.slice(-6)}`;
  await admin.raw(`CREATE ROLE ${user} LOGIN PASSWORD 'pw'; REVOKE USAGE ON SCHEMA public FROM PUBLIC`);
  const url = Object.assign(new URL(database.url), { username: user, password: 'pw' }).toString();
  const siteOf = (address: string): MoodleSite => ({
    sql: openDatabase(databaseSettings('[moodle.default]', { database: new Secret(address) })),
    prefix: 'mdl_',
    name: 'default',
  });
  const [reading, writing] = [siteOf(database.url), siteOf(url)];
  const look = async (): Promise<CheckResult> => (await checkMoodleSite(reading, writing)).at(-1)!;
  try {
    const refused = await look();
    expect(refused.code).toBe('moodle-write-right-missing');
    for (const statement of String(refused.parameters['grants']).split(/(?<=;)\s*/))
      await admin.raw(statement);
    expect((await look()).code).toBe('moodle-writable');
  } finally {
    await reading.sql.close();
    await writing.sql.close();
    await admin.raw(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
    await database.drop();
  }
});
