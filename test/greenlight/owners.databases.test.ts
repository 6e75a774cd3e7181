import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkGreenlight } from '../../src/greenlight/check-greenlight.js';
import { openGreenlightDatabase } from '../../src/greenlight/database.js';
import { describeResult } from '../../src/kit/checks/check-result.js';
import { openDatabase, type SqlDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { GreenlightOptions } from '../../src/owners/greenlight-facts.js';
import { indexGreenlightFacts } from '../../src/owners/greenlight-index.js';
import type { Recording } from '../../src/bbb/recording.js';
import { codesOf, decide, namesOf, podUser, START } from '../owners/build.js';
import {
  createAccount,
  createGreenlight,
  type GreenlightForm,
  type SeedRoom,
  type SeedUser,
} from '../support/greenlight-site.js';
import { createDatabase, type TestDatabase } from '../support/servers.js';

const usual: GreenlightOptions = {
  section: 'default',
  provider: null,
  match: ['external_id', 'email', 'local_part'],
  shared: 'none',
};
const opened: { close(): Promise<void> }[] = [];
const dropped: TestDatabase[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  for (const one of dropped.splice(0)) await one.drop();
});

const adapterOf = (url: string): SqlDatabase => {
  const adapter = openDatabase(databaseSettings('[greenlight.default]', { database: new Secret(url) }));
  opened.push(adapter);
  return adapter;
};

async function greenlight(
  form: GreenlightForm,
  users: readonly SeedUser[],
  rooms: readonly SeedRoom[],
  engine: TestDatabase['engine'] = 'postgresql',
) {
  const database = await createDatabase(engine);
  dropped.push(database);
  await createGreenlight(database, form, users, rooms);
  return database;
}

const id = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 40);
const recordIdOf = (meetingId: string): string =>
  `${createHash('sha1').update(meetingId).digest('hex')}-${START}`;
const recorded = (over: Partial<Recording>): Partial<Recording> => ({
  metadata: { 'bbb-origin': 'Greenlight' },
  ...over,
});

/** Who receives a recording: of that meetingID, or what else is known of it. */
async function ownersOf(
  database: TestDatabase,
  over: Partial<Recording>,
  podUsers: ReturnType<typeof podUser>[],
  options: Partial<GreenlightOptions> = {},
) {
  const recording = recorded(over);
  const own = { ...usual, ...options };
  const source = openGreenlightDatabase(adapterOf(database.url), own);
  const facts = await source.gatherFacts([
    { recordId: recording.recordId ?? `rec-${START}`, meetingId: recording.meetingId ?? '' },
  ]);
  return decide({ recording, podUsers, facts: { greenlights: [indexGreenlightFacts(facts, own)] } });
}

const anne: SeedUser = { key: 'Anne', email: 'Anne.Martin@univ.example', externalId: 'amartin' };
const bob: SeedUser = { key: 'Bob', email: 'bob@univ.example' };
const bobEtu: SeedUser = {
  key: 'Bob etu',
  email: 'bob@etu.univ.example',
  externalId: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
};
const zoe: SeedUser = { key: 'Zoe', email: 'zoe@autre.example', externalId: 'zoe', provider: 'autre' };
const room = (key: string, owner: SeedUser, over: Partial<SeedRoom> = {}): SeedRoom => ({
  key,
  owner: owner.key,
  meetingId: id(key),
  ...over,
});

describe('owners by Greenlight 3', () => {
  it('of the same local part in two domains are two people', async () => {
    const database = await greenlight('3', [anne, bob, bobEtu], [room('b', bob), room('e', bobEtu)]);
    const pod = [podUser(1, 'bob', { email: 'bob@univ.example' })];
    expect(namesOf(await ownersOf(database, { meetingId: id('b') }, pod))).toEqual(['bob']);
    const other = await ownersOf(database, { meetingId: id('e') }, pod);
    expect(namesOf(other)).toEqual(['(admin unresolved-greenlight-owner)']);
    expect(other.kind === 'admin' && other.reason.parameters).toMatchObject({
      room: 'e',
      owner: 'bob@etu.univ.example',
    });
    expect(codesOf(other)).toEqual(['note-greenlight-not-in-pod']);
  });

  it('are told with a room name of a page at most, and match by no beginning of a long one', async () => {
    const long = {
      ...anne,
      key: 'long',
      externalId: `amartin${' '.repeat(1e6)}`,
      email: 'other@univ.example',
    };
    const rooms = [{ ...room('a', long), key: 'é'.repeat(1e6) }];
    const decision = await ownersOf(await greenlight('3', [long], rooms), { meetingId: id('a') }, [
      podUser(1, 'amartin', { email: '' }),
    ]);
    expect(namesOf(decision)).toEqual(['(admin unresolved-greenlight-owner)']);
    expect(JSON.stringify(decision).length).toBeLessThan(3000);
  });

  it('are found by the local part only where there is one mail domain, and never in another', async () => {
    const one = await greenlight('3', [anne, bob], [room('b', bob)]);
    const nameless = [podUser(1, 'bob', { email: '' })];
    expect(namesOf(await ownersOf(one, { meetingId: id('b') }, nameless))).toEqual(['bob']);
    const elsewhere = [podUser(1, 'bob', { email: 'bob@etu.univ.example' })];
    expect(namesOf(await ownersOf(one, { meetingId: id('b') }, elsewhere))).toEqual([
      '(admin unresolved-greenlight-owner)',
    ]);
    const without = await ownersOf(one, { meetingId: id('b') }, nameless, {
      match: ['external_id', 'email'],
    });
    expect(namesOf(without)).toEqual(['(admin unresolved-greenlight-owner)']);
    const two = await greenlight('3', [bob, bobEtu], [room('b', bob)]);
    expect(namesOf(await ownersOf(two, { meetingId: id('b') }, nameless))).toEqual([
      '(admin unresolved-greenlight-owner)',
    ]);
  });

  it('are whom the external id says, not what stands before the @', async () => {
    const database = await greenlight('3', [anne, bob, bobEtu], [room('a', anne)]);
    const pod = [podUser(1, 'AMartin', { email: '' }), podUser(2, 'anne.martin', { email: '' })];
    expect(namesOf(await ownersOf(database, { meetingId: id('a') }, pod))).toEqual(['AMartin']);
    const against = [
      podUser(1, 'amartin', { email: 'old@univ.example' }),
      podUser(2, 'x', { email: anne.email }),
    ];
    const decision = await ownersOf(database, { meetingId: id('a') }, against);
    expect(namesOf(decision)).toEqual(['amartin']);
    expect(codesOf(decision)).toEqual(['note-greenlight-keys-differ']);
    const byEmail = await ownersOf(database, { meetingId: id('a') }, against, { match: ['email'] });
    expect(namesOf(byEmail)).toEqual(['x']);
    const twice = [
      podUser(1, 'a', { email: anne.email }),
      podUser(2, 'b', { email: anne.email.toLowerCase() }),
    ];
    const ambiguous = await ownersOf(database, { meetingId: id('a') }, twice);
    expect(codesOf(ambiguous)).toEqual(['note-user-ambiguous']);
  });

  it('of a distinguished name are its uid, of an old row and a new one the same person', async () => {
    const moved = { ...anne, externalId: 'uid=amartin,ou=people,dc=univ' };
    const dn = await greenlight('3', [moved], [room('a', moved)]);
    expect(
      namesOf(await ownersOf(dn, { meetingId: id('a') }, [podUser(1, 'amartin', { email: '' })])),
    ).toEqual(['amartin']);
    const old = { ...anne, key: 'old', externalId: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' };
    const again = { ...anne, key: 'new', email: 'anne.martin@univ.example' };
    const rows = await greenlight('3', [old, again], [room('a', old)]);
    expect(
      namesOf(await ownersOf(rows, { meetingId: id('a') }, [podUser(1, 'amartin', { email: '' })])),
    ).toEqual(['amartin']);
  });

  it("are not another tenant's, unless that is ours", async () => {
    const database = await greenlight('3', [anne, zoe], [room('a', anne), room('z', zoe)]);
    const pod = [podUser(1, 'amartin'), podUser(2, 'zoe')];
    const foreign = await ownersOf(database, { meetingId: id('z') }, pod);
    expect(namesOf(foreign)).toEqual(['(admin unresolved-greenlight-tenant)']);
    expect(foreign.kind === 'admin' && foreign.reason.parameters).toMatchObject({ tenant: 'autre' });
    expect(namesOf(await ownersOf(database, { meetingId: id('z') }, pod, { provider: 'autre' }))).toEqual([
      'zoe',
    ]);
    expect(namesOf(await ownersOf(database, { meetingId: id('a') }, pod, { provider: 'autre' }))).toEqual([
      '(admin unresolved-greenlight-tenant)',
    ]);
  });

  it("find the room by its meetingID, with a suffix, by the recordID's hash, by Greenlight's own list", async () => {
    const rooms = [room('a', anne, { recordings: ['dead-1'] }), room('b', bob)];
    const database = await greenlight('3', [anne, bob], rooms);
    const pod = [podUser(1, 'amartin'), podUser(2, 'bob')];
    const ruleOf = async (over: Partial<Recording>) => {
      const decision = await ownersOf(database, over, pod);
      return decision.kind === 'owners'
        ? [...namesOf(decision), decision.owners[0]?.reason.code, decision.room?.name, decision.room?.owner]
        : namesOf(decision);
    };
    expect(await ruleOf({ meetingId: id('a') })).toEqual([
      'amartin',
      'owner-greenlight-room',
      'a',
      anne.email,
    ]);
    expect((await ruleOf({ meetingId: `${id('b')}_1-2` }))[0]).toBe('bob');
    expect((await ruleOf({ meetingId: '', recordId: recordIdOf(id('b')), metadata: {} }))[0]).toBe('bob');
    expect((await ruleOf({ meetingId: 'lost', recordId: recordIdOf(id('a')) }))[1]).toBe(
      'owner-greenlight-room',
    );
    expect(await ruleOf({ meetingId: 'lost', recordId: 'dead-1' })).toEqual([
      'amartin',
      'owner-greenlight-recording',
      'a',
      anne.email,
    ]);
    expect(await ruleOf({ meetingId: 'abc-def-ghi-0' })).toEqual(['(admin unresolved-greenlight-room)']);
    expect(await ruleOf({ meetingId: 'x', metadata: {} })).toEqual(['(admin unresolved-origin)']);
  });

  it('share, or stand in for an owner who is banned, pending or unknown', async () => {
    const carl: SeedUser = { key: 'Carl', email: 'carl@univ.example', status: 2 };
    const dora: SeedUser = { key: 'Dora', email: 'dora@univ.example', status: 1 };
    const rooms = [
      room('a', anne, { shared: ['Bob', 'Carl'] }),
      room('c', carl, { shared: ['Bob'] }),
      room('d', dora),
    ];
    const database = await greenlight('3', [anne, bob, carl, dora], rooms);
    const pod = [podUser(1, 'amartin'), podUser(2, 'bob'), podUser(3, 'carl'), podUser(4, 'dora')];
    const given = async (meetingId: string, shared: 'none' | 'owners' = 'none', users = pod) =>
      namesOf(await ownersOf(database, { meetingId }, users, { shared }));
    expect(await given(id('a'))).toEqual(['amartin']);
    expect(await given(id('a'), 'owners')).toEqual(['amartin', 'bob']);
    expect(await given(id('a'), 'none', [podUser(2, 'bob')])).toEqual(['bob']);
    const banned = await ownersOf(database, { meetingId: id('c') }, pod);
    expect([namesOf(banned), codesOf(banned)]).toEqual([['bob'], ['note-greenlight-owner-banned']]);
    const pending = await ownersOf(database, { meetingId: id('d') }, pod);
    expect([namesOf(pending), codesOf(pending)]).toEqual([
      ['(admin unresolved-greenlight-owner)'],
      ['note-greenlight-owner-pending'],
    ]);
  });

  it('cost a constant number of queries', async () => {
    const users = Array.from({ length: 300 }, (_, i) => ({ key: `u${i}`, email: `u${i}@univ.example` }));
    const database = await greenlight(
      '3',
      users,
      users.map((user) => room(`r-${user.key}`, user)),
    );
    const counted = async (n: number): Promise<number> => {
      const sql = adapterOf(database.url);
      let queries = 0;
      const read: SqlDatabase['read'] = (work) =>
        sql.read((query) => {
          query.on('query', () => queries++);
          return work(query);
        });
      const source = openGreenlightDatabase(withRead(sql, read), usual);
      await source.describe();
      queries = 0;
      const facts = await source.gatherFacts(
        users
          .slice(0, n)
          .map(({ key }) => ({ recordId: `x-${key}`, meetingId: n % 2 === 0 ? id(`r-${key}`) : key })),
      );
      expect(facts.rooms.length).toBe(n % 2 === 0 ? n : 0);
      return queries;
    };
    expect(await counted(300)).toBe(await counted(2));
    expect(await counted(299)).toBe(await counted(3));
    expect(await counted(300)).toBeLessThanOrEqual(10);
  });

  it('lists its meetingIDs, for a server that refuses the whole list', async () => {
    const database = await greenlight('3', [anne, bob], [room('a', anne), room('b', bob)]);
    const found: string[] = [];
    for await (const page of openGreenlightDatabase(adapterOf(database.url), usual).meetingIds())
      found.push(...page);
    expect(found.sort()).toEqual([id('a'), id('b')].sort());
  });
});

describe.each<[TestDatabase['engine'], GreenlightForm]>([
  ['postgresql', '2'],
  ['postgresql', '2-before-shares'],
  ['postgresql', '2-before-deletion'],
  ['mysql', '2'],
  ['sqlite', '2'],
])('owners by Greenlight 2 on %s, form %s', (engine, form) => {
  const ldap: SeedUser = {
    ...anne,
    provider: 'ldap',
    username: 'AMartin',
    externalId: 'uid=amartin,ou=people',
  };
  const google: SeedUser = {
    key: 'G',
    email: 'bob@mail.example',
    provider: 'google',
    username: 'bob',
    externalId: '1',
  };
  const gone: SeedUser = {
    key: 'Old',
    email: 'old@univ.example',
    provider: 'ldap',
    username: 'old',
    deleted: true,
  };
  const pod = [podUser(1, 'amartin', { email: '' }), podUser(2, 'bob'), podUser(3, 'old')];
  const rooms = [
    room('home', ldap, { shared: ['Bob'] }),
    room('old room', ldap, { deleted: true }),
    room('g', google),
    room('gone', gone),
    room('one', ldap, { meetingId: 'twice' }),
    room('two', bob, { meetingId: 'twice' }),
    room('three', ldap, { meetingId: 'moved' }),
    room('four', { ...ldap, key: 'Anne' }, { meetingId: 'moved' }),
  ];

  it('know deleted rooms, leave out deleted people, never pick between two', async () => {
    const database = await greenlight(form, [ldap, bob, google, gone], rooms, engine);
    const given = async (meetingId: string, options: Partial<GreenlightOptions> = {}) =>
      ownersOf(database, { meetingId }, pod, options);
    expect(namesOf(await given(id('home')))).toEqual(['amartin']);
    expect(namesOf(await given(id('old room')))).toEqual(['amartin']);
    expect(namesOf(await given(id('g')))).toEqual(['(admin unresolved-greenlight-owner)']);
    expect(namesOf(await given('moved'))).toEqual(['amartin']);
    const twice = await given('twice');
    expect(namesOf(twice)).toEqual(['(admin unresolved-greenlight-doubled)']);
    expect(twice.kind === 'admin' && String(twice.reason.parameters['rooms'])).toMatch(/one \(.*two \(/);
    expect(namesOf(await given(id('home'), { shared: 'owners' }))).toEqual(
      form === '2' ? ['amartin', 'bob'] : ['amartin'],
    );
    const former = await given(id('gone'));
    expect(namesOf(former)).toEqual(
      form === '2-before-deletion' ? ['old'] : ['(admin unresolved-greenlight-owner)'],
    );
  });
});

describe('doctor on a Greenlight', () => {
  const account = `gl_${randomBytes(4).toString('hex')}`;

  it('prints the rights that are missing; with them it reads, and nothing more', async () => {
    const database = await greenlight('3', [anne, bob, bobEtu, zoe], [room('a', anne)]);
    await createAccount(database.admin, account);
    const url = database.url.replace(/\/\/[^@]*@/, `//${account}:secret-word@`);
    const look = async (options = usual) => {
      const { results } = await checkGreenlight({ sql: adapterOf(url), name: 'default' }, options);
      return results;
    };
    const refused = (await look()).find(({ status }) => status === 'critical')!;
    expect(refused.code).toBe('greenlight-right-missing');
    const { remedy } = describeResult(refused);
    for (const statement of remedy.slice(remedy.indexOf('GRANT')).split(/(?<=;)\s*/))
      await database.admin.raw(statement);
    expect((await look()).map(({ code, status }) => `${code} ${status}`)).toEqual([
      'greenlight-database-answers ok',
      'greenlight-version ok',
      'greenlight-tenants warning',
      'greenlight-local-parts ok',
    ]);
    const unknown = await look({ ...usual, provider: 'nobody' });
    expect(unknown.map(({ code }) => code)).toContain('greenlight-tenant-unknown');
    await expect(
      adapterOf(url).read((query) => query('users').select('password_digest')),
    ).rejects.toMatchObject({
      code: 'database-right-missing',
    });
    const facts = await openGreenlightDatabase(adapterOf(url), usual).gatherFacts([
      { recordId: 'x', meetingId: id('a') },
    ]);
    expect(facts.rooms.map(({ name }) => name)).toEqual(['a']);
    await database.admin.raw(`DROP OWNED BY ${account}; DROP ROLE ${account}`);
  });

  it('names doubled meetingIDs, an account that may read too much, and what is no Greenlight', async () => {
    const rooms = [room('one', anne, { meetingId: 'twice' }), room('two', bob, { meetingId: 'twice' })];
    const database = await greenlight('2', [anne, bob], rooms);
    const codes = async (url: string) =>
      (await checkGreenlight({ sql: adapterOf(url), name: 'default' }, usual)).results.map(
        ({ code }) => code,
      );
    expect(await codes(database.url)).toEqual([
      'greenlight-database-answers',
      'greenlight-version',
      'greenlight-rights-wide',
      'greenlight-rooms-doubled',
    ]);
    const empty = await createDatabase('postgresql');
    dropped.push(empty);
    expect(await codes(empty.url)).toEqual(['greenlight-database-answers', 'greenlight-unknown']);
  });
});

describe('the SQL of docs/operations.md', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const [two = '', three = ''] = [...page.matchAll(/^\\copy \((SELECT .*)\) TO /gm)].map(
    ([, sql]) => sql ?? '',
  );

  const owners = async (database: TestDatabase, sql: string): Promise<string[]> => {
    const { rows } = await database.admin.raw<{ rows: { recording: string; owner: string }[] }>(
      // A question mark would be taken for a value.
      sql.replaceAll('?', '\\?'),
    );
    return rows.map(({ recording, owner }) => `${recording.slice(0, 5)} ${owner}`).sort();
  };

  it('names nobody of whom it is not certain', async () => {
    const ours = [room('a', anne), room('b', bob), room('e', bobEtu), room('z', zoe)];
    const several = await greenlight('3', [anne, bob, bobEtu, zoe], ours);
    expect(await owners(several, three)).toEqual([`${id('a').slice(0, 5)} amartin`]);
    const one = await greenlight('3', [anne, bob, zoe], [room('a', anne), room('b', bob), room('z', zoe)]);
    const expected = [`${id('a').slice(0, 5)} amartin`, `${id('b').slice(0, 5)} bob`].sort();
    expect(await owners(one, three)).toEqual(expected);
    const gone: SeedUser = { key: 'Old', email: 'old@univ.example', username: 'old', deleted: true };
    const ldap = { ...anne, provider: 'ldap', username: 'amartin' };
    const doubled = await greenlight(
      '2',
      [ldap, bob, bobEtu, gone],
      [
        room('a', ldap, { deleted: true }),
        room('b', bob),
        room('g', gone),
        room('one', ldap, { meetingId: 'twice' }),
        room('two', bob, { meetingId: 'twice' }),
      ],
    );
    expect(await owners(doubled, two)).toEqual([`${id('a').slice(0, 5)} amartin`]);
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
