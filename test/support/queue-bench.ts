import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { startChild } from '../../src/kit/adapters/process/start-child.js';
import { readSampleRecordings, type SampleRecording } from '../../src/bbb-server/sample/sample-recordings.js';
import { root, runCli, type CliResult } from '../e2e/run-cli.js';
import { until } from './live/until.js';
import { freePort } from './live/free-port.js';
import { fixtures } from './presentations.js';

export interface QueueRedis {
  /** Database 9, as documented: 2 to 7 are Pod's. */
  readonly url: string;
  readonly cli: (...args: string[]) => Promise<string>;
  readonly start: () => Promise<void>;
  /** SIGKILL: what it did not write is lost. */
  readonly kill: () => Promise<void>;
}

/** A real Redis on loopback whose port outlives it. @param persistent every write goes to disk first. */
export async function startQueueRedis(directory: string, persistent: boolean): Promise<QueueRedis> {
  const port = await freePort();
  const [yes, always] = persistent ? ['yes', 'always'] : ['no', 'no'];
  let child: Awaited<ReturnType<typeof startChild>> | undefined;
  const cli = async (...args: string[]): Promise<string> =>
    (
      await runToEnd({
        file: 'redis-cli',
        args: ['-p', String(port), '-n', '9', ...args],
        mustSucceed: false,
      })
    ).stdout
      .toString()
      .trim();
  const start = async (): Promise<void> => {
    mkdirSync(directory, { recursive: true });
    const settings = {
      port,
      bind: '127.0.0.1',
      save: '',
      appendonly: yes,
      appendfsync: always,
      dir: directory,
    };
    child = await startChild({
      file: 'redis-server',
      args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
      diesWithParent: true,
    });
    await until('Redis answers', async () => (await cli('ping')) === 'PONG');
  };
  const kill = async (): Promise<void> => {
    await child?.stop('SIGKILL');
  };
  await start();
  return { url: `redis://127.0.0.1:${port}/9`, cli, start, kill };
}

export interface StartedCli {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Starts the built command line and leaves it running: the test ends it. */
export function startCli(
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): StartedCli {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [path.join(root, 'bin/run.js'), ...args], {
    cwd,
    env: { PATH, HOME: cwd, NODE_ENV: 'production', TZ: 'UTC', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { process: child, exited, stdout: () => out, stderr: () => err };
}

/** The lines of a `--json` command so far. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export const cliJson = async (
  args: readonly string[],
  cwd: string,
): Promise<CliResult & { json: unknown }> => {
  const result = await runCli([...args, '--json'], { cwd });
  return { ...result, json: JSON.parse(result.stdout) as unknown };
};

/** Publishes the classic fixture, webcams and all, under an id of its own, that many milliseconds long. */
export function publishRecording(published: string, recordId: string, durationMs: number): string {
  const folder = path.join(published, 'presentation', recordId);
  cpSync(path.join(fixtures, 'classic'), folder, { recursive: true });
  // BBB publishes the file without events where nobody shared a screen (record-and-playback, publish/presentation.rb).
  writeFileSync(path.join(folder, 'deskshare.xml'), '<recording id="deskshare_events"/>\n');
  mkdirSync(path.join(folder, 'video'), { recursive: true });
  cpSync(path.join(fixtures, 'media/webcams.webm'), path.join(folder, 'video/webcams.webm'));
  const file = path.join(folder, 'metadata.xml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/<duration>\d+</, `<duration>${durationMs}<`));
  return folder;
}

/** These presentations as a BBB lists them, newest first in the order given. */
export async function listedRecordings(
  recordIds: readonly string[],
  directory: string,
): Promise<SampleRecording[]> {
  const now = 1_700_000_000_000;
  const items = recordIds.map((id, i) => {
    const startAt = now - i * 3_600_000;
    return `<recording><recordID>${id}</recordID><meetingID>course-${i}</meetingID><internalMeetingID>${id}</internalMeetingID>
<name>Lecture ${i}</name><isBreakout>false</isBreakout><published>true</published><state>published</state>
<startTime>${startAt}</startTime><endTime>${startAt + 60_000}</endTime><participants>2</participants>
<metadata><bbb-origin>Greenlight</bbb-origin></metadata><playback><format><type>presentation</type>
<url>https://bbb.sample.invalid/playback/presentation/2.3/${id}</url><processingTime>1</processingTime><length>1</length>
<size>1000</size></format></playback></recording>`;
  });
  const file = path.join(directory, 'listed.xml');
  writeFileSync(
    file,
    `<response><returncode>SUCCESS</returncode><recordings>${items.join('')}</recordings></response>`,
  );
  return readSampleRecordings(file);
}
