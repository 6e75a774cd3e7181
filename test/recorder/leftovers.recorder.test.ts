import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAlive, readStartTime } from '../../src/kit/adapters/process/identity.js';
import { until } from '../support/live/until.js';
import { publishRecording, startCli, type StartedCli } from '../support/queue-bench.js';

let directory = '';
/** The converter's own: whatever is in it afterwards was left behind. */
let temporary = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-left-'));
  temporary = path.join(directory, 'tmp');
  mkdirSync(temporary);
  // The browser runs as nobody when we are root.
  chmodSync(directory, 0o755);
  chmodSync(temporary, 0o1777);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const convert = (sources: readonly string[], output: string, ...more: string[]): StartedCli =>
  startCli(
    [
      'recorder',
      'convert',
      ...sources,
      '--output',
      output,
      '--size',
      '640x360',
      '--preset',
      'fast',
      '--no-extras',
      ...more,
    ],
    directory,
    { TMPDIR: temporary },
  );

interface Descendant {
  readonly pid: number;
  readonly startTime: string;
  readonly command: string;
}

/** Every process below that one: parents from /proc, whatever group or user they moved to. */
function descendants(of: number): Descendant[] {
  const parents = new Map<number, number>();
  const commands = new Map<number, string>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      commands.set(Number(name), stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')));
    } catch {
      // It ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === of || (parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).flatMap((pid) => {
    const startTime = readStartTime(pid);
    return startTime === null ? [] : [{ pid, startTime, command: commands.get(pid) ?? '' }];
  });
}

/** Waits until the browser and the encoder both work, and gives all that runs below. */
async function atWork({ process: child }: StartedCli): Promise<Descendant[]> {
  let below: Descendant[] = [];
  await until('browser and encoder work', () => {
    below = descendants(child.pid ?? 0);
    const runs = (name: RegExp): boolean => below.some(({ command }) => name.test(command));
    return runs(/^(chrom|headless)/) && runs(/^ffmpeg/);
  });
  return below;
}

const living = (below: readonly Descendant[]): string[] =>
  below.filter(({ pid, startTime }) => isAlive(pid, startTime)).map(({ command }) => command);

it('kill -9 takes browser and encoder along; the next run goes on and leaves nothing', async () => {
  const folder = publishRecording(directory, 'killed', 24_000);
  const output = path.join(directory, 'out-killed');
  mkdirSync(output);
  const killed = convert([folder], path.join(output, 'killed.mp4'));
  const below = await atWork(killed);
  killed.process.kill('SIGKILL');
  await killed.exited;
  await until('all children ended', () => living(below).length === 0);
  // What only a next run can remove is there: otherwise this test would prove nothing.
  expect(readdirSync(temporary)).not.toEqual([]);
  expect(readdirSync(output)).toEqual([expect.stringMatching(/^\.killed\.mp4\..*\.work$/)]);
  const [work = ''] = readdirSync(output);
  const next = convert([folder], path.join(output, 'killed.mp4'));
  expect(await next.exited).toBe(0);
  expect(readdirSync(output)).toEqual(['killed.mp4']);
  expect(readdirSync(temporary)).toEqual([]);
  // Killed between the film's delivery and the end: the film is not made again, what lies about goes.
  mkdirSync(path.join(output, work));
  writeFileSync(path.join(output, work, 'segment-0000.mp4'), 'left');
  mkdirSync(path.join(temporary, 'bbb2pod-browser-4194300-abcdef'));
  const made = statSync(path.join(output, 'killed.mp4')).mtimeMs;
  const last = convert([folder], path.join(output, 'killed.mp4'));
  expect(await last.exited).toBe(0);
  expect(last.stdout()).toContain('is there already');
  expect(readdirSync(output)).toEqual(['killed.mp4']);
  expect(statSync(path.join(output, 'killed.mp4')).mtimeMs).toBe(made);
  expect(readdirSync(temporary)).toEqual([]);
});

it('SIGTERM leaves no process and no file', async () => {
  const folder = publishRecording(directory, 'stopped', 24_000);
  const output = path.join(directory, 'out-stopped');
  mkdirSync(output);
  const stopped = convert([folder], path.join(output, 'stopped.mp4'));
  const below = await atWork(stopped);
  stopped.process.kill('SIGTERM');
  expect(await stopped.exited).toBe(143);
  await until('all children ended', () => living(below).length === 0);
  expect(readdirSync(output)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

it('goes on after one that fails, two side by side, and accounts for each', async () => {
  const good = ['one', 'two', 'three'].map((name) => publishRecording(directory, name, 2000));
  const broken = publishRecording(directory, 'broken', 2000);
  writeFileSync(path.join(broken, 'video/webcams.webm'), 'no video');
  const output = path.join(directory, 'out-several');
  mkdirSync(output);
  const batch = convert([good[0] ?? '', broken, ...good.slice(1)], `${output}/`, '--jobs', '2', '--json');
  expect(await batch.exited).toBe(3);
  const items = batch
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"type":"item"'))
    .map((line) => JSON.parse(line) as { source: string; state: string; code?: string });
  const states = Object.fromEntries(
    items.map(({ source, state, code }) => [path.basename(source), code ?? state]),
  );
  expect(states).toEqual({ one: 'done', two: 'done', three: 'done', broken: 'recording-incomplete' });
  expect(readdirSync(output).sort()).toEqual(['one.mp4', 'three.mp4', 'two.mp4']);
  expect(readdirSync(temporary)).toEqual([]);
  // Again: nothing is made twice, the broken one is tried.
  const again = convert([...good, broken], `${output}/`);
  expect(await again.exited).toBe(3);
  expect(again.stdout().match(/is there already/g)).toHaveLength(3);
  expect(existsSync(path.join(output, 'broken.mp4'))).toBe(false);
});
