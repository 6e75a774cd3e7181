import { afterEach, describe, expect, it, vi } from 'vitest';
import { texts as pageTexts } from '../../src/chromium/texts.js';
import { keepLive } from '../../src/live/keeper/keep.js';
import type {
  ChatOrder,
  KeeperJob,
  KeeperPorts,
  KeeperStatus,
  KeeperTimes,
  MeetingLook,
  Rig,
  RigEvent,
  RigPart,
} from '../../src/live/keeper/keeper-port.js';

const times: KeeperTimes = {
  tickMs: 5,
  pollMs: 1000,
  stallMs: 10,
  backoffMs: 1,
  backoffMaxMs: 5,
  maxDurationMs: 20_000_000,
  emptyMs: 0,
  beatMs: 1000,
  rejoins: 5,
};
const job: KeeperJob = {
  id: 'bbb-1',
  origin: 'bbb',
  podId: 1,
  meetingId: 'm',
  meetingName: 'Chimie',
  internalMeetingId: 'i',
  createTime: 1,
  slot: 1,
  restricted: false,
  chat: false,
  showChat: false,
  record: false,
  streamName: 'bbb-1-chimie',
  rtmpUrl: null,
  broadcasterId: null,
  stream: true,
  createdAt: 0,
};

/** A keeper whose world the test holds in its hands. */
function stage(
  over: { rig?: Partial<Rig>; ports?: Partial<KeeperPorts>; times?: Partial<KeeperTimes> } = {},
) {
  const order = { stop: false };
  const told: KeeperStatus[] = [];
  const rig: Rig = {
    onEvent: () => undefined,
    start: async () => undefined,
    repair: async () => undefined,
    audio: async () => 'joined',
    say: async () => true,
    toggleChat: async () => 'done',
    hasChatAsWished: async () => true,
    pause: async () => undefined,
    targets: () => [],
    children: () => ({}),
    stop: async () => undefined,
    ...over.rig,
  };
  const ports: KeeperPorts = {
    rig,
    look: async () => ({ state: 'present', createTime: 1, participants: [] }),
    sendChat: async () => true,
    takeChat: async () => [],
    writeStatus: (status) => void told.push(status),
    stopAsked: () => (order.stop ? 'pod-stopped' : null),
    pauseAsked: () => false,
    beat: async () => undefined,
    log: () => undefined,
    now: () => Date.now(),
    ...over.ports,
  };
  const ended = keepLive(job, ports, { ...times, ...over.times }, new AbortController().signal);
  return { ended, order, told, tell: (event: RigEvent) => rig.onEvent(event) };
}

const moving = (outMs: number): RigEvent => ({
  kind: 'progress',
  progress: { frames: 1, fps: 15, bitrateKbps: 800, outMs, speed: 1, dropped: 0, duplicated: 0 },
});

/** An encoder that goes on for as many seconds, and tells so each second. */
function encoding(tell: (event: RigEvent) => void) {
  let outMs = 0;
  return {
    outMs: () => outMs,
    pass: async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i++) {
        tell(moving((outMs += 1000)));
        await vi.advanceTimersByTimeAsync(1000);
      }
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('keepLive', () => {
  it('replaces a stalling encoder alone, then everything: a dead sound server stalls each new one', async () => {
    const repaired: RigPart[] = [];
    const { ended, order } = stage({
      rig: {
        repair: async (part) => {
          repaired.push(part);
          order.stop = part === 'screen';
        },
      },
    });
    expect(await ended).toBe('pod-stopped');
    expect(repaired).toEqual(['encoder', 'encoder', 'encoder', 'screen']);
  });

  it('replaces a screen and the browser that died with it once', async () => {
    const repaired: RigPart[] = [];
    const { ended, order, tell } = stage({
      rig: { repair: async (part) => void repaired.push(part) },
      times: { stallMs: 60_000 },
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const part of ['screen', 'browser', 'encoder'] as const)
      tell({ kind: 'died', part, detail: 'killed' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(repaired).toEqual(['screen']);
    // An encoder's death says nothing of the screen's.
    for (const part of ['encoder', 'screen'] as const) tell({ kind: 'died', part, detail: 'killed' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.stop = true;
    await ended;
    expect(repaired).toEqual(['screen', 'encoder', 'screen']);
  });

  it("never takes an old encoder's last words for its successor's: that would stand still for ever", async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    const { ended, order, told, tell } = stage({
      rig: { repair: async (part) => void repaired.push(part) },
      times: { stallMs: 5000, backoffMs: 300, backoffMaxMs: 300 },
    });
    await vi.advanceTimersByTimeAsync(100);
    tell({ kind: 'died', part: 'browser', detail: 'killed' });
    await vi.advanceTimersByTimeAsync(100);
    tell(moving(3_600_000)); // while it pauses before the repair
    tell({ kind: 'line', line: '[fifo @ 0x1] [error] Recovery failed: Broken pipe' });
    for (let second = 1; second <= 10; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      tell(moving(second * 1000));
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(repaired).toEqual(['browser']);
    expect(told.at(-1)).toMatchObject({ phase: 'on-air', rtmp: 'ok' });
    order.stop = true;
    await vi.advanceTimersByTimeAsync(100);
    await ended;
  });

  it('renews its claim while a moderator keeps it waiting: no other server may take it for dead', async () => {
    vi.useFakeTimers();
    const beats: number[] = [];
    const { ended, order } = stage({
      rig: {
        start: (signal) =>
          new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('over')))),
      },
      ports: { beat: async () => void beats.push(Date.now()) },
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats.length).toBeGreaterThanOrEqual(59);
    order.stop = true;
    await vi.advanceTimersByTimeAsync(100);
    expect(await ended).toBe('pod-stopped');
    const last = beats.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(beats).toHaveLength(last);
  });

  it('takes the silence of a meeting that ends for its end, and a lost sound for a reason to load the page', async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    let audio: 'joined' | 'not-joined' = 'joined';
    let meeting: 'present' | 'absent' = 'present';
    const { ended, tell } = stage({
      rig: {
        repair: async (part) => void repaired.push(part),
        // It lasts: the encoder goes on meanwhile, and says so.
        audio: async () => {
          tell(moving(outMs()));
          return audio;
        },
      },
      ports: {
        look: async () =>
          meeting === 'absent' ? { state: 'absent' } : { state: 'present', createTime: 1, participants: [] },
      },
      times: { stallMs: 60_000 },
    });
    const { pass, outMs } = encoding(tell);
    await pass(5);
    audio = 'not-joined';
    await pass(5);
    expect(repaired).toEqual(['browser']);
    audio = 'joined';
    await pass(120);
    // The sound goes first, then the page says so, then BBB does not know the meeting any more.
    audio = 'not-joined';
    await pass(1);
    meeting = 'absent';
    tell({ kind: 'page', end: 'ended-modal' });
    tell({ kind: 'died', part: 'encoder', detail: 'its input ended' });
    await pass(2);
    expect(await ended).toBe('meeting-ended');
    expect(repaired).toEqual(['browser']);
  });

  it('repairs nothing of a meeting that BBB does not know any more, before the page says so', async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    let audio: 'joined' | 'not-joined' = 'joined';
    let look: () => Promise<MeetingLook> = async () => ({
      state: 'present',
      createTime: 1,
      participants: [],
    });
    const { ended, tell } = stage({
      rig: { repair: async (part) => void repaired.push(part), audio: async () => audio },
      ports: { look: () => look() },
      times: { stallMs: 60_000 },
    });
    const { pass } = encoding(tell);
    await pass(5);
    // A balancer that answers wrongly once: what died meanwhile is repaired at the next look.
    const known = look;
    look = async () => ({ state: 'absent' });
    tell({ kind: 'died', part: 'encoder', detail: 'killed' });
    await vi.advanceTimersByTimeAsync(100);
    expect(repaired).toEqual([]);
    look = known;
    await pass(2);
    expect(repaired).toEqual(['encoder']);
    // The end: the sound goes, BBB knows no meeting, the encoder's input ends, and the page says nothing.
    await pass(120);
    audio = 'not-joined';
    await pass(1);
    look = async () => ({ state: 'absent' });
    tell({ kind: 'died', part: 'encoder', detail: 'its input ended' });
    await pass(3);
    expect(await ended).toBe('meeting-ended');
    expect(repaired).toEqual(['encoder']);
  });

  it('joins again when the page was left while BBB was away, whatever died with it', async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    let look: () => Promise<MeetingLook> = async () => ({
      state: 'present',
      createTime: 1,
      participants: [],
    });
    const known = look;
    const { tell, order, ended } = stage({
      rig: { repair: async (part) => void repaired.push(part) },
      ports: { look: () => look() },
      times: { stallMs: 60_000, pollMs: 60_000 },
    });
    const { pass } = encoding(tell);
    await pass(5);
    look = () => Promise.reject(new Error('away'));
    tell({ kind: 'page', end: 'navigated' });
    await pass(1);
    look = known;
    tell({ kind: 'died', part: 'encoder', detail: 'its input ended' });
    await pass(1);
    expect(repaired).toEqual(['browser', 'encoder']);
    order.stop = true;
    await pass(1);
    expect(await ended).toBe('pod-stopped');
  });

  it('forgets that it was sent out once it has been well for a minute', async () => {
    vi.useFakeTimers();
    const { ended, order, told, tell } = stage({ times: { stallMs: 5000 } });
    const live = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        tell(moving(Date.now()));
        await vi.advanceTimersByTimeAsync(1000);
      }
      return told.at(-1)!;
    };
    expect((await live(5)).phase).toBe('on-air');
    tell({ kind: 'page', end: 'ended-modal' });
    const codes = ({ incidents }: KeeperStatus) => incidents.map(({ code }) => code);
    expect(codes(await live(3))).toEqual(['removed-from-meeting']);
    expect(codes(await live(50))).toEqual(['removed-from-meeting']);
    expect(codes(await live(20))).toEqual([]);
    order.stop = true;
    await vi.advanceTimersByTimeAsync(100);
    await ended;
  });

  it('stays away once it was removed more often than live.rejoin says, and keeps coming back before', async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    const { ended, told, tell } = stage({
      rig: { repair: async (part) => void repaired.push(part) },
      times: { stallMs: 60_000, rejoins: 2 },
    });
    for (let i = 0; i < 3; i++) {
      await vi.advanceTimersByTimeAsync(2000);
      tell({ kind: 'page', end: 'ended-modal' });
      await vi.advanceTimersByTimeAsync(2000);
    }
    expect(await ended).toBe('join-refused');
    expect(repaired).toEqual(['browser', 'browser']);
    expect(told.at(-1)!.incidents).toMatchObject([{ code: 'removed-from-meeting' }]);
  });

  it('counts no error screens, and no removals of long ago', async () => {
    vi.useFakeTimers();
    const repaired: RigPart[] = [];
    const { ended, order, tell } = stage({
      rig: { repair: async (part) => void repaired.push(part) },
      times: { tickMs: 500, pollMs: 5000, stallMs: 60_000_000, rejoins: 1 },
    });
    const leave = async (end: 'ended-modal' | 'error-screen', minutes: number) => {
      tell({ kind: 'page', end });
      await vi.advanceTimersByTimeAsync(2000);
      tell(moving(Date.now()));
      await vi.advanceTimersByTimeAsync(minutes * 60_000);
    };
    for (let i = 0; i < 3; i++) await leave('error-screen', 0.1);
    for (let i = 0; i < 3; i++) await leave('ended-modal', 16);
    expect(repaired).toHaveLength(6);
    order.stop = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await ended).toBe('pod-stopped');
  });

  it.each([
    ['denied: Guest Lobby', 3],
    ['guestDeniedAccess', 3],
    ['userBanned', 3],
  ])('asks again and then stays away when the answer is %s', async (key, tries) => {
    const refused = { tries: 0 };
    const { ended, told } = stage({
      rig: {
        start: async () => {
          refused.tries++;
          throw pageTexts.liveJoinRefused({ key });
        },
      },
      times: { rejoins: 2 },
    });
    expect(await ended).toBe('join-refused');
    expect(refused.tries).toBe(tries);
    expect(told.at(-1)).toMatchObject({ phase: 'ended', incidents: [{ code: 'join-refused' }] });
  });

  it('waits for a full meeting to empty, however often it is refused; a closed lobby is final', async () => {
    const refused = { tries: 0 };
    const { ended, told } = stage({
      rig: {
        start: async () => {
          if (++refused.tries < 8) throw pageTexts.liveJoinRefused({ key: 'maxParticipantsReached' });
          throw pageTexts.liveLobbyClosed({ detail: 'live.guest = "fail"' });
        },
      },
      times: { rejoins: 2 },
    });
    expect(await ended).toBe('join-refused');
    expect(refused.tries).toBe(8);
    expect(told.at(-1)!.incidents[0]?.detail).toContain('maxParticipantsReached');
  });

  it('loads the page again where it has no button for the chat, and tells when there still is no chat', async () => {
    vi.useFakeTimers();
    const waiting: ChatOrder[] = [{ kind: 'toggle' }];
    const repaired: RigPart[] = [];
    const chat = { is: true };
    const { ended, order, told, tell } = stage({
      rig: {
        toggleChat: async () => 'needs-page',
        hasChatAsWished: async () => chat.is,
        repair: async (part) => void repaired.push(part),
      },
      ports: { takeChat: async () => waiting.splice(0) },
      times: { stallMs: 60_000 },
    });
    tell(moving(1));
    await vi.advanceTimersByTimeAsync(2000);
    expect(repaired).toEqual(['browser']);
    expect(told.at(-1)!).toMatchObject({ repairs: 0, incidents: [] });
    chat.is = false;
    waiting.push({ kind: 'toggle' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(told.at(-1)!.incidents).toMatchObject([{ code: 'chat-undelivered', detail: '1' }]);
    order.stop = true;
    await vi.advanceTimersByTimeAsync(100);
    await ended;
  });

  it('takes back that chat was lost once chat arrives again', async () => {
    vi.useFakeTimers();
    const waiting: ChatOrder[] = [{ kind: 'say', text: 'lost' }];
    const reached = { is: false };
    const { ended, order, told, tell } = stage({
      rig: { say: async () => reached.is },
      ports: { takeChat: async () => waiting.splice(0), sendChat: async () => false },
      times: { stallMs: 60_000 },
    });
    tell(moving(1));
    await vi.advanceTimersByTimeAsync(2000);
    expect(told.at(-1)!.incidents).toMatchObject([{ code: 'chat-undelivered', detail: '1' }]);
    reached.is = true;
    waiting.push({ kind: 'say', text: 'heard' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(told.at(-1)!.incidents).toEqual([]);
    order.stop = true;
    await vi.advanceTimersByTimeAsync(100);
    await ended;
  });
});
