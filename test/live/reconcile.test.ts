import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ClaimState, MeetingFacts, OwnLive, WantedLive } from '../../src/live/live.js';
import { reconcile, type ReconcileFacts } from '../../src/live/reconcile.js';

const wanted = (podId: number, more: Partial<WantedLive> = {}): WantedLive => ({
  id: `bbb-${podId}`,
  origin: 'bbb',
  podId,
  meetingId: `m-${podId}`,
  meetingName: 'Chimie',
  desire: 'run',
  startedInPod: false,
  holder: null,
  restricted: false,
  chat: false,
  showChat: true,
  record: false,
  rtmpUrl: null,
  broadcasterId: null,
  ...more,
});
const own = (podId: number, more: Partial<OwnLive> = {}): OwnLive => ({
  id: `bbb-${podId}`,
  origin: 'bbb',
  podId,
  meetingId: `m-${podId}`,
  createTime: 1,
  slot: podId,
  keeperAlive: true,
  phase: 'on-air',
  endReason: null,
  announced: true,
  stopAsked: null,
  absences: 0,
  missing: 0,
  deaths: 0,
  nextStartAt: 0,
  ...more,
});
const meeting = (podId: number, more: Partial<MeetingFacts> = {}): [string, MeetingFacts] => [
  `m-${podId}`,
  {
    meetingId: `m-${podId}`,
    internalMeetingId: 'i',
    name: 'n',
    createTime: 1,
    running: true,
    participants: [],
    attendeePassword: null,
    ...more,
  },
];
const facts = (more: Partial<ReconcileFacts> = {}): ReconcileFacts => ({
  now: 1000,
  server: 1,
  servers: 1,
  slots: 2,
  sharing: 'alone',
  wanted: [],
  meetings: new Map(),
  own: [],
  claims: null,
  orphanAbsences: new Map(),
  ...more,
});
const kinds = (more: Partial<ReconcileFacts>) =>
  reconcile(facts(more)).actions.map((action) =>
    [
      action.kind,
      'live' in action ? action.live.id : action.id,
      'reason' in action ? action.reason : 'slot' in action ? action.slot : '',
    ]
      .join(' ')
      .trim(),
  );

describe('what one pass decides: the bugs of bbb-pod-live.php, one by one', () => {
  it('S1: stops a live that is over', () => {
    const live = own(1, { absences: 1 });
    expect(kinds({ own: [live], wanted: [wanted(1)] })).toEqual(['stop bbb-1 meeting-ended']);
  });

  it('S2: a running live keeps its slot, the next one takes another', () => {
    const meetings = new Map([meeting(1), meeting(2)]);
    expect(
      kinds({ own: [own(1, { slot: 1 })], wanted: [wanted(1, { startedInPod: true }), wanted(2)], meetings }),
    ).toEqual(['start bbb-2 2']);
  });

  it('S3: restricted, chat and recording come through as Pod has them', () => {
    const live = wanted(1, { restricted: true, chat: true, record: true });
    const { actions } = reconcile(facts({ wanted: [live], meetings: new Map([meeting(1)]) }));
    expect(actions[0]).toMatchObject({ kind: 'start', live: { restricted: true, chat: true, record: true } });
  });

  it('S4: an ended keeper is finished (recording, Pod), once it is gone', () => {
    const ended = { phase: 'ended' as const, endReason: 'meeting-ended' as const };
    expect(
      kinds({
        own: [own(1, { ...ended, keeperAlive: false })],
        wanted: [wanted(1)],
        meetings: new Map([meeting(1)]),
      }),
    ).toEqual(['finish bbb-1 meeting-ended']);
    expect(kinds({ own: [own(1, ended)], wanted: [wanted(1)], meetings: new Map([meeting(1)]) })).toEqual([]);
  });

  it('S5: a live that runs but is not announced is announced, not started again', () => {
    const live = own(1, { announced: false });
    expect(kinds({ own: [live], wanted: [wanted(1)], meetings: new Map([meeting(1)]) })).toEqual([
      'announce bbb-1',
    ]);
  });

  it('A1: of two lives, the one whose meeting is gone is stopped', () => {
    const lives = [own(1, { absences: 1 }), own(2, { absences: 0 })];
    expect(kinds({ own: lives, wanted: [wanted(1), wanted(2)], meetings: new Map([meeting(2)]) })).toEqual([
      'stop bbb-1 meeting-ended',
    ]);
  });

  it('A2: without an answer of BBB nothing stops, and the count of absences stands still', () => {
    const { actions, counters } = reconcile(
      facts({ own: [own(1, { absences: 1 })], wanted: [wanted(1)], meetings: null }),
    );
    expect(actions).toEqual([]);
    expect(counters.get('bbb-1')?.absences).toBe(1);
  });

  it('A4: rows that Pod calls stopped are never started', () => {
    expect(kinds({ wanted: [wanted(1, { desire: 'stop' })], meetings: new Map([meeting(1)]) })).toEqual([]);
  });

  it('A10: server 1 does not adopt the lives of server 11', () => {
    const row = wanted(1, { startedInPod: true, holder: { server: 11, slot: 2 } });
    expect(kinds({ wanted: [row], meetings: new Map([meeting(1)]), sharing: 'modulo', servers: 11 })).toEqual(
      ['wait bbb-1 other-server'],
    );
  });

  it('A11: of two servers, only the one with the claim starts a live', () => {
    const base = {
      wanted: [wanted(1)],
      meetings: new Map([meeting(1)]),
      sharing: 'claims' as const,
      servers: 2,
    };
    const claims = (state: ClaimState) => ({ claims: new Map([['bbb-1', state]]) });
    expect(kinds({ ...base, ...claims('held') })).toEqual(['wait bbb-1 other-server']);
    expect(kinds({ ...base, ...claims('free') })).toEqual(['start bbb-1 1']);
    expect(kinds({ ...base, claims: null })).toEqual(['wait bbb-1 claims-unknown']);
  });

  it('A12: a dead keeper is started again, later if it keeps dying', () => {
    const dead = own(1, { keeperAlive: false });
    const base = { wanted: [wanted(1)], meetings: new Map([meeting(1)]) };
    expect(kinds({ ...base, own: [dead] })).toEqual(['restart bbb-1']);
    expect(kinds({ ...base, own: [{ ...dead, nextStartAt: 2000 }] })).toEqual([]);
  });

  it('A14: Pod can stop a live; a meeting that does not run yet keeps its live waiting', () => {
    expect(
      kinds({ own: [own(1)], wanted: [wanted(1, { desire: 'stop' })], meetings: new Map([meeting(1)]) }),
    ).toEqual(['stop bbb-1 pod-stopped']);
    expect(kinds({ wanted: [wanted(1)] })).toEqual(['wait bbb-1 meeting-not-running']);
  });
});

describe('ending', () => {
  it('needs two answers in a row without the meeting', () => {
    const first = reconcile(facts({ own: [own(1)], wanted: [wanted(1)] }));
    expect(first.actions).toEqual([]);
    expect(first.counters.get('bbb-1')?.absences).toBe(1);
    const back = reconcile(
      facts({ own: [own(1, { absences: 1 })], wanted: [wanted(1)], meetings: new Map([meeting(1)]) }),
    );
    expect(back.counters.get('bbb-1')?.absences).toBe(0);
  });

  it('takes a meeting created again under the same id for another one', () => {
    const again = new Map([meeting(1, { createTime: 2 })]);
    expect(kinds({ own: [own(1, { absences: 1 })], wanted: [wanted(1)], meetings: again })).toEqual([
      'stop bbb-1 meeting-ended',
    ]);
  });

  it('stops a live whose row an administrator deleted, after two whole lists', () => {
    const meetings = new Map([meeting(1)]);
    expect(kinds({ own: [own(1)], meetings })).toEqual([]);
    expect(kinds({ own: [own(1, { missing: 1 })], meetings })).toEqual(['stop bbb-1 pod-stopped']);
    expect(kinds({ own: [own(1, { missing: 1 })], meetings, wanted: null })).toEqual([]);
  });

  it('asks only once, and finishes what was asked when the keeper died meanwhile', () => {
    const asked = own(1, { stopAsked: 'pod-stopped' });
    expect(kinds({ own: [asked], wanted: [wanted(1)], meetings: new Map([meeting(1)]) })).toEqual([]);
    expect(
      kinds({
        own: [{ ...asked, keeperAlive: false }],
        wanted: [wanted(1)],
        meetings: new Map([meeting(1)]),
      }),
    ).toEqual(['finish bbb-1 pod-stopped']);
  });

  it('does not send a new keeper into a meeting that may be over', () => {
    const dead = own(1, { keeperAlive: false });
    expect(kinds({ own: [dead], wanted: [wanted(1)] })).toEqual([]);
    expect(kinds({ own: [{ ...dead, absences: 1 }], wanted: [wanted(1)] })).toEqual([
      'finish bbb-1 meeting-ended',
    ]);
  });

  it('gives a live up to the server that took its claim over', () => {
    expect(
      kinds({
        own: [own(1)],
        wanted: [wanted(1)],
        meetings: new Map([meeting(1)]),
        sharing: 'claims',
        servers: 2,
        claims: new Map([['bbb-1', 'held']]),
      }),
    ).toEqual(['stop bbb-1 claim-lost']);
  });

  it('closes rows that nobody keeps once their meeting is surely gone', () => {
    const row = wanted(1, { startedInPod: true, holder: { server: 1, slot: 1 } });
    const first = reconcile(facts({ wanted: [row] }));
    expect(first.actions.map(({ kind }) => kind)).toEqual(['wait']);
    expect(kinds({ wanted: [row], orphanAbsences: first.orphanAbsences })).toEqual(['close bbb-1']);
    expect(kinds({ wanted: [row], orphanAbsences: first.orphanAbsences, meetings: null })).toEqual([
      'wait bbb-1 bbb-unknown',
    ]);
  });
});

describe('slots and servers', () => {
  const many = (n: number) => ({
    wanted: Array.from({ length: n }, (_, i) => wanted(i + 1)),
    meetings: new Map(Array.from({ length: n }, (_, i) => meeting(i + 1))),
  });

  it('fills the free slots with the oldest of 13 and lets the others wait, with the reason', () => {
    const actions = kinds(many(13));
    expect(actions.slice(0, 2)).toEqual(['start bbb-1 1', 'start bbb-2 2']);
    expect(actions.slice(2).every((action) => action.endsWith('no-free-slot'))).toBe(true);
  });

  it('takes lives of its own back first, in their old slot, after its state was lost', () => {
    const rows = [wanted(1), wanted(2, { startedInPod: true, holder: { server: 1, slot: 2 } })];
    expect(kinds({ wanted: rows, meetings: new Map([meeting(1), meeting(2)]) })).toEqual([
      'start bbb-2 2',
      'start bbb-1 1',
    ]);
  });

  it('never films one meeting twice', () => {
    const rows = [wanted(1), wanted(2, { meetingId: 'm-1' })];
    expect(kinds({ wanted: rows, meetings: new Map([meeting(1)]) })).toEqual([
      'start bbb-1 1',
      'wait bbb-2 meeting-already-live',
    ]);
  });

  it('takes over the lives of a dead server, not those of a silent moment', () => {
    const row = wanted(1, { startedInPod: true, holder: { server: 2, slot: 1 } });
    const base = { wanted: [row], meetings: new Map([meeting(1)]), sharing: 'claims' as const, servers: 2 };
    expect(kinds({ ...base, claims: new Map([['bbb-1', 'free']]) })).toEqual(['wait bbb-1 other-server']);
    for (const state of ['stale', 'free-long'] as const)
      expect(kinds({ ...base, claims: new Map([['bbb-1', state]]) })).toEqual(['start bbb-1 1']);
  });

  it('shares by id modulo servers where nothing is shared', () => {
    const base = { ...many(4), sharing: 'modulo' as const, servers: 2, slots: 4 };
    expect(kinds({ ...base, server: 1 }).filter((a) => a.startsWith('start'))).toEqual([
      'start bbb-2 1',
      'start bbb-4 2',
    ]);
    expect(kinds({ ...base, server: 2 }).filter((a) => a.startsWith('start'))).toEqual([
      'start bbb-1 1',
      'start bbb-3 2',
    ]);
  });

  it('never gives a slot twice, never exceeds them, never stops on silence (any facts)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            podId: fc.integer({ min: 1, max: 9 }),
            alive: fc.boolean(),
            absences: fc.integer({ min: 0, max: 1 }),
          }),
          { maxLength: 3 },
        ),
        fc.array(
          fc.record({
            podId: fc.integer({ min: 1, max: 20 }),
            started: fc.boolean(),
            slot: fc.integer({ min: 1, max: 6 }),
          }),
          { maxLength: 15 },
        ),
        fc.boolean(),
        (mine, rows, answered) => {
          const lives = mine.map((l, i) =>
            own(l.podId + 100, { slot: i + 1, keeperAlive: l.alive, absences: l.absences }),
          );
          const pod = rows.map((r) =>
            wanted(r.podId, {
              startedInPod: r.started,
              holder: r.started ? { server: 1, slot: r.slot } : null,
            }),
          );
          const meetings = answered ? new Map(rows.map((r) => meeting(r.podId))) : null;
          const { actions } = reconcile(
            facts({ slots: 4, own: lives, wanted: [...pod, ...lives.map((l) => wanted(l.podId))], meetings }),
          );
          const starts = actions.flatMap((a) => (a.kind === 'start' ? [a.slot] : []));
          const used = [...lives.map(({ slot }) => slot), ...starts];
          expect(new Set(used).size).toBe(used.length);
          expect(starts.every((slot) => slot >= 1 && slot <= 4)).toBe(true);
          if (!answered)
            expect(actions.some(({ kind }) => kind === 'stop' || kind === 'finish' || kind === 'start')).toBe(
              false,
            );
        },
      ),
    );
  });
});
