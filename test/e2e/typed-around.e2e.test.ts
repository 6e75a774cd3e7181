import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { LiveDirectory } from '../../src/live/adapters/live-store.js';
import type { KeeperJob, KeeperStatus } from '../../src/live/keeper/keeper-port.js';
import type { PassRecord } from '../../src/live/pass-port.js';
import { createDemoMoodle } from '../support/demo-moodle.js';
import { createPod, type TestPod } from '../support/pod.js';
import { startQueueRedis, type QueueRedis } from '../support/queue-bench.js';
import type { TestDatabase } from '../support/servers.js';
import { printedCommands, typeAll, wordsOf } from './printed-commands.js';
import { emptyDirectory, root, runCli, type CliResult } from './run-cli.js';

/* What Moodle's notices, the queue, the lives and the clusters print to be typed next is typed, from another directory,
   as it stands: with --config, --inventory, --resume and their quotes. */

let directory: string;
let elsewhere: string;
beforeAll(() => {
  directory = path.join(emptyDirectory(), 'our site');
  mkdirSync(directory);
  elsewhere = emptyDirectory();
});

const cli = (words: readonly string[]): Promise<CliResult> => runCli(words, { cwd: elsewhere });
/** A command that stays until it is told to stop, once it said something. */
const staying = (words: readonly string[]): Promise<CliResult> =>
  runCli(words, {
    cwd: elsewhere,
    onStart: (child) => {
      const stop = (): boolean => child.kill('SIGTERM');
      child.stdout?.once('data', stop);
      child.stderr?.once('data', stop);
    },
  });
const typed =
  (config: () => string) =>
  (...words: string[]): Promise<CliResult> =>
    cli([...words, '--config', config()]);

const job: KeeperJob = {
  id: '',
  origin: 'bbb',
  podId: 12,
  meetingId: 'meeting-of-twelve',
  meetingName: 'Cours',
  internalMeetingId: 'internal-1600000000000',
  createTime: 1_600_000_000_000,
  slot: 1,
  restricted: false,
  chat: false,
  showChat: false,
  record: false,
  streamName: 'bbb-12',
  rtmpUrl: null,
  broadcasterId: null,
  stream: true,
  createdAt: 1_600_000_000_000,
};
const record: PassRecord = {
  announced: true,
  broadcaster: null,
  stopAsked: null,
  absences: 0,
  missing: 0,
  deaths: 0,
  nextStartAt: 0,
  finished: { pod: false, recording: false },
  endedAt: null,
};
const status: KeeperStatus = {
  id: '',
  phase: 'on-air',
  endReason: null,
  updatedAt: 1_600_000_000_000,
  onAirAt: 1_600_000_000_000,
  progress: null,
  audio: 'joined',
  rtmp: 'ok',
  targets: [],
  recording: 'off',
  viewersInMeeting: 0,
  repairs: 0,
  paused: false,
  incidents: [],
  children: {},
};

describe('of notices in Moodle', () => {
  let pod: TestPod;
  let moodle: TestDatabase;
  let bbb: SampleServer;
  let config: string;
  const here = typed(() => config);

  beforeAll(async () => {
    const demo = path.join(root, 'fixtures/demo');
    pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
    moodle = await createDemoMoodle();
    bbb = await startSampleServer({
      secret: 'moodle',
      recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
    });
    config = path.join(directory, 'moodle.toml');
    const lines = [
      `state_dir = "${directory}/state"`,
      `[bbb]\nurl = "${bbb.url}"\nsecret = "moodle"`,
      `[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"`,
      `[moodle.default]\ndatabase = "${moodle.url}"\nannotate_database = "${moodle.url}"`,
    ];
    writeFileSync(config, lines.join('\n'), { mode: 0o600 });
  });
  afterAll(async () => {
    await bbb.close();
    await moodle.drop();
    await pod.drop();
  });
  const intros = async (): Promise<unknown> =>
    moodle.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id');

  it('they lead from the import to the notices, to their removal and to the runs', async () => {
    const before = await intros();
    const imported = await here('migrate', 'recordings', '--use-import-video', '--use-database-moodle');
    const tell = printedCommands(imported).find((command) => command.startsWith('moodle annotate'));
    expect(tell).toMatch(/--of-run \S+ --dry/);
    const shown = await cli(wordsOf(tell ?? ''));
    expect(shown.status, shown.stderr).toBe(0);
    const [write] = await typeAll(shown, cli);
    expect(write?.command).toMatch(/^moodle annotate .*--of-run/);
    expect(write?.result.status, write?.result.stderr).toBe(0);
    expect(await intros()).not.toEqual(before);
    const undo = (await typeAll(write!.result, cli)).find(({ command }) => command.includes('--undo'));
    expect(undo?.result.status, undo?.result.stderr).toBe(0);
    expect(await intros()).toEqual(before);
    for (const { command, result } of await typeAll(
      await here('moodle', 'annotate', '--undo', '--run', 'nobody', '--yes'),
      cli,
    ))
      expect(result.status, `${command}\n${result.stderr}`).toBe(0);
  });
});

describe('of the conversion queue', () => {
  let redis: QueueRedis;
  let config: string;
  const here = typed(() => config);

  beforeAll(async () => {
    redis = await startQueueRedis(path.join(directory, 'redis'), false);
    config = path.join(directory, 'recorder.toml');
    writeFileSync(
      config,
      `state_dir = ${JSON.stringify(path.join(directory, 'recorder state'))}\n[recorder]\nqueue = "${redis.url}"\nqueue_key = "key"\n` +
        `output = ${JSON.stringify(path.join(directory, 'out'))}\nqueue_attempts = 1\nqueue_heartbeat = 1\nstop_after = 0.2\n`,
      { mode: 0o600 },
    );
    mkdirSync(path.join(directory, 'out'));
    // A published folder with nothing in it that could be shown: its conversion fails at once.
    mkdirSync(path.join(directory, 'no presentation'));
    writeFileSync(path.join(directory, 'no presentation/metadata.xml'), '<recording><id>x</id></recording>');
  });
  afterAll(() => redis.kill());

  it('they lead to the worker, to what Redis forgot and to what was set aside', async () => {
    const enqueued = await here('recorder', 'convert', '--queue', path.join(directory, 'no presentation'));
    expect(enqueued.stdout, enqueued.stderr).toContain('1 enqueued');
    const [follow] = printedCommands(enqueued);
    expect(follow).toMatch(/^recorder status .*--watch/);
    expect([0, 130, 143]).toContain((await staying(wordsOf(follow ?? ''))).status);

    await redis.cli('flushall');
    const [again] = await typeAll(await here('recorder', 'status'), cli);
    expect(again?.command).toMatch(/^recorder convert .*--queue --resume /);
    expect(again?.result.stdout, again?.result.stderr).toContain('1 enqueued');

    const [worker] = printedCommands(await here('recorder', 'status'));
    expect(worker).toMatch(/^recorder worker /);
    const failing = runCli(wordsOf(worker ?? ''), {
      cwd: elsewhere,
      onStart: (child) => {
        let said = '';
        // Its end, not its steps. Once: a second signal ends a worker at once.
        const stopOnce = (chunk: Buffer): void => {
          said += chunk.toString();
          if (!/no presentation: failed: .*\n/.test(said)) return;
          child.stderr?.off('data', stopOnce);
          child.kill('SIGTERM');
        };
        child.stderr?.on('data', stopOnce);
      },
    });
    expect((await failing).status).toBe(0);
    const status = await here('recorder', 'status');
    expect(status.stdout).toContain('1 failed');
    const [retry] = await typeAll(status, cli);
    expect(retry?.command).toMatch(/^recorder convert .*--retry-failed/);
    expect(retry?.result.stdout, retry?.result.stderr).toContain('1 enqueued');
  });

  it('they stand below a failure, too', async () => {
    const unknown = await here('recorder', 'convert', '--queue', '--resume', 'nobody');
    expect(unknown.status).not.toBe(0);
    for (const { command, result } of await typeAll(unknown, cli))
      expect(result.status, `${command}\n${result.stderr}`).toBe(0);
  });
});

describe('of lives', () => {
  it('they name the configuration again', async () => {
    const config = path.join(directory, 'live.toml');
    writeFileSync(
      config,
      `state_dir = ${JSON.stringify(path.join(directory, 'live state'))}\n[bbb]\nurl = "http://127.0.0.1:9/bigbluebutton"\nsecret = "x"\n[pod]\nurl = "http://127.0.0.1:9"\ntoken = "t"\n[live]\nrtmp_url = "rtmp://127.0.0.1/live/"\n`,
      { mode: 0o600 },
    );
    const here = typed(() => config);
    const absent = await typeAll(await here('live', 'pause', 'nobody'), cli);
    expect(absent.map(({ result }) => result.status)).toEqual([0]);
    const unreachable = await typeAll(await here('live', 'run'), cli);
    expect(unreachable.length).toBeGreaterThan(0);
    for (const { command, result } of unreachable) {
      expect(command).toContain('--config');
      // doctor finds the same server dead; what was typed is understood.
      expect(result.status, `${command}\n${result.stderr}`).not.toBe(2);
    }
  });
});

describe('of a live that is on air', () => {
  it('they lead from its pause picture back to the meeting, in French too', async () => {
    const state = path.join(directory, 'air state');
    const config = path.join(directory, 'air.toml');
    writeFileSync(
      config,
      `state_dir = ${JSON.stringify(state)}\n[live]\nrtmp_url = "rtmp://127.0.0.1/live/"\n`,
      {
        mode: 0o600,
      },
    );
    // Its keeper is played here: it obeys the order that it finds.
    const store = new LiveDirectory(state);
    const id = 'bbb-12';
    store.create({ ...job, id }, record);
    const keep = setInterval(() => store.writeStatus(id, { ...status, id, paused: store.isPaused(id) }), 20);
    const french = (words: readonly string[]): Promise<CliResult> =>
      runCli(words, { cwd: elsewhere, env: { LANG: 'fr_FR.UTF-8' } });
    try {
      for (const [type, shows] of [
        [cli, 'bbb-12 shows its meeting.'],
        [french, 'bbb-12 montre sa session.'],
      ] as const) {
        const paused = await type(['live', 'pause', job.meetingId, '--config', config]);
        expect(paused.status, paused.stderr).toBe(0);
        expect(store.isPaused(id)).toBe(true);
        const [resumed, ...others] = await typeAll(paused, type);
        expect(others).toEqual([]);
        expect(resumed?.command).toMatch(/^live resume bbb-12 --config/);
        expect(resumed?.result.stdout, resumed?.result.stderr).toContain(shows);
        expect(store.isPaused(id)).toBe(false);
      }
    } finally {
      clearInterval(keep);
    }
  });
});

describe('of clusters', () => {
  it('they name the inventory again', async () => {
    const inventory = path.join(directory, 'of our cluster.toml');
    writeFileSync(
      inventory,
      [
        '[streaming]\npublic_name = "streaming.localhost"\nstreams = ["direct"]',
        '[streaming.balancers.lb1]\naddress = "127.0.0.1"\nsocket = "/nonexistent/haproxy.sock"',
        '[streaming.ingests.in1]\naddress = "127.0.0.1"\nrtmp_port = 9',
        ...[1, 2].map((n) => `[streaming.broadcasts.br${n}]\naddress = "127.0.0.1"`),
        '[encoding.brokers.pod]\nurl = "redis://127.0.0.1:9/5"\nqueues = ["celery"]',
      ].join('\n'),
      { mode: 0o600 },
    );
    const found: string[] = [];
    for (const words of [
      ['cluster', 'queue'],
      ['cluster', 'plan', '--viewers', '100', '--offline'],
    ]) {
      const { stdout, stderr, ...told } = await cli([...words, '--inventory', inventory]);
      // Measuring this machine takes a minute.
      const brief = { ...told, stderr, stdout: stdout.replace(/\(measure: [^)]*--bench\)/, '') };
      for (const { command, result } of await typeAll(brief, cli)) {
        found.push(command.replace(/ --inventory '[^']*'/, ''));
        expect(result.status, `${command}\n${result.stderr}`).not.toBe(2);
        expect(result.stderr, command).not.toContain('inventory-missing');
      }
    }
    expect(found).toEqual(
      expect.arrayContaining(['cluster check --only P01', 'cluster render --output cluster']),
    );
  });

  it('the example of a wrong inventory is that of inventories', async () => {
    const inventory = path.join(directory, 'wrong.toml');
    writeFileSync(inventory, '[streaming]\nname = "x"\n');
    const [example] = await typeAll(await cli(['cluster', 'queue', '--inventory', inventory]), cli);
    expect(example?.command).toMatch(/^cluster init/);
    expect(example?.result.stdout).toContain('[streaming');
  });
});
