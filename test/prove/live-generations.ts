import { openLiveBench, until } from '../support/live/bench.js';
import { GENERATIONS, type Generation } from '../support/live/join-page.js';
import { onAir, shows } from '../support/live/watch-lives.js';
import { colourOf, playlist } from '../support/live/media.js';
import type { Expect } from './live-ends.js';

/** So soon viewers see a meeting without chat, from the command on, on any generation. */
const ON_AIR_MS = 15_000;
const POLL_MS = 5000;

/** Whole lives, by the built command, on the client of every generation: one after another, so that times are told. */
export async function proveGenerations(expect: Expect, only: string | undefined): Promise<void> {
  for (const generation of GENERATIONS)
    if (only === undefined || only === generation) await proveGeneration(generation, expect);
}

async function proveGeneration(generation: Generation, expect: Expect): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  try {
    bench.configure({ poll_interval: POLL_MS / 1000, rejoin: 2 });
    await byHand(generation, bench, expect);
    await stored(generation, bench, expect);
  } finally {
    await bench.stop();
  }
}

type Bench = Awaited<ReturnType<typeof openLiveBench>>;

const MEDIA = { '2.5': 'share', '3.0': 'video', '4.0': 'nothing' } as const;
const meet = (bench: Bench, generation: Generation, meetingId: string) =>
  bench.bbb.createMeeting({
    ...{ meetingId, name: 'Chimie', toneHz: 440, colour: '#c00000', generation },
    media: generation in MEDIA ? MEDIA[generation as keyof typeof MEDIA] : 'slides',
  });

/** `live run --meeting`, without chat. */
async function byHand(generation: Generation, bench: Bench, expect: Expect): Promise<void> {
  meet(bench, generation, 'by-hand');
  const at = Date.now();
  const child = await bench.start(
    ...['live', 'run', '--meeting', 'by-hand', '--rtmp', `${bench.nginx.rtmpUrl}by-hand`],
  );
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

/** A live of Pod: the lobby, the picture, a removal, the end, and every second of the stream looked at afterwards. */
async function stored(generation: Generation, bench: Bench, expect: Expect): Promise<void> {
  const meeting = meet(bench, generation, 'stored');
  meeting.guestPolicy = 'ASK_MODERATOR';
  const podId = bench.pod.addLive({ meetingId: 'stored', name: 'Chimie', download: true });
  const id = `bbb-${podId}`;
  const status = () => bench.store.status(id);
  const told = (code: string) => (status()?.incidents ?? []).some((incident) => incident.code === code);
  await bench.run('live', 'run');
  await until(`${generation}: waits`, () => told('waiting-for-moderator'));
  bench.bbb.admit('stored');
  await onAir(bench, id);
  const hls = `${bench.nginx.hlsUrl}${bench.store.list().find(({ job }) => job.id === id)?.job.streamName}.m3u8`;
  await shows(hls, 'red, no green', ({ r, g, b }) => r > b + 80 && g < 60);
  await until(`${generation}: audio`, () => status()?.audio === 'joined');
  // The picture that stands while the bot is outside is taken after some seconds.
  await until(`${generation}: ten seconds are written`, () => (status()?.progress?.outMs ?? 0) > 12_000);
  const removedAt = Date.now();
  bench.bbb.eject('stored');
  await until(`${generation}: removal told`, () => told('removed-from-meeting'), 60_000, 50);
  const removalMs = Date.now() - removedAt;
  await onAir(bench, id);
  await until(`${generation}: five more seconds`, () => (status()?.progress?.outMs ?? 0) > 5000);
  const greens = await greenSeconds(hls);
  const endedAt = Date.now();
  bench.bbb.endMeeting('stored');
  await until(`${generation}: ended`, () => status()?.endReason === 'meeting-ended', 60_000, 50);
  const endMs = Date.now() - endedAt;
  expect(
    `${generation}: removal seen after ${(removalMs / 1000).toFixed(1)} s, the end after ${(endMs / 1000).toFixed(1)} s (two polls: ${(2 * POLL_MS) / 1000} s)`,
    removalMs <= 2 * POLL_MS && endMs <= 2 * POLL_MS,
  );
  expect(
    `${generation}: of ${greens.looked} pictures of the stream around the removal ${greens.green} show that page`,
    greens.green === 0 && greens.looked > 10,
  );
  await bench.run('live', 'run');
}

/** Four pictures of each second that the playlist still holds: how many are green, as the stand-in's end pages are. */
async function greenSeconds(hls: string): Promise<{ looked: number; green: number }> {
  const seconds = ((await playlist(hls))?.text ?? '')
    .split('\n')
    .reduce((sum, line) => sum + Number(/^#EXTINF:([\d.]+)/.exec(line)?.[1] ?? 0), 0);
  const found = { looked: 0, green: 0 };
  for (let at = 0.1; at < seconds - 0.2; at += 0.25) {
    const { g } = await colourOf(hls, at).catch(() => ({ g: 0 }));
    found.looked++;
    if (g > 60) found.green++;
  }
  return found;
}
