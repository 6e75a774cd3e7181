import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportWrite, NewPodUser, PodDatabase } from '../../src/migrate/pod-port.js';
import { createPod, ENGINES, POD_VERSIONS, SECRET_KEY, type TestPod } from '../support/pod.js';

const recordId = (n: number): string =>
  `${createHash('sha1').update(`meeting ${n}`).digest('hex')}-${String(1_700_000_000_000 + n * 3_600_000)}`;
const urlOf = (n: number): string => `https://bbb.univ.fr/playback/presentation/2.3/${recordId(n)}`;
const newUser = (username: string, more: Partial<NewPodUser> = {}): NewPodUser => ({
  username,
  firstName: 'Zoé',
  lastName: 'Dupont',
  email: `${username}@univ.fr`,
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
  actionId: `import-${n}-${'userId' in owner ? owner.userId : owner.create.username}`,
  owner,
  recordId: recordId(n),
  row: {
    name: `Cours ${n}`,
    startAt: 1_700_000_000_000 + n * 3_600_000,
    sourceUrl: urlOf(n),
    siteId: 1,
    ...more,
  },
});

const cases = ENGINES.flatMap((engine) => POD_VERSIONS.map((version) => ({ engine, version })));

describe.each(cases)('imports into Pod $version on $engine', ({ engine, version }) => {
  let test: TestPod;
  let pod: PodDatabase;
  beforeAll(async () => {
    test = await createPod({ engine, version });
    pod = test.open({ stateDirectory: '/dev/null/state' }).pod;
  });
  afterAll(() => test.drop());

  it('describes itself', async () => {
    expect(await pod.describe()).toMatchObject({
      engine,
      version: { '3.5.1': '3.5', '3.8.4': '3.8', '4.1.0': '4.0.1' }[version],
      siteDomain: 'pod.univ.fr',
      target: 'pod:pod.univ.fr#1',
      claimPathLength: version === '4.1.0' ? 200 : 100,
      storesAllCharacters: true,
      hasSessionLog: version !== '3.5.1',
      hasBbbAttendee: version === '3.5.1',
    });
  });

  it('writes one row per owner as Pod would, and the five rows of each new user', async () => {
    const { externalRecording: known } = await pod.highestIds();
    const fresh = newUser('zdupont');
    const results = await pod.writeImports(
      [write(1, { userId: 2 }), write(1, { create: fresh }), write(2, { create: newUser('ZDupont') })],
      known,
    );
    expect(results.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    const rows = await test.rows('import_video_externalrecording');
    expect(
      rows.map((row) => [
        row['name'],
        row['type'],
        row['source_url'],
        row['state'],
        row['uploaded_to_pod_by_id'],
      ]),
    ).toEqual([
      ['Cours 1', 'bigbluebutton', urlOf(1), null, null],
      ['Cours 1', 'bigbluebutton', urlOf(1), null, null],
      ['Cours 2', 'bigbluebutton', urlOf(2), null, null],
    ]);
    const [, second, third] = results;
    if (second?.state !== 'done' || third?.state !== 'done') throw new Error('not done');
    expect(second.userId).toBe(third.userId);
    expect(third.createdUser).toBeUndefined();
    const user = (await test.rows('auth_user')).find(({ username }) => username === 'zdupont');
    expect(user).toMatchObject({
      id: second.userId,
      first_name: 'Zoé',
      email: 'zdupont@univ.fr',
      last_login: null,
    });
    expect(String(user?.['password'])).toMatch(/^![A-Za-z0-9]{40}$/);
    const owner = (await test.rows('authentication_owner')).find(({ user_id }) => user_id === second.userId);
    expect(owner).toMatchObject({
      auth_type: 'CAS',
      affiliation: 'faculty',
      establishment: 'Etab_1',
      commentaire: '',
      hashkey: createHash('sha256').update(`${SECRET_KEY}zdupont`).digest('hex'),
      userpicture_id: null,
    });
    const sites = await test.rows('authentication_owner_sites');
    expect(sites.filter(({ owner_id }) => Number(owner_id) === Number(owner?.['id']))).toHaveLength(1);
    const playlist = (await test.rows('playlist_playlist')).find(
      ({ owner_id }) => owner_id === second.userId,
    );
    expect(playlist).toMatchObject({ name: 'Favorites', visibility: 'private', password: '', site_id: 1 });
    expect(playlist?.['slug']).toBe(`${String(playlist?.['id'])}-favorites`);
    const folder = (await test.rows('podfile_userfolder')).find(({ owner_id }) => owner_id === second.userId);
    expect(folder).toMatchObject({ name: 'home' });
  });

  it('leaves what is of an account that was removed since the plan', async () => {
    const before = await test.dump();
    expect(await pod.writeImports([write(3, { userId: 4711 }), write(4, { userId: 4712 })], 10_000)).toEqual([
      { actionId: 'import-3-4711', state: 'owner-gone' },
      { actionId: 'import-4-4712', state: 'owner-gone' },
    ]);
    expect(await test.dump()).toEqual(before);
  });

  it('makes no account of a name that the database takes for another one', async () => {
    const before = await test.dump();
    const alike = newUser('zdup\u00f6nt', { email: 'other@univ.fr' });
    const found = await pod.findNamesTakenFor(['zdup\u00f6nt', 'nobody']);
    expect(found.size).toBe(test.engine === 'mysql' ? 1 : 0);
    if (test.engine !== 'mysql') return;
    expect([...found]).toEqual([['zdup\u00f6nt', 'zdupont']]);
    expect(await pod.writeImports([write(3, { create: alike })], 10_000)).toMatchObject([
      { state: 'name-taken', user: 'zdup\u00f6nt', account: 'zdupont' },
    ]);
    expect(await test.dump()).toEqual(before);
  });

  it('makes no second account for an address that somebody got meanwhile, and names doubled accounts', async () => {
    const before = await test.dump();
    expect(await pod.findDoubledAccounts()).toEqual([]);
    const taken = newUser('again', { email: 'ZDUPONT@univ.FR' });
    const results = await pod.writeImports([write(3, { create: taken }), write(4, { userId: 2 })], 10_000);
    expect(results).toMatchObject([
      { state: 'address-taken', user: 'again', email: 'ZDUPONT@univ.FR', account: 'zdupont' },
      { state: 'done' },
    ]);
    const fourth = results[1];
    if (fourth?.state !== 'done') throw new Error('not done');
    await pod.removeExternalRecordings([fourth.written]);
    expect(await test.dump()).toEqual(before);
    const user = {
      ...(await test.rows('auth_user'))[0],
      id: 900,
      username: 'Twin',
      email: 'zdupont@UNIV.fr',
    };
    await test.admin('auth_user').insert(user);
    expect(await pod.findDoubledAccounts()).toMatchObject([
      { by: 'email', value: 'zdupont@univ.fr', accounts: [{ username: 'zdupont' }, { username: 'Twin' }] },
    ]);
    await test.admin('auth_user').where({ id: 900 }).delete();
  });

  it('writes nothing twice: same URL, or a younger row of that owner in another form of its URL', async () => {
    const before = await test.dump();
    const again = await pod.writeImports([write(1, { userId: 2 })], 10_000);
    expect(again).toEqual([{ actionId: 'import-1-2', state: 'already-there', rowId: 1 }]);
    const old20 = `http://bbb.univ.fr/playback/presentation/2.0/playback.html?meetingId=${recordId(2)}`;
    const other = await pod.writeImports([write(2, { create: newUser('zdupont') }, { sourceUrl: old20 })], 0);
    expect(other[0]?.state).toBe('already-there');
    expect(await test.dump()).toEqual(before);
  });

  it('undo takes back exactly what was written, table by table', async () => {
    const before = await test.dump();
    const { externalRecording } = await pod.highestIds();
    const writes = [
      write(10, { create: newUser('one') }),
      write(11, { create: newUser('two') }),
      write(11, { userId: 1 }),
    ];
    const results = await pod.writeImports(writes, externalRecording);
    const done = results.flatMap((result) => (result.state === 'done' ? [result] : []));
    const removed = await pod.removeExternalRecordings(done.map(({ written }) => written));
    expect(removed.map(({ state }) => state)).toEqual(['removed', 'removed', 'removed']);
    const users = done.flatMap(({ createdUser }) => createdUser ?? []);
    expect(users).toHaveLength(2);
    const gone = await pod.removeCreatedUsers(JSON.parse(JSON.stringify(users)) as typeof users);
    expect(gone.map(({ state }) => state)).toEqual(['removed', 'removed']);
    expect(await test.dump()).toEqual(before);
    expect((await pod.removeCreatedUsers(users)).map(({ state }) => state)).toEqual(['gone', 'gone']);
  });

  it("describes a new user's favourites as Pod does, in its language", async () => {
    const french = 'Vos vidéos favorites.';
    await test.admin('playlist_playlist').where({ name: 'Favorites' }).update({ description: french });
    const [result] = await pod.writeImports([write(90, { create: newUser('frfavori') })], 0);
    if (result?.state !== 'done' || result.createdUser === undefined) throw new Error('not done');
    expect(result.createdUser.rows['playlist_playlist']?.['description']).toBe(french);
    await pod.removeExternalRecordings([result.written]);
    await pod.removeCreatedUsers([result.createdUser]);
  });
});
