import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publishFixture, type Kind } from '../presentations.js';

/** Length of the fixtures. */
const SECONDS = 60;

/** A fixture of that generation shown again and again: everything of its format, in a longer recording. */
export function publishRepeated(kind: Kind, into: string, times: number): string {
  const folder = publishFixture(kind, into, ['webcams', 'deskshare']);
  const edit = (name: string, change: (text: string) => string): void => {
    const file = path.join(folder, name);
    if (existsSync(file)) writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  const rounds = Array.from({ length: times }, (_, round) => round);
  const later = (attribute: string, text: string, round: number): string =>
    text.replace(new RegExp(`\\b${attribute}="(\\d+(?:\\.\\d+)?)"`, 'g'), (_, at: string) => {
      return `${attribute}="${(Number(at) + round * SECONDS).toFixed(1)}"`;
    });
  const images = (text: string): number => (text.match(/<image id="image\d+"/g) ?? []).length;
  let perRound = 0;
  edit('shapes.svg', (text) => {
    perRound = images(text);
    return inside(text, 'svg', (body) =>
      rounds
        .map((round) =>
          ['in', 'out', 'timestamp', 'undo']
            .reduce((result, attribute) => later(attribute, result, round), body)
            .replace(
              /\b(image|canvas)(\d+)/g,
              (_, word: string, n: string) => `${word}${Number(n) + round * perRound}`,
            ),
        )
        .join('\n'),
    );
  });
  for (const name of ['cursor.xml', 'panzooms.xml', 'deskshare.xml'])
    edit(name, (text) =>
      inside(text, 'recording', (body) =>
        rounds
          .map((round) =>
            ['timestamp', 'start_timestamp', 'stop_timestamp'].reduce(
              (result, attribute) => later(attribute, result, round),
              body,
            ),
          )
          .join('\n'),
      ),
    );
  edit('tldraw.json', (text) => repeatTldraw(text, rounds, perRound));
  edit('metadata.xml', (text) => text.replace(/<duration>\d+</, `<duration>${times * SECONDS * 1000}<`));
  for (const name of ['video/webcams.webm', 'deskshare/deskshare.webm']) {
    const [file, longer] = [path.join(folder, name), path.join(folder, `${name}.long.webm`)];
    execFileSync('ffmpeg', [
      ...[
        '-nostdin',
        '-v',
        'error',
        '-y',
        '-stream_loop',
        String(times - 1),
        '-i',
        file,
        '-c',
        'copy',
        longer,
      ],
    ]);
    renameSync(longer, file);
  }
  return folder;
}

/** The content of the root element, changed. */
function inside(text: string, root: string, change: (body: string) => string): string {
  const from = text.indexOf('>', text.indexOf(`<${root}`)) + 1;
  const to = text.lastIndexOf(`</${root}>`);
  return text.slice(0, from) + change(text.slice(from, to)) + text.slice(to);
}

interface Visits {
  bbb_version?: string;
  [image: string]: unknown;
}

function repeatTldraw(text: string, rounds: readonly number[], perRound: number): string {
  const { bbb_version: version, ...visits } = JSON.parse(text) as Visits;
  const entries = rounds.flatMap((round) =>
    Object.entries(
      visits as Record<string, { shapes: { timestamp: number; undo: number }[]; timestamp: number }>,
    ).map(([image, visit]) => {
      const later = round * SECONDS;
      const shapes = visit.shapes.map((shape) => ({
        ...shape,
        timestamp: shape.timestamp + later,
        undo: shape.undo < 0 ? shape.undo : shape.undo + later,
      }));
      return [
        String(Number(image) + round * perRound),
        { ...visit, shapes, timestamp: visit.timestamp + later },
      ];
    }),
  );
  return JSON.stringify({
    ...(version === undefined ? {} : { bbb_version: version }),
    ...Object.fromEntries(entries),
  });
}
