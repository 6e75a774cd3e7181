import { describe, expect, it } from 'vitest';
import type { Playback } from '../../src/bbb/choose-playback.js';
import type { Recording } from '../../src/bbb/recording.js';
import { Differences } from '../../src/cli/migrate/recheck.js';
import type { ReportItem } from '../../src/kit/output/report.js';
import type { MigrateAction } from '../../src/migrate/actions.js';
import type { PodExternalRecording } from '../../src/migrate/pod-port.js';
import { recheckAction, recheckHeld } from '../../src/migrate/recheck-plan.js';

const url = 'https://b.fr/playback/presentation/2.3/r1';
const approved = (over: Partial<MigrateAction> = {}): MigrateAction =>
  ({
    id: 'import/r1/anne',
    kind: 'import',
    reason: 'owner-file',
    recordId: 'r1',
    meetingId: 'm1',
    startAt: 0,
    title: 'CM',
    origin: '',
    owner: 'anne',
    url,
    isHidden: false,
    marks: [],
    write: { row: { sourceUrl: url } },
    ...over,
  }) as unknown as MigrateAction;
const today = (state: Recording['state'] | null, { isWhole = true, link = url } = {}) => ({
  find: () => (state === null ? null : ({ recordId: 'r1', state } as Recording)),
  isWhole,
  choosePlayback: () => ({ url: link }) as Playback,
});
const ended = (action: MigrateAction, now: ReturnType<typeof today>): string => {
  const { kind, reason } = recheckAction(action, now);
  return `${kind} ${reason}`;
};

describe('an approved plan, shown later', () => {
  const row = (ownerId: number, state: string | null = null) =>
    ({ ownerId, state, uploadedToPodById: null }) as PodExternalRecording;
  const shown = (action: MigrateAction, rows: PodExternalRecording[], users: [string, number][] = []) => {
    const held = { rows: new Map([['r1', rows]]), users: new Map(users), claimStateOf: () => null };
    return recheckHeld(action, held);
  };
  const write = { recordId: 'r1', row: { sourceUrl: url } };
  const known = approved({ write: { ...write, owner: { userId: 7 } } } as never);
  const created = approved({ write: { ...write, owner: { create: { username: 'Anne' } } } } as never);

  it('leaves what its owner has by now, also by an account that was made since', () => {
    expect(shown(known, [])).toBe(known);
    expect(shown(known, [row(8)])).toBe(known);
    expect(shown(known, [row(7)])).toMatchObject({ kind: 'skip', reason: 'already-external', owner: 'anne' });
    expect(shown(created, [row(7)])).toBe(created);
    expect(shown(created, [row(7)], [['anne', 7]])).toMatchObject({
      kind: 'skip',
      reason: 'already-external',
    });
  });

  it('leaves a file that waits or was claimed by now, but not one that is made again', () => {
    const claim = approved({ kind: 'claim', fileName: 'cm.mp4' } as never);
    const held = { rows: new Map(), users: new Map(), claimStateOf: () => 'claimed' as const };
    expect(recheckHeld(claim, held)).toMatchObject({ kind: 'skip', reason: 'already-claimed' });
    const again = approved({ kind: 'claim', fileName: 'cm.mp4', instead: {} } as never);
    expect(recheckHeld(again, held)).toBe(again);
    const skip = approved({ kind: 'skip', reason: 'already-external' });
    expect(recheckHeld(skip, held)).toBe(skip);
  });
});

describe('an approved plan, applied later', () => {
  it('skips what was hidden, removed or moved since', () => {
    expect(ended(approved(), today('published'))).toBe('import owner-file');
    expect(ended(approved(), today('unpublished'))).toBe('skip hidden-since-plan');
    expect(ended(approved(), today('deleted'))).toBe('skip hidden-since-plan');
    expect(ended(approved(), today(null))).toBe('skip gone-since-plan');
    expect(ended(approved(), today('published', { link: 'https://c.fr/r1' }))).toBe(
      'skip link-changed-since-plan',
    );
    expect(recheckAction(approved(), today('deleted'))).toMatchObject({
      id: 'import/r1/anne',
      owner: 'anne',
    });
  });

  it('keeps what was approved as unpublished, what a partial list lacks, and skips', () => {
    expect(ended(approved({ isHidden: true }), today('unpublished'))).toBe('import owner-file');
    expect(ended(approved(), today(null, { isWhole: false }))).toBe('import owner-file');
    const skip = approved({ kind: 'skip', reason: 'already-external' });
    expect(recheckAction(skip, today(null))).toBe(skip);
    const claim = approved({ kind: 'claim' });
    expect(ended(claim, today('published', { link: 'https://c.fr/r1' }))).toBe('claim owner-file');
  });

  it('lists the differences, twenty at most', () => {
    const item = (over: Partial<ReportItem>): ReportItem =>
      ({ state: 'skipped', title: 'CM', owner: 'anne', reasonParameters: {}, ...over }) as ReportItem;
    const differences = new Differences();
    differences.add({ kind: 'skip' }, item({ reason: 'already-external' }));
    differences.add({ kind: 'import' }, item({ state: 'done', reason: 'imported' }));
    expect(differences.render()).toBe('');
    differences.add({ kind: 'import' }, item({ reason: 'already-external' }));
    for (let n = 0; n < 21; n++) differences.add({ kind: 'skip' }, item({ reason: 'hidden-since-plan' }));
    const lines = differences.render().split('\n');
    expect(lines[0]).toBe('22 differ from the plan and were skipped:');
    expect(lines).toHaveLength(22);
    expect(lines[21]).toContain('and 2 more');
  });
});
