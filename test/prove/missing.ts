/* `npm run prove missing [convert|claim|queue|drop-in]`: each kind of published file, lost in each way, by each command that
   makes a film of a recording. Where pictures or sound are lost: without --allow-missing nothing is made and the loss is
   named; with it the film is made and marked; once the server has its files again, a run without the flag makes it anew.
   Where the pointer, texts, captions or the chat are lost: the film is made and marked, status 3; the next run asks the server,
   names the loss and leaves the film as it is; it is made anew once the file has come. Prints one line per case that is not
   so, and how many there were; status 1 then. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
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
/** What is neither picture nor sound. */
interface SmallKind {
  readonly place: string;
  /** How its loss is told. */
  readonly named: RegExp;
  /** Losses that nobody can see: a recording may have no such file, and a text ends where it ends. */
  readonly unseen: readonly (keyof typeof LOSSES)[];
}
const SMALL_KINDS: Readonly<Record<string, SmallKind>> = {
  cursor: { place: 'cursor.xml', named: /cursor: /, unseen: [] },
  texts: { place: 'TEXT', named: /1 of \d+ texts missing: /, unseen: ['empty', 'cut'] },
  'list of captions': { place: 'captions.json', named: /captions? missing: /, unseen: ['404'] },
  captions: { place: 'caption_en.vtt', named: /1 of \d+ captions missing: /, unseen: ['cut'] },
  chat: { place: 'slides_new.xml', named: /chat: /, unseen: ['404'] },
};
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
  /** Every one of these tells what was lost, and why. */
  readonly named: readonly RegExp[];
  readonly lose: () => void;
}
/** Whether a text tells the loss of a case; nothing where nobody can see one. */
const tells = ({ named }: Case, text: unknown): boolean =>
  named.length === 0
    ? (text ?? '') === ''
    : typeof text === 'string' && named.every((part) => part.test(text));

const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-missing-'));
const whole = publishFixture('tldraw2', path.join(site, 'whole'), ['webcams', 'deskshare']);
const metadata = path.join(whole, 'metadata.xml');
writeFileSync(metadata, readFileSync(metadata, 'utf8').replace(/<duration>\d+</, '<duration>2000<'));
const shapes = readFileSync(path.join(whole, 'shapes.svg'), 'utf8');
const PLACES: Readonly<Record<string, string | undefined>> = {
  SLIDE: /href="(presentation\/[^"]+\.(?:png|svg))"/.exec(shapes)?.[1],
  TEXT: /text="(presentation\/[^"]+\.txt)"/.exec(shapes)?.[1],
};
const folderOf = (id: string): string => path.join(site, 'published/presentation', id);
/** The server has all its files again. */
function heal(id: string): void {
  rmSync(folderOf(id), { recursive: true, force: true });
  cpSync(whole, folderOf(id), { recursive: true });
}

/** A recording for each way to lose the file of a kind. */
function casesOf(
  kind: string,
  place: string,
  number: number,
  rest?: Pick<SmallKind, 'named' | 'unseen'>,
): Case[] {
  return (Object.keys(LOSSES) as (keyof typeof LOSSES)[]).map((loss, j) => {
    const two = `${String(number).padStart(2, '0')}${j}`;
    const id = `${two.padEnd(40, 'd')}-1600000002${two}`;
    const file = path.join(folderOf(id), PLACES[place] ?? place);
    const named =
      rest?.unseen.includes(loss) === true
        ? []
        : [LOSSES[loss].named, ...(rest === undefined ? [] : [rest.named])];
    return { name: `${kind}, ${loss}`, id, named, lose: () => LOSSES[loss].lose(file) };
  });
}
const cases = Object.entries(KINDS).flatMap(([kind, place], i) => casesOf(kind, place, i));
/** One of each kind: making a film takes its time. */
const some = cases.filter((_, i) => i % 6 === 0);
const small = Object.entries(SMALL_KINDS).flatMap(([kind, { place, ...rest }], i) =>
  casesOf(kind, place, 10 + i, rest),
);
/** One loss of each kind that is seen. */
const someSmall = small.filter((_, i) => i % 5 === 2);
const unhealed = small.filter((one) => !someSmall.includes(one));

let tried = 0;
const faults: string[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);
function check(what: string, isRight: boolean, detail: unknown = ''): void {
  tried++;
  if (isRight) return;
  faults.push(what);
  say(`WRONG ${what} ${String(detail).slice(0, 300)}`);
}
const loseAll = (chosen: readonly Case[]): void => {
  for (const { id, lose } of chosen) {
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

/** What a command says of an item whose film is or was made: `lost` is what it lacks. */
interface Seen {
  readonly state: unknown;
  readonly lost: unknown;
}
type MakeFilms = (chosen: readonly Case[]) => Promise<{
  readonly status: number | null;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly text: string;
}>;

/** Films that lack neither picture nor sound: made once, told each time, made anew once the server has more. */
async function withoutLittle(command: string, make: MakeFilms, directory: string): Promise<void> {
  const files = (): string[] =>
    readdirSync(directory)
      .map((name) => [name, statSync(path.join(directory, name))] as const)
      .map(([name, { size, mtimeMs, ino }]) => `${name} ${size} ${mtimeMs} ${ino}`)
      .sort();
  const judge = (
    when: string,
    { seen }: Awaited<ReturnType<MakeFilms>>,
    chosen: readonly Case[],
    { state, healed }: { state: string; healed: boolean },
  ): void => {
    for (const one of chosen) {
      const told = seen.get(one.id);
      const lost = healed ? (told?.lost ?? '') === '' : tells(one, told?.lost);
      check(`${command} ${when}: ${one.name}`, told?.state === state && lost, JSON.stringify(told));
    }
  };
  loseAll(small);
  const first = await make(small);
  check(`${command}, a little lost: status`, first.status === 3, first.text.slice(-300));
  judge('a little lost', first, small, { state: 'done', healed: false });
  const made = files();
  check(
    `${command}, a little lost: one film each`,
    filmsIn(directory).length === small.length,
    filmsIn(directory),
  );
  const second = await make(small);
  check(`${command}, lost still: status`, second.status === 3, second.text.slice(-300));
  judge('lost still', second, small, { state: 'skipped', healed: false });
  check(`${command}, lost still: nothing made`, files().join() === made.join(), files());
  someSmall.forEach(({ id }) => heal(id));
  const third = await make(someSmall);
  check(`${command}, there again: status`, third.status === 0, third.text.slice(-300));
  judge('there again', third, someSmall, { state: 'done', healed: true });
  const fourth = await make(someSmall);
  check(`${command}, there as before: status`, fourth.status === 0, fourth.text.slice(-300));
  judge('there as before', fourth, someSmall, { state: 'skipped', healed: true });
  check(
    `${command}, there as before: one film each`,
    filmsIn(directory).length === small.length,
    filmsIn(directory),
  );
}

/** Each film that lacks something says so by its mark, and no other one. */
function checkMarks(command: string, directory: string, chosen: readonly Case[]): void {
  const marked = readdirSync(directory).flatMap(
    (name) => /^(.*)\.(?:mp4|webm)\.missing\.json$/.exec(name)?.[1] ?? [],
  );
  const right = ids(chosen.filter(({ named }) => named.length > 0));
  check(`${command}: marks`, marked.sort().join() === right.sort().join(), marked);
}

async function convert(): Promise<void> {
  const out = path.join(site, 'out');
  mkdirSync(out);
  loseAll(cases);
  const lost = await cli('recorder', 'convert', ...ids(cases), '--output', `${out}/`, '--jobs', '2');
  check('convert: status', lost.status === 1, lost.status);
  for (const one of cases) {
    const { id, name } = one;
    const { state, code, message } = lost.items.get(id) ?? {};
    const isNamed = code === 'recording-incomplete' && tells(one, message);
    check(`convert: ${name}`, state === 'failed' && isNamed, JSON.stringify([state, code, message]));
  }
  check('convert: nothing made', readdirSync(out).length === 0, readdirSync(out));
  const allowed = await cli('recorder', 'convert', ...ids(some), '--output', `${out}/`, '--allow-missing');
  check('convert --allow-missing: status', allowed.status === 3, allowed.text);
  for (const one of some) {
    const { id, name } = one;
    const { state, missing } = allowed.items.get(id) ?? {};
    check(
      `convert --allow-missing: ${name}`,
      state === 'done' && tells(one, missing),
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
  const little = path.join(site, 'out-little');
  mkdirSync(little);
  await withoutLittle(
    'convert',
    async (chosen) => {
      const ran = await cli('recorder', 'convert', ...ids(chosen), '--output', `${little}/`, '--jobs', '2');
      return { ...ran, seen: seenOf(ran.items) };
    },
    little,
  );
  checkMarks('convert, there as before', little, unhealed);
}

/** Of `recorder convert` and its workers. */
const seenOf = (items: ReadonlyMap<string, Record<string, unknown>>): ReadonlyMap<string, Seen> =>
  new Map([...items].map(([id, { state, missing }]) => [id, { state, lost: missing }]));

async function claim(): Promise<void> {
  const claims = path.join(site, 'ftp/bbb');
  loseAll(cases);
  const lost = await cli('migrate', 'recordings', '--use-manual-claim', ...recordingFlags(cases));
  check('claim: status', lost.status === 3, lost.text.slice(-300));
  for (const one of cases) {
    const { id, name } = one;
    const { state, reason, reasonText } = lost.items.get(id) ?? {};
    const isNamed = reason === 'recording-incomplete' && tells(one, reasonText);
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
  for (const one of some) {
    const { id, name } = one;
    const { state, reason, reasonText } = allowed.items.get(id) ?? {};
    const isNamed = reason === 'claim-dropped-incomplete' && tells(one, reasonText);
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
  for (const name of readdirSync(claims)) rmSync(path.join(claims, name));
  await withoutLittle(
    'claim',
    async (chosen) => {
      const ran = await cli('migrate', 'recordings', '--use-manual-claim', ...recordingFlags(chosen));
      const seen = [...ran.items].map(([id, { state, reason, reasonText }]): [string, Seen] => [
        id,
        { state, lost: INCOMPLETE.has(String(reason)) ? reasonText : '' },
      ]);
      return { ...ran, seen: new Map(seen) };
    },
    claims,
  );
  check(
    'claim, there as before: no work left',
    readdirSync(path.join(site, 'state/work')).length === 0,
    readdirSync(path.join(site, 'state/work')),
  );
}
const INCOMPLETE = new Set(['claim-dropped-incomplete', 'claim-kept-incomplete']);

async function queue(): Promise<void> {
  const out = path.join(site, 'queued');
  mkdirSync(out, { recursive: true });
  loseAll(cases);
  const enqueued = await cli('recorder', 'convert', '--queue', ...ids(cases), '--output', `${out}/`);
  check('queue: enqueued', enqueued.status === 0, enqueued.text);
  const worker = startCli(['recorder', 'worker', '--jobs', '2', '--json'], site);
  const failed = async (): Promise<Record<string, unknown>[]> =>
    ((await cliJson(['recorder', 'status'], site)).json as { failed: Record<string, unknown>[] }).failed;
  await until('all are set aside', async () => (await failed()).length === cases.length, 600_000);
  worker.process.kill('SIGTERM');
  await worker.exited;
  const byLabel = new Map((await failed()).map((entry) => [String(entry['label']), entry]));
  for (const one of cases) {
    const { id, name } = one;
    const { code, message } = (byLabel.get(id)?.['failure'] ?? {}) as Record<string, unknown>;
    const isNamed = code === 'recording-incomplete' && tells(one, message);
    check(`queue: ${name}`, isNamed, JSON.stringify(byLabel.get(id)));
  }
  check('queue: nothing made', readdirSync(out).length === 0, readdirSync(out));
  await redis.cli('flushall');
  await withoutLittle(
    'queue',
    async (chosen) => {
      const given = await cli('recorder', 'convert', '--queue', ...ids(chosen), '--output', `${out}/`);
      const worked = await workUntilEmpty();
      // What stands there whole goes to no worker.
      const before = [...given.items].filter(([, { state }]) => state === 'done-already');
      const seen = new Map([
        ...before.map(([id]): [string, Seen] => [id, { state: 'skipped', lost: '' }]),
        ...seenOf(worked.items),
      ]);
      // A worker ends with its own stop; what was lost stands in its items.
      const isLacking = [...seen.values()].some(({ lost }) => (lost ?? '') !== '');
      return { status: given.status === 0 && isLacking ? 3 : given.status, seen, text: given.text };
    },
    out,
  );
  checkMarks('queue, there as before', out, unhealed);
  const { incomplete } = (await cliJson(['recorder', 'status'], site)).json as {
    incomplete: { label: string; missing: string }[];
  };
  const told = new Map(incomplete.map(({ label, missing }) => [label, missing]));
  for (const one of small) {
    const isRight = unhealed.includes(one) ? tells(one, told.get(one.id)) : !told.has(one.id);
    check(`queue, in recorder status: ${one.name}`, isRight, told.get(one.id));
  }
}

/** A worker, until all jobs ended. */
async function workUntilEmpty(): Promise<Ended> {
  const worker = startCli(['recorder', 'worker', '--jobs', '2', '--json'], site);
  await until(
    'every job has ended',
    async () => {
      const { counts } = (await cliJson(['recorder', 'status'], site)).json as {
        counts: Record<'queued' | 'running' | 'retrying', number>;
      };
      return counts.queued + counts.running + counts.retrying === 0;
    },
    600_000,
  );
  worker.process.kill('SIGTERM');
  const status = await worker.exited;
  const lines = jsonLines(worker.stdout()).filter(({ type }) => type === 'item');
  const items = new Map(lines.map((line) => [String(line['source']), line]));
  return { status, items, text: worker.stdout() + worker.stderr() };
}

async function dropIn(host: string): Promise<void> {
  const plugin = path.join(site, 'bbb-recorder/');
  const media = path.join(plugin, 'media/');
  mkdirSync(path.join(media, 'logs'), { recursive: true });
  symlinkSync(path.join(root, 'bin/bbb-recorder/export.js'), path.join(plugin, 'export.js'));
  writeFileSync(path.join(plugin, '.env'), `copyToPath="${media}"\nBBB2POD_ALLOW_HOSTS=${host}\n`);
  const limits = { PICTURE: '8M', TEXT: '8M', MEDIA: '30M' };
  const env = Object.entries(limits).map(([kind, limit]) => [`BBB2POD_RECORDER_MAX_${kind}`, limit]);
  const film = async ({ id }: Case): Promise<{ status: unknown; log: string }> => {
    const url = `http://${host}/playback/presentation/2.3/${id}`;
    let log = '';
    const child = spawn(process.execPath, ['export.js', url, `${id}.webm`], {
      cwd: plugin,
      env: { ...process.env, ...(Object.fromEntries(env) as Record<string, string>) },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return { status: await new Promise((resolve) => child.once('close', resolve)), log };
  };
  loseAll(cases);
  for (const one of cases) {
    const { status, log } = await film(one);
    const isNamed = log.includes('recording-incomplete') && tells(one, log);
    check(`drop-in: ${one.name}`, status === 1 && isNamed, `${String(status)} ${log}`);
  }
  const left = readdirSync(media).filter((name) => name !== 'logs');
  check('drop-in: nothing for Pod to move', left.length === 0, left);
  // Pod moves the film whatever the status is, and imports again only when somebody asks: then it is made anew.
  loseAll(small);
  for (const one of small) {
    const { status, log } = await film(one);
    const lost = /^ *missing: (.*)$/m.exec(log)?.[1] ?? '';
    const isRight = status === (one.named.length > 0 ? 3 : 0) && tells(one, lost);
    check(`drop-in, a little lost: ${one.name}`, isRight, `${String(status)} ${log}`);
    check(
      `drop-in, a little lost: ${one.name}, its film`,
      existsSync(path.join(media, `${one.id}.webm`)),
      log,
    );
  }
  checkMarks('drop-in, a little lost', media, small);
  for (const one of someSmall) {
    heal(one.id);
    const { status, log } = await film(one);
    check(
      `drop-in, there again: ${one.name}`,
      status === 0 && !/missing:/.test(log),
      `${String(status)} ${log}`,
    );
  }
  checkMarks('drop-in, there again', media, unhealed);
}

const [only] = process.argv.slice(2);
[...cases, ...small].forEach(({ id }) => heal(id));
const redis = await startQueueRedis(path.join(site, 'redis'), false);
const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
const bbb = await startSampleServer({
  secret: 's',
  recordings: await listedRecordings(ids([...cases, ...small]), site),
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
