/* `npm run prove live [-- speed SECONDS [tab|x11]|pairs|ends SCENE|generations VERSION|targets SECONDS|browser]`: what does not fit the test suite. `ends`: what ends a live, what
   must not, refusing RTMP servers, frozen and killed keepers. `speed`: one 1280x720 live at 25 fps
   for five minutes on each backend (ffmpeg's speed, drops, CPU, latency). `pairs`: the generations with the backends
   that `npm test` leaves out. Ends with status 1 when a promise is not kept. */
import { readFileSync, readdirSync } from 'node:fs';
import { cpuSeconds, latencySeconds } from '../support/live/measures.js';
import { proveBrowser } from './live-browser.js';
import { proveEnds } from './live-ends.js';
import { proveGenerations } from './live-generations.js';
import { proveTargets } from './live-targets.js';
import { openLiveBench, until } from '../support/live/bench.js';
import { colourOf, playlist, probe, toneOf } from '../support/live/media.js';

const startedAt = Date.now();
const [what = 'all', detail, only] = process.argv.slice(2);
const problems: string[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const expect = (promise: string, kept: boolean): void => {
  say(
    `${kept ? 'kept  ' : 'BROKEN'} ${`${Math.round((Date.now() - startedAt) / 1000)}`.padStart(4)} s  ${promise}`,
  );
  if (!kept) problems.push(promise);
};

if (what === 'all' || what === 'pairs') {
  await pair('bbb', 'x11');
  await pair('webinar', 'tab');
}
if (what === 'all' || what === 'browser') await proveBrowser(expect);
if (what === 'all' || what === 'ends') await proveEnds(expect, detail);
if (what === 'all' || what === 'generations') await proveGenerations(expect, detail);
if (what === 'all' || what === 'targets')
  await proveTargets(expect, what === 'targets' ? Number(detail ?? 300) : 300);
if (what === 'all' || what === 'speed')
  for (const backend of ['tab', 'x11'] as const)
    if (only === undefined || only === backend) await speed(backend, Number(detail ?? 300));
process.exitCode = problems.length === 0 ? 0 : 1;

/** Two lives of one generation on one backend: own tone, own picture, one ends alone, its recording is whole. */
async function pair(generation: 'bbb' | 'webinar', backend: 'tab' | 'x11'): Promise<void> {
  const bench = await openLiveBench({ generation });
  try {
    bench.configure({
      backend,
      size: '640x360',
      framerate: 15,
      webinar_record: 'true',
      webinar_recordings_path: bench.recordings,
    });
    const facts = [
      { meetingId: '0001-a', name: 'Meme titre', toneHz: 440, colour: '#c00000' },
      { meetingId: '0002-b', name: 'Meme titre', toneHz: 880, colour: '#0000c0' },
    ] as const;
    facts.forEach((fact, i) => {
      const { internalMeetingId } = bench.bbb.createMeeting(fact);
      if (generation === 'bbb') bench.pod.addLive({ ...fact, internalMeetingId, download: true });
      else
        bench.pod.addWebinar({
          ...fact,
          rtmpUrl: `${bench.nginx.rtmpUrl}web${i}`,
          streamUrl: `${bench.nginx.hlsUrl}web${i}.m3u8`,
        });
    });
    await bench.run('live', 'run');
    const lives = (): ReturnType<typeof bench.store.list> => bench.store.list();
    await until(
      'both on air',
      () => lives().length === 2 && lives().every(({ status }) => status?.phase === 'on-air'),
    );
    const urls = lives().map(
      ({ job }) => `${bench.nginx.hlsUrl}${job.rtmpUrl?.split('/').at(-1) ?? job.streamName}.m3u8`,
    );
    for (const url of urls) await until('segments', async () => ((await playlist(url))?.segments ?? 0) >= 4);
    const [first = '', second = ''] = urls;
    const tones = [await toneOf(first, [440, 880]), await toneOf(second, [440, 880])];
    expect(
      `${generation} with ${backend}: each plays its own tone (${tones.join(', ')} Hz)`,
      tones[0] === 440 && tones[1] === 880,
    );
    const [red, blue] = [await colourOf(first), await colourOf(second)];
    const bottom = await colourOf(first, 1, 'bottom');
    expect(
      `${generation} with ${backend}: each shows its own picture, whole to its lowest lines`,
      red.r > red.b + 80 && blue.b > blue.r + 80 && bottom.g > 150 && bottom.b < 110,
    );
    const encoded = (): number => lives()[0]?.status?.progress?.outMs ?? 0;
    bench.bbb.endMeeting('0001-a');
    await until('the first ended', () => lives()[0]?.keeperAlive === false);
    const encodedMs = encoded();
    await bench.run('live', 'run');
    expect(
      `${generation} with ${backend}: only the one that ended stopped`,
      lives().length === 1 && lives()[0]?.status?.phase === 'on-air',
    );
    const [file = ''] = readdirSync(bench.recordings);
    const whole = await probe(`${bench.recordings}/${file}`);
    expect(
      `${generation} with ${backend}: its recording is whole (${whole.seconds.toFixed(1)} s of ${(encodedMs / 1000).toFixed(1)} s)`,
      Math.abs(whole.seconds - encodedMs / 1000) < 1,
    );
  } finally {
    await bench.stop();
  }
}

/** One 720p live at 25 fps, streamed and recorded. */
async function speed(backend: 'tab' | 'x11', forSeconds: number): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  try {
    bench.configure({
      backend,
      size: '1280x720',
      framerate: 25,
      bitrate_kbps: 3000,
      preset: process.env['PRESET'] ?? 'veryfast',
      stall: 10,
    });
    const meeting = bench.bbb.createMeeting({
      meetingId: 'm',
      name: 'Amphi',
      toneHz: 440,
      colour: '#204080',
    });
    bench.pod.addLive({
      meetingId: 'm',
      name: 'Amphi',
      internalMeetingId: meeting.internalMeetingId,
      download: true,
    });
    await bench.run('live', 'run');
    const status = () => bench.store.list()[0]?.status ?? null;
    await until('on air', () => status()?.phase === 'on-air');
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const begin = { at: Date.now(), progress: status()?.progress, cpu: cpuSeconds(bench) };
    await new Promise((resolve) => setTimeout(resolve, forSeconds * 1000));
    const end = { at: Date.now(), progress: status()?.progress, cpu: cpuSeconds(bench) };
    const wall = (end.at - begin.at) / 1000;
    const media = ((end.progress?.outMs ?? 0) - (begin.progress?.outMs ?? 0)) / 1000;
    const frames = (end.progress?.frames ?? 0) - (begin.progress?.frames ?? 0);
    const dropped = (end.progress?.dropped ?? 0) - (begin.progress?.dropped ?? 0);
    const doubled = (end.progress?.duplicated ?? 0) - (begin.progress?.duplicated ?? 0);
    const latency = await latencySeconds(bench);
    const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '?';
    say(
      `${backend}: ${wall.toFixed(0)} s, encoder speed ${(media / wall).toFixed(3)}, ${frames} frames, ${((100 * dropped) / frames).toFixed(2)} % dropped, ` +
        `${((100 * doubled) / frames).toFixed(1)} % doubled, ${(((end.cpu - begin.cpu) / wall) * 100).toFixed(0)} % of one CPU, page to HLS ${latency.toFixed(1)} s, repairs ${status()?.repairs ?? 0}, load ${load}`,
    );
    expect(`${backend}: speed 1.0 at 720p25`, media / wall > 0.985 && media / wall < 1.015);
    expect(`${backend}: under 1 % of frames dropped`, dropped / frames < 0.01);
  } finally {
    await bench.stop();
  }
}
