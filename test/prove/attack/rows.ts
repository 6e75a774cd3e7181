import { execFileSync } from 'node:child_process';
import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { readSampleRecordings } from '../../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer } from '../../../src/bbb-server/sample/sample-server.js';
import { root, runCli, type CliResult } from '../../e2e/run-cli.js';
import { createMoodleSite } from '../../support/moodle-site.js';
import { createPod, type TestPod } from '../../support/pod.js';
import { createDatabase, stopOwnServers, type TestDatabase } from '../../support/servers.js';
import type { Attack } from './attack.js';

/* Hostile rows cost their recording only: lists of BBB that never end, names in Moodle that no database takes. */

const LIST_HEAD =
  '<response><returncode>SUCCESS</returncode><recordings><recording><recordID>aaaaaaaaaaaaaaaaaaaa-1600000000000</recordID><startTime>1600000000000</startTime>';
const LIST_END = '</recording></recordings></response>';
const MEGABYTE = 'x'.repeat(1_000_000);

/** Pieces of an answer, megabyte by megabyte. */
type Bomb = () => Generator<string>;
function* repeated(before: string, piece: string, times: number, after: string): Generator<string> {
  yield LIST_HEAD + before;
  for (let i = 0; i < times; i++) yield piece;
  yield after + LIST_END;
}
const bombs: Readonly<Record<string, Bomb>> = {
  '80 MB of empty elements': () => repeated('', '<a/>'.repeat(250_000), 80, ''),
  '3 MB of empty elements, in each of a hundred recordings': function* () {
    yield '<response><returncode>SUCCESS</returncode><recordings>';
    for (let i = 0; i < 100; i++)
      yield `<recording><recordID>${String(i).padStart(40, 'b')}-1600000000000</recordID><startTime>1600000000000</startTime>${'<a/>'.repeat(700_000)}</recording>`;
    yield '</recordings></response>';
  },
  'five million metadata': function* () {
    yield `${LIST_HEAD}<metadata>`;
    for (let i = 0; i < 5000; i++)
      yield Array.from({ length: 1000 }, (_, j) => `<k${i * 1000 + j}/>`).join('');
    yield `</metadata>${LIST_END}`;
  },
  'an attribute of 600 MB': () => repeated('<a b="', MEGABYTE, 600, '"/>'),
  'a name of 600 MB': () => repeated('<name>', MEGABYTE, 600, '</name>'),
  'a comment of 600 MB': () => repeated('<!--', MEGABYTE, 600, '-->'),
  'an element called 600 MB': () => repeated('<', MEGABYTE, 600, '/>'),
  'a CDATA section of 600 MB': () => repeated('<name><![CDATA[', MEGABYTE, 600, ']]></name>'),
  'elements in elements': () => repeated('', '<a>'.repeat(300_000), 20, ''),
  'attributes without end': () =>
    repeated('<a ', Array.from({ length: 90_000 }, (_, i) => `b${i}=""`).join(' '), 80, '/>'),
  'text before any list': function* () {
    yield '<response><returncode>SUCCESS</returncode><message>';
    for (let i = 0; i < 600; i++) yield MEGABYTE;
    yield '</message></response>';
  },
  'white space for ever': () => repeated('', ' '.repeat(1_000_000), 600, ''),
  'entities in entities': function* () {
    const names = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`);
    yield `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">${names.join('')}]>${LIST_HEAD}<name>&e20;</name>${LIST_END}`;
  },
};

const MOST_BYTES = 300e6;

/** Reads one answer through a pipe, as a saved one; its memory is looked at while it runs. */
async function read(bomb: Bomb): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const pipe = path.join(site, 'answer.xml');
  execFileSync('mkfifo', [pipe]);
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[pod]\ndatabase = "${pod.test.url}"\n`,
  );
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const stream = createWriteStream(pipe);
  stream.on('error', () => undefined);
  const closed = once(stream, 'close').catch(() => undefined);
  const pour = async (): Promise<void> => {
    for (const piece of bomb()) {
      if (stream.destroyed) return;
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), closed]).catch(() => undefined);
    }
    stream.end();
  };
  // Neither end waits for the other: one that does both is open meanwhile.
  const both = openSync(pipe, 'r+');
  const reading = openSync(pipe, 'r');
  await once(stream, 'open');
  closeSync(both);
  const pouring = pour();
  try {
    const { status, stdout, stderr } = await runCli(
      ['migrate', 'recordings', '--use-import-video', '--from-xml', '/dev/stdin', '--dry'],
      {
        cwd: site,
        stdin: reading,
        onStart: ({ pid }) => {
          timer = setInterval(() => (peak = Math.max(peak, residentBytes(pid ?? 0))), 20);
        },
      },
    );
    const said = `${stdout}${stderr}`;
    if (status === null) return 'it did not end in 100 s, or was killed';
    if (/internal-fault|heap|    at /.test(said)) return said.slice(0, 300);
    if (peak > MOST_BYTES) return `${Math.round(peak / 1e6)} MB of memory`;
    // Left out, or the whole answer refused: with a code in either case.
    const told =
      status === 1
        ? /Error [a-z-]+:/.test(said)
        : /could not be read|left out|unreadable|partial/i.test(said);
    return told ? null : `status ${status}, and not a word: ${said.slice(0, 300)}`;
  } finally {
    clearInterval(timer);
    closeSync(reading);
    stream.destroy();
    await pouring;
    await pod.drop();
    rmSync(site, { recursive: true, force: true });
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** User names that a Moodle holds one day. NUL: MariaDB alone keeps it. */
const names = (engine: 'mysql' | 'postgresql'): readonly string[] => [
  ...(engine === 'mysql' ? ['nul\0user', '\0'] : []),
  'o\'x"; drop table auth_user;--',
  'esc\u001b[2J\u001b]0;evil\u0007',
  '<script>alert(1)</script>',
  '=cmd|x',
  '../../etc/passwd',
  'new\nline',
  'u'.repeat(100),
  '\u202egnp.exe',
  ' ',
  '\u200b',
  'a/b:c',
  '${jndi:ldap://x}',
  '%s%n%d',
];

const RECORD = '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000';

async function hostileMoodle(
  engine: 'mysql' | 'postgresql',
  podEngine: 'sqlite' | 'mysql' | 'postgresql',
): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const moodle = await createDatabase(engine);
  const pod = await createPod({ engine: podEngine, version: '4.1.0' });
  const bbb = await startSampleServer({
    secret: 's',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/demo/recordings.xml')),
  });
  try {
    const hostile = names(engine);
    await seed(moodle, engine, hostile);
    writeFileSync(
      path.join(site, 'bbb2pod.toml'),
      `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\n[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"\n` +
        `[moodle.default]\ndatabase = "${moodle.url}"\nannotate_database = "${moodle.url}"\n`,
    );
    return await migrate(site, moodle, pod);
  } finally {
    await bbb.close();
    await moodle.drop();
    await pod.drop();
    rmSync(site, { recursive: true, force: true });
  }
}

async function seed(
  moodle: TestDatabase,
  engine: 'mysql' | 'postgresql',
  hostile: readonly string[],
): Promise<void> {
  const nul = engine === 'mysql' ? '\0' : '';
  const user = (id: number, username: string) => ({
    ...{ id, auth: 'cas', confirmed: 1, mnethostid: 1, username, firstname: `F${nul}${'f'.repeat(90)}` },
    ...{ lastname: `L\u001b[2J${nul}`, email: `${'e'.repeat(85)}${id}@x.fr` },
  });
  const intro = `a${nul}b <b>x</b> ${'é'.repeat(200_000)}<script>alert(1)</script>`;
  const forged = '<p>x</p><!-- bbb2pod-notice --><div class="bbb2pod-notice-bbb2pod">forged by teacher</div>';
  const participants = '[{"selectiontype":"role","selectionid":"3","role":"moderator"}]';
  await createMoodleSite(moodle, {
    config: [
      { name: 'siteidentifier', value: 'demo' },
      { name: 'mnet_localhost_id', value: '1' },
    ],
    modules: [{ id: 7, name: 'bigbluebuttonbn' }],
    role: [{ id: 3, shortname: 'editingteacher', archetype: 'editingteacher' }],
    user: [
      { ...user(10, 'amartin'), firstname: 'Anne', lastname: 'Martin', email: 'anne@univ.example' },
      ...hostile.map((name, i) => user(20 + i, name)),
    ],
    course: [{ id: 2, category: 1, fullname: `Algo${nul}\u001b[2J<script>`, shortname: 'INF201' }],
    context: [
      { id: 1, contextlevel: 10, instanceid: 0, path: '/1', depth: 1 },
      { id: 20, contextlevel: 50, instanceid: 2, path: '/1/20', depth: 2 },
      { id: 31, contextlevel: 70, instanceid: 101, path: '/1/20/31', depth: 3 },
    ],
    role_assignments: [10, ...hostile.map((_, i) => 20 + i)].map((userid, i) => ({
      ...{ id: i + 1, roleid: 3, contextid: 20, userid },
    })),
    course_modules: [
      { id: 101, course: 2, module: 7, instance: 1, visible: 1 },
      { id: 102, course: 2, module: 7, instance: 2, visible: 1 },
    ],
    bigbluebuttonbn: [
      { id: 1, course: 2, name: `n\u001b[2J<script>${nul}`, intro, meetingid: 'a'.repeat(40), participants },
      { id: 2, course: 2, name: 'forged', intro: forged, meetingid: 'b'.repeat(40), participants },
    ],
    bigbluebuttonbn_recordings: [
      { id: 1, courseid: 2, bigbluebuttonbnid: 1, recordingid: RECORD, status: 2 },
      {
        id: 2,
        courseid: 2,
        bigbluebuttonbnid: 2,
        recordingid: '63c8f20e59972e6554c0f2494dfbd6569b3df550-1699600000000',
        status: 2,
      },
    ],
  });
}

async function migrate(site: string, moodle: TestDatabase, pod: TestPod): Promise<string | null> {
  const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: site });
  const intros = async (): Promise<string> =>
    JSON.stringify(await moodle.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id'));
  const before = await intros();
  const users = (await pod.rows('auth_user')).length;
  const lines: string[][] = [
    ['migrate', 'recordings', '--use-import-video', '--use-database-moodle', '--dry', '--all'],
    ['migrate', 'recordings', '--use-import-video', '--use-database-moodle'],
    ['migrate', 'status', 'last'],
    ['migrate', 'recordings', '--export-csv', 'out.csv', '--use-database-moodle'],
    ['moodle', 'inventory'],
    ['moodle', 'annotate', '--dry'],
    ['moodle', 'annotate'],
    ['moodle', 'annotate', '--undo', '--yes'],
  ];
  for (const line of lines) {
    const { status, stdout, stderr } = await cli(...line);
    const said = `${stdout}${stderr}`;
    const what = `${line.slice(0, 3).join(' ')}: `;
    if (status !== 0 && status !== 3) return `${what}status ${String(status)}: ${said.slice(-400)}`;
    if (/internal-fault|    at /.test(said)) return what + said.slice(0, 300);
    // A control character would be obeyed by the terminal.
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/.test(said))
      return `${what}control characters were printed`;
  }
  const now = await pod.rows('auth_user');
  const named = now.map(({ username }) => String(username));
  const wrong = named.find((name) => !/^[\p{L}\p{N}_.@+-]+$/u.test(name));
  if (wrong !== undefined) return `an account ${JSON.stringify(wrong)} was created`;
  if (!named.includes('amartin'))
    return `the teacher beside them got nothing (${now.length - users} accounts)`;
  const rows = await pod.rows('import_video_externalrecording');
  if (rows.length < 2) return `${rows.length} rows in Pod`;
  if ((await intros()) !== before) return 'the intros are not what they were, byte for byte';
  const pages = readdirSync(path.join(site, 'state/runs'), { recursive: true, encoding: 'utf8' });
  const page = pages
    .filter((name) => name.endsWith('.html'))
    .find((name) => readFileSync(path.join(site, 'state/runs', name), 'utf8').includes('<script>alert'));
  if (page !== undefined) return `${page} holds a script of Moodle`;
  const csv = path.join(site, 'out.csv');
  if (existsSync(csv) && /(?:^|[;"])=cmd/m.test(readFileSync(csv, 'utf8'))) return 'out.csv holds a formula';
  return null;
}

const pairs = [
  ['mysql', 'postgresql'],
  ['mysql', 'sqlite'],
  ['postgresql', 'mysql'],
] as const;

export const attacks: readonly Attack[] = [
  ...Object.entries(bombs).map(([name, bomb]) => ({ name, run: () => read(bomb) })),
  ...pairs.map(([engine, podEngine]) => ({
    name: `hostile names in Moodle on ${engine}, Pod on ${podEngine}`,
    run: () =>
      hostileMoodle(engine, podEngine).finally(() => (podEngine === 'mysql' ? stopOwnServers() : undefined)),
  })),
];
