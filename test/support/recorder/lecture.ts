import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fixtures } from '../presentations.js';

export interface LectureFacts {
  readonly seconds: number;
  readonly slides: number;
  /** Snapshots of growing strokes. */
  readonly drawings: number;
  readonly cursorEvents: number;
  /** Moving webcam, or sound alone. */
  readonly webcam: boolean;
  /** Whole minutes that show a moving shared screen. */
  readonly share: { readonly fromMinute: number; readonly toMinute: number } | null;
}

/** The hour that speeds are judged by; shorter ones have their share of everything. */
export const lectureOf = (seconds: number, more: Partial<LectureFacts> = {}): LectureFacts => {
  const share = seconds / 3600;
  const minutes = Math.max(1, Math.round(share * 10));
  const fromMinute = Math.floor((seconds / 60) * 0.5);
  return {
    seconds,
    slides: Math.max(2, Math.round(50 * share)),
    drawings: Math.round(3000 * share),
    cursorEvents: Math.round(20_000 * share),
    webcam: true,
    share: { fromMinute, toMinute: fromMinute + minutes },
    ...more,
  };
};

const PRESENTATION = 'd2d9a672040fbde2a47a10bf6c37b6a4b5ae187f-1600000000060';
const SLIDE = { width: 1600, height: 900 };
const t = (seconds: number): string => seconds.toFixed(1);

interface Visit {
  readonly from: number;
  readonly to: number;
  /** Null while the screen is shared. */
  readonly slide: number | null;
}

/**
 * A lecture in the format of BBB 2.5, of any length: slides and media are those of the fixtures, repeated. The webcam
 * is the test picture that moves everywhere, far harder than a face.
 */
export function writeLecture(folder: string, facts: LectureFacts): string {
  const visits = planVisits(facts);
  const slides = path.join(folder, 'presentation', PRESENTATION);
  mkdirSync(slides, { recursive: true });
  const source = path.join(fixtures, 'classic/presentation');
  for (const name of ['logo.png', 'deskshare.png'])
    copyFileSync(path.join(source, name), path.join(folder, 'presentation', name));
  // Numbers 1 and 4 are the wide ones.
  for (let n = 1; n <= facts.slides; n++)
    copyFileSync(
      path.join(source, PRESENTATION, `slide-${n % 2 === 0 ? 4 : 1}.png`),
      path.join(slides, `slide-${n}.png`),
    );
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(path.join(folder, name), `<?xml version="1.0" encoding="UTF-8"?>\n${lines.join('\n')}\n`);
  write('shapes.svg', shapes(visits, facts));
  write('panzooms.xml', panzooms(visits));
  write('cursor.xml', cursor(visits, facts));
  write('slides_new.xml', chat(facts));
  write('deskshare.xml', [
    '<recording id="deskshare_events">',
    ...(facts.share === null
      ? []
      : [
          `<event start_timestamp="${t(facts.share.fromMinute * 60)}" stop_timestamp="${t(facts.share.toMinute * 60)}" video_width="1280" video_height="720"/>`,
        ]),
    '</recording>',
  ]);
  write('metadata.xml', [
    '<recording><id>c1a55c0000000000000000000000000000000060-1600000000060</id><state>published</state>',
    '<published>true</published><start_time>1600000000000</start_time>',
    `<meta><meetingName>Lecture of ${facts.seconds} s</meetingName></meta>`,
    `<playback><format>presentation</format><duration>${facts.seconds * 1000}</duration></playback></recording>`,
  ]);
  writeMedia(folder, facts);
  return folder;
}

function planVisits({ seconds, slides, share }: LectureFacts): Visit[] {
  const [from, to] = share === null ? [seconds, seconds] : [share.fromMinute * 60, share.toMinute * 60];
  const before = Math.max(1, Math.round((slides * from) / (from + seconds - to)));
  const run = (start: number, end: number, first: number, count: number): Visit[] =>
    Array.from({ length: end > start ? count : 0 }, (_, i) => ({
      from: start + ((end - start) * i) / count,
      to: start + ((end - start) * (i + 1)) / count,
      slide: first + i,
    }));
  return [
    ...run(0, from, 1, share === null ? slides : before),
    ...(share === null ? [] : [{ from, to, slide: null }]),
    ...run(to, seconds, before + 1, Math.max(1, slides - before)),
  ].map((visit) => (visit.slide === null ? visit : { ...visit, slide: Math.min(slides, visit.slide) }));
}

const COLOURS = ['ff0000', '0088ff', '000000', '00aa00', 'ff8800'];

/** Strokes that grow eight times, spread over the visit. */
function shapes(visits: readonly Visit[], { drawings }: LectureFacts): string[] {
  const drawn = visits.filter(({ slide }) => slide !== null).length;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" id="svgfile" version="1.1" viewBox="0 0 800 600">',
    ...visits.flatMap(({ from, to, slide }, v) => {
      const [size, href] =
        slide === null
          ? [{ width: 1280, height: 720 }, 'presentation/deskshare.png']
          : [SLIDE, `presentation/${PRESENTATION}/slide-${slide}.png`];
      const image = `<image id="image${v}" class="slide" in="${t(from)}" out="${t(to)}" xlink:href="${href}" width="${size.width}" height="${size.height}" x="0" y="0" style="visibility:hidden"/>`;
      if (slide === null) return [image];
      const count = Math.round(drawings / drawn);
      const snapshots = Array.from({ length: count }, (_, i) => {
        const stroke = Math.floor(i / 8);
        const points = Array.from({ length: 5 * ((i % 8) + 1) }, (__, k) => {
          const x = 100 + ((stroke * 173) % 900) + k * 10;
          const y = 200 + ((stroke * 97) % 500) + 40 * Math.sin(k / 3 + stroke);
          return `${x.toFixed(1)} ${y.toFixed(1)}`;
        });
        const at = from + 1 + ((to - from - 2) * i) / count;
        return `<g id="image${v}-draw${i}" class="shape" timestamp="${t(at)}" undo="-1" shape="image${v}-pencil${stroke}" style="stroke:#${COLOURS[stroke % 5] ?? '000000'};stroke-linecap:round;stroke-linejoin:round;stroke-width:3.5;visibility:hidden;fill:none"><path d="M${points.join('L')}"/></g>`;
      });
      return [
        image,
        `<g class="canvas" id="canvas${v}" image="image${v}" display="none">`,
        ...snapshots,
        '</g>',
      ];
    }),
    '</svg>',
  ];
}

/** Every tenth slide is zoomed into in ten steps, and out again. */
function panzooms(visits: readonly Visit[]): string[] {
  const event = (at: number, factor: number): string =>
    `<event timestamp="${t(at)}"><viewBox>${((SLIDE.width * (1 - factor)) / 2).toFixed(3)} ${((SLIDE.height * (1 - factor)) / 2).toFixed(3)} ${(SLIDE.width * factor).toFixed(3)} ${(SLIDE.height * factor).toFixed(3)}</viewBox></event>`;
  return [
    '<recording id="panzoom_events">',
    ...visits.flatMap(({ from, to, slide }) => [
      event(from, 1),
      ...(slide === null || slide % 10 !== 3
        ? []
        : [
            ...Array.from({ length: 10 }, (_, i) => event(from + 1 + 0.3 * i, 1 - 0.05 * (i + 1))),
            event(to - 0.8, 1),
          ]),
    ]),
    '</recording>',
  ];
}

/** Ten moves a second, as many in each visit, then the pointer leaves the slide. */
function cursor(visits: readonly Visit[], { cursorEvents }: LectureFacts): string[] {
  const shown = visits.filter(({ slide }) => slide !== null);
  const event = (at: number, x: number, y: number): string =>
    `<event timestamp="${t(at)}"><cursor>${x.toFixed(5)} ${y.toFixed(5)}</cursor></event>`;
  return [
    '<recording id="cursor_events">',
    ...shown.flatMap(({ from, to }) => {
      const count = Math.min(Math.round(cursorEvents / shown.length), Math.floor((to - from - 1) * 10));
      const moves = Array.from({ length: count }, (_, i) =>
        event(from + 0.3 + i / 10, 0.5 + 0.4 * Math.sin(i / 17), 0.5 + 0.35 * Math.cos(i / 11)),
      );
      return [...moves, event(from + 0.4 + count / 10, -1, -1)];
    }),
    '</recording>',
  ];
}

const chat = ({ seconds }: LectureFacts): string[] => [
  '<popcorn>',
  ...Array.from(
    { length: Math.floor(seconds / 8) },
    (_, i) =>
      `<chattimeline in="${t(i * 7.3)}" direction="down" name="Alice" senderRole="VIEWER" message="message ${i}" target="chat"/>`,
  ),
  '</popcorn>',
];

const ffmpeg = (args: readonly string[]): void =>
  void execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);

function writeMedia(folder: string, { seconds, webcam, share }: LectureFacts): void {
  const kind = webcam ? 'video' : 'audio';
  mkdirSync(path.join(folder, kind), { recursive: true });
  ffmpeg([
    ...['-stream_loop', String(Math.ceil(seconds / 60)), '-i', path.join(fixtures, 'media/webcams.webm')],
    ...['-t', String(seconds), ...(webcam ? [] : ['-vn']), '-c', 'copy'],
    path.join(folder, kind, webcam ? 'webcams.webm' : 'audio.webm'),
  ]);
  if (share === null) return;
  const directory = path.join(folder, 'deskshare');
  mkdirSync(directory, { recursive: true });
  const minute = (name: string, picture: string): void =>
    ffmpeg([
      ...['-f', 'lavfi', '-i', `${picture}s=1280x720:r=5`, '-t', '60', '-c:v', 'libvpx-vp9', '-crf', '32'],
      ...['-deadline', 'realtime', '-cpu-used', '8', '-g', '50', '-pix_fmt', 'yuv420p'],
      path.join(directory, name),
    ]);
  minute('white.webm', 'color=c=white:');
  minute('moving.webm', 'testsrc2=');
  const minutes = Array.from({ length: Math.ceil(seconds / 60) }, (_, i) =>
    i >= share.fromMinute && i < share.toMinute ? 'moving' : 'white',
  );
  const list = path.join(directory, 'list.ffconcat');
  writeFileSync(list, ['ffconcat version 1.0', ...minutes.map((name) => `file ${name}.webm`)].join('\n'));
  const output = path.join(directory, 'deskshare.webm');
  ffmpeg(['-f', 'concat', '-i', list, '-t', String(seconds), '-c', 'copy', output]);
  for (const name of ['white.webm', 'moving.webm', 'list.ffconcat']) rmSync(path.join(directory, name));
}
