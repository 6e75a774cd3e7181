import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { root } from '../e2e/run-cli.js';
import { listedRecordings, publishRecording } from '../support/queue-bench.js';

const id = `${'c1a55c'.padEnd(40, '0')}-1600000000060`;
let directory = '';
let plugin = '';
let media = '';
let bbb: SampleServer;
let url = '';

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-drop-in-'));
  publishRecording(path.join(directory, 'published'), id, 2000);
  bbb = await startSampleServer({
    secret: 'x',
    recordings: await listedRecordings([id], directory),
    directory: path.join(directory, 'published'),
  });
  url = `${bbb.url}/playback/presentation/2.3/${id}?meetingId=${id}`;
  // As docs/operations.md says: a folder of Pod's own, with a link to ours and its .env.
  plugin = path.join(directory, 'bbb-recorder/');
  media = path.join(plugin, 'media/');
  mkdirSync(path.join(media, 'logs'), { recursive: true });
  symlinkSync(path.join(root, 'bin/bbb-recorder/export.js'), path.join(plugin, 'export.js'));
  // An older bbb-recorder had a config.json instead; and a configuration that Pod's account cannot use is no reason to fail.
  writeFileSync(
    path.join(plugin, 'config.json'),
    JSON.stringify({
      rtmpUrl: 'rtmp://unused/',
      ffmpegServer: 'ws://localhost',
      ffmpegServerPort: 4000,
      auth: 'mZ',
      copyToPath: media,
    }),
  );
  writeFileSync(path.join(plugin, 'bbb2pod.toml'), '[bbb]\nsecret_file = "/nowhere/bbb.secret"\n');
  writeFileSync(
    path.join(plugin, '.env'),
    `# of bbb-recorder\nBBB2POD_OPTIONS="--size 640x360"\nBBB2POD_ALLOW_HOSTS=${new URL(url).host}\n`,
  );
});
afterAll(async () => {
  await bbb.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Pod's own line (pod/import_video): a shell, nothing quoted, the exit status of node. */
function runAsPod(address: string, name: string, more = ''): Promise<{ status: number | null; log: string }> {
  const log = path.join(media, 'logs', `${name}.log`);
  const { PATH = '' } = process.env;
  const child = spawn(`cd ${plugin}; node export.js ${address} ${name}${more} > ${log} 2>&1 < /dev/null`, {
    shell: true,
    // A Celery worker: no terminal, hardly an environment, a home it may not write.
    env: { PATH: `${path.dirname(process.execPath)}:${PATH}`, HOME: '/dev/null' },
    stdio: 'ignore',
  });
  return new Promise((resolve) =>
    child.once('close', (status) =>
      resolve({ status, log: existsSync(log) ? readFileSync(log, 'utf8') : '' }),
    ),
  );
}

/** Everything below Pod's directory but the logs, hidden files too. */
const kept = (): string[] =>
  readdirSync(media, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^logs|\.log$/.test(name))
    .sort();

const streams = (file: string): string[] =>
  execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', file])
    .toString()
    .trim()
    .split('\n')
    .filter((name) => !['bin_data', 'mov_text', 'webvtt'].includes(name))
    .sort();

it('writes the WebM that Pod then moves, by the very line that Pod runs', async () => {
  const { status, log } = await runAsPod(url, `${id}.webm`);
  expect(log).toContain('The configuration was not used');
  expect(log).toContain('times real time');
  expect(status).toBe(0);
  expect(readdirSync(media).sort()).toEqual([`${id}.webm`, 'logs']);
  expect(streams(path.join(media, `${id}.webm`))).toEqual(['opus', 'vp9']);
});

it('writes MP4 when the name or the fourth argument says so, and only the seconds asked for', async () => {
  const { status, log } = await runAsPod(url, 'course.webm', ' 1 true');
  expect({ status, log }).toMatchObject({ status: 0 });
  const file = path.join(media, 'course.mp4');
  expect(streams(file)).toEqual(['aac', 'h264']);
  const seconds = execFileSync('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    file,
  ]);
  expect(Math.abs(Number(seconds) - 1)).toBeLessThanOrEqual(0.2);
});

it('fails with a status and one message, and leaves nothing for Pod to move', async () => {
  const before = kept();
  const gone = await runAsPod(
    `${bbb.url}/playback/presentation/2.3/${'0'.repeat(40)}-1600000000061`,
    'gone.webm',
  );
  expect(gone.status).toBe(1);
  expect(gone.log).toMatch(/playback-gone|http-status/);
  expect((await runAsPod('not-a-url', 'bad.webm')).status).toBe(2);
  const outside = await runAsPod(url, '../outside.webm');
  expect(outside.status).not.toBe(0);
  writeFileSync(path.join(plugin, '.env'), `copyToPath="${directory}/missing/"\n`);
  const missing = await runAsPod(url, 'x.webm');
  expect(missing.status).toBe(2);
  expect(missing.log).toContain('mkdir -p');
  writeFileSync(path.join(plugin, '.env'), `copyToPath="${media}"\nBBB2POD_NODE=/bin/true\n`);
  expect((await runAsPod(url, 'y.webm')).log).toContain('BBB2POD_NODE /bin/true is no Node');
  expect(kept()).toEqual(before);
  expect(existsSync(path.join(plugin, 'outside.webm'))).toBe(false);
});

it("asks nothing of the inside that an address given in Pod leads to: the worker's own ports, a cloud's metadata", async () => {
  writeFileSync(path.join(plugin, '.env'), `copyToPath="${media}"\n`);
  const before = kept();
  for (const address of [
    url,
    url.replace('127.0.0.1', '0x7f.1'),
    `http://169.254.169.254/playback/presentation/2.3/${id}`,
  ]) {
    const { status, log } = await runAsPod(address, 'inside.webm');
    expect(status).toBe(1);
    expect(log).toContain('http-address-refused');
  }
  expect(kept()).toEqual(before);
});
