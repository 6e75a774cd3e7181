import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMoodleSite } from '../../src/moodle-site/check-moodle.js';
import { readGrants } from '../../src/moodle-site/tables.js';
import type { MoodleSite } from '../../src/moodle-site/site.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { describeResult } from '../../src/kit/checks/check-result.js';
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

  it('prints grants that suffice, without the password column', async () => {
    const user = `dr_${database.name.slice(-6)}`;
    const url = await account(user);
    const poor = site('m_', url);
    if (engine === 'mysql') await database.admin.raw(`GRANT SELECT ON m_bigbluebuttonbn TO '${user}'@'%'`);
    const [, refused] = await checkMoodleSite(poor, null);
    expect(refused).toMatchObject({ code: 'moodle-right-missing', status: 'critical' });
    const { remedy } = describeResult(refused!);
    expect(remedy).toContain('GRANT SELECT (id, username, email');
    expect(remedy).not.toContain('password,');
    const statements = String(refused!.parameters['grants']).split(/(?<=;) /);
    for (const statement of statements) await database.admin.raw(statement);
    const fresh = site('m_', url);
    expect((await checkMoodleSite(fresh, null)).map(({ code }) => code)).toEqual([
      'moodle-database-answers',
      'moodle-schema-old',
    ]);
    expect(readGrants(fresh, ['m_user'])).toHaveLength(1);
    const writing = await checkMoodleSite(fresh, site('m_', url));
    expect(writing.at(-1)).toMatchObject({ code: 'moodle-write-right-missing', status: 'critical' });
    const grants = String(writing.at(-1)!.parameters['grants']).split(/(?<=;) /);
    for (const statement of grants) await database.admin.raw(statement);
    expect((await checkMoodleSite(fresh, site('m_', url))).at(-1)).toMatchObject({ code: 'moodle-writable' });
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
