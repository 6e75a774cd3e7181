import { expect, it } from 'vitest';
import { pictureSize } from '../../src/bbb/picture-size.js';
import { defaultFileLimits } from '../../src/bbb/published-file.js';
import { fileFault } from '../../src/recorder/shortfalls/file-fault.js';
import { gifOf, pngOf } from '../support/hostile/picture-bombs.js';

/** APP1 of a camera before the frame, as JPEGs have it. */
const jpeg = (width: number, height: number): Buffer => {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const application = Buffer.alloc(1002);
  application.writeUInt32BE(0xffe103e8);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), application, frame, Buffer.from([0xff, 0xd9])]);
};
const webp = (kind: string, header: readonly number[]): Buffer => {
  const head = Buffer.from(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0`, 'latin1');
  return Buffer.concat([head, Buffer.from(header), Buffer.alloc(20)]);
};

it.each([
  ['PNG', pngOf(700, 3), 700, 3],
  ['GIF', gifOf(65_535, 2), 65_535, 2],
  ['JPEG', jpeg(60_000, 50_000), 60_000, 50_000],
  ['WebP, extended', webp('VP8X', [0, 0, 0, 0, 0x0f, 0x27, 0, 0xff, 0xff, 0]), 10_000, 65_536],
  ['WebP, lossless', webp('VP8L', [0x2f, 0xff, 0xff, 0xff, 0x0f]), 16_384, 16_384],
  ['WebP, lossy', webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 6, 0x84, 3]), 1600, 900],
])('%s says how large it will be', (_, bytes, width, height) => {
  expect(pictureSize(bytes.subarray(0, 4096))).toEqual({ width, height });
});

it.each([
  Buffer.alloc(0),
  Buffer.from('<svg/>'),
  Buffer.from([0xff, 0xd8, 0xff]),
  pngOf(1, 1).subarray(0, 20),
])('says nothing of what says nothing', (bytes) => expect(pictureSize(bytes)).toBeNull());

it('refuses a picture of a few kilobytes that takes gigabytes when it is drawn', () => {
  const fault = (picture: Buffer): string | null => {
    const [first, last] = [picture.subarray(0, 4096), picture.subarray(-4096)];
    const seen = { state: 'file' as const, sizeBytes: picture.length, first, last, saidBytes: null };
    return fileFault('presentation/x/slide-1.png', seen, defaultFileLimits);
  };
  expect(fault(gifOf(60_000, 60_000))).toBe(
    '60000x60000 px, more than [recorder] max_pixels (100 Mpx) allows',
  );
  expect(fault(pngOf(10_000, 10_001))).toMatch(/^10000x10001 px/);
  expect(fault(pngOf(10_000, 10_000))).toBeNull();
});
