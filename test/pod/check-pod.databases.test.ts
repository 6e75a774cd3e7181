import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPodDatabase } from '../../src/pod/database/check-pod.js';
import { findTarget } from '../../src/migrate/target.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { describeResult, type CheckResult } from '../../src/kit/checks/check-result.js';
import { Secret } from '../../src/kit/config/secret.js';
import { TABLES } from '../../src/pod/database/tables.js';
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

describe.each(ENGINES)('doctor on a Pod on %s', (engine) => {
  let test: TestPod;
  beforeAll(async () => {
    test = await createPod({ engine, version: '3.8.4' });
  });
  afterAll(() => test.drop());

  const check = async (change: Partial<typeof expected> = {}) => {
    const findings = await checkPodDatabase(test.open().adapter)({ ...expected, ...change }, signal);
    return { ...findings, bad: findings.results.filter(({ status }) => status !== 'ok') };
  };

  it('finds nothing to say against a sound one, and leaves no trace', async () => {
    const before = await test.dump();
    const { bad, results, facts } = await check();
    expect(bad).toEqual([]);
    expect(results.map(({ code }) => code)).toContain('pod-write-works');
    expect(facts).toEqual({
      version: '3.8',
      siteDomain: 'pod.univ.fr',
      claimPathLength: 100,
      recorderDirectory: 'bbb',
      recorderName: 'BBB',
      playbackHosts: [],
    });
    expect(await test.dump()).toEqual(before);
  });

  it('names what does not fit: site, administrator, recorder', async () => {
    await test.admin('auth_user').where({ id: 2 }).update({ is_staff: false });
    await test.admin('recorder_recorder').where({ id: 1 }).update({ user_id: 2, recording_type: 'studio' });
    await test.admin('recorder_recorder_sites').delete();
    const { bad } = await check({ siteId: 9, adminId: 2 });
    expect(bad.map(({ code, status }) => [code, status])).toEqual([
      ['pod-site-missing', 'critical'],
      ['pod-admin-unfit', 'warning'],
      ['pod-admin-elsewhere', 'warning'],
      ['pod-recorder-managed', 'critical'],
      ['pod-recorder-type', 'critical'],
      ['pod-recorder-site', 'critical'],
      ['pod-write-untried', 'warning'],
    ]);
    for (const result of bad) expect(describeResult(result).remedy).not.toBe('');
    const absent = await check({ adminId: 99, recorderId: 99 });
    expect(absent.bad.map(({ code }) => code)).toEqual(['pod-admin-missing', 'pod-recorder-missing']);
  });

  it('names a missing table, a missing column, and one that nobody knows', async () => {
    const other = await createPod({ engine, version: '4.1.0', seed: false });
    await other.admin.schema.alterTable('import_video_externalrecording', (table) => {
      table.dropColumn('state');
      table.string('ours', 20).notNullable();
    });
    await other.admin.schema.dropTable('recorder_recordingfile');
    const { results, facts } = await checkPodDatabase(other.open().adapter)(expected, signal);
    const bad = results.filter(({ status }) => status === 'critical');
    expect(bad.map(({ code, parameters }) => [code, parameters['table'] ?? parameters['column']])).toEqual([
      ['pod-column-missing', 'import_video_externalrecording.state'],
      ['pod-table-missing', 'recorder_recordingfile'],
      ['pod-column-unexpected', 'import_video_externalrecording.ours'],
    ]);
    expect(facts).toBeNull();
    await other.drop();
  });

  it('is not given to when its external recordings want what nobody knows', async () => {
    const other = await createPod({ engine, version: '4.1.0' });
    const wanted = { siteId: 1, otherSiteIds: new Map<string, number>(), adminId: 1 };
    await other.admin.schema.alterTable('import_video_externalrecording', (table) => {
      table.string('ours', 20).notNullable();
    });
    await expect(findTarget(other.open().pod, { ...wanted, recorderId: null })).rejects.toMatchObject({
      code: 'pod-column-unexpected',
      parameters: { column: 'import_video_externalrecording.ours' },
    });
    // Claims write no such row.
    expect(await findTarget(other.open().pod, { ...wanted, recorderId: 1 })).toMatchObject({
      site: { id: 1 },
    });
    await other.drop();
  });
});

describe.each(['mysql', 'postgresql'] as const)(
  'the GRANT statements that doctor prints, on %s',
  (engine) => {
    let test: TestPod;
    const account = `reader_${randomBytes(4).toString('hex')}`;
    const named = engine === 'mysql' ? `'${account}'@'127.0.0.1'` : account;
    beforeAll(async () => {
      test = await createPod({ engine, version: '3.5.1' });
      // An account without a single right: MariaDB does not even let it into the database.
      await test.admin.raw(
        engine === 'mysql'
          ? `CREATE USER ${named} IDENTIFIED BY 'secret-word'`
          : `CREATE ROLE ${account} LOGIN PASSWORD 'secret-word'`,
      );
    });
    afterAll(async () => {
      if (engine === 'postgresql') await test.admin.raw(`DROP OWNED BY ${account}`);
      await test.admin.raw(engine === 'mysql' ? `DROP USER ${named}` : `DROP ROLE ${account}`);
      await test.drop();
    });

    const settings = () => {
      const url = new URL(test.test.url);
      url.username = account;
      url.password = 'secret-word';
      return databaseSettings('[pod]', { database: new Secret(url.toString()), connect_timeout: 5 });
    };
    const look = async () =>
      (await checkPodDatabase(test.open({}, settings()).adapter)(expected, signal)).results;
    const refusedOf = (results: readonly CheckResult[]): string[] => {
      const refused = results.find(({ code }) => code === 'pod-right-missing');
      return String(refused?.parameters['grants'] ?? '')
        .split(/(?<=;)\s/)
        .filter(Boolean);
    };
    /** As an administrator pastes them: one connection, in their order. */
    const paste = async (statements: readonly string[]): Promise<void> =>
      test.admin.transaction(async (query) => {
        for (const statement of statements) await query.raw(statement);
      });

    it('are what an empty account needs to import, to register claims and to undo, and no more', async () => {
      const first = await look();
      expect(first.filter(({ status }) => status === 'critical').map(({ code }) => code)).toEqual([
        'pod-right-missing',
      ]);
      const statements = refusedOf(first);
      expect(statements.join(' ')).toContain(`TO ${named}`);
      await paste(statements);
      const { adapter, pod } = test.open({}, settings());
      const { results } = await checkPodDatabase(adapter)(expected, signal);
      expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect((await test.open({}, settings()).adapter.listColumns(['bbb_attendee'])).length).toBeGreaterThan(
        0,
      );

      const before = await test.dump();
      const recordId = `${'a'.repeat(40)}-1700000000000`;
      const user = {
        username: 'fresh',
        firstName: '',
        lastName: '',
        email: '',
        isStaff: true,
        authType: 'CAS',
        affiliation: 'student',
        establishment: 'Etab_1',
        siteId: 1,
      };
      const row = { name: 'x', startAt: 1_700_000_000_000, sourceUrl: `https://b/${recordId}`, siteId: 1 };
      const [result] = await pod.writeImports(
        [{ actionId: 'one', owner: { create: user }, recordId, row }],
        0,
      );
      if (result?.state !== 'done' || result.createdUser === undefined) throw new Error('not done');
      await pod.registerClaim({
        actionId: 'c',
        file: '/f/a.mp4',
        fileSizeBytes: 5,
        recorderId: 1,
        dateAdded: 0,
      });
      expect(await pod.removeClaimRegistration('/f/a.mp4')).toBe('removed');
      expect((await pod.removeExternalRecordings([result.written]))[0]?.state).toBe('removed');
      expect((await pod.removeCreatedUsers([result.createdUser]))[0]?.state).toBe('removed');
      expect(await test.dump()).toEqual(before);
      await expect(adapter.write((query) => query('meeting').delete())).rejects.toMatchObject({
        code: 'database-right-missing',
      });
    });

    it('name only what is missing, also of tables that some versions lack', async () => {
      const on = engine === 'mysql' ? '' : 'public.';
      await test.admin.raw(`REVOKE UPDATE ON ${on}auth_user FROM ${named}`);
      await test.admin.raw(`REVOKE SELECT ON ${on}meeting FROM ${named}`);
      const refused = (await look()).filter(({ status }) => status !== 'ok');
      expect(refused.map(({ code }) => code)).toEqual(['pod-right-missing']);
      const statements = refusedOf(refused);
      expect(statements.filter((text) => text.startsWith('GRANT'))).toHaveLength(2);
      expect(statements.join(' ')).not.toMatch(/INSERT|DELETE|SEQUENCE/);
      await paste(statements);
      expect((await look()).filter(({ status }) => status !== 'ok')).toEqual([]);
      if (engine === 'mysql')
        expect((await look()).find(({ code }) => code === 'pod-tables-unseen')?.parameters['tables']).toBe(
          'meeting_meetingsessionlog',
        );
    });

    it('warn where undo could not remove the accounts that a run made', async () => {
      const on = engine === 'mysql' ? '' : 'public.';
      for (const table of ['auth_user', 'authentication_owner']) {
        await test.admin.raw(`REVOKE DELETE ON ${on}${table} FROM ${named}`);
        const refused = (await look()).filter(({ status }) => status !== 'ok');
        expect(refused.map(({ code, status }) => `${code} ${status}`)).toEqual(['pod-right-missing warning']);
        const statements = refusedOf(refused);
        expect(statements.join(' ')).toContain(table);
        await paste(statements);
        expect((await look()).filter(({ status }) => status !== 'ok')).toEqual([]);
      }
    });
  },
);

describe('doctor on engines with their own traps', () => {
  it('MyISAM tables are named and never written', async () => {
    const test = await createPod({ engine: 'mysql', version: '3.5.1', storage: { storageEngine: 'MyISAM' } });
    const { adapter, pod } = test.open();
    const { results } = await checkPodDatabase(adapter)(expected, signal);
    const bad = results.filter(({ status }) => status !== 'ok').map(({ code }) => code);
    expect(bad).toEqual(['database-without-transactions', 'pod-write-untried']);
    const row = { name: 'x', startAt: 0, sourceUrl: 'https://b/x', siteId: 1 };
    await expect(
      pod.writeImports([{ actionId: 'a', owner: { userId: 2 }, recordId: 'r', row }], 0),
    ).rejects.toMatchObject({ code: 'database-without-transactions' });
    expect(await test.rows('import_video_externalrecording')).toEqual([]);
    await test.drop();
  });

  it("PostgreSQL: Pod's tables in a schema of their own are found by [pod] schema", async () => {
    const test = await createPod({ engine: 'postgresql', version: '4.1.0' });
    await test.admin.raw('ALTER SCHEMA public RENAME TO "Pod4"');
    const hidden = await checkPodDatabase(test.open().adapter)(expected, signal);
    expect(hidden.results.map(({ code }) => code)).toContain('pod-table-missing');
    const { adapter, pod } = test.open({}, { ...test.settings, schema: 'Pod4' });
    const { results } = await checkPodDatabase(adapter)(expected, signal);
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
    const row = { name: 'x', startAt: 0, sourceUrl: 'https://b/x', siteId: 1 };
    const written = await pod.writeImports([{ actionId: 'a', owner: { userId: 2 }, recordId: 'r', row }], 0);
    expect(written[0]?.state).toBe('done');
    await test.drop();
  });

  it('three-byte columns: emoji are replaced and said so', async () => {
    const test = await createPod({ engine: 'mysql', version: '3.5.1', storage: { characterSet: 'utf8mb3' } });
    const { adapter, pod } = test.open();
    const { results } = await checkPodDatabase(adapter)(expected, signal);
    expect(results.find(({ status }) => status !== 'ok')?.code).toBe('pod-character-set');
    const row = { name: 'Réunion 😀 数学', startAt: 0, sourceUrl: 'https://b/x', siteId: 1 };
    const [result] = await pod.writeImports([{ actionId: 'a', owner: { userId: 2 }, recordId: 'r', row }], 0);
    expect(result).toMatchObject({ state: 'done', charactersReplaced: true });
    expect((await test.rows('import_video_externalrecording'))[0]?.['name']).toBe('Réunion \uFFFD 数学');
    await test.drop();
  });

  it('a sequence that lags behind imported ids is named with the statement that repairs it', async () => {
    const test = await createPod({ engine: 'postgresql', version: '4.1.0' });
    const row = { name: 'old', start_at: '2024-01-01', type: 'bigbluebutton', source_url: 'u', site_id: 1 };
    await test.admin('import_video_externalrecording').insert({ id: 1, ...row });
    await test.admin('import_video_externalrecording').insert({ id: 2, ...row });
    const { adapter, pod } = test.open();
    const { results } = await checkPodDatabase(adapter)(expected, signal);
    const behind = results.find(({ code }) => code === 'pod-sequence-behind');
    if (behind === undefined) throw new Error('not noticed');
    const fresh = { name: 'x', startAt: 0, sourceUrl: 'https://b/x', siteId: 1 };
    const writes = [{ actionId: 'a', owner: { userId: 2 }, recordId: 'r', row: fresh }];
    await expect(pod.writeImports(writes, 2)).rejects.toMatchObject({ code: 'database-sequence-behind' });
    await test.admin.raw(describeResult(behind).remedy);
    expect((await pod.writeImports(writes, 2))[0]).toMatchObject({ state: 'done', rowId: 3 });
    await test.drop();
  });
});

describe('a table that MariaDB hides', () => {
  it('is refused before anything is decided without it, unless this Pod has none', async () => {
    const test = await createPod({ engine: 'mysql', version: '4.1.0' });
    const account = `writer_${randomBytes(4).toString('hex')}`;
    const url = new URL(test.test.url);
    const name = url.pathname.slice(1);
    await test.admin.raw(`CREATE USER '${account}'@'127.0.0.1' IDENTIFIED BY 'secret-word'`);
    Object.assign(url, { username: account, password: 'secret-word' });
    const settings = databaseSettings('[pod]', { database: new Secret(url.toString()) });
    const find = () => test.open({}, settings).pod.findMeetings(['0003-labo']);
    const hidden = ['meeting', 'meeting_meetingsessionlog', 'playlist_playlist'];
    for (const { table, rights } of TABLES)
      if (!hidden.includes(table) && !table.startsWith('bbb_'))
        await test.admin.raw(
          `GRANT ${rights.join(', ')} ON \`${name}\`.${table} TO '${account}'@'127.0.0.1'`,
        );
    try {
      await expect(find()).rejects.toMatchObject({
        code: 'database-right-missing',
        parameters: { detail: 'SELECT on playlist_playlist, meeting, meeting_meetingsessionlog' },
      });
      await test.admin.raw(`GRANT SELECT ON \`${name}\`.* TO '${account}'@'127.0.0.1'`);
      await test.admin.raw('DROP TABLE meeting_meetingsessionlog');
      expect(await find()).toEqual([]);
    } finally {
      await test.admin.raw(`DROP USER '${account}'@'127.0.0.1'`);
      await test.drop();
    }
  });
});
