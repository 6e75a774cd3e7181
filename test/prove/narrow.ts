/* `npm run prove narrow [claim|queue]`: servers that send too much, too little or nothing, and disks that are too small, by
   the commands that make films for many recordings. One recording each; between them two that are well. What is bad fails
   by itself with its reason, the others go on, and nothing is left of it; once the server and the disk are well again, the
   next run makes the rest. Prints one line per outcome that is not so, and how many there were. Only root mounts disks. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import { SmallDisk } from '../support/crash/small-disk.js';
import { until } from '../support/live/until.js';
import { createPod } from '../support/pod.js';
import { cliJson, jsonLines, publishRecording, startCli, startQueueRedis } from '../support/queue-bench.js';

const MEGABYTE = Buffer.alloc(1_000_000);

/** Pours until nobody listens any more. */
function pour(to: NodeJS.WritableStream & { destroyed?: boolean }, megabytes: number): void {
  let left = megabytes;
  const more = (): void => {
    while (left-- > 0 && to.destroyed !== true) if (!to.write(MEGABYTE)) return;
    if (left <= 0) to.end();
  };
  to.on('drain', more);
  more();
}

/** What the server does with a file instead of giving it. */
const TROUBLES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'a gzip bomb': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/octet-stream' });
    const gzip = createGzip();
    gzip.on('error', () => undefined).pipe(response);
    response.on('close', () => gzip.destroy());
    pour(gzip, 4000);
  },
  'a body that never ends': (response) => {
    response.writeHead(200, { 'content-type': 'video/webm' });
    pour(response, Infinity);
  },
  'a byte a second': (response) => {
    response.writeHead(200, { 'content-type': 'video/webm', 'content-length': '100000' });
    const timer = setInterval(() => response.write('x'), 1000);
    response.on('close', () => clearInterval(timer));
  },
  silence: (response) => {
    response.writeHead(200, { 'content-type': 'video/webm' }).flushHeaders();
  },
  'a false length': (response) => {
    response.writeHead(200, { 'content-type': 'video/webm', 'content-length': '9000000000000' });
    response.write(MEGABYTE);
  },
};

interface Item {
  readonly id: string;
  readonly name: string;
  readonly kind: 'presentation' | 'video';
  /** Null: nothing is wrong with it. */
  readonly trouble: ((response: ServerResponse) => void) | null;
  /** The file of the recording that it befalls. */
  readonly file: RegExp;
}

const idOf = (i: number): string =>
  `${String(i).padStart(2, '0').padEnd(40, 'c')}-16000000030${String(i).padStart(2, '0')}`;
const bad = Object.entries(TROUBLES).flatMap(([name, trouble]) => [
  { name: `${name}, webcams`, kind: 'presentation' as const, trouble, file: /webcams\./ },
  { name: `${name}, shapes`, kind: 'presentation' as const, trouble, file: /shapes\.svg$/ },
  { name: `${name}, video`, kind: 'video' as const, trouble, file: /video-0\.mp4$/ },
]);
const well = { name: 'well', kind: 'presentation' as const, trouble: null, file: /$^/ };
const all: Item[] = [well, ...bad, well].map((item, i) => ({ ...item, id: idOf(i) }));
/** On small disks: what fills them, and one that is slow. */
const few = all.filter(({ name }) => /^well|ends, (?:webcams|video)|bomb, webcams|second, shapes/.test(name));
let items = all;

let tried = 0;
const faults: string[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
function check(what: string, isRight: boolean, detail: unknown = ''): void {
  tried++;
  if (isRight) return;
  faults.push(what);
  say(`WRONG ${what} ${String(detail).slice(0, 400)}`);
}

const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-narrow-'));
const [work, claims, out] = ['work', 'ftp/bbb', 'out'].map((name) => path.join(site, name)) as [
  string,
  string,
  string,
];
for (const each of [work, claims, out]) mkdirSync(each, { recursive: true });
for (const { id } of all) publishRecording(path.join(site, 'published'), id, 2000);
const film = path.join(site, 'published/presentation', all[0]?.id ?? '', 'video/webcams.webm');

let isWell = false;
/** A BigBlueButton with these recordings: its list, the players' pages and the files. */
const server = createServer((request, response) => {
  response.on('error', () => undefined);
  const name = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
  const item = items.find(({ id }) => name.includes(id));
  if (name.endsWith('/getRecordings')) {
    const wanted = new URL(request.url ?? '', 'http://x').searchParams.get('recordID')?.split(',');
    const chosen = items.filter(({ id }) => wanted === undefined || wanted.includes(id));
    response.writeHead(200, { 'content-type': 'text/xml' }).end(listOf(chosen));
  } else if (item?.trouble != null && !isWell && item.file.test(name)) item.trouble(response);
  else if (name.startsWith('/playback/video') && !name.endsWith('.mp4'))
    response.writeHead(200, { 'content-type': 'text/html' }).end('<video><source src="video-0.mp4"></video>');
  else if (name.startsWith('/playback') && !name.endsWith('.mp4'))
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
  else {
    const file = name.endsWith('video-0.mp4') ? film : path.join(site, 'published', name);
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    if (isFile) response.writeHead(200).end(readFileSync(file));
    else response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function listOf(chosen: readonly Item[]): string {
  const each = chosen.map(({ id, kind, name }, i) => {
    const link =
      kind === 'video' ? `${url}/playback/video/${id}/video-0.mp4` : `${url}/playback/presentation/2.3/${id}`;
    const startAt = 1_600_000_000_000 - i * 3_600_000;
    return `<recording><recordID>${id}</recordID><meetingID>m${i}</meetingID><name>${name}</name><published>true</published><state>published</state><startTime>${startAt}</startTime><endTime>${startAt + 2000}</endTime><playback><format><type>${kind}</type><url>${link}</url><length>0</length></format></playback></recording>`;
  });
  return `<response><returncode>SUCCESS</returncode><recordings>${each.join('')}</recordings></response>`;
}

const redis = await startQueueRedis(path.join(site, 'redis'), false);
const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
writeFileSync(
  path.join(site, 'bbb2pod.toml'),
  `state_dir = "${site}/state"\n[bbb]\nurl = "${url}"\nsecret = "s"\nretries = 1\nretry_after = 0.1\ntimeout = 10\n` +
    `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${site}/ftp/"\n` +
    `[recorder]\nsize = "640x360"\nwork_dir = "${work}"\nmax_picture = "8M"\nmax_text = "8M"\nmax_media = "200M"\n` +
    `file_deadline = 20\nfetch_deadline = 40\nqueue = "${redis.url}"\nqueue_key = "key"\nqueue_attempts = 1\noutput = "${out}"\n`,
);

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name));
const INSIDE = /internal-fault|\n    at |EPIPE|undefined/;

/** No command of these takes an hour. */
async function run(...args: string[]) {
  const started = startCli(args, site);
  const late = setTimeout(() => started.process.kill('SIGKILL'), 3_000_000);
  const status = await started.exited;
  clearTimeout(late);
  const isDocument = started.stdout().startsWith('{\n');
  return {
    status,
    text: started.stdout() + started.stderr(),
    lines: isDocument ? [] : jsonLines(started.stdout()),
  };
}

interface Scene {
  readonly name: string;
  readonly disk: (() => SmallDisk) | null;
  /** Whether what is well has room. */
  readonly hasRoom: boolean;
  /** Too small for any conversion: a worker ends and says so, and what it did not take stays in the queue. */
  readonly isFull: boolean;
}
const scenes: Scene[] = [
  { name: 'whole disks', disk: null, hasRoom: true, isFull: false },
  ...[3000, 30_000, 150_000].map((size) => ({
    name: `work of ${size / 1000} MB`,
    disk: () => new SmallDisk(size, work),
    hasRoom: size > 100_000,
    isFull: size < 20_000,
  })),
  ...[100, 3000].map((size) => ({
    name: `${size / 1000} MB where films go`,
    disk: () => new SmallDisk(size, way === 'claim' ? claims : out),
    hasRoom: size > 1000,
    isFull: false,
  })),
];
let way: 'claim' | 'queue' = 'claim';

/** The disks are smaller than the gigabyte that a run leaves free by default. */
const LITTLE = ['--min-free', '1M'];

async function byClaims({ name, disk, hasRoom }: Scene): Promise<void> {
  const small = disk?.() ?? null;
  try {
    const first = await run('migrate', 'recordings', '--use-manual-claim', ...LITTLE, '--json');
    check(
      `claim, ${name}: ends by itself`,
      first.status === 3 || first.status === 1,
      `${String(first.status)} ${first.text.slice(-300)}`,
    );
    check(
      `claim, ${name}: no fault of ours`,
      !INSIDE.test(first.text),
      INSIDE.exec(first.text)?.input.slice(-400),
    );
    judge(
      `claim, ${name}`,
      hasRoom,
      first.lines
        .filter(({ type }) => type === 'item')
        .map((line) => [String(line['recordId']), String(line['state']), String(line['reason'])]),
    );
    const films = filesBelow(claims);
    check(
      `claim, ${name}: only films`,
      films.every((file) => /\.(mp4|m4v|webm)$/.test(file)),
      films,
    );
    // A part of a download that another run goes on with is kept, and known.
    const listed = await run('migrate', 'status', '--json');
    const unknown = filesBelow(work).filter((file) => !listed.text.includes(path.dirname(file)));
    check(`claim, ${name}: nothing in work_dir that nobody knows`, unknown.length === 0, unknown);
    isWell = true;
    small?.grow();
    // Films take their time: on whole disks some of them.
    const chosen = disk === null ? [...few.slice(0, 2), ...all.slice(-3)] : items;
    const named = chosen.flatMap(({ id }) => ['--recording', id]);
    const second = await run('migrate', 'recordings', '--use-manual-claim', ...LITTLE, '--json', ...named);
    check(`claim, ${name}, well again: all made`, second.status === 0, second.text.slice(-600));
    const made = filesBelow(claims).filter((file) => /\.(mp4|m4v|webm)$/.test(file));
    check(
      `claim, ${name}, well again: one film each`,
      made.length === new Set([...chosen, ...items.filter(({ trouble }) => trouble === null)]).size,
      made,
    );
    const kept = filesBelow(work);
    check(`claim, ${name}, well again: no work left`, disk === null || kept.length === 0, kept);
  } finally {
    isWell = false;
    small?.remove();
    for (const each of [work, claims]) mkdirSync(each, { recursive: true });
    for (const file of filesBelow(claims)) rmSync(file);
    rmSync(path.join(site, 'state'), { recursive: true, force: true });
  }
}

interface QueueStatus {
  readonly counts: Readonly<Record<'queued' | 'running' | 'retrying', number>>;
  readonly failed: readonly { readonly label: string; readonly failure?: { readonly code: string } }[];
}

async function byQueue({ name, disk, hasRoom, isFull }: Scene): Promise<void> {
  const small = disk?.() ?? null;
  const ids = items.map(({ id }) => id);
  try {
    const enqueued = await run('recorder', 'convert', '--queue', ...ids, '--output', `${out}/`);
    check(`queue, ${name}: enqueued`, enqueued.status === 0, enqueued.text);
    const worker = startCli(['recorder', 'worker', '--jobs', '2', '--json'], site);
    const status = async (): Promise<QueueStatus> =>
      (await cliJson(['recorder', 'status'], site)).json as QueueStatus;
    let gone: number | null | undefined;
    void worker.exited.then((code) => (gone = code));
    await until(
      'every job is done or set aside',
      async () => {
        const { queued, running, retrying } = (await status()).counts;
        return gone !== undefined || queued + running + retrying === 0;
      },
      3_000_000,
    );
    check(
      `queue, ${name}: the worker goes on`,
      gone === undefined || (isFull && worker.stderr().includes('disk-full')),
      `${String(gone)} ${worker.stderr().slice(-400)}`,
    );
    const isEnded = gone !== undefined;
    worker.process.kill('SIGTERM');
    await worker.exited;
    const text = worker.stdout() + worker.stderr();
    check(`queue, ${name}: no fault of ours`, !INSIDE.test(text), INSIDE.exec(text)?.input.slice(-400));
    const failed = new Map((await status()).failed.map(({ label, failure }) => [label, failure?.code ?? '']));
    judge(
      `queue, ${name}`,
      hasRoom,
      ids.map((id) =>
        failed.has(id)
          ? [id, 'failed', failed.get(id) ?? '']
          : isEnded
            ? [id, 'not-run', 'disk-full']
            : [id, 'done', ''],
      ),
    );
    const left = filesBelow(out).filter((file) => !/\.(mp4|vtt|json|txt|jpg)$/.test(file));
    check(`queue, ${name}: only films`, left.length === 0, left);
    check(`queue, ${name}: nothing left in work_dir`, filesBelow(work).length === 0, filesBelow(work));
  } finally {
    small?.remove();
    for (const each of [work, out]) mkdirSync(each, { recursive: true });
    for (const file of filesBelow(out)) rmSync(file);
    await redis.cli('flushall');
    rmSync(path.join(site, 'state'), { recursive: true, force: true });
  }
}

function judge(name: string, hasRoom: boolean, seen: readonly (readonly [string, string, string])[]): void {
  say(
    `  ${name}: ${seen.map(([id, state, reason]) => `${items.find((item) => item.id === id)?.name ?? id}: ${state} ${reason}`).join('; ')}`,
  );
  for (const item of items) {
    const [, state = 'unseen', reason = ''] = seen.find(([id]) => id === item.id) ?? [];
    const isRight =
      item.trouble !== null
        ? // What was given away before its turn came is told, too.
          (state === 'failed' && reason !== 'internal-fault' && reason !== 'undefined') ||
          (!hasRoom && state === 'not-run')
        : hasRoom
          ? state === 'done'
          : ['failed', 'not-run'].includes(state) && reason !== '';
    check(`${name}: ${item.name}`, isRight, `${state} ${reason}`);
  }
}

const [only, scene = ''] = process.argv.slice(2);
try {
  for (const each of ['claim', 'queue'] as const) {
    if (only !== undefined && only !== each) continue;
    way = each;
    for (const one of scenes) {
      if (!one.name.includes(scene) || (one.disk !== null && process.getuid?.() !== 0)) continue;
      items = one.disk === null ? all : few;
      const begun = Date.now();
      await (each === 'claim' ? byClaims(one) : byQueue(one)).catch((error: unknown) =>
        check(`${each}, ${one.name}: the proof itself`, false, error),
      );
      say(`${each}, ${one.name}: ${Math.round((Date.now() - begun) / 1000)} s`);
    }
  }
} finally {
  server.closeAllConnections();
  server.close();
  await pod.drop();
  await redis.kill();
  rmSync(site, { recursive: true, force: true });
}
say(`${tried} outcomes looked at, ${faults.length} wrong`);
process.exitCode = faults.length === 0 && tried > 0 ? 0 : 1;
