import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { until } from '../support/live/bench.js';
import { makeVideo } from '../support/make-video.js';
import { createPod, type TestPod } from '../support/pod.js';
import { startCli, startQueueRedis, type QueueRedis } from '../support/queue-bench.js';
import { root, runCli, type CliResult } from './run-cli.js';

const demo = path.join(root, 'fixtures/demo');
let directory: string;
let claims: string;
let pod: TestPod;
let bbb: SampleServer;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-'));
  claims = path.join(directory, 'ftp', 'bbb');
  mkdirSync(claims, { recursive: true });
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const recordings = await readSampleRecordings(path.join(demo, 'recordings.xml'));
  const published = path.join(directory, 'published');
  cpSync(path.join(demo, 'published'), published, { recursive: true });
  const video = recordings.find(({ recording }) => recording.formats[0]?.type === 'video');
  const folder = path.join(published, 'video', video?.recording.recordId ?? '');
  mkdirSync(folder, { recursive: true });
  makeVideo(path.join(folder, 'video-0.m4v'), video?.recording.formats[0]?.lengthMinutes ?? 1);
  bbb = await startSampleServer({ secret: 'claims', recordings, directory: published });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "claims"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"\n[recorder]\nsize = "640x360"\n`,
  );
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const cli = (...args: string[]): Promise<CliResult> => runCli(['migrate', ...args], { cwd: directory });
const claiming = ['recordings', '--use-manual-claim', '--max', '3'];
const probe = (file: string): { streams: { codec_type: string }[]; format: { duration: string } } =>
  JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file]).toString(),
  ) as ReturnType<typeof probe>;

it('says first that claims have no owner, and writes nothing', async () => {
  const { status, stdout } = await cli(...claiming, '--dry');
  expect(status).toBe(0);
  expect(stdout).toContain('CLAIMS HAVE NO OWNER');
  expect(stdout).toContain('To download:');
  expect(stdout).toMatch(/title +file$/m);
  // Whoever gave a number is not told to begin with two.
  expect(stdout).toContain('Nothing was written. For real:');
  const json = await cli(...claiming, '--dry', '--json');
  const files = json.stdout
    .split('\n')
    .flatMap((line) => /"kind":"claim".*"file":"([^"]+)"/.exec(line)?.[1] ?? []);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(file).toMatch(/\.(mp4|m4v)$/);
    expect(stdout).toContain(file.slice(0, 12));
  }
  expect(readdirSync(claims)).toEqual([]);
});

it('drops a converted presentation and a downloaded video, whole and with sound', async () => {
  const { status, stdout } = await cli(...claiming, '--register-claims');
  // The second recording's files are not on the server: it fails, the others are made.
  expect(stdout).toContain('2 done');
  expect(status).toBe(3);
  const names = readdirSync(claims).sort();
  expect(names.map((name) => path.extname(name))).toEqual(['.mp4', '.m4v']);
  for (const name of names) {
    const { streams, format } = probe(path.join(claims, name));
    expect(streams.map(({ codec_type }) => codec_type).sort()).toEqual(
      expect.arrayContaining(['audio', 'video']),
    );
    expect(Number(format.duration)).toBeGreaterThan(1.5);
  }
  const pending = await pod.rows('recorder_recordingfiletreatment');
  expect(pending.map((row) => String(row['file'])).sort()).toEqual(
    names.map((name) => `${directory}/ftp/bbb/${name}`).sort(),
  );
  expect(pending.map((row) => Boolean(row['require_manual_claim']))).toEqual([true, true]);
});

it('downloads and converts nothing the second time', async () => {
  const before = readdirSync(claims).map((name) => statSync(path.join(claims, name)).mtimeMs);
  const asked = bbb.requests.length;
  const { stdout } = await cli(...claiming);
  expect(stdout).toContain('0 done');
  expect(readdirSync(claims).map((name) => statSync(path.join(claims, name)).mtimeMs)).toEqual(before);
  expect(bbb.requests.slice(asked).some(({ path: asking }) => asking.includes('/playback/video/'))).toBe(
    false,
  );
});

it('takes the files and the pending rows back, but no claimed one', async () => {
  const [first] = await pod.rows('recorder_recordingfiletreatment');
  await pod.admin('recorder_recordingfiletreatment').where('id', Number(first?.['id'])).delete();
  await pod.admin('recorder_recording').insert({
    title: 't',
    type: 'video',
    source_file: first?.['file'],
    comment: '',
    date_added: '2024-01-01 00:00:00',
    recorder_id: 1,
    user_id: 2,
  });
  const { status, stdout } = await cli('undo', 'last', '--yes');
  expect(status).toBe(3);
  expect(stdout).toContain('claimed since');
  expect(readdirSync(claims)).toEqual([path.basename(String(first?.['file']))]);
  expect(await pod.rows('recorder_recordingfiletreatment')).toEqual([]);
});

describe('with --queue', () => {
  let redis: QueueRedis;
  let site: string;
  let queued: TestPod;
  const queueing = ['migrate', 'recordings', '--use-manual-claim', '--queue', '--max', '1'];
  const made = (): string[] => readdirSync(path.join(site, 'ftp', 'bbb'));

  beforeAll(async () => {
    site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-'));
    mkdirSync(path.join(site, 'ftp', 'bbb'), { recursive: true });
    redis = await startQueueRedis(path.join(site, 'redis'), false);
    queued = await createPod({ engine: 'sqlite', version: '4.1.0' });
    writeFileSync(
      path.join(site, 'bbb2pod.toml'),
      `state_dir = "${site}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "claims"\n` +
        `[pod]\ndatabase = "${queued.test.url}"\nrecorder_path = "${site}/ftp/"\nfile_mode = "0664"\n` +
        `[recorder]\nsize = "640x360"\nqueue = "${redis.url}"\nqueue_key = "key"\nqueue_heartbeat = 1\nqueue_retry_after = 0.5\n`,
    );
  });
  afterAll(async () => {
    await redis.kill();
    await queued.drop();
    rmSync(site, { recursive: true });
  });

  it('enqueues a presentation once, finds it again when Redis forgot it, and cannot undo what waits', async () => {
    const first = await runCli(queueing, { cwd: site });
    expect(first.stdout).toContain('1 done');
    expect(first.stdout).toContain('recorder status');
    const again = await runCli(queueing, { cwd: site });
    expect(again.status).toBe(0);
    expect(await redis.cli('llen', 'bbb2pod:conversions:wait')).toBe('1');
    await redis.cli('flushdb');
    expect((await runCli(['recorder', 'status'], { cwd: site })).stdout).toContain('1 missing');
    await runCli(queueing, { cwd: site });
    expect(await redis.cli('llen', 'bbb2pod:conversions:wait')).toBe('1');
    const undone = await runCli(['migrate', 'undo', 'last', '--yes'], { cwd: site });
    expect(undone.status).toBe(3);
    expect(undone.stdout).toContain('still in the conversion queue');
  });

  it('has the file where Pod looks for it, made by a worker; a further run knows it, undo takes it back', async () => {
    const worker = startCli(['recorder', 'worker', '--json'], site);
    try {
      await until('the file is there', () => made().some((name) => name.endsWith('.mp4')), 60_000);
    } finally {
      worker.process.kill('SIGTERM');
    }
    expect(await worker.exited).toBe(0);
    const [file = '', ...others] = made();
    expect(others).toEqual([]);
    expect(statSync(path.join(site, 'ftp/bbb', file)).mode & 0o777).toBe(0o664);
    const after = await runCli(queueing, { cwd: site });
    expect(after.stdout).toContain('0 done');
    const runs = (await runCli(['migrate', 'status', '--json'], { cwd: site })).stdout;
    const [first] = (JSON.parse(runs) as { runs: { id: string }[] }).runs;
    const { stdout } = await runCli(['migrate', 'undo', first?.id ?? '', '--yes'], { cwd: site });
    expect(stdout).toContain('1 taken back');
    expect(made()).toEqual([]);
  });
});
