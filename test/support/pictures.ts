import { execFileSync } from 'node:child_process';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGB, 3 bytes a pixel. */
  readonly rgb: Buffer;
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const run = (args: readonly string[]): Buffer =>
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args], { maxBuffer: 1 << 30 });

/** The given frames of a video (or the only one of a picture), in order. */
export function readFrames(
  file: string,
  frames: readonly number[],
  size = { width: 1280, height: 720 },
): Picture[] {
  const wanted = frames.map((frame) => `eq(n,${frame})`).join('+');
  const raw = run([
    '-i',
    file,
    '-vf',
    `select='${wanted}',scale=${size.width}:${size.height}:flags=bilinear,format=rgb24`,
    '-fps_mode',
    'passthrough',
    '-f',
    'rawvideo',
    '-',
  ]);
  const bytes = size.width * size.height * 3;
  return Array.from({ length: raw.length / bytes }, (_, i) => ({
    ...size,
    rgb: raw.subarray(i * bytes, (i + 1) * bytes),
  }));
}

export function luma({ rgb, width }: Picture, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0);
}

/** Mean structural similarity of the brightness in a box: windows of 8 by 8, every 4 pixels. */
export function ssim(one: Picture, other: Picture, box: Box, without: Box | null = null): number {
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  let sum = 0;
  let windows = 0;
  for (let top = box.y; top + 8 <= box.y + box.height; top += 4) {
    for (let left = box.x; left + 8 <= box.x + box.width; left += 4) {
      if (without !== null && overlaps({ x: left, y: top, width: 8, height: 8 }, without)) continue;
      let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
      for (let y = top; y < top + 8; y++) {
        for (let x = left; x < left + 8; x++) {
          const [p, q] = [luma(one, x, y), luma(other, x, y)];
          a += p;
          b += q;
          aa += p * p;
          bb += q * q;
          ab += p * q;
        }
      }
      const [ma, mb] = [a / 64, b / 64];
      const [va, vb, cov] = [aa / 64 - ma * ma, bb / 64 - mb * mb, ab / 64 - ma * mb];
      sum += ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      windows++;
    }
  }
  return sum / windows;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Middle of the densest spot of a colour, or null when there is none of that size. */
export function findSpot(
  picture: Picture,
  box: Box,
  colour: readonly [number, number, number],
  tolerance: number,
): { x: number; y: number } | null {
  const hits: { x: number; y: number }[] = [];
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const at = (y * picture.width + x) * 3;
      const near = colour.every((value, i) => Math.abs((picture.rgb[at + i] ?? 0) - value) <= tolerance);
      if (near) hits.push({ x, y });
    }
  }
  let best: { x: number; y: number; count: number } | null = null;
  for (const hit of hits) {
    const around = hits.filter(({ x, y }) => Math.abs(x - hit.x) <= 5 && Math.abs(y - hit.y) <= 5);
    if (around.length > (best?.count ?? 0)) {
      const mean = (key: 'x' | 'y'): number => around.reduce((sum, p) => sum + p[key], 0) / around.length;
      best = { x: mean('x'), y: mean('y'), count: around.length };
    }
  }
  return best !== null && best.count >= 20 ? { x: best.x, y: best.y } : null;
}

/** Mean square difference of two boxes of the same size. */
export function difference(one: Picture, at: Box, other: Picture, from: Box): number {
  let sum = 0;
  for (let y = 0; y < at.height; y++)
    for (let x = 0; x < at.width; x++)
      sum += (luma(one, at.x + x, at.y + y) - luma(other, from.x + x, from.y + y)) ** 2;
  return sum / (at.width * at.height);
}

/** Instants (ms) at which a tone of that pitch sets in. */
export function toneOnsets(file: string, pitchHz: number): number[] {
  const rate = 16_000;
  const raw = run(['-i', file, '-vn', '-ac', '1', '-ar', String(rate), '-f', 'f32le', '-']);
  const samples = new Float32Array(raw.buffer, raw.byteOffset, Math.floor(raw.length / 4));
  const window = rate / 200;
  const onsets: number[] = [];
  let loudBefore = false;
  for (let i = 0; i + window <= samples.length; i += window) {
    let [re, im] = [0, 0];
    for (let k = 0; k < window; k++) {
      const phase = (2 * Math.PI * pitchHz * k) / rate;
      re += (samples[i + k] ?? 0) * Math.cos(phase);
      im += (samples[i + k] ?? 0) * Math.sin(phase);
    }
    const loud = Math.hypot(re, im) / window > 0.12;
    if (loud && !loudBefore && i / rate - (onsets.at(-1) ?? -1000) / 1000 > 0.5)
      onsets.push((i / rate) * 1000);
    loudBefore = loud;
  }
  return onsets;
}
