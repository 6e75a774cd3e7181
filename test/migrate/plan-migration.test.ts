import { readPythonConstants } from '../../src/kit/config/init/read-python.js';
import { importLimitsOf } from '../../src/migrate/import-limits.js';
import { describe, expect, it } from 'vitest';
import type { JournalItem } from '../../src/kit/batch/journal.js';
import { importHosts } from '../../src/migrate/import-hosts.js';
import type { ClaimFacts, MigratePolicy, RecordingFacts } from '../../src/migrate/migration-facts.js';
import { actionIdsOf, GrowingPlan, planMigration } from '../../src/migrate/plan-migration.js';
import type { PodExternalRecording } from '../../src/migrate/pod-port.js';
import type { OwnerDecision, ResolvedOwner } from '../../src/owners/decision.js';
import type { Recording } from '../../src/bbb/recording.js';

const recording = (n: number, over: Partial<Recording> = {}): Recording => ({
  recordId: `r${n}`,
  internalMeetingId: `r${n}`,
  meetingId: `m${n}`,
  name: `Cours ${n}`,
  state: 'published',
  startAt: 1_700_000_000_000 + n,
  endAt: null,
  participants: null,
  sizeBytes: null,
  isBreakout: false,
  metadata: {},
  formats: [],
  server: 'default',
  ...over,
});

const policy: MigratePolicy = {
  mode: 'import',
  includeUnpublished: false,
  recreate: false,
  admin: { userId: 1, username: 'admin' },
  newUsers: { authType: 'CAS', affiliation: 'student', establishment: 'Etab_1' },
  excluded: new Set(),
  skippedServers: new Set(),
  onlyOwners: [],
  limit: null,
  podMisreads20Links: false,
  unresolved: 'admin',
};

const known = (userId: number, username = `u${userId}`): ResolvedOwner => ({
  account: { userId, username },
  reason: { code: 'owner-file', parameters: { line: 1 } },
  warnings: [],
});
const created = (username: string, email = `${username}@b.fr`, teaches = false): ResolvedOwner => ({
  account: { create: { username, firstName: 'A', lastName: 'B', email, isStaff: true, teaches } },
  reason: { code: 'owner-file', parameters: { line: 1 } },
  warnings: [],
});
const decided = (...owners: ResolvedOwner[]): OwnerDecision => ({
  kind: 'owners',
  owners,
  notes: [],
  activities: [],
});
const nobody: OwnerDecision = {
  kind: 'admin',
  reason: { code: 'unresolved-no-account', parameters: {} },
  notes: [],
  activities: [],
};

const row = (over: Partial<PodExternalRecording> = {}): PodExternalRecording => ({
  id: 9,
  ownerId: 1,
  siteId: 1,
  name: 'x',
  startAt: 0,
  type: 'bigbluebutton',
  sourceUrl: 'https://b/r1',
  state: null,
  uploadedToPodById: null,
  ...over,
});

const facts = (over: Partial<RecordingFacts> = {}): RecordingFacts => ({
  playback: {
    url: 'https://b.fr/playback/presentation/2.3/r1',
    kind: 'presentation',
    token: false,
    is20Link: false,
    sizeBytes: null,
    lengthMinutes: 10,
  },
  title: 'Cours',
  owners: decided(known(2)),
  existing: [],
  internalOwnerIds: [],
  siteId: 1,
  claim: null,
  ...over,
});

const plan = (
  own: Partial<RecordingFacts>,
  over: Partial<MigratePolicy> = {},
  items: JournalItem[] = [],
  it: Recording = recording(1),
) =>
  planMigration(
    new GrowingPlan(),
    [it],
    () => facts(own),
    new Map(items.map((item) => [item.actionId, item])),
    {
      ...policy,
      ...over,
    },
  ).actions;

const brief = (actions: ReturnType<typeof plan>) =>
  actions.map(({ kind, reason, owner }) => `${kind} ${reason} ${owner}`);

const doneEarlier = (actionId: string): JournalItem => ({
  run: 'A',
  actionId,
  recordId: 'r1',
  kind: 'import',
  state: 'done',
  reason: 'imported',
  intent: null,
  written: null,
  at: 0,
  shown: { title: '', owner: '', startAt: null, parameters: {} },
});

describe('plan of an import', () => {
  it('gives every owner a row (only the first moderator got the recording)', () => {
    expect(brief(plan({ owners: decided(known(2), known(3), created('new')) }))).toEqual([
      'import owner-file u2',
      'import owner-file u3',
      'import owner-file new',
    ]);
  });

  it('skips per recording and owner: co-owners that the old script lost are added', () => {
    expect(brief(plan({ owners: decided(known(2), known(3)), existing: [row({ ownerId: 2 })] }))).toEqual([
      'skip already-external u2',
      'import owner-file u3',
    ]);
  });

  it('does not give again what its owner deleted, unless asked', () => {
    const earlier = [doneEarlier('import/r1/u2')];
    expect(brief(plan({}, {}, earlier))).toEqual(['skip deleted-since u2']);
    expect(brief(plan({}, { recreate: true }, earlier))).toEqual(['import owner-file u2']);
    expect(brief(plan({}, {}, [{ ...doneEarlier('import/r1/u2'), state: 'undone' }]))).toEqual([
      'import owner-file u2',
    ]);
  });

  it('falls back to the administrator with the reason', () => {
    expect(brief(plan({ owners: nobody }))).toEqual(['import unresolved-no-account admin']);
    expect(brief(plan({ owners: nobody, existing: [row()] }))).toEqual(['skip already-external admin']);
  });

  it("moves the administrator's untouched row to the first owner once known, and adds the others", () => {
    const [first, second] = plan({ owners: decided(known(2), known(3)), existing: [row()] });
    expect(first?.kind === 'import' && first.write.takeOver?.id).toBe(9);
    expect(second?.kind === 'import' && second.write.takeOver).toBeUndefined();
  });

  it('leaves a row that the administrator began to import', () => {
    const [first] = plan({ existing: [row({ uploadedToPodById: 1 })] });
    expect(first?.kind === 'import' && first.write.takeOver).toBeUndefined();
  });

  it('knows what came in through the meetings of Pod', () => {
    expect(brief(plan({ owners: decided(known(2), known(3)), internalOwnerIds: [2] }))).toEqual([
      'skip already-internal u2',
      'import owner-file u3',
    ]);
  });

  it('keeps hidden what is hidden, and says so', () => {
    expect(brief(plan({}, {}, [], recording(1, { state: 'unpublished' })))).toEqual([
      'skip recording-unpublished -',
    ]);
    expect(brief(plan({}, { includeUnpublished: true }, [], recording(1, { state: 'unpublished' })))).toEqual(
      ['import owner-file u2'],
    );
    expect(brief(plan({}, { includeUnpublished: true }, [], recording(1, { state: 'deleted' })))).toEqual([
      'skip recording-deleted -',
    ]);
  });

  it('never writes an empty, too long or one-time URL', () => {
    expect(brief(plan({ playback: { none: ['podcast'] } }))).toEqual(['skip format-unsupported -']);
    const playback = {
      url: 'x',
      kind: 'video' as const,
      token: true,
      is20Link: false,
      sizeBytes: null,
      lengthMinutes: null,
    };
    expect(brief(plan({ playback }))).toEqual(['skip url-with-token -']);
    expect(
      brief(plan({ playback: { ...playback, token: false, url: `https://b/${'x'.repeat(500)}` } })),
    ).toEqual(['skip url-too-long -']);
  });

  it.each([
    [
      'https://b.fr/playback/video/aaaa1111-1690000000001',
      'https://b.fr/playback/video/aaaa1111-1690000000001/',
    ],
    [
      'https://b.fr/playback/video/aaaa1111-1690000000001/',
      'https://b.fr/playback/video/aaaa1111-1690000000001/',
    ],
    ['https://b.fr/playback/video/aaaa1111-1690000000001/video-0.m4v', null],
    ['https://b.fr/playback/video/aaaa1111-1690000000001?x=1', null],
    ['https://b.fr/playback/presentation/2.3/aaaa1111-1690000000001', null],
  ])('writes the page of a video with the slash that Pod puts the file behind: %s', (url, stored) => {
    const { playback } = facts();
    const [action] = plan({ playback: { ...playback, url } });
    expect(action?.kind === 'import' && action.write.row.sourceUrl).toBe(stored ?? url);
  });

  it('keeps a national link without its query, marked with what Pod needs for it', () => {
    const playback = {
      url: 'https://univ.scalelite.bbb.numerique-esr.fr/recording/d-1690000000004/video?token=abc123',
      kind: 'video' as const,
      token: true,
      is20Link: false,
      sizeBytes: null,
      lengthMinutes: null,
    };
    const [action] = plan({ playback });
    expect(action?.kind === 'import' && action.write.row.sourceUrl).toBe(
      'https://univ.scalelite.bbb.numerique-esr.fr/recording/d-1690000000004/video',
    );
    expect(action?.url).not.toContain('token');
    expect(action?.marks.map(({ code }) => code)).toContain('mark-national-use-meeting');
    const elsewhere = {
      ...playback,
      url: 'https://bbb.numerique-esr.fr.evil.example/recording/d-1/video?token=a',
    };
    expect(brief(plan({ playback: elsewhere }))).toEqual(['skip url-with-token -']);
  });

  it('marks what its owner could not import: by its form, by the version of Pod, by its settings', () => {
    const marksOf = (over: object, settings: string | null = null, more: Partial<MigratePolicy> = {}) => {
      const playback = { ...facts().playback, ...over };
      const constants = settings === null ? null : readPythonConstants(settings);
      const own = { ...policy, ...more, importLimits: importLimitsOf(constants) };
      const { actions } = planMigration(
        new GrowingPlan(),
        [recording(1)],
        () => facts({ playback }),
        new Map(),
        own,
      );
      return actions.flatMap(({ marks }) => marks.map(({ code }) => code));
    };
    const video = { kind: 'video', url: 'https://b.fr/playback/video/r1/', sizeBytes: 5e9 };
    expect(marksOf({ url: 'https://b.fr/m/playback/presentation/2.3/r1' })).toEqual(['mark-mediacad']);
    expect(marksOf({ is20Link: true }, null, { podMisreads20Links: true })).toEqual(['mark-link-20']);
    expect(marksOf({ is20Link: true }, null, { podMisreads20Links: false })).toEqual([]);
    expect([marksOf({}), marksOf(video)]).toEqual([[], []]);
    // Pod's own defaults stand where the file says nothing.
    expect([marksOf({}, ''), marksOf(video, '')]).toEqual([['mark-no-plug'], ['mark-too-large']]);
    const open = 'USE_IMPORT_VIDEO_BBB_RECORDER = True\nMAX_UPLOAD_SIZE_ON_IMPORT = 0\n';
    expect([marksOf({}, open), marksOf(video, open)]).toEqual([[], []]);
    const computed = 'USE_IMPORT_VIDEO_BBB_RECORDER = DEBUG\nMAX_UPLOAD_SIZE_ON_IMPORT = 2 * 2\n';
    expect([marksOf({}, computed), marksOf(video, computed)]).toEqual([[], []]);
    expect(marksOf({ ...video, sizeBytes: null }, '')).toEqual([]);
  });

  it('takes one teacher, one exclusion list, and the next N not done', () => {
    expect(brief(plan({ owners: decided(known(2), known(3)) }, { onlyOwners: ['U3', 'u9'] }))).toEqual([
      'import owner-file u3',
    ]);
    expect(brief(plan({}, { excluded: new Set(['r1']) }))).toEqual(['skip recording-excluded -']);
    const many = [1, 2, 3, 4].map((n) => recording(n));
    const limited = planMigration(
      new GrowingPlan(),
      many,
      (r) => facts(r.recordId === 'r1' ? { existing: [row({ ownerId: 2 })] } : {}),
      new Map(),
      { ...policy, limit: 2 },
    );
    expect(limited.actions.map(({ recordId, kind }) => `${recordId} ${kind}`)).toEqual([
      'r1 skip',
      'r2 import',
      'r3 import',
    ]);
    expect(limited.full).toBe(true);
  });

  it('counts an account to create once, however many recordings it receives', () => {
    const many = [1, 2].map((n) => recording(n));
    const { created: accounts } = planMigration(
      new GrowingPlan(),
      many,
      () => facts({ owners: decided(created('New'), created('other')) }),
      new Map(),
      policy,
    );
    expect([...accounts.keys()]).toEqual(['new', 'other']);
  });

  it('makes one account for an address, within a recording and across chunks', () => {
    const state = new GrowingPlan();
    const chunk = (n: number, ...owners: ResolvedOwner[]): string[] => {
      const ownFacts = () => facts({ owners: decided(...owners) });
      const planned = planMigration(state, [recording(n)], ownFacts, new Map(), policy);
      state.take(planned);
      return brief(planned.actions);
    };
    expect(chunk(1, created('adurand', 'A@b.fr'), created('isame', 'a@B.fr'))).toEqual([
      'import owner-file adurand',
    ]);
    expect(chunk(2, created('isame', 'a@b.fr'))).toEqual(['import unresolved-no-account admin']);
    expect(chunk(3, created('ADurand', 'a@b.fr'), created('nomail', ''))).toEqual([
      'import owner-file ADurand',
      'import owner-file nomail',
    ]);
    expect([...state.creating]).toEqual(['adurand', 'nomail']);
  });

  it("writes a meeting's recording on the meeting's site, where its owner sees it", () => {
    const owners: OwnerDecision = {
      kind: 'owners',
      owners: [known(7)],
      notes: [],
      activities: [],
      siteId: 2,
    };
    const [action] = plan({ owners, existing: [row({ siteId: 1 })] });
    expect(action).toMatchObject({ kind: 'import', write: { row: { siteId: 2 } } });
    expect(action).not.toHaveProperty('write.takeOver');
    expect(plan({})[0]).toMatchObject({ write: { row: { siteId: 1 } } });
  });

  it('goes on to the next rule when none of the accounts can be made, as the next run would', () => {
    const state = new GrowingPlan();
    state.take({ actions: [], planned: 1, created: new Map([['first', 'a@b.fr']]), full: false });
    const note = { code: 'note-everyone-moderator', parameters: { activity: 1 } } as const;
    const by = { notes: [], activities: [] };
    const teacher: OwnerDecision = { kind: 'owners', owners: [known(7)], ...by, notes: [note] };
    const owners: OwnerDecision = {
      kind: 'owners',
      owners: [created('second', 'A@b.fr')],
      ...by,
      next: teacher,
    };
    const { actions } = planMigration(state, [recording(1)], () => facts({ owners }), new Map(), policy);
    expect(brief(actions)).toEqual(['import owner-file u7']);
    expect(actions[0]?.notes?.map(({ code }) => code)).toEqual([note.code, 'note-user-email-in-pod']);
    expect(actionIdsOf(recording(1), facts({ owners }), policy)).toContain('import/r1/u7');
  });

  it('gives new teachers an affiliation that Pod does not serve last', () => {
    const affiliations = (affiliation: string | null): (string | null)[] =>
      plan(
        { owners: decided(created('t', 't@b.fr', true), created('s')) },
        { newUsers: { ...policy.newUsers, affiliation } },
      ).map((action) =>
        action.kind === 'import' && 'create' in action.write.owner
          ? action.write.owner.create.affiliation
          : null,
      );
    expect(affiliations(null)).toEqual(['faculty', 'student']);
    expect(affiliations('staff')).toEqual(['staff', 'staff']);
  });

  it('asks the journal for the keys it then reads', () => {
    expect(actionIdsOf(recording(1), facts({ owners: decided(known(2), created('New')) }), policy)).toEqual([
      'claim/r1',
      'import/r1/u2',
      'import/r1/new',
      'import/r1/admin',
    ]);
  });
});

describe('plan of claims', () => {
  const claim: ClaimFacts = { fileName: 'cours.mp4', held: null, oldScriptFile: null, imported: null };
  const claims = (own: Partial<ClaimFacts>, items: JournalItem[] = [], over: Partial<RecordingFacts> = {}) =>
    plan({ claim: { ...claim, ...own }, ...over }, { mode: 'claim' }, items);

  it('makes one file per recording, whoever owns it', () => {
    const [action] = claims({});
    expect(action).toMatchObject({
      kind: 'claim',
      fileName: 'cours.mp4',
      source: 'presentation',
      durationMs: 600_000,
    });
  });

  it('converts nothing twice', () => {
    expect(brief(claims({ held: 'claimed' }))).toEqual(['skip already-claimed -']);
    expect(brief(claims({ held: 'pending' }))).toEqual(['skip already-pending -']);
    expect(brief(claims({ held: 'on-disk' }))).toEqual(['skip already-on-disk -']);
    expect(brief(claims({ imported: 'imported' }))).toEqual(['skip already-imported -']);
    expect(brief(claims({ imported: 'under-way' }))).toEqual(['skip claim-while-imported -']);
    expect(brief(claims({}, [{ ...doneEarlier('claim/r1'), kind: 'claim' }]))).toEqual([
      'skip deleted-since -',
    ]);
  });

  it('makes a film again that lacks something, while nobody has claimed it and nothing allows it', () => {
    const stamp = { sizeBytes: 5, modifiedAt: 1, inode: 7 };
    const earlier = { ...doneEarlier('claim/r1'), kind: 'claim', reason: 'claim-dropped-incomplete' };
    const lost = [{ part: 'cursor', path: 'cursor.xml' }];
    const items = [{ ...earlier, written: { path: '/p', ...stamp, registered: false, missing: 'x', lost } }];
    expect(claims({ held: 'on-disk' }, items)).toMatchObject([
      { kind: 'claim', reason: 'claim-made-again', instead: stamp, lost },
    ]);
    // A journal of before did not say which files: that film is made again whatever came.
    const old = [{ ...earlier, written: { path: '/p', ...stamp, registered: false, missing: 'x' } }];
    expect(claims({ held: 'on-disk' }, old)).toMatchObject([{ reason: 'claim-made-again', lost: [] }]);
    expect(brief(claims({ held: 'claimed' }, items))).toEqual(['skip already-claimed -']);
    const allowed = plan(
      { claim: { ...claim, held: 'on-disk' } },
      { mode: 'claim', allowMissing: true },
      items,
    );
    expect(brief(allowed)).toEqual(['skip already-on-disk -']);
  });

  it("counts the old script's file as done, but not when it fits several recordings", () => {
    expect(brief(claims({ oldScriptFile: { name: 'a.m4v', ambiguous: false } }))).toEqual([
      'skip already-by-old-script -',
    ]);
    const [action] = claims({ oldScriptFile: { name: 'a.m4v', ambiguous: true } });
    expect(action).toMatchObject({ kind: 'claim', marks: [{ code: 'ambiguous-old-file' }] });
  });

  it('takes one-time URLs, asked again just before use', () => {
    const [action] = claims({}, [], {
      playback: {
        url: 'https://b/recording/r1/video?token=T',
        kind: 'video',
        token: true,
        is20Link: false,
        sizeBytes: 5,
        lengthMinutes: 1,
      },
    });
    expect(action).toMatchObject({ kind: 'claim', tokenUrl: true, url: '' });
  });
});

describe('hosts that Pod 4.3 refuses', () => {
  it('are asked once, and mark every row that leads there, advising claims', async () => {
    const asked: string[] = [];
    const refusalOf = importHosts(async (host) => {
      asked.push(host);
      return host === 'inside.univ.fr' ? ['193.50.1.2', '10.1.2.3'] : ['193.50.1.2'];
    });
    expect(await refusalOf('https://bbb.univ.fr/playback/presentation/2.3/x')).toBeNull();
    const refused = await refusalOf('https://inside.univ.fr/playback/presentation/2.3/x');
    await refusalOf('https://inside.univ.fr/playback/presentation/2.3/y');
    expect(asked).toEqual(['bbb.univ.fr', 'inside.univ.fr']);
    if (refused === null) throw new Error('not refused');
    const [action] = plan({ importRefusal: refused });
    expect(action?.marks.map(({ code, parameters }) => [code, parameters])).toEqual([
      ['mark-private-address', { host: 'inside.univ.fr', address: '10.1.2.3' }],
    ]);
    expect(plan({})[0]?.marks).toEqual([]);
  });
});
