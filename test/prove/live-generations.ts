import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';
import { openLiveBench, until } from '../support/live/bench.js';
import { GENERATIONS, type Generation } from '../support/live/join-page.js';
import { onAir, shows, sounds } from '../support/live/watch-lives.js';
import { colourOf, playlist } from '../support/live/media.js';
import type { Expect } from './live-ends.js';

/** So soon viewers see a meeting without chat, from the command on, on any generation. */
const ON_AIR_MS = 15_000;
const POLL_MS = 5000;
/** Where a picture of each second of each stream is put, to be looked at; none are without it. */
const FRAMES = process.env['FRAMES'];

/** Whole lives, by the built command, on the client of every generation: one after another, so that times are told. */
export async function proveGenerations(expect: Expect, only: string | undefined): Promise<void> {
  for (const generation of GENERATIONS)
    if (only === undefined || only === generation) await proveGeneration(generation, expect);
}

async function proveGeneration(generation: Generation, expect: Expect): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  try {
    const configure = (more: Record<string, string | number> = {}): string =>
      bench.configure({ size: '640x360', poll_interval: POLL_MS / 1000, rejoin: 2, ...more });
    configure();
    await byHand(generation, bench, expect);
    await stored(generation, bench, expect);
    for (const layout of ['presentation', 'cameras', 'share'] as const) {
      configure({ layout });
      await laidOut(generation, layout, bench, expect);
    }
  } finally {
    await bench.stop();
  }
}

type Bench = Awaited<ReturnType<typeof openLiveBench>>;

const MEDIA = { '2.5': 'share', '3.0': 'video', '4.0': 'nothing' } as const;
const meet = (
  bench: Bench,
  generation: Generation,
  meetingId: string,
  more: { readonly cameras?: boolean; readonly still?: boolean } = {},
) =>
  bench.bbb.createMeeting({
    ...{ meetingId, name: 'Chimie', toneHz: 440, colour: '#c00000', generation, ...more },
    media: generation in MEDIA ? MEDIA[generation as keyof typeof MEDIA] : 'slides',
  });

/** `live run --meeting`, without chat. */
async function byHand(generation: Generation, bench: Bench, expect: Expect): Promise<void> {
  // A slide that stands gives a browser one picture a second.
  meet(bench, generation, 'by-hand', { still: true });
  const at = Date.now();
  const child = await startByHand(bench, 'by-hand');
  const hls = `${bench.nginx.hlsUrl}by-hand.m3u8`;
  await until(`${generation}: viewers see it`, async () => ((await playlist(hls))?.segments ?? 0) > 0);
  const onAirMs = Date.now() - at;
  bench.bbb.endMeeting('by-hand');
  const { code } = await child.exited;
  expect(
    `${generation}: --meeting without chat seen by viewers after ${(onAirMs / 1000).toFixed(1)} s, ends with the meeting`,
    onAirMs <= ON_AIR_MS && code === 0,
  );
}

const startByHand = (bench: Bench, meetingId: string): Promise<Child> =>
  bench.start('live', 'run', '--meeting', meetingId, '--rtmp', `${bench.nginx.rtmpUrl}${meetingId}`);

/** A live of Pod: lobby, picture, chat, lost sound, removal, end; a viewer records it, and every picture is looked at. */
async function stored(generation: Generation, bench: Bench, expect: Expect): Promise<void> {
  const meeting = meet(bench, generation, 'stored');
  meeting.guestPolicy = 'ASK_MODERATOR';
  const podId = bench.pod.addLive({ meetingId: 'stored', name: 'Chimie' });
  const id = `bbb-${podId}`;
  const status = () => bench.store.status(id);
  const told = (code: string) => (status()?.incidents ?? []).some((incident) => incident.code === code);
  await bench.run('live', 'run');
  await until(`${generation}: waits`, () => told('waiting-for-moderator'));
  bench.bbb.admit('stored');
  await onAir(bench, id);
  const hls = `${bench.nginx.hlsUrl}${bench.store.list().find(({ job }) => job.id === id)?.job.streamName}.m3u8`;
  // With the white of the chat in the mean.
  await shows(hls, 'red', ({ r, g, b }) => r > b + 80 && r > g + 80);
  // With LiveKit nobody's microphone is no sound at all.
  const heard = async (): Promise<unknown> =>
    generation.endsWith('livekit') ? undefined : sounds(hls, 440, [880]);
  const viewer = await watch(hls, path.join(bench.directory, `${generation}.ts`));
  await heard();
  await until(`${generation}: audio`, () => status()?.audio === 'joined');

  const repairs = status()?.repairs ?? 0;
  bench.bbb.dropAudio('stored');
  await until(`${generation}: the page is loaded again`, () => (status()?.repairs ?? 0) > repairs, 60_000);
  await onAir(bench, id);
  await until(`${generation}: audio is back`, () => status()?.audio === 'joined', 60_000);
  await heard();
  // The picture that stands while the bot is outside is taken after some seconds.
  await until(`${generation}: ten seconds are written`, () => (status()?.progress?.outMs ?? 0) > 12_000);

  const removedAt = Date.now();
  bench.bbb.eject('stored');
  await until(`${generation}: removal told`, () => told('removed-from-meeting'), 60_000, 50);
  const removalMs = Date.now() - removedAt;
  await onAir(bench, id);
  await until(`${generation}: five more seconds`, () => (status()?.progress?.outMs ?? 0) > 5000);
  const endedAt = Date.now();
  bench.bbb.endMeeting('stored');
  await until(`${generation}: ended`, () => status()?.endReason === 'meeting-ended', 60_000, 50);
  const endMs = Date.now() - endedAt;
  expect(
    `${generation}: sound lost and back; removal seen after ${(removalMs / 1000).toFixed(1)} s, the end after ${(endMs / 1000).toFixed(1)} s (two polls: ${(2 * POLL_MS) / 1000} s)`,
    removalMs <= 2 * POLL_MS && endMs <= 2 * POLL_MS,
  );
  await bench.run('live', 'run');
  await viewer.stop();
  const { looked, green } = await greens(path.join(bench.directory, `${generation}.ts`));
  await keepFrames(path.join(bench.directory, `${generation}.ts`), generation);
  expect(
    `${generation}: of ${looked} pictures that a viewer got ${green} show a page of the client's own`,
    green === 0 && looked > 100,
  );
}

/** What viewers see in another layout while somebody shows a camera: the blue part is large, small, or none. */
async function laidOut(
  generation: Generation,
  layout: 'presentation' | 'cameras' | 'share',
  bench: Bench,
  expect: Expect,
): Promise<void> {
  const meetingId = `layout-${layout}`;
  meet(bench, generation, meetingId, { cameras: true });
  const child = await startByHand(bench, meetingId);
  const hls = `${bench.nginx.hlsUrl}${meetingId}.m3u8`;
  await until(`${generation}: ${layout}`, async () => ((await playlist(hls))?.segments ?? 0) >= 2);
  await shows(hls, 'the meeting', ({ r, g, b }) => r + b > 120 && g < 60);
  const { b } = await colourOf(hls, 1, 'right');
  await keepFrames(hls, `${generation}-${layout}`, 1);
  bench.bbb.endMeeting(meetingId);
  await child.exited;
  const wanted = { presentation: b > 40 && b < 160, cameras: b > 180, share: b < 30 }[layout];
  expect(`${generation}: layout ${layout} reaches viewers (its right fifth: blue ${b} of 255)`, wanted);
}

/** A viewer who keeps what is sent. */
const watch = (hls: string, file: string): Promise<Child> =>
  startChild({
    file: 'ffmpeg',
    args: ['-nostdin', '-v', 'error', '-i', hls, '-c', 'copy', '-f', 'mpegts', file],
    diesWithParent: true,
  });

/** Mean colour of every picture: how many are more green than red, as the end pages and the furniture of the stand-in are. */
async function greens(file: string): Promise<{ looked: number; green: number }> {
  const { stdout } = await runToEnd({
    file: 'ffmpeg',
    args: [
      ...['-nostdin', '-v', 'error', '-i', file, '-an', '-vf', 'scale=1:1:flags=area,format=rgb24'],
      ...['-f', 'rawvideo', '-'],
    ],
    timeLimitMs: 300_000,
  });
  let green = 0;
  for (let at = 0; at + 2 < stdout.length; at += 3) if ((stdout[at + 1] ?? 0) > (stdout[at] ?? 0)) green++;
  return { looked: Math.floor(stdout.length / 3), green };
}

async function keepFrames(input: string, name: string, count = 200): Promise<void> {
  if (FRAMES === undefined) return;
  mkdirSync(FRAMES, { recursive: true });
  await runToEnd({
    file: 'ffmpeg',
    args: [
      ...['-nostdin', '-v', 'error', '-y', '-i', input, '-an', '-vf', 'fps=1,scale=320:-2'],
      ...['-frames:v', String(count), path.join(FRAMES, `${name}-%03d.png`)],
    ],
    timeLimitMs: 300_000,
  });
}
