import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../src/adapters/process/start-child.js';
import { freePort } from '../support/live/free-port.js';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { colourOf, playlist, probe, toneOf } from '../support/live/media.js';

const TONES = [440, 660, 880];

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
  const call = (path: string, token = 'gate-token', init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'both' });
    port = await freePort();
    bench.configure({
      backend: 'x11',
      gateway_listen: `127.0.0.1:${port}`,
      gateway_token: 'gate-token',
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
      rtmpUrl: `${bench.nginx.rtmpUrl}amphi`,
      streamUrl: hls('amphi'),
    });
    second = bench.pod.addWebinar({
      meetingId: '0002-labo',
      name: 'Labo',
      rtmpUrl: `${bench.nginx.rtmpUrl}labo`,
      streamUrl: hls('labo'),
    });
    watcher = await bench.start('live', 'run', '--watch');
    gateway = await bench.start('live', 'gateway');
  });
  afterAll(async () => {
    await Promise.all([watcher.stop(), gateway.stop()]);
    await bench.stop();
  });

  it('brings both on air and opens their broadcasters', async () => {
    await until(
      'both are on air',
      () => [first, second].every((id) => stored(id)?.record.announced === true),
      60_000,
    );
    expect([...bench.pod.broadcasters.values()].map((b) => b['status'])).toEqual([true, true]);
  });

  it('plays each with its own tone and picture', async () => {
    for (const name of ['amphi', 'labo'])
      await until('three segments', async () => ((await playlist(hls(name)))?.segments ?? 0) >= 3, 30_000);
    expect(await toneOf(hls('amphi'), TONES)).toBe(440);
    expect(await toneOf(hls('labo'), TONES)).toBe(660);
    const [green, violet] = [await colourOf(hls('amphi')), await colourOf(hls('labo'))];
    expect(green.g).toBeGreaterThan(green.r + 60);
    expect(violet.r).toBeGreaterThan(violet.g + 60);
  });

  it('takes chat through the gateway into BBB, by the API, then by the page of an older BBB', async () => {
    const domain = encodeURIComponent('pod.test/meeting/0001-amphi/0123456789');
    const started = await call(
      `/start?room=abcdef0123&domain=${domain}&rtmpDst=${encodeURIComponent(`${bench.nginx.rtmpUrl}amphi`)}`,
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
    expect((await call('/stop?room=abcdef0123', 'wrong')).status).toBe(401);
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
    for (const name of ['xvfb', 'pulseaudio']) {
      const before = stored(second)?.status?.children[name] ?? 0;
      process.kill(before, 'SIGKILL');
      const at = Date.now();
      await until(`${name} noticed`, () => stored(second)?.status?.phase !== 'on-air', 8000);
      expect(Date.now() - at).toBeLessThan(5500);
      await until(
        `${name} replaced`,
        () => stored(second)?.status?.phase === 'on-air' && stored(second)?.status?.children[name] !== before,
        40_000,
      );
    }
    const keeper = bench.store.keeper(`webinar-${second}`)!;
    process.kill(keeper.pid, 'SIGKILL');
    const at = Date.now();
    await until('the watcher starts another keeper', () => {
      const now = bench.store.keeper(`webinar-${second}`);
      return now !== null && now.pid !== keeper.pid;
    });
    expect(Date.now() - at).toBeLessThan(5500);
    await until('on air again', () => stored(second)?.status?.phase === 'on-air', 40_000);
  });

  it('outlives its supervisor killed -9; the next one goes on', async () => {
    const keeper = bench.store.keeper(`webinar-${first}`);
    process.kill(watcher.pid, 'SIGKILL');
    await watcher.exited;
    watcher = await bench.start('live', 'run', '--watch');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(bench.store.keeper(`webinar-${first}`)).toEqual(keeper);
    expect(stored(first)?.status?.phase).toBe('on-air');
  });

  it('ends the webinar that ended, with its recording; the other goes on until the gateway stops it', async () => {
    bench.bbb.endMeeting('0002-labo');
    await until('it is finished', () => stored(second) === undefined, 30_000);
    expect(bench.pod.webinars.get(second)).toMatchObject({ status: 2 });
    expect([...bench.pod.broadcasters.values()].map((b) => b['status'])).toEqual([true, false]);
    const [file] = readdirSync(bench.recordings);
    expect(file).toMatch(/\.mp4$/);
    const { kinds, seconds } = await probe(`${bench.recordings}/${file}`);
    expect(kinds).toEqual(['audio', 'video']);
    expect(seconds).toBeGreaterThan(5);
    expect(stored(first)?.status?.phase).toBe('on-air');
    await new Promise((resolve) => setTimeout(resolve, 1500)); // the flood's tokens come back
    expect((await call('/stop?room=abcdef0123')).status).toBe(200);
    await until('the gateway stopped it', () => stored(first) === undefined, 30_000);
    expect(bench.pod.webinars.get(first)).toMatchObject({ status: 2 });
  });
});
