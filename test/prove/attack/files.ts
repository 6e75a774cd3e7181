import { execFileSync, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCli } from '../../e2e/run-cli.js';
import { publishFixture } from '../../support/presentations.js';
import { MARKER, type Attack } from './attack.js';

/* Files stay inside: published folders and archives that name, link or hold what is not theirs. */

/** A colour that no slide of ours has. */
const PRIVATE_COLOUR = '0xff00ff';

interface Bench {
  readonly site: string;
  readonly folder: string;
  /** A private text and a private picture beside the folder. */
  readonly text: string;
  readonly picture: string;
  readonly slides: readonly string[];
}

export type Trap = (bench: Bench) => void;

function prepare(): Bench {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const folder = publishFixture('classic', site, []);
  mkdirSync(path.join(folder, 'audio'));
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'libopus'],
    path.join(folder, 'audio/audio.webm'),
  ]);
  const text = path.join(site, 'private.txt');
  writeFileSync(text, `WEBVTT\n\n00:00.000 --> 00:01.000\n${MARKER}\n`);
  const picture = path.join(site, 'private.png');
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=${PRIVATE_COLOUR}:s=1600x900:d=0.04`, '-frames:v', '1'],
    picture,
  ]);
  const slides = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /slide-\d+\.png$/.test(name))
    .map((name) => path.join(folder, name));
  return { site, folder, text, picture, slides };
}

const replace = (file: string, target: string): void => {
  rmSync(file, { force: true });
  symlinkSync(target, file);
};
const edit = (file: string, from: RegExp, to: string): void =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
const textsOf = ({ folder }: Bench): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /textfiles\/.*\.txt$|caption_.*\.vtt$/.test(name))
    .map((name) => path.join(folder, name));

const traps: Readonly<Record<string, Trap>> = {
  'slides that are links to a private picture': ({ slides, picture }) =>
    slides.forEach((slide) => replace(slide, picture)),
  'slides that are links by ..': ({ slides }) =>
    slides.forEach((slide) => replace(slide, path.relative(path.dirname(slide), '/etc/passwd'))),
  'a folder of slides that is a link': ({ site, slides, picture }) => {
    const own = path.dirname(slides[0] ?? '');
    const away = path.join(site, 'away');
    mkdirSync(away);
    for (const slide of slides) copyFileSync(picture, path.join(away, path.basename(slide)));
    rmSync(own, { recursive: true });
    symlinkSync(away, own);
  },
  'a chain of links': ({ slides, picture, site }) => {
    symlinkSync(picture, path.join(site, 'one.png'));
    slides.forEach((slide) => replace(slide, path.join(site, 'one.png')));
  },
  'texts and captions that are links': (bench) => textsOf(bench).forEach((file) => replace(file, bench.text)),
  'metadata.xml that is a link': ({ folder, text }) => replace(path.join(folder, 'metadata.xml'), text),
  'shapes.svg with hrefs that lead out': ({ folder }) =>
    edit(path.join(folder, 'shapes.svg'), /href="presentation\/[^"]*"/g, 'href="../private.png"'),
  'shapes.svg with hrefs that lead out of presentation/': ({ folder }) =>
    edit(
      path.join(folder, 'shapes.svg'),
      /href="presentation\/[^"]*"/g,
      'href="presentation/x/../../../private.png"',
    ),
  'shapes.svg with encoded hrefs': ({ folder }) =>
    edit(
      path.join(folder, 'shapes.svg'),
      /href="presentation\/[^"]*"/g,
      'href="presentation/%2e%2e/%2e%2e/private.png"',
    ),
  'shapes.svg with file: hrefs': ({ folder, picture }) =>
    edit(path.join(folder, 'shapes.svg'), /href="presentation\/[^"]*"/g, `href="file://${picture}"`),
  'shapes.svg with absolute texts': ({ folder, text }) =>
    edit(path.join(folder, 'shapes.svg'), /text="[^"]*"/g, `text="${text}"`),
  'shapes.svg that draws a private picture': ({ folder, picture }) =>
    edit(
      path.join(folder, 'shapes.svg'),
      /<g class="canvas"/,
      `<image xlink:href="file://${picture}" width="1600" height="900"/><g class="canvas"`,
    ),
  'a slide in SVG that loads a private picture': ({ slides, picture }) =>
    slides.forEach((slide) =>
      writeFileSync(
        slide,
        `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><image href="file://${picture}" width="1600" height="900"/><foreignObject width="900" height="900"><iframe xmlns="http://www.w3.org/1999/xhtml" src="file:///etc/passwd"/></foreignObject></svg>`,
      ),
    ),
  'captions named out of the folder': ({ folder }) =>
    writeFileSync(
      path.join(folder, 'captions.json'),
      '[{"locale": "../private", "localeName": "x"}, {"locale": "../../etc/passwd\\u0000", "localeName": "x"}]',
    ),
  'sound that is a link to a private file': ({ folder, text }) =>
    replace(path.join(folder, 'audio/audio.webm'), text),
  'pipes in the place of texts': ({ folder }) => {
    for (const name of ['cursor.xml', 'panzooms.xml', 'captions.json']) {
      rmSync(path.join(folder, name), { force: true });
      execFileSync('mkfifo', [path.join(folder, name)]);
    }
  },
  'pipes in the place of slides and sound': ({ folder, slides }) => {
    for (const file of [...slides, path.join(folder, 'audio/audio.webm')]) {
      rmSync(file, { force: true });
      execFileSync('mkfifo', [file]);
    }
  },
  'devices in the place of slides': ({ slides }) => slides.forEach((slide) => replace(slide, '/dev/zero')),
  'links into /proc': (bench) => {
    for (const file of [...textsOf(bench), ...bench.slides]) replace(file, '/proc/self/environ');
  },
};

/** Converts what the trap made of the recording; then everything that came out is looked through. */
export async function convert(
  trap: Trap,
  archived: boolean,
  /** For what is slow, or large while it goes on. */
  { configuration = '', onStart }: { configuration?: string; onStart?: (child: ChildProcess) => void } = {},
): Promise<string | null> {
  const bench = prepare();
  const { site, folder, picture, text } = bench;
  const [before, output] = [statSync(picture).mtimeMs, path.join(site, 'out')];
  mkdirSync(output);
  try {
    trap(bench);
    writeFileSync(path.join(site, 'bbb2pod.toml'), configuration);
    let source = folder;
    if (archived) {
      source = path.join(site, 'classic.tar');
      execFileSync('tar', ['--create', '--file', source, '--directory', site, path.basename(folder)]);
    }
    const { status, stdout, stderr } = await runCli(
      [
        ...['recorder', 'convert', source, '--output', path.join(output, 'film.mp4'), '--allow-missing'],
        ...['--to', '2', '--size', '640x360', '--json'],
      ],
      { cwd: site, env: { SECRET_OF_TEST: MARKER }, ...(onStart === undefined ? {} : { onStart }) },
    );
    if (status === null) return 'it did not end in 100 s';
    if (!stdout.includes('"type":"item"')) return `the proof is blind: ${stdout}${stderr}`.slice(0, 300);
    if (stderr.includes('internal-fault')) return stderr.slice(0, 300);
    const told = [stdout, stderr].find((each) => each.includes(MARKER) || each.includes('root:x:0'));
    if (told !== undefined) return `the private text was printed: ${told.slice(0, 200)}`;
    for (const name of readdirSync(output)) {
      const file = path.join(output, name);
      const bytes = readFileSync(file, 'latin1');
      if (bytes.includes(MARKER) || bytes.includes('root:x:0')) return `${name} holds the private text`;
      if (name.endsWith('.mp4') && holdsColour(file)) return `${name} shows the private picture`;
    }
    if (!existsSync(text) || statSync(picture).mtimeMs !== before) return 'a private file was changed';
    return null;
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

/** A frame a second, small: whether a pixel of it has the colour. */
function holdsColour(film: string): boolean {
  const frames = execFileSync(
    'ffmpeg',
    [...['-v', 'error', '-i', film, '-vf', 'fps=1,scale=32:18', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']],
    { maxBuffer: 1e8 },
  );
  for (let at = 0; at + 2 < frames.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = frames.subarray(at, at + 3);
    if (red > 200 && green < 80 && blue > 200) return true;
  }
  return false;
}

/** Whether the eyes see at all: the same picture as a file of the recording must be found. */
async function sees(): Promise<string | null> {
  const found = await convert(
    ({ slides, picture }) => slides.forEach((slide) => copyFileSync(picture, slide)),
    false,
  );
  return found?.includes('shows the private picture') === true
    ? null
    : `the proof is blind: ${String(found)}`;
}

export const attacks: readonly Attack[] = [
  { name: 'the eyes of this proof', run: sees },
  ...Object.entries(traps).map(([name, trap]) => ({ name, run: () => convert(trap, false) })),
  ...Object.entries(traps)
    .filter(([name]) => !/shapes|SVG|captions/.test(name))
    .map(([name, trap]) => ({ name: `${name}, in an archive`, run: () => convert(trap, true) })),
];
