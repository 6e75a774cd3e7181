import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import {
  startSampleServer,
  type SampleServer,
  type SampleServerOptions,
} from '../../src/bbb-server/sample/sample-server.js';
import { freePorts } from '../../src/kit/adapters/network/free-ports.js';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';
import { createDemoMoodle } from '../support/demo-moodle.js';
import { createPod, type TestPod } from '../support/pod.js';
import {
  startEchoingHttp,
  startEchoingTcp,
  startListeningProxy,
  startRefusingSmtp,
  type EchoServer,
} from '../support/secrets/echo-server.js';
import { Marks } from '../support/secrets/marks.js';
import { OPERATORS_OWN, writeMarkedSite, type Endpoints } from '../support/secrets/marked-site.js';
import { watchProcesses } from '../support/secrets/watch-processes.js';
import { useServer, type TestDatabase } from '../support/servers.js';
import { readCommands, root, runCli, type CliResult } from './run-cli.js';

/* Every command, with a marked secret in every place one may come from, in three states of the world: nobody answers,
   everybody refuses and quotes what it was told, all is well. The marks must turn up nowhere but in the operator's own
   files, and in the one exception of the documentation: the RTMP target in ffmpeg's own arguments. */

const nobody = '127.0.0.1:9';
const playback = '{bbb}playback/presentation/2.3/';
const recordId = '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000';
const session = ['--cookie-file', 'own/cookies.txt', '--header-file', 'own/headers.txt'];

/** What each command is called with where it fails. A new command has to be added here. */
const FAILING: Readonly<Record<string, readonly string[][]>> = {
  'cluster:check': [
    ['--verbose', '--timeout', '3'],
    ['--json', '--timeout', '3'],
    ['--nagios', '--timeout', '3'],
  ],
  'cluster:demo': [['--seconds', 'x']],
  'cluster:drain': [['lb1', '--apply', '--yes', '--wait', '1s']],
  'cluster:init': [['--from', 'own/headers.txt']],
  'cluster:plan': [[]],
  'cluster:queue': [[], ['--json']],
  'cluster:ready': [['lb1', '--apply', '--yes', '--wait', '1s']],
  'cluster:render': [['--output', 'rendered']],
  completion: [['bash']],
  demo: [['--no-video', '--directory', 'bbb2pod.toml']],
  doctor: [['--verbose'], ['--json']],
  init: [['--config', 'bbb2pod.toml', '--from', 'own/settings_local.py']],
  'live:gateway': [[]],
  'live:keep': [['--live', 'nothing']],
  'live:pause': [['nothing']],
  'live:resume': [['nothing']],
  'live:run': [[], ['--dry', '--json'], ['--meeting', 'm', '--record', 'm.mkv']],
  'live:status': [[], ['--json']],
  'migrate:cleanup': [['--server', 'bbb.univ.example']],
  'migrate:purge': [['--older-than', '1d', '--yes']],
  'migrate:repair': [['--yes']],
  'migrate:recordings': [
    ['--use-import-video', '--use-database-moodle', '--use-database-greenlight'],
    ['--use-manual-claim', '--dry', '--json'],
    ['--export-csv', 'out.csv'],
  ],
  'migrate:status': [[], ['last', '--verify']],
  'migrate:undo': [['last', '--yes']],
  'moodle:annotate': [
    ['--recording', recordId],
    ['--undo', '--yes'],
  ],
  'moodle:inventory': [[]],
  'recorder:convert': [
    [recordId, '--output', 'a.mp4', ...session],
    [`${playback}${recordId}`, '--output', 'b.mp4', '--json', ...session],
  ],
  'recorder:status': [[], ['--json']],
  'recorder:worker': [[]],
};
/** Commands that never end by themselves: asked to, after that many milliseconds. */
const ENDLESS: Readonly<Record<string, number>> = { 'live:gateway': 2500, 'recorder:worker': 4000 };

/** The one documented exception: ffmpeg is told its RTMP target on its command line, and cannot be otherwise. */
const withoutTarget = (text: string): string =>
  text.replace(/^\S*ffmpeg .*/, (commandLine) => commandLine.replaceAll(/rtmps?:\/\/\S+/g, 'rtmp:'));

/** Rendered configuration is there to hold the cluster's passwords: where only its owner reads it. */
const isPrivate = (directory: string, file: string): boolean =>
  file.startsWith('rendered/') && (statSync(path.join(directory, file)).mode & 0o077) === 0;

let scratch: string;
const marks = new Marks();
const finding = (what: string, text: string): string[] => marks.in(text).map((place) => `${what}: ${place}`);

async function callIn(
  directory: string,
  id: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<CliResult & { leaks: string[] }> {
  mkdirSync(path.join(directory, 'tmp'), { recursive: true });
  let watch: ReturnType<typeof watchProcesses> | undefined;
  const ending = ENDLESS[id];
  const result = await runCli([...id.split(':'), ...args, '--log-level', 'debug', '--log-file', 'log.txt'], {
    cwd: directory,
    env: { ...env, TMPDIR: path.join(directory, 'tmp') },
    onStart: (child) => {
      watch = watchProcesses(child.pid ?? 0);
      if (ending !== undefined) setTimeout(() => child.kill('SIGTERM'), ending);
    },
  });
  const seen = watch?.stop();
  const leaks = [
    ...finding('stdout', result.stdout),
    ...finding('stderr', result.stderr),
    ...[...(seen?.commandLines ?? [])].flatMap((line) =>
      finding(`command line ${line.slice(0, 60)}`, withoutTarget(line)),
    ),
    ...[...(seen?.environments ?? [])].flatMap((text) =>
      finding(`environment of ${text.split('\n')[0]?.slice(0, 60) ?? ''}`, withoutTarget(text)),
    ),
    ...marks
      .inFiles(directory, (file) => OPERATORS_OWN.test(file) || isPrivate(directory, file))
      .map((found) => `file ${found}`),
  ];
  return { ...result, leaks };
}

beforeAll(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-secrets-'));
});
afterAll(() => rmSync(scratch, { recursive: true, maxRetries: 3 }));

describe('the search itself', () => {
  it('finds a mark in a file, in base64, in an argument and in the environment of a child', async () => {
    const own = new Marks();
    const mark = own.of('test');
    const directory = mkdtempSync(path.join(scratch, 'control-'));
    writeFileSync(path.join(directory, 'a'), `Basic ${Buffer.from(`user:${mark}`).toString('base64')}`);
    expect(own.inFiles(directory, () => false)).toEqual(['a: test (base64)']);
    const script = `require('child_process').spawnSync('sleep',['0.3'],{argv0:'sleep ${mark}',env:{X:'${mark}'}})`;
    const { spawn } = await import('node:child_process');
    const child = spawn(process.execPath, ['-e', script.replaceAll(mark, mark)], { stdio: 'ignore' });
    const watch = watchProcesses(child.pid ?? 0);
    await new Promise((resolve) => child.once('close', resolve));
    const { commandLines, environments } = watch.stop();
    expect([...commandLines].some((line) => line.startsWith(`sleep ${mark}`))).toBe(true);
    expect([...environments].some((text) => text.includes(mark))).toBe(true);
  });

  it('has an entry for every command', () => {
    expect(Object.keys(FAILING).sort()).toEqual(readCommands().map(({ id }) => id));
  });
});

const calls = Object.entries(FAILING).flatMap(([id, lists]) => lists.map((args) => ({ id, args })));
const label = ({ id, args }: (typeof calls)[number]): string =>
  `${id.replaceAll(':', ' ')} ${args.join(' ')}`;
/** Commands that contact nobody, or no more than they would elsewhere: one state is enough. */
const LOCAL = /^(completion|init|demo|cluster:(demo|init|plan|render)|migrate:(purge|repair)|live:keep)$/;
const WAYS = {
  'nobody answers': 'inline',
  'every login is refused': 'files',
  'every answer is a page': 'environment',
} as const;
/** `npm test` calls each command in one of the states, BBB2POD_PROVE=all (`npm run prove secrets`) all lines in all. */
const STATES = Object.keys(WAYS) as (keyof typeof WAYS)[];
const callsIn = (state: keyof typeof WAYS): typeof calls =>
  calls.filter((call, i) => {
    if (LOCAL.test(call.id)) return state === 'nobody answers';
    if (process.env['BBB2POD_PROVE'] === 'all') return true;
    return call.args === FAILING[call.id]?.[0] && STATES[1 + (i % 2)] === state;
  });

describe.each(STATES)('where %s', (state) => {
  const servers: EchoServer[] = [];
  let at: Endpoints;

  beforeAll(async () => {
    const http = await startEchoingHttp(() => (state === 'every login is refused' ? 403 : 200));
    const [tcp, smtp] = [await startEchoingTcp(), await startRefusingSmtp()];
    servers.push(http, tcp, smtp);
    const refuses = state === 'every login is refused';
    const port = (open: EchoServer): number => (state === 'nobody answers' ? 9 : open.port);
    at = {
      bbb: `http://127.0.0.1:${port(http)}/`,
      pod: `http://127.0.0.1:${port(http)}`,
      podDatabase: `127.0.0.1:${refuses ? (await useServer('mysql')).port : port(tcp)}/pod`,
      moodleDatabase: `127.0.0.1:${refuses ? (await useServer('postgresql')).port : port(tcp)}/moodle`,
      redis: `127.0.0.1:${port(tcp)}`,
      rtmp: `127.0.0.1:${port(tcp)}`,
      smtp: `127.0.0.1:${port(smtp)}`,
      tcp: `127.0.0.1:${port(tcp)}`,
    };
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
  });

  it.concurrent.each(callsIn(state).map((call) => [label(call), call] as const))(
    'bbb2pod %s',
    async (_name, { id, args }) => {
      const directory = mkdtempSync(path.join(scratch, 'failing-'));
      const env = writeMarkedSite(directory, at, WAYS[state], marks);
      writeFileSync(
        path.join(directory, 'own/settings_local.py'),
        `BBB_SECRET_KEY = "${marks.of('settings_local')}"\n`,
      );
      const words = args.map((word) => word.replace('{bbb}', at.bbb));
      const { leaks, stderr } = await callIn(directory, id, words, env);
      expect(leaks).toEqual([]);
      expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
      expect(stderr).not.toContain('internal-fault');
    },
  );
});

describe('where all is well', () => {
  let directory: string;
  let pod: TestPod;
  let moodle: TestDatabase;
  let bbb: SampleServer;
  let options: { -readonly [Key in keyof SampleServerOptions]: SampleServerOptions[Key] };
  let redis: Child;
  let servers: EchoServer[];
  let env: Record<string, string>;
  const marked = (place: string): string => marks.of(`well ${place}`);

  beforeAll(async () => {
    directory = mkdtempSync(path.join(scratch, 'well-'));
    const known = {
      bbb: marked('bbb secret'),
      podDatabase: marked('pod password'),
      moodleDatabase: marked('moodle password'),
      redis: marked('redis password'),
    };
    pod = await createPod({ engine: 'mysql', version: '4.1.0' });
    await pod.admin.raw(`CREATE USER pod@'%' IDENTIFIED BY '${known.podDatabase}'`);
    await pod.admin.raw(`GRANT ALL ON *.* TO pod@'%'`);
    moodle = await createDemoMoodle();
    const demo = path.join(root, 'fixtures/demo');
    await moodle.admin.raw(`CREATE ROLE moodle LOGIN SUPERUSER PASSWORD '${known.moodleDatabase}'`);
    options = {
      secret: known.bbb,
      recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
      directory: path.join(demo, 'published'),
    };
    bbb = await startSampleServer(options);
    const upstream = bbb.url;
    const proxy = await startListeningProxy(
      () => upstream,
      (word, place) => marks.add(word, place),
    );
    // What the API answers leads through the proxy, too.
    (bbb as { url: string }).url = `http://127.0.0.1:${proxy.port}`;
    const pages = await startEchoingHttp(() => 403);
    const smtp = await startRefusingSmtp();
    servers = [proxy, pages, smtp];
    const [redisPort = 0] = await freePorts(1);
    const redisConfiguration = path.join(scratch, 'redis.conf');
    writeFileSync(
      redisConfiguration,
      `port ${redisPort}\nbind 127.0.0.1\nsave ""\nrequirepass ${known.redis}\n`,
    );
    redis = await startChild({ file: 'redis-server', args: [redisConfiguration], diesWithParent: true });
    const settings = (await useServer('mysql')).port;
    env = writeMarkedSite(
      directory,
      {
        bbb: bbb.url,
        pod: `http://127.0.0.1:${pages.port}`,
        podDatabase: `127.0.0.1:${settings}/${pod.test.name}`,
        moodleDatabase: `127.0.0.1:${(await useServer('postgresql')).port}/${moodle.name}`,
        redis: `127.0.0.1:${redisPort}`,
        rtmp: nobody,
        smtp: `127.0.0.1:${smtp.port}`,
        tcp: nobody,
      },
      'environment',
      marks,
      known,
    );
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await redis.stop();
    await bbb.close();
    await moodle.drop();
    await pod.admin.raw('DROP USER pod');
    await pod.drop();
  });

  const before = marks.count;
  it.each([
    ['doctor', ['--verbose']],
    [
      'migrate:recordings',
      ['--use-manual-claim', '--dry', '--json', '--save-plan', 'plan.jsonl', '--save-xml', 'answer.xml'],
    ],
    ['migrate:recordings', ['--export-csv', 'all.csv', '--bom']],
    [
      'migrate:recordings',
      [
        '--use-import-video',
        '--use-database-moodle',
        '--backup',
        'backup',
        '--report',
        'r.html',
        '--report',
        'r.csv',
        '--report',
        'r.json',
      ],
    ],
    ['migrate:status', ['last', '--verify']],
    ['moodle:inventory', ['--csv', 'inventory.csv']],
    ['moodle:annotate', ['--emit', 'sql', '--output', 'notices.sql']],
    ['moodle:annotate', ['--backup', 'before.sql']],
    ['moodle:annotate', ['--undo', '--yes']],
    ['migrate:cleanup', ['--server', '127.0.0.1', '--apply', '--yes', '--backup', 'cleanup']],
    ['migrate:undo', ['last', '--yes']],
    ['recorder:convert', [recordId, '--output', 'a.mp4', '--audio-only', ...session]],
    ['cluster:queue', ['--json']],
    ['recorder:status', ['--json']],
    ['recorder:worker', []],
  ] as [string, string[]][])('bbb2pod %s %j', async (id, args) => {
    options.protection =
      id === 'recorder:convert' || args.includes('--use-manual-claim') ? 'scalelite' : 'none';
    const { leaks, status, stdout, stderr } = await callIn(directory, id, args, env);
    expect(leaks).toEqual([]);
    // Pod's pages, RTMP and mail refuse on purpose; the rest must have worked, or the search was in vain.
    if (!/^(doctor|cluster:queue)$/.test(id)) expect([status, stdout, stderr].join('\n')).toMatch(/^0\n/);
  });

  it('heard checksums, tokens and cookies pass', () => expect(marks.count - before).toBeGreaterThan(20));

  it('a fault of ours is told without the secrets in its message', async () => {
    const crash = path.join(directory, 'own/crash.mjs');
    const secret = env['BBB2POD_POD_TOKEN'] ?? '';
    writeFileSync(
      crash,
      `import net from 'node:net';
       const message = 'no property of mysql://pod:${env['BBB2POD_POD_DATABASE']?.split(/[:@]/)[2] ?? ''}@db and Token ${secret}';
       net.Socket.prototype.connect = () => { throw new TypeError(message); };`,
    );
    const { leaks, status, stderr } = await callIn(directory, 'migrate:recordings', ['--use-import-video'], {
      ...env,
      NODE_OPTIONS: `--import ${crash}`,
    });
    expect(stderr).toContain('no property of');
    expect(leaks).toEqual([]);
    expect(status).toBe(1);
  });

  it('a process that runs out of memory leaves no secret behind', async () => {
    const { leaks, status } = await callIn(directory, 'migrate:recordings', ['--use-import-video', '--dry'], {
      ...env,
      NODE_OPTIONS: '--max-old-space-size=6',
    });
    expect(status).not.toBe(0);
    expect(leaks).toEqual([]);
  });
});
