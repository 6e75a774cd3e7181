/* `npm run prove:soak [-- --minutes N] [live|worker]`: a live, then a worker under load, N minutes each (30 by default).
   Every few seconds: resident memory, open files and processes of all that the command started. Kept when the last
   third holds no more than the first third after warming up (memory + 20 % or 40 MB, files + 8, processes + 2), when
   something was really made in every third, and when nothing is left once it ended. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSampleServer } from '../../src/adapters/bigbluebutton/sample/sample-server.js';
import { runCli } from '../e2e/run-cli.js';
import { openLiveBench, until } from '../support/live/bench.js';
import { listedRecordings, publishRecording, startCli, startQueueRedis } from '../support/queue-bench.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const at = words.indexOf('--minutes');
const MINUTES = at === -1 ? 30 : Number(words.splice(at, 2)[1]);
const SAMPLE_MS = 3000;
const problems: string[] = [];

/** `live run --watch` with one meeting on air all the time, streamed and recorded. */
async function soakLive(): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  const marker = bench.directory;
  try {
    bench.configure({ stall: 10 });
    const facts = { meetingId: 'm', name: 'Amphi', toneHz: 440, colour: '#204080' };
    const { internalMeetingId } = bench.bbb.createMeeting(facts);
    bench.pod.addLive({ ...facts, internalMeetingId, download: true });
    const supervisor = await bench.start('live', 'run', '--watch');
    const status = () => bench.store.list()[0]?.status ?? null;
    await until('on air', () => status()?.phase === 'on-air', 90_000);
    const family = (): number[] => [
      ...descendants([supervisor.pid, bench.store.keeper(bench.store.list()[0]?.job.id ?? '')?.pid ?? 0]),
    ];
    const made = (): number => (status()?.progress?.outMs ?? 0) / 1000;
    const repairs = status()?.repairs ?? 0;
    const samples = await watch(family, made);
    judge('live', samples, 's of stream');
    expect(
      `live: no repair was needed (${(status()?.repairs ?? 0) - repairs})`,
      status()?.repairs === repairs,
    );
    const alive = family();
    bench.bbb.endMeeting('m');
    await until('the live ended', () => bench.store.list().every(({ keeperAlive }) => !keeperAlive), 60_000);
    await supervisor.stop();
    await nothingLeft('live', alive, marker);
  } finally {
    await bench.stop();
  }
}

/** `recorder worker` whose queue is never empty. */
async function soakWorker(): Promise<void> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-soak-'));
  const published = path.join(site, 'published');
  const ids = Array.from({ length: 8 }, (_, i) => `${String(i).padStart(40, 'a')}-${1_700_000_000_000 + i}`);
  for (const id of ids) publishRecording(published, id, 4000);
  const bbb = await startSampleServer({
    secret: 'soak',
    recordings: await listedRecordings(ids, site),
    directory: published,
  });
  const redis = await startQueueRedis(path.join(site, 'redis'), false);
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "soak"\n[recorder]\nqueue = "${redis.url}"\nsize = "640x360"\n`,
    { mode: 0o600 },
  );
  const worker = startCli(['recorder', 'worker', '--json'], site);
  const pid = worker.process.pid ?? 0;
  let round = 0;
  const made = (): number =>
    readdirSync(site)
      .filter((name) => name.startsWith('out'))
      .reduce(
        (sum, name) =>
          sum + readdirSync(path.join(site, name)).filter((file) => file.endsWith('.mp4')).length,
        0,
      );
  const feed = async (): Promise<void> => {
    if (round * ids.length - made() > ids.length / 2) return;
    round++;
    const output = `out${round}/`;
    mkdirSync(path.join(site, output));
    const fed = await runCli(
      ['recorder', 'convert', '--queue', '--no-extras', '--preset', 'fast', '--output', output],
      { cwd: site },
    );
    if (fed.status !== 0) throw new Error(`enqueue: ${fed.stderr}`);
  };
  try {
    await feed();
    await until('the first conversion', () => made() > 0, 120_000);
    const samples = await watch(() => descendants([pid]), made, feed);
    judge('worker', samples, 'conversions');
    const alive = descendants([pid]);
    worker.process.kill('SIGTERM');
    const status = await worker.exited;
    expect(`worker: ends when it is told to (status ${status ?? 'none'})`, status === 143 || status === 0);
    await nothingLeft('worker', alive, site);
    const parts = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /out\d+\/\..*\.part$/.test(name),
    );
    expect(`worker: no half file beside the results (${parts.length})`, parts.length === 0);
  } finally {
    worker.process.kill('SIGKILL');
    await bbb.close();
    await redis.kill();
    rmSync(site, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Sample {
  readonly megabytes: number;
  readonly files: number;
  readonly processes: number;
  readonly made: number;
}

async function watch(
  family: () => number[],
  made: () => number,
  feed: () => Promise<void> = async () => undefined,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const until = Date.now() + MINUTES * 60_000;
  while (Date.now() < until) {
    await feed();
    const pids = family();
    samples.push({
      megabytes: pids.reduce((sum, pid) => sum + residentMegabytes(pid), 0),
      files: pids.reduce((sum, pid) => sum + openFiles(pid), 0),
      processes: pids.length,
      made: made(),
    });
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  return samples;
}

/** The first tenth warms up. Conversions come and go: highest values of each third are compared. */
function judge(what: string, samples: readonly Sample[], unit: string): void {
  const warm = samples.slice(Math.ceil(samples.length / 10));
  const third = Math.floor(warm.length / 3);
  const parts = [warm.slice(0, third), warm.slice(third, 2 * third), warm.slice(2 * third)];
  const peaks = (of: (sample: Sample) => number): number[] => parts.map((part) => Math.max(...part.map(of)));
  const [mb, files, processes] = [
    peaks((s) => s.megabytes),
    peaks((s) => s.files),
    peaks((s) => s.processes),
  ];
  const gained = parts.map((part) => (part.at(-1)?.made ?? 0) - (part[0]?.made ?? 0));
  const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
  const flat = (values: readonly number[], slack: number): boolean =>
    (values[2] ?? 0) <= (values[0] ?? 0) + slack;
  expect(
    `${what}: memory is flat (peak MB per third: ${shown(mb)})`,
    flat(mb, Math.max(40, (mb[0] ?? 0) * 0.2)),
  );
  expect(`${what}: open files are flat (${shown(files)})`, flat(files, 8));
  expect(`${what}: processes are flat (${shown(processes)})`, flat(processes, 2));
  expect(
    `${what}: worked in every third (${shown(gained)} ${unit}), ${MINUTES} minutes`,
    gained.every((gain) => gain > 0),
  );
}

/** Neither a process that was ours, nor one that names our directory. */
async function nothingLeft(what: string, pids: readonly number[], marker: string): Promise<void> {
  const left = (): number[] => [...new Set([...pids.filter(isRunning), ...naming(marker)])];
  await until('all processes ended', () => left().length === 0, 15_000).catch(() => undefined);
  expect(`${what}: no process is left (${left().join(', ') || 'none'})`, left().length === 0);
}

/** Processes that carry the directory in their arguments; the bench's own servers (nginx, redis) are not the product's. */
const naming = (marker: string): number[] =>
  allPids().filter((pid) => {
    const line = read(`/proc/${pid}/cmdline`);
    return pid !== process.pid && line.includes(marker) && !/nginx|redis-server/.test(line);
  });

function descendants(roots: readonly number[]): number[] {
  const parents = new Map(
    allPids().map((pid) => [pid, Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)]),
  );
  const found = new Set(roots.filter((pid) => parents.has(pid)));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

const allPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
/** A zombie is gone for our purpose: only its parent's wait is missing. */
const isRunning = (pid: number): boolean => /^State:\s+[^Z\s]/m.test(read(`/proc/${pid}/status`));
const residentMegabytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1000;

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function expect(promise: string, kept: boolean): void {
  process.stdout.write(`${kept ? 'kept  ' : 'BROKEN'} ${promise}\n`);
  if (!kept) problems.push(promise);
}

if (!(MINUTES > 0)) throw new Error('--minutes wants a number above 0');
if (words.length === 0 || words.includes('live')) await soakLive();
if (words.length === 0 || words.includes('worker')) await soakWorker();
process.stdout.write(problems.length === 0 ? 'soak: all kept\n' : `soak: ${problems.length} BROKEN\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
