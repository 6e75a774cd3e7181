/* `npm run prove soak [-- --minutes N] [live|worker]`: a live, then a worker under load, N minutes each (30 by default).
   Every few seconds: memory, open files and processes of all that the command started. Kept when these are flat
   (soak-judge.ts), when something was really made in every third, and when nothing is left once it ended. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../src/kit/adapters/process/identity.js';
import { startSampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { runCli } from '../e2e/run-cli.js';
import { openLiveBench, until } from '../support/live/bench.js';
import { forgetBench, noteBench } from '../support/live/open-benches.js';
import { judge, type SoakLimits } from './soak-judge.js';
import { descendants, identities, naming, watchFamily } from './soak-watch.js';
import { listedRecordings, publishRecording, startCli, startQueueRedis } from '../support/queue-bench.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const at = words.indexOf('--minutes');
const MINUTES = at === -1 ? 30 : Number(words.splice(at, 2)[1]);
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
    const samples = await watchFamily({ minutes: MINUTES, family, made });
    tellVerdicts('live', samples, {
      slopes: { keeper: 30, supervisor: 30, chromium: 60, ffmpeg: 15 },
      unit: 's of stream',
    });
    expect(
      `live: no repair was needed (${(status()?.repairs ?? 0) - repairs})`,
      status()?.repairs === repairs,
    );
    const alive = identities(family());
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
    `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "soak"\n[recorder]\nqueue = "${redis.url}"\nqueue_key = "key"\noutput = "${site}"\njobs = 1\nsize = "640x360"\n`,
    { mode: 0o600 },
  );
  const worker = startCli(['recorder', 'worker', '--json'], site);
  const pid = worker.process.pid ?? 0;
  const bench = {
    stop: async () => {
      worker.process.kill('SIGKILL');
      await bbb.close();
      await redis.kill();
      rmSync(site, { recursive: true, force: true, maxRetries: 5 });
    },
    describe: () => '',
  };
  noteBench(bench);
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
    const family = () => descendants([pid]);
    const samples = await watchFamily({ minutes: MINUTES, family, made, feed });
    tellVerdicts('worker', samples, { slopes: { worker: 30 }, unit: 'conversions' });
    const alive = identities(family());
    worker.process.kill('SIGTERM');
    const status = await worker.exited;
    expect(`worker: ends when it is told to (status ${status ?? 'none'})`, status === 143 || status === 0);
    await nothingLeft('worker', alive, site);
    const parts = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /out\d+\/\..*\.part$/.test(name),
    );
    expect(`worker: no half file beside the results (${parts.length})`, parts.length === 0);
  } finally {
    await bench.stop();
    forgetBench(bench);
  }
}

function tellVerdicts(
  what: string,
  samples: Awaited<ReturnType<typeof watchFamily>>,
  limits: SoakLimits,
): void {
  for (const { promise, kept } of judge(samples, limits)) expect(`${what}: ${promise}`, kept);
}

/** Neither a process that was ours, nor one that names our directory. */
async function nothingLeft(
  what: string,
  ours: ReturnType<typeof identities>,
  directory: string,
): Promise<void> {
  const left = (): number[] => [
    ...new Set([
      ...ours.filter(({ pid, startTime }) => isAlive(pid, startTime)).map(({ pid }) => pid),
      ...naming(directory),
    ]),
  ];
  await until('all processes ended', () => left().length === 0, 15_000).catch(() => undefined);
  expect(`${what}: no process is left (${left().join(', ') || 'none'})`, left().length === 0);
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
