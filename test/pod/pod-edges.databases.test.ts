import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Query } from '../../src/kit/adapters/sql/database.js';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';
import type { ImportWrite, NewPodUser, PodDatabase } from '../../src/migrate/pod-port.js';
import { builtScript } from '../support/built-script.js';
import { createPod, ENGINES, insertMeeting, insertUser, type TestPod } from '../support/pod.js';

const recordId = (n: number): string =>
  `${createHash('sha1').update(`edge ${n}`).digest('hex')}-${String(1_700_000_000_000 + n)}`;
const newUser = (username: string, more: Partial<NewPodUser> = {}): NewPodUser => ({
  username,
  firstName: 'A',
  lastName: 'B',
  email: `${username}@b.fr`,
  isStaff: true,
  authType: 'CAS',
  affiliation: 'faculty',
  establishment: 'Etab_1',
  siteId: 1,
  ...more,
});
const write = (
  n: number,
  owner: ImportWrite['owner'],
  more: Partial<ImportWrite['row']> = {},
): ImportWrite => ({
  actionId: `${n} ${JSON.stringify(owner)}`,
  owner,
  recordId: recordId(n),
  row: {
    name: `Cours ${n}`,
    startAt: 1_700_000_000_000 + n,
    sourceUrl: `https://bbb.univ.fr/playback/presentation/2.3/${recordId(n)}`,
    siteId: 1,
    ...more,
  },
});
const RECORDINGS = 'import_video_externalrecording';

describe.each(ENGINES)('the edges of a Pod on %s', (engine) => {
  let test: TestPod;
  let pod: PodDatabase;
  beforeAll(async () => {
    test = await createPod({ engine, version: '3.8.4' });
    pod = test.open({ attempts: 20 }).pod;
  });
  afterAll(() => test.drop());

  it('names that look like SQL are only names', async () => {
    const evil = `x'); DROP TABLE ${RECORDINGS}; -- " \\ ? :a $1 %s \u0000`;
    const [result] = await pod.writeImports([write(1, { create: newUser(`o'b"; --`) }, { name: evil })], 0);
    if (result?.state !== 'done') throw new Error('not done');
    const [row] = await test.admin(RECORDINGS).where({ id: result.rowId });
    expect(row.name).toBe(evil.replace('\u0000', '\uFFFD'));
    expect(await pod.findUsersByUsername([`O'B"; --`, `' OR 1=1 --`])).toHaveLength(1);
    expect(await pod.findMeetings([`' OR '1'='1`, '0042-x'])).toEqual([]);
  });

  it('a name is cut at 250 characters, a URL over 500 is refused whole', async () => {
    const name = `${'é'.repeat(200)}${'😀'.repeat(100)}`;
    const fits = `https://b/${'u'.repeat(490)}`;
    const [result] = await pod.writeImports([write(2, { userId: 2 }, { name, sourceUrl: fits })], 0);
    if (result?.state !== 'done') throw new Error('not done');
    expect(Array.from(result.written.name)).toHaveLength(250);
    expect((await test.admin(RECORDINGS).where({ id: result.rowId }))[0].name).toBe(result.written.name);
    const before = await test.dump();
    const writes = [write(3, { userId: 2 }), write(4, { userId: 2 }, { sourceUrl: `${fits}u` })];
    await expect(pod.writeImports(writes, 0)).rejects.toMatchObject({ code: 'pod-url-too-long' });
    expect(await test.dump()).toEqual(before);
  });

  it('both hours of the autumn change and the missing one of spring stay what they are', async () => {
    if (engine === 'postgresql')
      await test.admin.raw(`ALTER DATABASE ${test.test.name} SET timezone = 'Europe/Paris'`);
    const other = test.open().pod;
    const instants = [
      Date.UTC(2024, 9, 27, 0, 30),
      Date.UTC(2024, 9, 27, 1, 30),
      Date.UTC(2024, 2, 31, 1, 30),
      Date.UTC(1999, 11, 31, 23, 59, 59, 999),
    ];
    const { externalRecording } = await other.highestIds();
    await other.writeImports(
      instants.map((startAt, i) => write(10 + i, { userId: 2 }, { startAt })),
      externalRecording,
    );
    // As Django writes and reads it: UTC, and on SQLite without a fraction when there is none.
    const django = { sqlite: '2024-10-27 00:30:00', mysql: '2024-10-27 00:30:00.123000', postgresql: '' }[
      engine
    ];
    const rows = await test.admin(RECORDINGS).where('id', '>', externalRecording).orderBy('id');
    if (engine === 'sqlite') expect(rows[0].start_at).toBe(django);
    if (engine === 'sqlite') expect(rows[3].start_at).toBe('1999-12-31 23:59:59.999000');
    if (engine === 'mysql') expect(rows[0].start_at).toBe('2024-10-27 00:30:00.000000');
    const read: number[] = [];
    for await (const page of other.externalRecordings(externalRecording))
      read.push(...page.map(({ startAt }) => startAt));
    expect(read).toEqual(instants);
  });

  it('JDupont is jdupont, and two who differ by case are nobody', async () => {
    await insertUser(test.admin, 50, 'JDupont');
    const [result] = await pod.writeImports([write(20, { create: newUser('jdupont') })], 0);
    expect(result).toMatchObject({ state: 'done', userId: 50 });
    expect(result).not.toHaveProperty('createdUser');
    expect((await pod.findUsersByUsername(['JDUPONT'])).map(({ id, siteIds }) => [id, siteIds])).toEqual([
      [50, [1]],
    ]);
    if (engine === 'mysql') {
      // MariaDB's usual collation takes é for e: the account cannot be created, and nobody else's is used.
      await insertUser(test.admin, 51, 'rené');
      expect(await pod.writeImports([write(21, { create: newUser('rene') })], 0)).toMatchObject([
        { state: 'name-taken', user: 'rene', account: 'rené' },
      ]);
    } else {
      await insertUser(test.admin, 51, 'jdUPONT');
      await expect(pod.writeImports([write(21, { create: newUser('jdupont') })], 0)).rejects.toMatchObject({
        code: 'pod-username-ambiguous',
      });
      // Also when one of them is spelt as it is asked for.
      await insertUser(test.admin, 52, 'mmartin');
      await insertUser(test.admin, 53, 'MMartin');
      const { pod: later } = test.open();
      await expect(later.writeImports([write(22, { create: newUser('mmartin') })], 0)).rejects.toMatchObject({
        code: 'pod-username-ambiguous',
      });
      expect((await later.findUsersByUsername(['mmartin'])).map(({ id }) => id)).toEqual([52, 53]);
    }
  });

  it('two writers at once: each user and each row once', async () => {
    const writes = Array.from({ length: 60 }, (_, i) =>
      write(100 + i, i % 2 === 0 ? { create: newUser(`racer${i % 7}`) } : { userId: 2 }),
    );
    const { externalRecording } = await pod.highestIds();
    const racers = [test.open({ attempts: 20 }).pod, test.open({ attempts: 20 }).pod];
    const results = await Promise.all(racers.map((racer) => racer.writeImports(writes, externalRecording)));
    const states = results.map((list) => [...new Set(list.map(({ state }) => state))].join());
    expect(states.sort()).toEqual(['already-there', 'done']);
    const rows = await test.admin(RECORDINGS).where('id', '>', externalRecording);
    expect(rows).toHaveLength(60);
    expect(await test.admin('auth_user').where('username', 'like', 'racer%')).toHaveLength(7);
  });

  it('a row that an earlier run gave to the administrator goes to its owner, if nobody touched it', async () => {
    const { externalRecording: known } = await pod.highestIds();
    const given = await pod.writeImports([write(200, { userId: 1 }), write(201, { userId: 1 })], known);
    const rows = given.map((result) => (result.state === 'done' ? result.written : undefined)!);
    await test.admin(RECORDINGS).where({ id: rows[1]!.id }).update({ name: 'renamed by the administrator' });
    const above = await pod.highestIds();
    const writes: ImportWrite[] = rows.map((row, i) => ({ ...write(200 + i, { userId: 2 }), takeOver: row }));
    const moved = await pod.writeImports(writes, above.externalRecording);
    expect(moved[0]).toMatchObject({ state: 'done', rowId: rows[0]!.id, tookOverFrom: 1 });
    expect(moved[1]).toMatchObject({ state: 'done' });
    expect(moved[1]).not.toHaveProperty('rowId', rows[1]!.id);
    expect(await pod.recoverImports(writes, above)).toEqual(moved);
    const [first] = moved;
    if (first?.state !== 'done') throw new Error('not done');
    const back = [{ written: first.written, formerOwnerId: 1 }];
    expect(await pod.giveBack(back)).toEqual([{ id: rows[0]!.id, state: 'removed' }]);
    expect(await pod.giveBack(back)).toMatchObject([{ id: rows[0]!.id, state: 'changed' }]);
  });

  it('undo leaves what people changed, and users whom anything leads to', async () => {
    const { externalRecording: known } = await pod.highestIds();
    const names = ['untouched', 'logged-in', 'promoted', 'met', 'listened'];
    const results = await pod.writeImports(
      names.map((name, i) => write(300 + i, { create: newUser(name) })),
      known,
    );
    const done = results.flatMap((result) => (result.state === 'done' ? [result] : []));
    const users = done.map(({ createdUser }) => createdUser!);
    await test
      .admin(RECORDINGS)
      .where({ id: done[1]!.rowId })
      .update({ state: 'Uploaded', uploaded_to_pod_by_id: 1 });
    await test.admin(RECORDINGS).where({ id: done[2]!.rowId }).delete();
    const removed = await pod.removeExternalRecordings(done.map(({ written }) => written));
    expect(removed.map(({ state }) => state)).toEqual(['removed', 'changed', 'gone', 'removed', 'removed']);
    await test
      .admin('auth_user')
      .where({ id: users[1]!.userId })
      .update({ last_login: '2026-11-20 10:00:00' });
    await test.admin('auth_user').where({ id: users[2]!.userId }).update({ is_superuser: true });
    await insertMeeting(test, {
      id: 900,
      meeting_id: '0900-x',
      name: 'x',
      owner_id: users[3]!.userId,
      site_id: 1,
    });
    await test.admin('podfile_customfilemodel').insert({
      id: 900,
      name: 'f',
      description: '',
      uploaded_at: '2026-11-20 10:00:00',
      file: 'f.pdf',
      created_by_id: 1,
      folder_id: users[4]!.rows['podfile_userfolder']!['id'] as number,
    });
    const gone = await pod.removeCreatedUsers(users);
    expect(gone.map(({ state }) => state)).toEqual(['removed', 'touched', 'touched', 'touched', 'touched']);
    expect(await test.admin('auth_user').whereIn('username', names)).toHaveLength(4);
  });

  it('cleanup and its undo: rows come back under their old ids, to the microsecond', async () => {
    const instant = {
      sqlite: '2024-05-06 07:08:09.123456',
      mysql: '2024-05-06 07:08:09.123456',
      postgresql: '2024-05-06 07:08:09.123456+00',
    };
    await test.admin(RECORDINGS).insert({
      id: 5000,
      name: 'of the old script',
      start_at: instant[engine],
      type: 'bigbluebutton',
      source_url: 'https://old/1',
      state: 'x',
      owner_id: 2,
      site_id: 2,
    });
    const before = await test.rows(RECORDINGS);
    const pages = [];
    for await (const page of pod.externalRecordings(4999)) pages.push(...page);
    const doomed = pages.filter(({ id }) => id === 5000);
    expect(await pod.removeExternalRecordings(doomed)).toEqual([{ id: 5000, state: 'removed' }]);
    const kept = JSON.parse(JSON.stringify(doomed)) as typeof doomed;
    expect(await pod.restoreExternalRecordings(kept)).toEqual([{ id: 5000, state: 'restored' }]);
    expect(await test.rows(RECORDINGS)).toEqual(before);
    expect(await pod.restoreExternalRecordings(kept)).toEqual([{ id: 5000, state: 'present' }]);
    await test.admin(RECORDINGS).where({ id: 5000 }).delete();
  });

  it('undo of a cleanup leaves out the rows of an account that is gone, and puts back the others', async () => {
    const row = (id: number, ownerId: number) => ({
      ...{ id, ownerId, siteId: 1, name: `n${id}`, startAt: 1_700_000_000_000, type: 'bigbluebutton' },
      ...{ sourceUrl: `https://old/${id}`, state: null, uploadedToPodById: null },
    });
    expect(await pod.restoreExternalRecordings([row(5001, 987_654), row(5002, 2)])).toEqual([
      { id: 5001, state: 'ownerless' },
      { id: 5002, state: 'restored' },
    ]);
    expect((await test.rows(RECORDINGS)).filter(({ id }) => Number(id) > 5000)).toHaveLength(1);
    await test.admin(RECORDINGS).where({ id: 5002 }).delete();
  });

  it('claims: pending, claimed, registered once, length minded', async () => {
    const claim = {
      actionId: 'c',
      file: '/data/ftp-pod/ftp/bbb/cours.mp4',
      fileSizeBytes: 2 ** 33,
      recorderId: 1,
      dateAdded: 1_700_000_000_000,
    };
    expect(await pod.registerClaim(claim)).toMatchObject({ state: 'done' });
    expect(await pod.registerClaim(claim)).toMatchObject({ state: 'already-there' });
    const [row] = await test.rows('recorder_recordingfiletreatment');
    expect(row).toMatchObject({ file: claim.file, type: 'video', date_email_sent: null });
    expect([Number(row?.['file_size']), Number(row?.['recorder_id'])]).toEqual([2 ** 33, 1]);
    await test.admin('recorder_recording').insert({
      id: 1,
      title: 't',
      type: 'video',
      source_file: '/data/ftp-pod/ftp/bbb/old.mp4',
      comment: '',
      date_added: '2024-01-01 00:00:00',
      recorder_id: 1,
      user_id: 2,
    });
    const paths = [claim.file, '/data/ftp-pod/ftp/bbb/old.mp4', '/data/ftp-pod/ftp/bbb/none.mp4'];
    expect(await pod.findClaimPaths(paths)).toEqual([
      { path: paths[0], state: 'pending' },
      { path: paths[1], state: 'claimed' },
    ]);
    await expect(pod.registerClaim({ ...claim, file: `/data/${'x'.repeat(120)}.mp4` })).rejects.toMatchObject(
      {
        code: 'pod-claim-path-too-long',
      },
    );
    expect(await pod.removeClaimRegistration(paths[1]!)).toBe('claimed');
    expect(await pod.removeClaimRegistration(claim.file)).toBe('removed');
    expect(await pod.removeClaimRegistration(claim.file)).toBe('gone');
  });

  it('found by the number before the name, with all owners', async () => {
    await insertMeeting(test, {
      id: 42,
      meeting_id: '0042-algebra-2',
      name: 'Algèbre',
      owner_id: 2,
      site_id: 2,
    });
    await test.admin('meeting_additional_owners').insert({ id: 1, meeting_id: 42, user_id: 1 });
    expect(await pod.findMeetings(['0042-algebre', 'unknown', '9999999999999999999999-x'])).toEqual([
      {
        id: 42,
        meetingId: '0042-algebra-2',
        name: 'Algèbre',
        siteId: 2,
        siteDomain: 'pod2.univ.fr',
        ownerId: 2,
        ownerName: 'amartin',
        additionalOwnerIds: [1],
        createdAt: Date.UTC(2024, 0, 8, 8),
      },
    ]);
    await test.admin('meeting_meetingsessionlog').insert({
      id: 1,
      creation_date: '2024-01-08 09:00:00',
      moderators: '[]',
      viewers: '[]',
      creator_id: 2,
      meeting_id: 42,
    });
    expect(await pod.findSessionCreators([42])).toEqual([
      { meetingPk: 42, createdAt: Date.UTC(2024, 0, 8, 9), creatorId: 2 },
    ]);
    await test.admin('meeting_internalrecording').insert([
      { id: 1, name: 'n', start_at: '2024-01-08 09:00:00', source_url: '', recording_id: 'r1', site_id: 1 },
      {
        id: 2,
        name: 'n',
        start_at: '2024-01-08 09:00:00',
        source_url: 'u',
        recording_id: 'r2',
        site_id: 1,
        owner_id: 2,
      },
    ]);
    expect(await pod.findInternalRecordings(['r1', 'r2'])).toEqual([{ recordId: 'r2', ownerId: 2 }]);
  });

  it('one run at a time', async () => {
    const stateDirectory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-state-'));
    const [one, two] = [test.open({ stateDirectory }).pod, test.open({ stateDirectory }).pod];
    const lock = await one.lock();
    expect(await two.lock()).toBeNull();
    await lock?.release();
    const next = await two.lock();
    expect(next).not.toBeNull();
    await next?.release();
    rmSync(stateDirectory, { recursive: true });
  });
});

/** Starts the writer of its own process and waits for its word. */
async function startWriter(
  test: TestPod,
  how: 'hang' | 'write',
  writes: readonly ImportWrite[],
): Promise<Child> {
  const root = path.resolve(import.meta.dirname, '../..');
  const child = await startChild({
    file: process.execPath,
    args: [
      builtScript(path.join(import.meta.dirname, 'killed-writer.ts')),
      test.test.url,
      how,
      JSON.stringify(writes),
    ],
    cwd: root,
    stdout: 'pipe',
  });
  await once(child.stdout!, 'data');
  return child;
}

describe.each(ENGINES)('kill -9 in the middle of a chunk on %s', (engine) => {
  it('leaves all of the chunk or nothing, and says which', async () => {
    const test = await createPod({ engine, version: '4.1.0' });
    const { pod } = test.open();
    const before = await test.dump();
    const above = await pod.highestIds();
    const writes = [write(1, { create: newUser('fresh') }), write(2, { userId: 2 })];

    if (engine === 'sqlite') {
      const child = await startWriter(test, 'hang', writes);
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
      const header = readFileSync(`${test.test.name}-journal`).subarray(0, 8).toString('hex');
      expect(header).toBe('d9d505f920a163d7');
    } else {
      // The chunk comes as far as the user's folder, and waits there for a lock.
      const lock =
        engine === 'mysql' ? 'LOCK TABLES podfile_userfolder WRITE' : 'LOCK TABLE podfile_userfolder';
      const blocker = await test.admin.transaction();
      await blocker.raw(lock);
      const child = await startWriter(test, 'write', writes);
      await sleep(700);
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
      if (engine === 'mysql') await blocker.raw('UNLOCK TABLES');
      await blocker.rollback();
    }
    expect(await pod.recoverImports(writes, above)).toEqual([]);
    expect(await test.dump()).toEqual(before);

    const child = await startWriter(test, 'write', writes);
    const deadline = Date.now() + 10_000;
    while ((await test.rows(RECORDINGS)).length < 2 && Date.now() < deadline) await sleep(20);
    process.kill(child.pid, 'SIGKILL');
    await child.exited;
    const recovered = await pod.recoverImports(writes, above);
    expect(recovered.map(({ state }) => state)).toEqual(['done', 'done']);
    expect(recovered[0]).toHaveProperty('createdUser');
    const done = recovered.flatMap((result) => (result.state === 'done' ? [result] : []));
    await pod.removeExternalRecordings(done.map(({ written }) => written));
    await pod.removeCreatedUsers(done.flatMap(({ createdUser }) => createdUser ?? []));
    expect(await test.dump()).toEqual(before);
    await test.drop();
  });
});

describe('no query per recording', () => {
  it('MariaDB answers as many queries for 400 writes as for 4', async () => {
    const test = await createPod({ engine: 'mysql', version: '3.8.4' });
    const { adapter, pod } = test.open();
    await pod.describe();
    // Counted at our end: other files of the suite ask the same server meanwhile.
    let asked = 0;
    const [read, change] = [adapter.read.bind(adapter), adapter.write.bind(adapter)];
    const counting =
      <T>(work: (query: Query) => Promise<T>) =>
      (query: Query): Promise<T> => {
        query.on('query', () => asked++);
        return work(query);
      };
    const counted: Pick<typeof adapter, 'read' | 'write'> = {
      read: (work) => read(counting(work)),
      write: (work, options) => change(counting(work), options),
    };
    Object.assign(adapter, counted);
    const count = async (from: number, to: number): Promise<number> => {
      asked = 0;
      const writes = Array.from({ length: to - from }, (_, i) =>
        write(from + i, { create: newUser(`u${from + i}`) }),
      );
      await pod.writeImports(writes, 0);
      return asked;
    };
    await count(0, 2);
    const few = await count(2000, 2004);
    expect(few).toBeGreaterThan(5);
    expect(await count(1000, 1400)).toBe(few);
    await test.drop();
  });
});

describe.each(['mysql', 'postgresql'] as const)(
  'a connection lost in the middle of a chunk on %s',
  (engine) => {
    it('is said so, leaves nothing half done, and the next call goes on', async () => {
      const test = await createPod({ engine, version: '3.5.1' });
      const { pod } = test.open();
      await pod.describe();
      const before = await test.dump();
      const above = await pod.highestIds();
      const writes = [write(1, { create: newUser('fresh') }), write(2, { userId: 2 })];
      const blocker = await test.admin.transaction();
      await blocker.raw(
        engine === 'mysql' ? 'LOCK TABLES podfile_userfolder WRITE' : 'LOCK TABLE podfile_userfolder',
      );
      const lost = pod.writeImports(writes, 0).then(
        () => null,
        (error: unknown) => error,
      );
      await killWaiting(test);
      expect(await lost).toMatchObject({ code: 'database-connection-lost' });
      if (engine === 'mysql') await blocker.raw('UNLOCK TABLES');
      await blocker.rollback();
      expect(await pod.recoverImports(writes, above)).toEqual([]);
      expect(await test.dump()).toEqual(before);
      expect((await pod.writeImports(writes, 0)).map(({ state }) => state)).toEqual(['done', 'done']);
      await test.drop();
    });
  },
);

/** Ends the connection that waits for the folder table. */
async function killWaiting(test: TestPod): Promise<void> {
  for (let i = 0; i < 200; i++) {
    await sleep(20);
    if (test.engine === 'postgresql') {
      const { rows } = await test.admin.raw<{ rows: { killed: boolean }[] }>(
        `SELECT pg_terminate_backend(pid) AS killed FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows.length > 0) return;
    } else {
      const [rows] = await test.admin.raw<{ id: number }[][]>(
        `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'`,
      );
      if (rows?.[0] !== undefined) {
        await test.admin.raw(`KILL ${rows[0].id}`);
        return;
      }
    }
  }
  throw new Error('nobody waits');
}
