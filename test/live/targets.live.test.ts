import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { freePort } from '../support/live/free-port.js';
import { probe } from '../support/live/media.js';
import { onAir, shows } from '../support/live/watch-lives.js';

/* One encode for several targets: RTMP, SRT, a dead one; and the pause picture, by the commands. */
describe('a live with further targets', () => {
  let bench: LiveBench;
  const srt = { child: null as Child | null, over: false, calls: 0 };
  let id = '';
  const status = () => bench.store.status(id);
  const stateOf = (shown: RegExp) => status()?.targets.find((target) => shown.test(target.shown))?.state;
  const hls = (name: string) => `${bench.nginx.hlsUrl}${name}.m3u8`;
  const main = () => hls(bench.store.list()[0]?.job.streamName ?? '');
  const received = (call: number) => path.join(bench.directory, `srt-${call}.ts`);
  /** ffmpeg's listener takes one caller and ends with it: another one then takes its place. */
  const listen = async (port: number): Promise<void> => {
    srt.child = await startChild({
      file: 'ffmpeg',
      args: ['-nostdin', '-i', `srt://127.0.0.1:${port}?mode=listener`, '-c', 'copy', received(++srt.calls)],
      diesWithParent: true,
    });
    void srt.child.exited.then(() => (srt.over ? undefined : listen(port)));
  };

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'bbb' });
    const port = await freePort();
    await listen(port);
    const green = path.join(bench.directory, 'pause.png');
    writeFileSync(green, GREEN);
    bench.configure(
      { size: '320x180', framerate: 10, stall: 20, pause_image: green, kill_delay: 2 },
      `also = ["${bench.nginx.rtmpUrl}more-{name}", "rtmp://127.0.0.1:9/live/{name}?key=hidden", "srt://127.0.0.1:${port}"]`,
    );
    bench.bbb.createMeeting({ meetingId: 'm', name: 'Chimie', toneHz: 440, colour: '#c00000' });
    id = `bbb-${bench.pod.addLive({ meetingId: 'm', name: 'Chimie' })}`;
    await bench.run('live', 'run');
    await onAir(bench, id);
  });
  afterAll(async () => {
    srt.over = true;
    await srt.child?.stop();
    await bench.stop();
  });

  it('reaches each of them; a dead one is told, and nothing else minds', async () => {
    const name = bench.store.list()[0]?.job.streamName ?? '';
    await shows(hls(`more-${name}`), 'red', ({ r, g, b }) => r > b + 80 && g < 60);
    await until('the dead one is told', () => stateOf(/:9\//) === 'rtmp-unreachable');
    expect(status()?.incidents).toMatchObject([{ code: 'target-failed' }]);
    await until('the others are well', () => stateOf(/more-/) === 'ok' && stateOf(/^srt:/) === 'ok');
    const shown = await bench.run('live', 'status');
    expect(shown.stdout).toMatch(/-> rtmp:\/\/127\.0\.0\.1:9\/live\/\S+: rtmp-unreachable/);
    expect(shown.stdout + readFileSync(bench.store.logFile(id), 'utf8')).not.toContain('hidden');
    expect(status()).toMatchObject({ rtmp: 'ok', repairs: 0, progress: { dropped: 0 } });
  });

  it('shows the pause picture on command everywhere, and the meeting again', async () => {
    const paused = await bench.run('live', 'pause', 'm');
    expect([paused.code, paused.stdout]).toEqual([0, expect.stringContaining(`live resume ${id}`)]);
    await shows(main(), 'the pause picture', ({ r, g }) => g > 100 && r < 60);
    expect((await bench.run('live', 'status')).stdout).toContain('paused');
    const resumed = await bench.run('live', 'resume', id);
    expect(resumed.code).toBe(0);
    await shows(main(), 'the meeting', ({ r, g }) => r > 100 && g < 60);
    expect((await bench.run('live', 'pause', 'nobody')).stderr).toContain('live status');
  });

  it('ends on all of them', async () => {
    const call = srt.calls;
    bench.bbb.endMeeting('m');
    await until('it ended', () => status()?.endReason === 'meeting-ended');
    await until('SRT ended, too', () => srt.calls > call);
    expect((await probe(received(call))).kinds).toEqual(['audio', 'video']);
  });
});

/** 16 by 9 pixels, all green. */
const GREEN = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAIAAAC0SDtlAAAAE0lEQVR42mNgOMBAGhrVMCg0AAANLGwBgO1KqQAAAABJRU5ErkJggg==',
  'base64',
);
