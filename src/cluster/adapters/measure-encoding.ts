import { availableParallelism } from 'node:os';
import type { EncodingMeasure, RungToMeasure } from '../plan/measure-port.js';
import { runToEnd } from '../../kit/adapters/process/run-to-end.js';
import { processTexts } from '../../kit/errors/process.js';
import { words } from '../words.js';

const INPUT_SIZE = '1920x1080';

/**
 * Measures the CPU that encoding takes here: each live rendition alone (x264 veryfast, as the rendered ingest
 * does), then Pod's three renditions in one pass (x264 slow, CRF 20). The moving test picture.
 */
export async function measureEncoding(
  ffmpeg: string,
  rungs: readonly RungToMeasure[],
  sampleSeconds: number,
  signal: AbortSignal,
): Promise<EncodingMeasure> {
  const coresPerRung: Record<string, number> = {};
  for (const rung of rungs) {
    const cpu = await cpuSeconds(
      ffmpeg,
      [...input(rung.frameRate, sampleSeconds), ...liveRung(rung)],
      signal,
    );
    coresPerRung[rung.name] = cpu / sampleSeconds;
  }
  const podCpu = await cpuSeconds(ffmpeg, [...input(25, sampleSeconds), ...podRenditions()], signal);
  return {
    cores: availableParallelism(),
    coresPerRung,
    podCoreMinutes: podCpu / sampleSeconds,
    sampleSeconds,
  };
}

const input = (frameRate: number, seconds: number): string[] => [
  ...['-hide_banner', '-nostdin', '-benchmark', '-f', 'lavfi', '-t', String(seconds)],
  ...['-i', `testsrc2=size=${INPUT_SIZE}:rate=${frameRate},format=yuv420p`],
];

const liveRung = ({ width, height, videoRate }: RungToMeasure): string[] => [
  ...['-vf', `scale=${width}:${height}`, '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
  ...['-b:v', String(videoRate), '-maxrate', String(videoRate), '-bufsize', String(videoRate * 2)],
  ...['-f', 'null', '-'],
];

const podRenditions = (): string[] => {
  const heights = [360, 720, 1080];
  const split = `split=${heights.length}${heights.map((h) => `[i${h}]`).join('')}`;
  const scaled = heights.map((h) => `[i${h}]scale=-2:${h}[o${h}]`).join(';');
  return [
    ...['-filter_complex', `${split};${scaled}`],
    ...heights.flatMap((h) => [
      ...['-map', `[o${h}]`, '-c:v', 'libx264', '-preset', 'slow', '-crf', '20', '-f', 'null', '-'],
    ]),
  ];
};

/** User and system time that ffmpeg says it took (`-benchmark`). */
async function cpuSeconds(ffmpeg: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  const { stderrTail } = await runToEnd({ file: ffmpeg, args, signal, timeLimitMs: 600_000 });
  const line = stderrTail.find((text) => text.startsWith('bench: utime='));
  const found = /utime=([\d.]+)s stime=([\d.]+)s/.exec(line ?? '');
  if (found === null)
    throw processTexts.programFailed({
      program: ffmpeg,
      ending: 'no measure',
      detail: words.noCpuTime(),
    });
  return Number(found[1]) + Number(found[2]);
}
