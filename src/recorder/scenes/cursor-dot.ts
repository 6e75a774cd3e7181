import { CURSOR_CANVAS } from '../encoding/lay-pictures.js';
import type { Generation } from '../timeline/presentation.js';

const COLOURS: Readonly<Record<Generation, readonly [number, number, number]>> = {
  classic: [223, 39, 33],
  tldraw1: [199, 0, 57],
  tldraw2: [224, 49, 49],
};

/**
 * The pointer's dot in the middle of a transparent square, as a PAM picture (RGB and opacity). On a tiny slide seen from very near
 * it would be larger than the square: it stays a dot.
 */
export function cursorDot(radius: number, generation: Generation): Buffer {
  const side = CURSOR_CANVAS;
  const pixels = Buffer.alloc(side * side * 4);
  const most = Math.min(radius, side / 2 - 0.5);
  const [red, green, blue] = COLOURS[generation];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2);
      const cover = Math.min(1, Math.max(0, most + 0.5 - distance));
      pixels.set([red, green, blue, Math.round(cover * 255)], (y * side + x) * 4);
    }
  }
  const head = `P7\nWIDTH ${side}\nHEIGHT ${side}\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n`;
  return Buffer.concat([Buffer.from(head, 'ascii'), pixels]);
}
