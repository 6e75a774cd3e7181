import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../src/kit/adapters/process/start-child.js';
import { freePort } from '../support/live/free-port.js';
import { eventually, openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { leaksOnAir } from '../support/live/leaks-on-air.js';
import { playlist, probe } from '../support/live/media.js';
import { goesOn, noticedMs, onAir, shows, sounds } from '../support/live/watch-lives.js';
import { Marks } from '../support/secrets/marks.js';

/** Beyond the five seconds of the promise: what a loaded machine may take to write it down. */
const NOTICE_MS = 5000 + 2000;
const marks = new Marks();
const words = { gateway: marks.of('gateway token'), rtmp: marks.of('RTMP key') };

/* Pod's webinars (4.x) with the `x11` backend under the supervisor, called through the gateway as Pod does. */
describe('two webinars, filmed on screens, under --watch', () => {
  let bench: LiveBench;
  let watcher: Child;
  let gateway: Child;
  let port: number;
  let first: number;
  let second: number;
  const stored = (podId: number) => bench.store.list().find(({ job }) => job.podId === podId);
  const hls = (name: string) => `${bench.nginx.hlsUrl}${name}.m3u8`;
  const call = (place: string, token = words.gateway, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${place}`, { ...init, headers: { authorization: `Bearer ${token}` } });

  /** The gateway's answer once it listens and the tokens of a flood came back. */
  const settled = (ask: () => Promise<Response>) =>
    eventually('the gateway answers', ask, ({ status }) => status !== 429);

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'both' });
    marks.add(bench.bbb.secret, 'BBB secret');
    marks.add(bench.pod.token, 'Pod token');
    port = await freePort();
    bench.configure({
      backend: 'x11',
      gateway_listen: `127.0.0.1:${port}`,
      gateway_token: words.gateway,
      webinar_record: 'true',
      webinar_recordings_path: bench.recordings,
    });
    bench.bbb.createMeeting({ meetingId: '0001-amphi', name: 'Amphi', toneHz: 440, colour: '#00a000' });
    bench.bbb.createMeeting({
      meetingId: '0002-labo',
      name: 'Labo',
      toneHz: 660,
      colour: '#c000c0',
      audio: 'listen-only',
    });
    first = bench.pod.addWebinar({
      meetingId: '0001-amphi',
      name: 'Amphi',
      rtmpUrl: `${bench.nginx.rtmpUrl}amphi?s=${words.rtmp}`,
      streamUrl: hls('amphi'),
    });
    second = bench.pod.addWebinar({
      meetingId: '0002-labo',
      name: 'Labo',
      rtmpUrl: `${bench.nginx.rtmpUrl}labo?s=${words.rtmp}`,
      streamUrl: hls('labo'),
    });
    watcher = await bench.start('live', 'run', '--watch');
    gateway = await bench.start('live', 'gateway');
  });
  afterAll(async () => {
    await bench.stop();
  });

  it('brings both on air and opens their broadcasters', async () => {
    await until(
      'both are on air',
      () => [first, second].every((id) => stored(id)?.record.announced === true),
      180_000,
    );
    expect([...bench.pod.broadcasters.values()].map((b) => b['status'])).toEqual([true, true]);
  });

  it('plays each with its own tone and picture', async () => {
    for (const name of ['amphi', 'labo'])
      await until('three segments', async () => ((await playlist(hls(name)))?.segments ?? 0) >= 3);
    await sounds(hls('amphi'), 440, [660, 880]);
    await sounds(hls('labo'), 660, [440, 880]);
    await shows(hls('amphi'), 'green', ({ r, g }) => g > r + 60);
    await shows(hls('labo'), 'violet', ({ r, g }) => r > g + 60);
  });

  it('keeps every secret out of arguments, environments, state and logs while on air', async () => {
    await onAir(bench, `webinar-${first}`, `webinar-${second}`);
    for (const { call, query } of bench.bbb.calls)
      if (query.has('checksum')) marks.add(query.get('checksum')!, `checksum of ${call}`);
    // A webinar's own RTMP address comes from Pod: its keeper is told it by a file that only its owner reads.
    const mayHold = (file: string) => {
      if (!/^live\/(lives\/[\w-]+\/job|wishes\/\w+)\.json$/.test(file)) return false;
      expect(statSync(path.join(bench.directory, 'state', file)).mode & 0o077).toBe(0);
      return true;
    };
    const { leaks, programs } = leaksOnAir(bench, marks, { mayHold, more: [watcher.pid, gateway.pid] });
    expect(programs).toEqual(expect.arrayContaining(['Xvfb', 'chromium', 'ffmpeg', 'keeper', 'pulseaudio']));
    expect(leaks).toEqual([]);
  });

  it('takes chat through the gateway into BBB, by the API, then by the page of an older BBB', async () => {
    const domain = encodeURIComponent('pod.test/meeting/0001-amphi/0123456789');
    const started = await settled(() =>
      call(
        `/start?room=abcdef0123&domain=${domain}&rtmpDst=${encodeURIComponent(`${bench.nginx.rtmpUrl}amphi?s=${words.rtmp}`)}`,
      ),
    );
    expect(await started.json()).toEqual({ status: 'success', res: 'ok' });
    const say = (msg: string) =>
      fetch(`http://127.0.0.1:${port}/chat`, {
        method: 'POST',
        body: JSON.stringify({ room: 'abcdef0123', msg }),
      });
    expect((await say('Bonjour <script>alert(1)</script>')).status).toBe(200);
    const chat = bench.bbb.meeting('0001-amphi').chat;
    await until('the message arrives', () => chat.length === 1);
    expect(chat[0]).toMatchObject({ by: 'api', text: 'Bonjour <script>alert(1)</script>' });
    bench.bbb.sendChat = false;
    await say('é'.repeat(800));
    await until('the long one arrives by the page', () => chat.length === 2);
    expect([chat[1]?.by, chat[1]?.text]).toEqual(['page', 'é'.repeat(500)]);
  });

  it('refuses wrong tokens, unknown rooms and floods', async () => {
    const wrong = await settled(() => call('/stop?room=abcdef0123', 'wrong'));
    expect(wrong.status).toBe(401);
    expect(
      (
        await fetch(`http://127.0.0.1:${port}/chat`, {
          method: 'POST',
          body: '{"room":"ffffffffff","msg":"x"}',
        })
      ).status,
    ).toBe(404);
    const flood = await Promise.all(Array.from({ length: 80 }, () => call('/nothing')));
    expect(flood.some(({ status }) => status === 429)).toBe(true);
  });

  it('repairs a killed Xvfb, PulseAudio, and a keeper killed -9 within seconds', async () => {
    const id = `webinar-${second}`;
    for (const name of ['xvfb', 'pulseaudio']) {
      await onAir(bench, id);
      const before = bench.child(id, name);
      const repairs = stored(second)?.status?.repairs ?? 0;
      const at = Date.now();
      process.kill(before, 'SIGKILL');
      expect(await noticedMs(bench, id, `${name} killed`, at)).toBeLessThan(NOTICE_MS);
      await until(`${name} replaced`, () => (stored(second)?.status?.repairs ?? 0) > repairs);
      await onAir(bench, id);
      expect(bench.child(id, name)).not.toBe(before);
    }
    const keeper = bench.store.keeper(id)!;
    const at = Date.now();
    process.kill(keeper.pid, 'SIGKILL');
    await until(
      'the watcher starts another keeper',
      () => (bench.store.keeper(id)?.pid ?? keeper.pid) !== keeper.pid,
    );
    expect(Date.now() - at).toBeLessThan(NOTICE_MS);
    await onAir(bench, id);
  });

  it('outlives its supervisor killed -9; the next one goes on', async () => {
    const keeper = bench.store.keeper(`webinar-${first}`);
    process.kill(watcher.pid, 'SIGKILL');
    await watcher.exited;
    const passes = () => bench.bbb.calls.filter(({ call: name }) => name === 'getMeetings').length;
    const before = passes();
    watcher = await bench.start('live', 'run', '--watch');
    await until('the next one made three passes', () => passes() >= before + 3);
    expect(bench.store.keeper(`webinar-${first}`)).toEqual(keeper);
    await onAir(bench, `webinar-${first}`);
  });

  it('ends the webinar that ended, with its recording; the other goes on until the gateway stops it', async () => {
    bench.bbb.endMeeting('0002-labo');
    await until('it is finished', () => stored(second) === undefined);
    expect(bench.pod.webinars.get(second)).toMatchObject({ status: 2 });
    expect([...bench.pod.broadcasters.values()].map((b) => b['status'])).toEqual([true, false]);
    const [file] = readdirSync(bench.recordings);
    expect(file).toMatch(/\.mp4$/);
    const { kinds, seconds } = await probe(`${bench.recordings}/${file}`);
    expect(kinds).toEqual(['audio', 'video']);
    expect(seconds).toBeGreaterThan(5);
    await goesOn(bench, `webinar-${first}`, 'after the other ended');
    expect((await settled(() => call('/stop?room=abcdef0123'))).status).toBe(200);
    await until('the gateway stopped it', () => stored(first) === undefined);
    expect(bench.pod.webinars.get(first)).toMatchObject({ status: 2 });
  });
});
