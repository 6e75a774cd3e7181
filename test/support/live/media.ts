import { runToEnd } from '../../../src/kit/adapters/process/run-to-end.js';

/** Duration and stream kinds of a media file. */
export async function probe(file: string): Promise<{ seconds: number; kinds: string[]; size: string }> {
  const { stdout } = await runToEnd({
    file: 'ffprobe',
    args: [
      '-v',
      'error',
      '-show_entries',
      'format=duration:stream=codec_type,width,height',
      '-of',
      'json',
      file,
    ],
  });
  const { format, streams } = JSON.parse(stdout.toString()) as {
    format: { duration: string };
    streams: { codec_type: string; width?: number; height?: number }[];
  };
  const video = streams.find((s) => s.codec_type === 'video');
  return {
    seconds: Number(format.duration),
    kinds: streams.map((s) => s.codec_type).sort(),
    size: `${video?.width}x${video?.height}`,
  };
}

/** The loudest tone of decoded audio (Hz), by Goertzel over the candidates; null when there is no sound. */
export async function toneOf(
  input: string,
  candidates: readonly number[],
  seconds = 3,
): Promise<number | null> {
  const { stdout } = await runToEnd({
    file: 'ffmpeg',
    args: [
      '-nostdin',
      '-v',
      'error',
      '-i',
      input,
      '-t',
      String(seconds),
      '-vn',
      '-ac',
      '1',
      '-ar',
      '8000',
      '-f',
      's16le',
      '-',
    ],
    timeLimitMs: 30_000,
  });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 2));
  const energy = samples.reduce((sum, s) => sum + s * s, 0) / Math.max(1, samples.length);
  if (energy < 10_000) return null;
  const power = candidates.map((hz) => ({ hz, power: goertzel(samples, hz / 8000) }));
  return power.sort((a, b) => b.power - a.power)[0]?.hz ?? null;
}

function goertzel(samples: Int16Array, cyclesPerSample: number): number {
  const k = 2 * Math.cos(2 * Math.PI * cyclesPerSample);
  let [a, b] = [0, 0];
  for (const s of samples) [a, b] = [s + k * a - b, a];
  return a * a + b * b - k * a * b;
}

const PARTS = {
  whole: '',
  bottom: 'crop=iw:ih/40:0:ih-oh,',
  right: 'crop=iw/5:ih/2:iw-ow:ih/4,',
  left: 'crop=iw/20:ih/2:0:ih/4,',
} as const;

/** Mean colour of a frame, or of a part: its lowest lines are yellow in every meeting of the stand-in. */
export async function colourOf(
  input: string,
  at = 1,
  part: keyof typeof PARTS = 'whole',
): Promise<{ r: number; g: number; b: number }> {
  const { stdout } = await runToEnd({
    file: 'ffmpeg',
    args: [
      '-nostdin',
      '-v',
      'error',
      // A single picture cannot be sought in.
      ...(at === 0 ? [] : ['-ss', String(at)]),
      '-i',
      input,
      '-frames:v',
      '1',
      '-vf',
      `${PARTS[part]}scale=1:1:flags=area,format=rgb24`,
      '-f',
      'rawvideo',
      '-',
    ],
    timeLimitMs: 30_000,
  });
  const [r = 0, g = 0, b = 0] = stdout;
  return { r, g, b };
}

/** How many different pictures there are among the frames: a frozen one gives 1. */
export async function movingFrames(input: string, seconds = 2): Promise<number> {
  const { stdout } = await runToEnd({
    file: 'ffmpeg',
    args: [
      '-nostdin',
      '-v',
      'error',
      '-i',
      input,
      '-t',
      String(seconds),
      '-an',
      '-vf',
      'scale=80:45',
      '-f',
      'framemd5',
      '-',
    ],
    timeLimitMs: 30_000,
  });
  const sums = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1));
  return new Set(sums).size;
}

/** The HLS playlist as players see it; null while there is none. */
export async function playlist(
  url: string,
): Promise<{ segments: number; ended: boolean; text: string } | null> {
  const response = await fetch(url).catch(() => null);
  if (response?.status !== 200) return null;
  const text = await response.text();
  return { segments: text.split('#EXTINF').length - 1, ended: text.includes('#EXT-X-ENDLIST'), text };
}
