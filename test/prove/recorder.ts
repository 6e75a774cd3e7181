/* `npm run prove recorder [quick|hour|kinds|two-hours]`: what does not fit the test suite. `hour`: the lecture of one
   hour at each speed, with E, memory and fixed cost; `kinds`: short, empty and partial recordings and ten minutes of
   each generation; `two-hours`: twice the length, twice the time. `quick`: both first parts with two minutes instead of
   an hour and of ten minutes. Ends with status 1 when a promise is not kept. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { renderTable } from '../../src/kit/output/table.js';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import { fixtures, publishFixture, realPorts, testOptions } from '../support/presentations.js';
import { readFrames, toneOnsets } from '../support/pictures.js';
import { lectureOf, writeLecture, type LectureFacts } from '../support/recorder/lecture.js';
import { load, measureConversion, type MeasuredConversion } from '../support/recorder/measuring.js';
import { ssimOfFiles, withoutLoss } from '../support/recorder/quality.js';
import { publishRepeated } from '../support/recorder/repeated.js';

const [what = 'all'] = process.argv.slice(2);
const quick = what === 'quick';
const wants = (part: string): boolean => what === 'all' || what === part || (quick && part !== 'two-hours');
const webcam = path.join(fixtures, 'media/webcams.webm');
const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-prove-recorder-'));
const problems: string[] = [];
const rows: string[][] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const expect = (promise: string, kept: boolean): void => {
  say(`${kept ? 'kept  ' : 'BROKEN'} ${promise}`);
  if (!kept) problems.push(promise);
};

try {
  if (wants('hour')) await hour();
  if (wants('kinds')) await kinds();
  if (wants('two-hours')) await twoHours();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const head = ['RECORDING', 'SECONDS', 'TOOK', 'X', 'E', 'X/E', 'CPU', 'PSS MB', 'MB', 'LOAD'];
say(
  renderTable(
    head.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows,
    100,
  ),
);
say(problems.length === 0 ? 'Every promise was kept.' : `${problems.length} broken: ${problems.join('; ')}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Shares of E that the promised speeds are: 13, 18 and 30 times real time where E is 25. */
async function hour(): Promise<void> {
  const seconds = quick ? 120 : 3600;
  const folder = lecture('hour', seconds);
  const balanced = await convert('balanced', folder, seconds, []);
  expect(`balanced: ${share(balanced)} of E, 0.52 wanted`, balanced.ratio >= 0.52);
  await quality(folder, seconds);
  const player = await convert('balanced, layout player', folder, seconds, ['--layout', 'player']);
  expect(`layout player: ${share(player)} of E, 0.52 wanted`, player.ratio >= 0.52);
  const fast = await convert('fast', folder, seconds, ['--preset', 'fast']);
  expect(`fast: ${share(fast)} of E, 0.72 wanted`, fast.ratio >= 0.72);
  const still = lecture('still', seconds, { webcam: false, share: null });
  const board = await convert('sound and whiteboard', still, seconds, []);
  expect(`sound and whiteboard: ${share(board)} of E, 1.2 wanted`, board.ratio >= 1.2);
}

function share({ ratio }: MeasuredConversion): string {
  return ratio.toFixed(2);
}

async function kinds(): Promise<void> {
  const short = await convert('two seconds', lecture('two', 2, { share: null }), 2, []);
  const scaled = (short.wallSeconds * short.machine.times) / 25;
  expect(
    `fixed cost ${short.wallSeconds.toFixed(1)} s, ${scaled.toFixed(1)} s where E is 25; under 4 s wanted`,
    Math.min(short.wallSeconds, scaled) < 4,
  );
  await convert('sound alone (m4a)', lecture('sound', 60, { share: null }), 60, ['--audio-only']);
  await convert('sound, no webcam', lecture('voice', 60, { webcam: false, share: null }), 60, []);
  const shared = lecture('share', 120, { webcam: false, share: { fromMinute: 0, toMinute: 2 } });
  await convert('shared screen alone', shared, 120, []);
  const empty = publishFixture('classic', path.join(directory, 'empty'), ['webcams']);
  for (const name of ['shapes.svg', 'cursor.xml', 'panzooms.xml', 'slides_new.xml', 'deskshare.xml'])
    rmSync(path.join(empty, name));
  await convert('no presentation, webcams', empty, 60, []);
  const minutes = quick ? 1 : 10;
  for (const kind of ['classic', 'tldraw1', 'tldraw2'] as const) {
    const folder = publishRepeated(kind, path.join(directory, 'repeated'), minutes);
    await convert(`${minutes} min of ${kind}`, folder, minutes * 60, ['--layout', 'player']);
  }
  await pausedAndResumed();
}

/** A pause of ten minutes is cut out by the publisher: only the wall clock of metadata.xml knows of it. */
async function pausedAndResumed(): Promise<void> {
  const folder = lecture('paused', 60, { share: null });
  const file = path.join(folder, 'metadata.xml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('<meta>', `<end_time>${1_600_000_000_000 + 660_000}</end_time><meta>`));
  await convert('paused and resumed', folder, 60, []);
}

async function twoHours(): Promise<void> {
  const one = await convert('one hour', lecture('one', 3600), 3600, []);
  const two = await convert('two hours', lecture('double', 7200), 7200, []);
  const factor = one.ratio / two.ratio;
  expect(`two hours take ${(2 * factor).toFixed(2)} times one hour (by E)`, factor < 1.15);
  expect('two hours take no more memory', two.pssBytes < one.pssBytes * 1.2);
}

function lecture(name: string, seconds: number, more: Partial<LectureFacts> = {}): string {
  say(`writing ${name} (${seconds} s)…`);
  return writeLecture(path.join(directory, name), lectureOf(seconds, more));
}

async function convert(
  name: string,
  folder: string,
  seconds: number,
  flags: readonly string[],
): Promise<MeasuredConversion> {
  const output = path.join(directory, flags.includes('--audio-only') ? 'out.m4a' : 'out.mp4');
  const measured = await measureConversion(folder, output, seconds, flags, webcam);
  const { times, ratio, machine, pssBytes } = measured;
  const { size } = statSync(output);
  rows.push([
    ...[name, String(seconds), measured.wallSeconds.toFixed(1), times.toFixed(1), machine.times.toFixed(1)],
    ...[ratio.toFixed(2), cpuShare(measured, seconds), (pssBytes / 1e6).toFixed(0)],
    ...[(size / 1e6).toFixed(1), load()],
  ]);
  say(`${name}: ${(rows.at(-1) ?? []).slice(1).join(' ')}`);
  check(name, output, seconds, !flags.includes('--audio-only'));
  expect(`${name}: ${(pssBytes / 1e6).toFixed(0)} MB for all processes`, pssBytes < 1.5e9);
  return measured;
}

/** The conversion's CPU time, as a part of what E takes for the same length: steady while others use the machine. */
function cpuShare({ cpuSeconds, machine }: MeasuredConversion, seconds: number): string {
  return (cpuSeconds / seconds / machine.cpuPerSecond).toFixed(2);
}

interface Probed {
  readonly format: { readonly duration: string };
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly nb_frames?: string;
  }[];
}

/** Length, streams, sound where the source has it, and pictures that are not black. */
function check(name: string, output: string, seconds: number, pictures: boolean): void {
  const { format, streams } = JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', output], {
      encoding: 'utf8',
    }),
  ) as Probed;
  const lasts = Number(format.duration);
  expect(`${name}: lasts ${lasts.toFixed(2)} of ${seconds} s`, Math.abs(lasts - seconds) <= 0.2);
  const sound = streams.find(({ codec_type }) => codec_type === 'audio');
  const written = (Number(sound?.nb_frames) * 1024) / 48_000;
  expect(`${name}: ${written.toFixed(2)} s of sound`, Math.abs(written - seconds) <= 0.2);
  const codecs = streams
    .filter(({ codec_type }) => codec_type === 'audio' || codec_type === 'video')
    .map(({ codec_name }) => codec_name)
    .filter((codec) => codec !== 'mjpeg');
  expect(`${name}: ${codecs.join(' and ')}`, codecs.includes('aac') && codecs.includes('h264') === pictures);
  // The fixtures' tone marks: one a second.
  const onsets = toneOnsets(output, 1000).length;
  if (seconds <= 600) expect(`${name}: ${onsets} tone marks`, Math.abs(onsets - seconds) <= 1 + seconds / 60);
  if (!pictures) return;
  const [frame] = readFrames(output, [0], { width: 320, height: 180 });
  const mean = (frame?.rgb ?? Buffer.alloc(1)).reduce((sum, value) => sum + value, 0) / (320 * 180 * 3);
  expect(`${name}: shows a picture (mean ${mean.toFixed(0)})`, mean > 60);
}

/** Two parts of the lecture, one with the shared screen, against a lossless composition. */
async function quality(folder: string, seconds: number): Promise<void> {
  const { share: shared } = lectureOf(seconds);
  for (const fromMs of [20_000, (shared?.fromMinute ?? 0) * 60_000 + 20_000]) {
    const options = {
      ...testOptions,
      layout: 'presentation',
      chat: false,
      fromMs,
      toMs: fromMs + 20_000,
    } as const;
    const make = async (name: string, ports: ReturnType<typeof realPorts>): Promise<string> => {
      const output = path.join(directory, name);
      await convertRecording({ folder }, output, { options, ports, signal: new AbortController().signal });
      return output;
    };
    const lossless = await make('lossless.mp4', withoutLoss(realPorts(directory)));
    const ours = await make('ours.mp4', realPorts(directory));
    const ssim = ssimOfFiles(ours, lossless);
    expect(`balanced from ${fromMs / 1000} s: SSIM ${ssim.toFixed(4)}, 0.985 wanted`, ssim >= 0.985);
  }
}
