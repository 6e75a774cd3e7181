import { describe, expect, it } from 'vitest';
import { renderDate } from '../../src/cli/live/run.js';
import { parseServerField } from '../../src/pod/rest/bbb-lives.js';
import { escapeTee, encoderArguments } from '../../src/live/encoding.js';
import {
  progressReader,
  readEncoderLine,
  StallWatch,
  type EncoderProgress,
} from '../../src/live/encoder-watch.js';
import { planMail } from '../../src/live/incident-mail.js';
import { chatLine, deliverChat } from '../../src/live/keeper/chat.js';
import { EndWatch } from '../../src/live/keeper/end-watch.js';
import type { ChatOrder, Rig } from '../../src/live/keeper/keeper-port.js';
import { StreamState } from '../../src/live/keeper/stream-state.js';
import { streamTarget } from '../../src/live/stream-target.js';
import { broadcasterName, streamName } from '../../src/live/stream-name.js';

describe('names', () => {
  it('differ for two meetings of one title, and hold nothing a shell or a playlist minds', () => {
    expect(streamName('bbb-1', 'Cours été')).toBe('bbb-1-cours-ete');
    expect(streamName('bbb-2', 'Cours été')).not.toBe(streamName('bbb-1', 'Cours été'));
    expect(streamName('bbb-3', `$(touch x)"'/&`)).toBe('bbb-3-touch-x');
    expect(streamName('bbb-4', '日本語')).toBe('bbb-4');
  });

  it('fit the broadcaster of Pod: 200 characters, unique, storable in three bytes', () => {
    const name = broadcasterName('bbb-12', `${'x'.repeat(400)}😀`);
    expect(name).toMatch(/^\[BBB\] x+ \(bbb-12\)$/);
    expect(name.length).toBeLessThanOrEqual(200);
    expect(broadcasterName('bbb-1', 'a😀b')).toBe('[BBB] a\ufffdb (bbb-1)');
  });

  it('reads the server column exactly', () => {
    expect(parseServerField('11/2')).toEqual({ server: 11, slot: 2 });
    for (const odd of ['1/', '/1', '1/2/3', '1/0', '01/2', null, 12, 'a/b'])
      expect(parseServerField(odd)).toBeNull();
  });

  it('writes dates with their offset, in winter, in summer and in the repeated hour', () => {
    expect(renderDate(Date.UTC(2026, 10, 20, 14, 4, 5), 'Europe/Paris')).toBe('2026-11-20T15:04:05+01:00');
    expect(renderDate(Date.UTC(2026, 6, 1, 22, 30, 0), 'Europe/Paris')).toBe('2026-07-02T00:30:00+02:00');
    expect(renderDate(Date.UTC(2026, 9, 25, 0, 30, 0), 'Europe/Paris')).toBe('2026-10-25T02:30:00+02:00');
    expect(renderDate(Date.UTC(2026, 9, 25, 1, 30, 0), 'Europe/Paris')).toBe('2026-10-25T02:30:00+01:00');
    expect(renderDate(Date.UTC(2026, 0, 1, 12, 0, 0), 'America/St_Johns')).toBe('2026-01-01T08:30:00-03:30');
  });
});

describe('rtmp_url', () => {
  it('takes credentials in any usual spelling and never shows them', () => {
    const plain = streamTarget('rtmp://live.univ.fr:1935/live/', 'bbb-1');
    expect([plain.url, plain.shown]).toEqual([
      'rtmp://live.univ.fr:1935/live/bbb-1',
      'rtmp://live.univ.fr:1935/live/bbb-1',
    ]);
    const user = streamTarget('rtmp://user:word@live.univ.fr/live', 'bbb-1');
    expect([user.url, user.shown]).toEqual([
      'rtmp://user:word@live.univ.fr/live/bbb-1',
      'rtmp://live.univ.fr/live/bbb-1',
    ]);
    const query = streamTarget('rtmp://live.univ.fr/live?user=u&pass=p', 'bbb-1');
    expect([query.url, query.shown]).toEqual([
      'rtmp://live.univ.fr/live/bbb-1?user=u&pass=p',
      'rtmp://live.univ.fr/live/bbb-1',
    ]);
  });

  it("corrects the old page's user@word:host, and says so", () => {
    const odd = streamTarget('rtmp://user@word:live.univ.fr:1935/live/', 'bbb-1');
    expect(odd).toEqual({
      url: 'rtmp://user:word@live.univ.fr:1935/live/bbb-1',
      shown: 'rtmp://live.univ.fr:1935/live/bbb-1',
      corrected: true,
      format: 'flv',
    });
    expect(streamTarget('rtmp://user:word@live.univ.fr:1935/live/', 'x').corrected).toBe(false);
  });

  it('puts the name where {name} stands, and knows SRT, whose query is never shown', () => {
    expect(streamTarget('rtmps://a.rtmps.tube.org:443/live2/key-{name}', 'bbb-1')).toMatchObject({
      url: 'rtmps://a.rtmps.tube.org:443/live2/key-bbb-1',
      format: 'flv',
    });
    expect(streamTarget('srt://srt.univ.fr:9000?streamid=publish:{name}&passphrase=w', 'bbb-1')).toEqual({
      url: 'srt://srt.univ.fr:9000?streamid=publish:bbb-1&passphrase=w',
      shown: 'srt://srt.univ.fr:9000',
      format: 'mpegts',
      corrected: false,
    });
  });

  it('refuses what is none', () => {
    for (const bad of [
      'srt://host',
      'srt://user@host:1?x',
      'http://live/x',
      'rtmp://',
      'rtmp://host/',
      'live.univ.fr/live',
    ])
      expect(() => streamTarget(bad, 'x')).toThrow('rtmp_url');
  });
});

describe('the encoder', () => {
  it('writes stream and recording from one encode, the stream behind a fifo that reconnects', () => {
    const args = encoderArguments({
      input: { kind: 'webm' },
      picture: {
        size: { width: 1280, height: 720 },
        framerate: 25,
        bitrateKbps: 3000,
        threads: 0,
        preset: 'veryfast',
      },
      target: { url: 'rtmp://h/live/a|b', format: 'flv' },
      copies: true,
      recordingFile: "/r/it's.mkv",
    });
    expect(args.filter((arg) => arg === 'libx264')).toHaveLength(1);
    // A slide that stands is one picture a second: ffmpeg would guess at their rate for more than five.
    expect(args.slice(0, args.indexOf('pipe:0')).join(' ')).toContain('-fpsprobesize 0');
    const [stream, copy, recording] = (args.at(-1) ?? '').split('|[');
    expect(stream).toMatch(/^\[f=fifo:.*attempt_recovery=1.*onfail=ignore\]rtmp:\/\/h\/live\/a\\\|b$/);
    expect(copy).toMatch(/^f=fifo:fifo_format=mpegts:.*onfail=ignore\]pipe:3$/);
    expect(recording).toBe("f=matroska:cluster_time_limit=1000:flush_packets=1:onfail=ignore]/r/it\\'s.mkv");
    expect(escapeTee('a b\\c')).toBe('a\\ b\\\\c');
  });

  it("reports ffmpeg's progress", () => {
    const seen: EncoderProgress[] = [];
    const read = progressReader((progress) => seen.push(progress));
    for (const line of [
      'frame=50',
      'fps=24.9',
      'bitrate=N/A',
      'out_time_us=2000000',
      'dup_frames=3',
      'drop_frames=1',
      'speed=1.01x',
      'progress=continue',
    ])
      read(line);
    expect(seen).toEqual([
      { frames: 50, fps: 24.9, bitrateKbps: null, outMs: 2000, speed: 1.01, dropped: 1, duplicated: 3 },
    ]);
  });

  it('tells refusals apart by its stderr', () => {
    const trouble = (line: string) => {
      const meaning = readEncoderLine(line);
      return meaning?.kind === 'trouble' ? meaning.trouble : meaning?.kind;
    };
    expect(trouble('[fifo @ 0x1] [error] Error opening rtmp://h/live/x: Connection refused')).toBe(
      'rtmp-unreachable',
    );
    expect(trouble('[fifo @ 0x1] [info] Recovery failed: Input/output error')).toBe('rtmp-refused');
    expect(trouble('[rtmp @ 0x1] [error] Server error: Already publishing')).toBe('rtmp-name-in-use');
    expect(trouble('[fifo @ 0x1] [info] Recovery failed: Broken pipe')).toBe('rtmp-lost');
    expect(trouble('[fifo @ 0x1] [info] Recovery successful')).toBe('rtmp-recovered');
    expect(
      trouble(
        '[tee @ 0x1] [error] Slave muxer #1 failed: No space left on device, continuing with 1/2 slaves.',
      ),
    ).toBe('recording-disk-full');
    expect(trouble("[info] Output #0, tee, to 'rtmp://h/denied/x'")).toBeUndefined();
  });

  it('counts a server that accepts and drops again and again as refusing, and a reconnection only once it holds', () => {
    const state = new StreamState();
    const lost = readEncoderLine('[fifo] [info] Recovery failed: Broken pipe');
    const back = readEncoderLine('[fifo] [info] Recovery successful');
    for (const at of [1000, 2200, 3400]) {
      state.note(back, at - 100);
      state.note(lost, at);
    }
    expect(state.current(3500)).toBe('rtmp-refused');
    state.note(back, 4000);
    expect(state.current(5000)).toBe('rtmp-refused');
    expect(state.current(7000)).toBeNull();
  });

  it('keeps to the reason: a name in use is no general refusal, until it is free', () => {
    const state = new StreamState();
    const used = readEncoderLine('[rtmp @ 0x1] [error] Server error: Already publishing');
    const general = readEncoderLine('[fifo @ 0x1] [info] Recovery failed: Operation not permitted');
    expect(general).toEqual({ kind: 'trouble', trouble: 'rtmp-refused' });
    state.note(used, 1000);
    state.note(general, 1001);
    expect(state.current(1002)).toBe('rtmp-name-in-use');
    state.note(readEncoderLine('[fifo @ 0x1] [info] Recovery successful'), 2000);
    expect(state.current(5000)).toBeNull();
    state.note(general, 6000);
    expect(state.current(6001)).toBe('rtmp-refused');
  });

  it('is stalled when its media time stands still, later at its start', () => {
    const watch = new StallWatch(4000, 16_000, 0);
    expect([watch.stalled(15_000), watch.stalled(17_000)]).toEqual([false, true]);
    watch.note(500, 10_000);
    watch.note(500, 13_000);
    expect([watch.stalled(13_900), watch.stalled(14_100)]).toEqual([false, true]);
  });
});

describe('when a live ends', () => {
  const present = (...userIds: string[]) => ({
    state: 'present' as const,
    createTime: 1,
    participants: userIds.map((userId) => ({ userId, name: '', listening: true })),
  });
  const absent = { state: 'absent' as const };

  it('at the second answer without the meeting, or the first when the page said so too', () => {
    const watch = new EndWatch(1, 0);
    expect([watch.note(absent, 0), watch.note(absent, 1)]).toEqual([null, 'meeting-ended']);
    const told = new EndWatch(1, 0);
    told.pageEnded();
    expect(told.note(absent, 0)).toBe('meeting-ended');
  });

  it('not when a moderator removed the bot: it joins again', () => {
    const watch = new EndWatch(1, 0);
    watch.pageEnded();
    expect([watch.note(present('u'), 0), watch.note(present('u'), 1)]).toEqual(['rejoin', null]);
  });

  it('when only bots are left for long enough', () => {
    const watch = new EndWatch(1, 60_000);
    expect(watch.note(present('bbb2pod-bbb-1', 'bbb2pod-bbb-2'), 0)).toBeNull();
    expect(watch.note(present('bbb2pod-bbb-1', 'somebody'), 50_000)).toBeNull();
    expect(watch.note(present('bbb2pod-bbb-1'), 60_000)).toBeNull();
    expect(watch.note(present('bbb2pod-bbb-1'), 120_000)).toBe('only-bots-left');
  });
});

describe('chat', () => {
  it('makes one harmless line of at most 500 characters', () => {
    expect(chatLine(' a\u0000\n\u202eb ')).toBe('a b');
    expect(chatLine('é'.repeat(900))).toHaveLength(500);
    expect(chatLine('x'.repeat(499) + '😀')).toBe('x'.repeat(499));
  });

  it('goes by the API, else by the page, and counts what is lost', async () => {
    const typed: string[] = [];
    const ports = (api: boolean, page: boolean, toggles: 'done' | 'impossible' = 'done') => ({
      sendChat: async () => api,
      rig: {
        say: async (text: string) => (typed.push(text), page),
        toggleChat: async () => toggles,
      } as unknown as Rig,
      log: () => undefined,
    });
    const orders: ChatOrder[] = [{ kind: 'say', text: 'a' }, { kind: 'toggle' }, { kind: 'say', text: ' ' }];
    expect(await deliverChat(orders, ports(true, false))).toMatchObject({ undelivered: 0 });
    expect(await deliverChat(orders, ports(false, true))).toMatchObject({ undelivered: 0 });
    expect(await deliverChat(orders, ports(false, false))).toMatchObject({ undelivered: 1 });
    // A page without a button for the chat: told, too.
    expect(await deliverChat(orders, ports(true, true, 'impossible'))).toMatchObject({ undelivered: 1 });
    expect(typed).toEqual(['a', 'a']);
  });
});

describe('mail', () => {
  it('tells an incident once, and again only after it was gone for ten minutes', () => {
    const note = { key: 'k', text: 't', remedy: '' };
    const first = planMail({}, [note], 0);
    expect(first.fresh).toEqual([note]);
    const second = planMail(first.told, [note], 60_001);
    expect(second.fresh).toEqual([]);
    expect(planMail(second.told, [note], 5 * 60_000).fresh).toEqual([]);
    expect(planMail(second.told, [note], 12 * 60_000).fresh).toEqual([note]);
  });
});
