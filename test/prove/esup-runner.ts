/* `npm run prove esup-runner [-- COUNT] [--kills=N]`: COUNT (60) short conversions by three workers of a stand-in manager, with
   kill -9 of a worker, of the manager or of the client at random moments; each must end complete, delivered once. Then what the
   engine costs beside a conversion on this machine alone. Ends with status 1 on any difference. */
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
import { startStandInManager } from '../support/recorder/stand-in-manager.js';

const words = process.argv.slice(2).filter((word) => word !== '--');
const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 60);
const wantedKills = Number(/^--kills=(\d+)$/m.exec(words.join('\n'))?.[1] ?? 20);
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
publishRecording(published, long, 240_000);
const bbb = await startSampleServer({
  secret: SECRET,
  recordings: await listedRecordings([...ids, long], directory),
  directory: published,
  protection: 'scalelite',
});
const manager = await startStandInManager({ tokens: [TOKEN], offlineMs: 4000 });
const site = (name: string, more: string): string => {
  const place = path.join(directory, name);
  mkdirSync(place, { recursive: true });
  const { host, port } = new URL(bbb.url);
  writeFileSync(
    path.join(place, 'bbb2pod.toml'),
    `allow_hosts = ["${host}"]\nstate_dir = "${place}/state"\n[bbb]\nurl = "http://localhost:${port}"\nsecret = "${SECRET}"\n` +
      `[recorder]\nmanager = "${manager.url}"\nmanager_token = "${TOKEN}"\nmanager_poll = 0.2\noutput = "${output}"\n` +
      `queue_heartbeat = 3\nqueue_retry_after = 0.5\nqueue_takeovers = 50\nrunner_heartbeat = 1\nstop_after = 1\n${more}`,
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

/** One conversion as its command sees it, and the part of it that the converter itself says it took; null when it failed. */
const timed = async (
  args: readonly string[],
  items: () => string,
): Promise<{ wallMs: number; tookMs: number } | null> => {
  const from = performance.now();
  const started = startCli([...args, '--no-extras', '--json'], clientSite);
  const status = await started.exited;
  const wallMs = performance.now() - from;
  const item = jsonLines(`${started.stdout()}${items()}`).find((line) => typeof line['tookMs'] === 'number');
  if (status === 0 && item !== undefined) return { wallMs, tookMs: Number(item['tookMs']) };
  differences.push(`measure: status ${status}: ${started.stderr().slice(-300)}`);
  return null;
};
const printed = workers.map(({ stdout }) => stdout().length);
const alone = await timed(['recorder', 'convert', long, '--output', `${output}/alone.mp4`], () => '');
const byEngine = await timed(
  ['recorder', 'convert', '--queue', long, '--output', `${output}/engine.mp4`],
  () => workers.map(({ stdout }, i) => stdout().slice(printed[i])).join('\n'),
);
// Two conversions on a busy machine differ by themselves: the engine is the time around them, beside that of a command alone.
if (alone !== null && byEngine !== null) {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  const around = byEngine.wallMs - byEngine.tookMs - (alone.wallMs - alone.tookMs);
  say(
    `one lecture of 4 min: ${seconds(alone.wallMs)} alone (converting ${seconds(alone.tookMs)}), ${seconds(byEngine.wallMs)} by esup-runner ` +
      `(converting ${seconds(byEngine.tookMs)}): the engine costs ${seconds(around)}, ${((around / alone.tookMs) * 100).toFixed(1)} %`,
  );
  if (around > alone.tookMs * 0.02) differences.push('the engine costs more than 2 % of a conversion');
}
for (const { process: child } of workers) child.kill('SIGTERM');
await Promise.all(workers.map(({ exited }) => exited));
await manager.stop();
await bbb.close();
rmSync(directory, { recursive: true, force: true });
for (const difference of differences) say(`DIFFERENCE ${difference}`);
process.exitCode = differences.length > 0 ? 1 : 0;
