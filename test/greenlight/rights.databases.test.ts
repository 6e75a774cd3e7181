import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { checkGreenlight } from '../../src/greenlight/check-greenlight.js';
import { openGreenlightDatabase } from '../../src/greenlight/database.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { describeResult } from '../../src/kit/checks/check-result.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { GreenlightOptions } from '../../src/owners/greenlight-facts.js';
import { createGreenlight, type GreenlightForm } from '../support/greenlight-site.js';
import { createDatabase, type ServerEngine, type TestDatabase } from '../support/servers.js';

const usual: GreenlightOptions = { section: 'default', provider: null, match: ['email'], shared: 'none' };
const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

/** A Greenlight, and an account that the server knows by another host than `%`. */
async function reader(engine: ServerEngine, form: GreenlightForm) {
  const database = await createDatabase(engine);
  ending.push(() => database.drop());
  const people = [{ key: 'anne', email: 'anne@univ.fr', username: 'anne' }];
  await createGreenlight(database, form, people, [{ key: 'one', owner: 'anne', meetingId: 'one' }]);
  const name = `gl_${randomBytes(4).toString('hex')}`;
  const account = engine === 'mysql' ? `'${name}'@'127.0.0.%'` : name;
  const { admin } = database;
  if (engine === 'mysql') {
    await admin.raw(`CREATE USER ${account} IDENTIFIED BY 'secret-word'`);
    ending.push(() => admin.raw(`DROP USER ${account}`));
  } else {
    await admin.raw(`CREATE ROLE ${account} LOGIN PASSWORD 'secret-word'`);
    ending.push(() => admin.raw(`DROP OWNED BY ${account}; DROP ROLE ${account}`));
  }
  return { database, account, url: database.url.replace(/\/\/[^@]*@/, `//${name}:secret-word@`) };
}

/** What doctor says, as a new process would. */
async function look(url: string) {
  const sql = openDatabase(databaseSettings('[greenlight.default]', { database: new Secret(url) }));
  try {
    const { results } = await checkGreenlight({ sql, name: 'default' }, usual);
    return results.filter(({ status }) => status !== 'ok');
  } finally {
    await sql.close();
  }
}

/** What a migration that asks this Greenlight says. */
async function gather(url: string) {
  const sql = openDatabase(databaseSettings('[greenlight.default]', { database: new Secret(url) }));
  try {
    const facts = await openGreenlightDatabase(sql, usual).gatherFacts([{ recordId: 'x', meetingId: 'one' }]);
    return facts.rooms.map(({ name }) => name);
  } finally {
    await sql.close();
  }
}

async function paste({ admin }: TestDatabase, results: Awaited<ReturnType<typeof look>>): Promise<void> {
  const { remedy } = describeResult(results.find(({ code }) => code === 'greenlight-right-missing')!);
  for (const statement of remedy.slice(remedy.search(/GRANT|SET @/)).split(/;\s*/))
    if (statement !== '') await admin.raw(statement);
}

describe.each([
  ['postgresql', '3', ['rooms', 'users']],
  ['postgresql', '2', ['rooms', 'users']],
  // Greenlight 3 runs on PostgreSQL alone (its Gemfile).
  ['mysql', '2', ['rooms', 'users']],
] as const)('an account for Greenlight on %s, generation %s', (engine, form, needed) => {
  it('reads after what doctor prints was pasted, from no right at all and from each missing one', async () => {
    const { database, account, url } = await reader(engine, form);
    const { admin, name } = database;
    const isMysql = engine === 'mysql';
    if (!isMysql)
      await admin.raw(
        `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC; REVOKE USAGE ON SCHEMA public FROM PUBLIC`,
      );
    for (let round = 0; round < 3; round++) {
      const results = await look(url);
      if (results.length > 0) await paste(database, results);
    }
    expect(await look(url)).toEqual([]);
    expect(await gather(url)).toEqual(['one']);
    const columns = { rooms: form === '3' ? 'meeting_id' : 'bbb_id', users: 'email' };
    for (const table of needed) {
      await admin.raw(`REVOKE SELECT (${columns[table]}) ON ${table} FROM ${account}`);
      const results = await look(url);
      expect(results.map(({ code, status }) => `${code} ${status}`)).toEqual([
        'greenlight-right-missing critical',
      ]);
      await expect(gather(url)).rejects.toMatchObject({ code: 'greenlight-right-missing' });
      const { remedy } = describeResult(results[0]!);
      expect(remedy).toContain(`TO ${account};`);
      expect(remedy).not.toContain('schema_migrations');
      await paste(database, results);
      expect(await look(url)).toEqual([]);
    }
    // Who is deleted or banned, where the Greenlight says it: needed; its list of recordings: not.
    const sign = form === '3' ? 'status' : 'deleted';
    await admin.raw(`REVOKE SELECT (${sign}) ON users FROM ${account}`);
    await expect(gather(url)).rejects.toMatchObject({ code: 'greenlight-right-missing' });
    await paste(database, await look(url));
    await admin.raw(`REVOKE SELECT (version) ON schema_migrations FROM ${account}`);
    expect((await look(url)).map(({ status }) => status)).toEqual(['warning']);
    expect(await gather(url)).toEqual(['one']);
    await paste(database, await look(url));
    expect(await look(url)).toEqual([]);
  });
});
