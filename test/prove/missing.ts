/* `npm run prove missing [convert|claim|queue|drop-in]`: each kind of published file, lost in each way, by each command that
   makes a film of a recording. Without --allow-missing nothing is made and the loss is named; with it the film is made and
   marked; once the server has its files again, a run without the flag makes it anew. Prints one line per case that is not so,
   and how many there were; status 1 then. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { root } from '../e2e/run-cli.js';
import { until } from '../support/live/until.js';
import { createPod } from '../support/pod.js';
import { publishFixture } from '../support/presentations.js';
import { cliJson, jsonLines, listedRecordings, startCli, startQueueRedis } from '../support/queue-bench.js';

const KINDS = {
  slide: 'SLIDE',
  webcams: 'video/webcams.webm',
  'screen share': 'deskshare/deskshare.webm',
  shapes: 'shapes.svg',
  tldraw: 'tldraw.json',
  zooms: 'panzooms.xml',
} as const;
const LOSSES = {
  '404': { lose: (file: string) => rmSync(file), named: /404/ },
  empty: { lose: (file: string) => truncateSync(file, 0), named: /empty/ },
  html: {
    lose: (file: string) => writeFileSync(file, '<html><body>Maintenance</body></html>'),
    named: /HTML page/,
  },
  cut: { lose: (file: string) => truncateSync(file, Math.floor(sizeOf(file) * 0.6)), named: /cut/ },
  'too large': {
    lose: (file: string) => truncateSync(file, 40_000_000),
    named: /max_(?:picture|text|media)/,
  },
} as const;
const sizeOf = (file: string): number => readFileSync(file).length;

interface Case {
  readonly name: string;
  readonly id: string;
  readonly file: string;
  readonly named: RegExp;
  readonly lose: () => void;
}

const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-missing-'));
const whole = publishFixture('tldraw2', path.join(site, 'whole'), ['webcams', 'deskshare']);
const metadata = path.join(whole, 'metadata.xml');
writeFileSync(metadata, readFileSync(metadata, 'utf8').replace(/<duration>\d+</, '<duration>2000<'));
const slide = /href="(presentation\/[^"]+\.(?:png|svg))"/.exec(
  readFileSync(path.join(whole, 'shapes.svg'), 'utf8'),
)?.[1];
const folderOf = (id: string): string => path.join(site, 'published/presentation', id);
/** The server has all its files again. */
function heal(id: string): void {
  rmSync(folderOf(id), { recursive: true, force: true });
  cpSync(whole, folderOf(id), { recursive: true });
}

const cases: Case[] = Object.entries(KINDS).flatMap(([kind, place], i) =>
  Object.entries(LOSSES).map(([loss, { lose, named }], j) => {
    const id = `${`${i}${j}`.padEnd(40, 'd')}-16000000020${i}${j}`;
    const file = path.join(folderOf(id), place === 'SLIDE' ? (slide ?? '') : place);
    return { name: `${kind}, ${loss}`, id, file, named, lose: () => lose(file) };
  }),
);
/** One of each kind: making a film takes its time. */
const some = cases.filter((_, i) => i % 6 === 0);

let tried = 0;
const faults: string[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
function check(what: string, isRight: boolean, detail: unknown = ''): void {
  tried++;
  if (isRight) return;
  faults.push(what);
  say(`WRONG ${what} ${String(detail).slice(0, 300)}`);
}
const loseAll = (): void => {
  for (const { id, lose } of cases) {
    heal(id);
    lose();
  }
};

interface Ended {
  readonly status: number | null;
  readonly items: ReadonlyMap<string, Record<string, unknown>>;
  readonly text: string;
}
async function cli(...args: string[]): Promise<Ended> {
  const started = startCli([...args, '--json'], site);
  const status = await started.exited;
  const lines = jsonLines(started.stdout()).filter(({ type }) => type === 'item');
  const items = new Map(lines.map((line) => [String(line['recordId'] ?? line['source']), line]));
  return { status, items, text: started.stdout() + started.stderr() };
}

const ids = (chosen: readonly Case[]): string[] => chosen.map(({ id }) => id);
const recordingFlags = (chosen: readonly Case[]): string[] =>
  ids(chosen).flatMap((id) => ['--recording', id]);
const filmsIn = (directory: string): string[] =>
  readdirSync(directory).filter((name) => /\.(mp4|webm)$/.test(name));

async function convert(): Promise<void> {
  const out = path.join(site, 'out');
  mkdirSync(out);
  loseAll();
  const lost = await cli('recorder', 'convert', ...ids(cases), '--output', `${out}/`, '--jobs', '2');
  check('convert: status', lost.status === 1, lost.status);
  for (const { id, name, named } of cases) {
    const { state, code, message } = lost.items.get(id) ?? {};
    const isNamed = code === 'recording-incomplete' && named.test(String(message));
    check(`convert: ${name}`, state === 'failed' && isNamed, JSON.stringify([state, code, message]));
  }
  check('convert: nothing made', readdirSync(out).length === 0, readdirSync(out));
  const allowed = await cli('recorder', 'convert', ...ids(some), '--output', `${out}/`, '--allow-missing');
  check('convert --allow-missing: status', allowed.status === 3, allowed.text);
  for (const { id, name, named } of some) {
    const { state, missing } = allowed.items.get(id) ?? {};
    check(
      `convert --allow-missing: ${name}`,
      state === 'done' && named.test(String(missing)),
      JSON.stringify(allowed.items.get(id)),
    );
    check(`convert --allow-missing: ${name}, mark`, existsSync(path.join(out, `${id}.mp4.missing.json`)));
  }
  some.forEach(({ id }) => heal(id));
  const again = await cli('recorder', 'convert', ...ids(some), '--output', `${out}/`);
  check('convert again: status', again.status === 0, again.text);
  for (const { id, name } of some) check(`convert again: ${name}`, again.items.get(id)?.['state'] === 'done');
  check(
    'convert again: marks',
    readdirSync(out).every((name) => !name.endsWith('.missing.json')),
    readdirSync(out),
  );
}

async function claim(): Promise<void> {
  const claims = path.join(site, 'ftp/bbb');
  loseAll();
  const lost = await cli('migrate', 'recordings', '--use-manual-claim');
  check('claim: status', lost.status === 3, lost.text.slice(-300));
  for (const { id, name, named } of cases) {
    const { state, reason, reasonText } = lost.items.get(id) ?? {};
    const isNamed = reason === 'recording-incomplete' && named.test(String(reasonText));
    check(`claim: ${name}`, state === 'failed' && isNamed, JSON.stringify([state, reason, reasonText]));
  }
  check('claim: nothing made', readdirSync(claims).length === 0, readdirSync(claims));
  check('claim: no work left', readdirSync(path.join(site, 'state/work')).length === 0);
  const allowed = await cli(
    'migrate',
    'recordings',
    '--use-manual-claim',
    '--allow-missing',
    ...recordingFlags(some),
  );
  check('claim --allow-missing: status', allowed.status === 3, allowed.text.slice(-300));
  for (const { id, name, named } of some) {
    const { state, reason, reasonText } = allowed.items.get(id) ?? {};
    const isNamed = reason === 'claim-dropped-incomplete' && named.test(String(reasonText));
    check(
      `claim --allow-missing: ${name}`,
      state === 'done' && isNamed,
      JSON.stringify([state, reason, reasonText]),
    );
  }
  const told = await cli('migrate', 'status', 'last');
  check('claim --allow-missing: status tells it', told.text.includes('claim-dropped-incomplete'), told.text);
  some.forEach(({ id }) => heal(id));
  const again = await cli('migrate', 'recordings', '--use-manual-claim', ...recordingFlags(some));
  check('claim again: status', again.status === 0, again.text.slice(-300));
  for (const { id, name } of some)
    check(
      `claim again: ${name}`,
      again.items.get(id)?.['state'] === 'done',
      JSON.stringify(again.items.get(id)),
    );
  check('claim again: one file each', filmsIn(claims).length === some.length, readdirSync(claims));
  const third = await cli('migrate', 'recordings', '--use-manual-claim', ...recordingFlags(some));
  for (const { id, name } of some)
    check(`claim a third time: ${name}`, third.items.get(id)?.['state'] === 'skipped');
}

async function queue(): Promise<void> {
  const out = path.join(site, 'queued');
  mkdirSync(out, { recursive: true });
  loseAll();
  const enqueued = await cli('recorder', 'convert', '--queue', ...ids(cases), '--output', `${out}/`);
  check('queue: enqueued', enqueued.status === 0, enqueued.text);
  const worker = startCli(['recorder', 'worker', '--jobs', '2', '--json'], site);
  const failed = async (): Promise<Record<string, unknown>[]> =>
    ((await cliJson(['recorder', 'status'], site)).json as { failed: Record<string, unknown>[] }).failed;
  await until('all are set aside', async () => (await failed()).length === cases.length, 600_000);
  worker.process.kill('SIGTERM');
  await worker.exited;
  const byLabel = new Map((await failed()).map((entry) => [String(entry['label']), entry]));
  for (const { id, name, named } of cases) {
    const { code, message } = (byLabel.get(id)?.['failure'] ?? {}) as Record<string, unknown>;
    const isNamed = code === 'recording-incomplete' && named.test(String(message));
    check(`queue: ${name}`, isNamed, JSON.stringify(byLabel.get(id)));
  }
  check('queue: nothing made', readdirSync(out).length === 0, readdirSync(out));
}

async function dropIn(host: string): Promise<void> {
  const plugin = path.join(site, 'bbb-recorder/');
  const media = path.join(plugin, 'media/');
  mkdirSync(path.join(media, 'logs'), { recursive: true });
  symlinkSync(path.join(root, 'bin/bbb-recorder/export.js'), path.join(plugin, 'export.js'));
  writeFileSync(path.join(plugin, '.env'), `copyToPath="${media}"\nBBB2POD_ALLOW_HOSTS=${host}\n`);
  const limits = { PICTURE: '8M', TEXT: '8M', MEDIA: '30M' };
  const env = Object.entries(limits).map(([kind, limit]) => [`BBB2POD_RECORDER_MAX_${kind}`, limit]);
  loseAll();
  for (const { id, name, named } of cases) {
    const url = `http://${host}/playback/presentation/2.3/${id}`;
    let log = '';
    const child = spawn(process.execPath, ['export.js', url, `${id}.webm`], {
      cwd: plugin,
      env: { ...process.env, ...(Object.fromEntries(env) as Record<string, string>) },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const status = await new Promise((resolve) => child.once('close', resolve));
    const isNamed = log.includes('recording-incomplete') && named.test(log);
    check(`drop-in: ${name}`, status === 1 && isNamed, `${String(status)} ${log}`);
  }
  const left = readdirSync(media).filter((name) => name !== 'logs');
  check('drop-in: nothing for Pod to move', left.length === 0, left);
}

const [only] = process.argv.slice(2);
cases.forEach(({ id }) => heal(id));
const redis = await startQueueRedis(path.join(site, 'redis'), false);
const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
const bbb = await startSampleServer({
  secret: 's',
  recordings: await listedRecordings(ids(cases), site),
  directory: path.join(site, 'published'),
});
mkdirSync(path.join(site, 'ftp/bbb'), { recursive: true });
writeFileSync(
  path.join(site, 'bbb2pod.toml'),
  `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\nretries = 1\nretry_after = 0.1\n` +
    `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${site}/ftp/"\n` +
    `[recorder]\nsize = "640x360"\nmax_picture = "8M"\nmax_text = "8M"\nmax_media = "30M"\n` +
    `queue = "${redis.url}"\nqueue_key = "key"\nqueue_attempts = 1\noutput = "${site}/queued"\n`,
);
try {
  const commands = { convert, claim, queue, 'drop-in': () => dropIn(new URL(bbb.url).host) };
  for (const [name, command] of Object.entries(commands)) {
    if (only !== undefined && only !== name) continue;
    say(name);
    await command().catch((error: unknown) => check(`${name}: the proof itself`, false, error));
  }
} finally {
  await bbb.close();
  await pod.drop();
  await redis.kill();
  rmSync(site, { recursive: true, force: true });
}
say(`${tried} outcomes looked at, ${faults.length} wrong`);
process.exitCode = faults.length === 0 && tried > 0 ? 0 : 1;
