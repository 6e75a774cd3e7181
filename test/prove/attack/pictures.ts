import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gifOf, pngOf, svgBombs } from '../../support/hostile/picture-bombs.js';
import type { Attack } from './attack.js';
import { convert, type Trap } from './files.js';

/* Pictures that are short and become large, or never end, when they are drawn: each costs its recording at most. */

const slides =
  (picture: () => Buffer | string): Trap =>
  (bench) => {
    const bytes = picture();
    for (const slide of bench.slides) writeFileSync(slide, bytes);
  };

const traps: Readonly<Record<string, Trap>> = {
  'slides in PNG of 60000x60000': slides(() => pngOf(60_000, 60_000)),
  'slides in PNG of 23000x23000': slides(() => pngOf(23_000, 23_000)),
  'slides in PNG of 10000x10000, which is allowed': slides(() => pngOf(10_000, 10_000)),
  'slides in PNG of one line': slides(() => pngOf(90_000_000, 1)),
  'slides in APNG of 4000 frames': slides(() => pngOf(1600, 900, 4000)),
  'slides in GIF of 65535x65535': slides(() => gifOf(65_535, 65_535)),
  'slides in GIF of 50000 frames': slides(() => gifOf(4000, 4000, 50_000)),
};

/** Slides that are named .svg, as a publisher of a later version may name them. */
const drawings: Readonly<Record<string, Trap>> = Object.fromEntries(
  Object.entries(svgBombs()).map(([name, text]) => [
    `slides in SVG ${name}`,
    ({ folder, slides: files }) => {
      const shapes = `${folder}/shapes.svg`;
      for (const file of files) writeFileSync(file.replace(/png$/, 'svg'), text);
      writeFileSync(shapes, readFileSync(shapes, 'utf8').replaceAll(/(slide-\d+)\.png/g, '$1.svg'));
    },
  ]),
);

const MOST_BYTES = 3.5e9;

/** What a process and all that it started hold, in bytes. */
function residentBytes(root: number): number {
  const parents = new Map<number, number>();
  const sizes = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const text = readFileSync(`/proc/${name}/status`, 'utf8');
      parents.set(Number(name), Number(/PPid:\s+(\d+)/.exec(text)?.[1]));
      sizes.set(Number(name), Number(/RssAnon:\s+(\d+)/.exec(text)?.[1] ?? 0) * 1024);
    } catch {
      // It ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean =>
    pid === root || (parents.has(pid) && isBelow(parents.get(pid) ?? 0));
  return [...sizes].reduce((sum, [pid, bytes]) => sum + (isBelow(pid) ? bytes : 0), 0);
}

async function draw(trap: Trap): Promise<string | null> {
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const onStart = ({ pid }: ChildProcess): void => {
    timer = setInterval(() => (peak = Math.max(peak, residentBytes(pid ?? 0))), 300);
  };
  try {
    const found = await convert(trap, false, { configuration: '[recorder]\ntimeout = 40\n', onStart });
    if (found !== null) return found;
    return peak > MOST_BYTES ? `${Math.round(peak / 1e6)} MB of memory` : null;
  } finally {
    clearInterval(timer);
  }
}

export const attacks: readonly Attack[] = Object.entries({ ...traps, ...drawings }).map(([name, trap]) => ({
  name,
  run: () => draw(trap),
}));
