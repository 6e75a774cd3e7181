/* `npm run prove esup-runner [-- COUNT] [--kills=N] [--pairs=N] [--lecture=SECONDS]`: COUNT (60) short conversions by three workers of
   a stand-in manager, with kill -9 of a worker, of the manager or of the client at random moments; each must end complete, delivered
   once. Then what the engine adds to the conversion of a lecture (10 min), in turn with a command alone (3 times each). Ends with
   status 1 on any difference. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { freePort } from '../support/live/free-port.js';
import {
  jsonLines,
  listedRecordings,
  publishRecording,
  startCli,
  type StartedCli,
} from '../support/queue-bench.js';
import { lectureOf, writeLecture } from '../support/recorder/lecture.js';
import {
  judgeOverheads,
  measurePair,
  renderPair,
  type Overhead,
} from '../support/recorder/engine-overhead.js';
import { startStandInManager } from '../support/recorder/stand-in-manager.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 60);
const numberOf = (flag: string, usual: number): number =>
  Number(new RegExp(`^--${flag}=(\\d+)$`, 'm').exec(words.join('\n'))?.[1] ?? usual);
const wantedKills = numberOf('kills', 20);
/** How often the engine's cost is measured, and on a lecture of how many seconds. */
const pairs = numberOf('pairs', 3);
const lectureSeconds = numberOf('lecture', 600);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const SECRET = 'secret-of-the-sample-server';
const TOKEN = 'token-of-the-proof';
const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-prove-runner-'));
const published = path.join(directory, 'published');
const output = path.join(directory, 'out');
mkdirSync(output);
const idOf = (name: string): string => `${createHash('sha1').update(name).digest('hex')}-1700000000000`;
const ids = Array.from({ length: count }, (_, i) => idOf(String(i)));
const long = idOf('long');
for (const id of ids) publishRecording(published, id, 2000);
if (pairs > 0) writeLecture(path.join(published, 'presentation', long), lectureOf(lectureSeconds));
const bbb = await startSampleServer({
  secret: SECRET,
  recordings: await listedRecordings([...ids, long], directory),
  directory: published,
  protection: 'scalelite',
});
/** In a hurry, as its workers: 4 s without a heartbeat and a runner is offline. */
const manager = await startStandInManager({ tokens: [TOKEN], offlineMs: 4000 });
/** As everybody has it: heartbeats every 15 s, offline after 60. */
const usualManager = await startStandInManager({ tokens: [TOKEN] });
const HURRIED =
  'manager_poll = 0.2\nqueue_heartbeat = 3\nqueue_retry_after = 0.5\nqueue_takeovers = 50\nrunner_heartbeat = 1\nstop_after = 1\n';
const site = (name: string, more: string, hurry = HURRIED, { url } = manager): string => {
  const place = path.join(directory, name);
  mkdirSync(place, { recursive: true });
  const { host, port } = new URL(bbb.url);
  writeFileSync(
    path.join(place, 'bbb2pod.toml'),
    `allow_hosts = ["${host}"]\nstate_dir = "${place}/state"\n[bbb]\nurl = "http://localhost:${port}"\nsecret = "${SECRET}"\n` +
      `[recorder]\nmanager = "${url}"\nmanager_token = "${TOKEN}"\noutput = "${output}"\n${hurry}${more}`,
  );
  return place;
};
const sites: string[] = [];
for (let i = 0; i < 3; i++)
  sites.push(site(`worker${i}`, `runner_url = "http://127.0.0.1:${await freePort()}"\n`));
const clientSite = site('client', '');
const workers: StartedCli[] = [];
const startWorker = (i: number): void => {
  workers[i] = startCli(['recorder', 'worker', '--engine', 'esup-runner', '--json'], sites[i] ?? '');
};
const differences: string[] = [];
const delivered: string[] = [];
const convert = [
  'recorder',
  'convert',
  '--queue',
  '--audio-only',
  '--no-extras',
  '--json',
  '--output',
  `${output}/`,
];
const takeDelivered = (text: string): void => {
  for (const line of jsonLines(text)) if (line['state'] === 'done') delivered.push(String(line['source']));
};
for (let i = 0; i < 3; i++) startWorker(i);

const startedAt = Date.now();
let client = startCli([...convert, ...ids], clientSite);
let kills = { worker: 0, manager: 0, client: 0 };
while (Date.now() - startedAt < 25 * 60_000) {
  const ended = await Promise.race([
    client.exited.then(() => true),
    sleep(2000 + Math.random() * 4000, false),
  ]);
  if (ended) {
    takeDelivered(client.stdout());
    if (client.process.exitCode === 0) break;
    say(`client ended with ${client.process.exitCode}: ${client.stderr().split('\n').slice(-3).join(' ')}`);
    client = startCli([...convert, ...ids], clientSite);
    continue;
  }
  if (kills.worker + kills.manager + kills.client >= wantedKills) continue;
  const victim = Math.random();
  if (victim < 0.6) {
    const i = Math.floor(Math.random() * 3);
    workers[i]?.process.kill('SIGKILL');
    await workers[i]?.exited;
    startWorker(i);
    kills = { ...kills, worker: kills.worker + 1 };
  } else if (victim < 0.85) {
    await manager.stop();
    await sleep(Math.random() * 3000);
    await manager.start();
    kills = { ...kills, manager: kills.manager + 1 };
  } else {
    client.process.kill('SIGKILL');
    await client.exited;
    takeDelivered(client.stdout());
    client = startCli([...convert, ...ids], clientSite);
    kills = { ...kills, client: kills.client + 1 };
  }
}
const films = readdirSync(output);
if (films.filter((name) => name.endsWith('.m4a')).length !== count)
  differences.push(`${films.length} files instead of ${count}`);
for (const name of films.filter((one) => !one.endsWith('.m4a'))) differences.push(`left behind: ${name}`);
for (const id of ids)
  if (delivered.filter((one) => one === id).length > 1) differences.push(`${id} was delivered twice`);
const byJob = new Map<string, number>();
for (const { status, parameters } of manager.tasks.values())
  if (status === 'completed')
    byJob.set(parameters['job'] ?? '', (byJob.get(parameters['job'] ?? '') ?? 0) + 1);
const twice = [...byJob.values()].filter((times) => times > 1).length;
if (twice > 0) differences.push(`${twice} conversions were completed more than once`);
say(
  `${count} conversions, ${kills.worker} kills of workers, ${kills.manager} of the manager, ${kills.client} of the client: ` +
    `${byJob.size} completed, ${manager.tasks.size} tasks, ${Math.round((Date.now() - startedAt) / 1000)} s`,
);

for (const { process: child } of workers) child.kill('SIGTERM');
await Promise.all(workers.map(({ exited }) => exited));

// With the settings that everybody has, and one worker: what the engine costs.
if (pairs > 0) {
  const [workerSite, commandSite] = [
    site('measured-worker', `runner_url = "http://127.0.0.1:${await freePort()}"\n`, '', usualManager),
    site('measured-client', '', '', usualManager),
  ];
  const worker = startCli(['recorder', 'worker', '--engine', 'esup-runner', '--json'], workerSite);
  const command = (name: string, more: readonly string[]) => (): StartedCli =>
    startCli(
      ['recorder', 'convert', ...more, long, '--output', `${output}/${name}.mp4`, '--force', '--json'],
      commandSite,
    );
  const measured: Overhead[] = [];
  try {
    say(`one lecture of ${lectureSeconds / 60} min, ${pairs} times by each way in turn:`);
    for (let i = 0; i < pairs; i++) {
      const pair = await measurePair(command('alone', []), command('engine', ['--queue']), worker);
      measured.push(pair);
      say(renderPair(pair));
    }
    const { line, share } = judgeOverheads(measured);
    say(line);
    if (share > 0.02) differences.push('the engine costs more than 2 % of a conversion');
  } catch (error) {
    differences.push(`measure: ${(error as Error).message}`);
  }
  worker.process.kill('SIGTERM');
  await worker.exited;
}
await manager.stop();
await usualManager.stop();
await bbb.close();
rmSync(directory, { recursive: true, force: true });
for (const difference of differences) say(`DIFFERENCE ${difference}`);
process.exitCode = differences.length > 0 ? 1 : 0;
