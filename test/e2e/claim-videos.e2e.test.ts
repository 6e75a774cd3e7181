import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import {
  startSampleServer,
  type SampleServer,
  type SampleServerOptions,
} from '../../src/bbb-server/sample/sample-server.js';
import { makeVideo } from '../support/make-video.js';
import { createPod, type TestPod } from '../support/pod.js';
import { root, runCli, type CliResult } from './run-cli.js';

/* Claims of recordings that have a ready video, as an operator makes them: the built command, a server that cuts,
   protects and counts what it is asked, a real Pod database. */
/** Of each recording: as long as announced. */
const videos = new Map<string, Buffer>();
let directory: string;
let pod: TestPod;
let bbb: SampleServer;
let ids: string[];

beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-claims-'));
});
beforeEach(async () => {
  pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
  const samples = await readSampleRecordings(path.join(root, 'fixtures/getrecordings'));
  ids = [];
  for (const { recording } of samples) {
    const announced = recording.formats.find(({ type }) => type === 'video');
    if (announced === undefined) continue;
    ids.push(recording.recordId);
    const file = videoOf(recording.recordId);
    mkdirSync(path.dirname(file), { recursive: true });
    const known = videos.get(recording.recordId);
    if (known === undefined) makeVideo(file, announced.lengthMinutes ?? 1);
    else writeFileSync(file, known);
    videos.set(recording.recordId, readFileSync(file));
  }
  rmSync(path.join(directory, 'ftp'), { recursive: true, force: true });
  rmSync(path.join(directory, 'state'), { recursive: true, force: true });
  mkdirSync(claims(), { recursive: true });
});
afterEach(async () => {
  await bbb.close();
  await pod.drop();
});
afterAll(() => rmSync(directory, { recursive: true }));

const videoOf = (id: string): string => path.join(directory, 'published/video', id, 'video-0.m4v');
/** Every video came whole. */
const expectWhole = (): void =>
  expect(
    claimFiles()
      .map((file) => readFileSync(path.join(claims(), file)).length)
      .sort(),
  ).toEqual([...videos.values()].map(({ length }) => length).sort());
const claims = (): string => path.join(directory, 'ftp/bbb');
const claimFiles = (): string[] => readdirSync(claims()).sort();

async function start(options: Partial<SampleServerOptions> = {}): Promise<void> {
  bbb = await startSampleServer({
    secret: 'claim-secret',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/getrecordings')),
    directory: path.join(directory, 'published'),
    ...options,
  });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    [
      `state_dir = "${directory}/state"`,
      `[bbb]\nurl = "${bbb.url}"\nsecret = "claim-secret"`,
      `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"`,
    ].join('\n'),
  );
}

/** HTTPS before the sample server, under a name of its own and an authority that nobody else knows. */
async function startPrivateFront(
  into: string,
  behind: SampleServer,
): Promise<{ url: string; caFile: string; close: () => void }> {
  const [key, caFile] = [path.join(into, 'front.key'), path.join(into, 'front.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      ...subject,
      '-keyout',
      key,
      '-out',
      caFile,
    ],
    { stdio: 'ignore' },
  );
  const { port } = new URL(behind.url);
  const front = createServer({ key: readFileSync(key), cert: readFileSync(caFile) }, (request, response) => {
    const { method, url: target, headers } = request;
    const upstream = httpRequest({ port, method, path: target, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(upstream);
  });
  await new Promise<void>((resolve) => front.listen(0, 'localhost', resolve));
  const url = `https://localhost:${(front.address() as AddressInfo).port}`;
  // Its links lead through the front, too.
  Object.assign(behind, { url });
  return {
    url,
    caFile,
    close: () => {
      front.closeAllConnections();
      front.close();
    },
  };
}

const videosOnly = (): string[] => ids.flatMap((id) => ['--recording', id]);
const claim = (...more: string[]): Promise<CliResult> =>
  runCli(['migrate', 'recordings', '--use-manual-claim', ...videosOnly(), ...more], { cwd: directory });

/** Calls to the API, pages and files asked since the last look. */
function asked(): { calls: (string | null)[]; files: string[]; methods: Set<string> } {
  const requests = bbb.requests.splice(0);
  return {
    calls: requests.filter(({ call }) => call !== null).map(({ call }) => call),
    files: requests.filter(({ call }) => call === null).map(({ path: file }) => file),
    methods: new Set(requests.map(({ method }) => method)),
  };
}

describe('claims of ready videos', () => {
  it('are downloaded whole, named readably, and never twice; only reading calls leave', async () => {
    await start();
    const first = await claim();
    expect([first.status, first.stderr.includes('    at ')]).toEqual([0, false]);
    const { calls, methods } = asked();
    expect(new Set(calls)).toEqual(new Set(['getRecordings']));
    expect(methods).toEqual(new Set(['GET']));
    const files = claimFiles();
    expect(files.length).toBe(ids.length);
    for (const file of files) {
      expect(file).toMatch(/^[a-z0-9-]+-\d{4}-\d{2}-\d{2}-\d{2}h\d{2}-[0-9a-f]{8}\.m4v$/);
    }
    expectWhole();
    const second = await claim();
    expect(second.status).toBe(0);
    expect(asked().files).toEqual([]);
    expect(claimFiles()).toEqual(files);
  });

  it.each(['scalelite', 'national'] as const)(
    'of a server that protects them (%s) are asked with a fresh link each, used once',
    async (protection) => {
      await start({ protection });
      expect((await claim()).status).toBe(0);
      expect(claimFiles().length).toBe(ids.length);
      const pages = asked().files.filter((file) => file.startsWith('/recording/'));
      expect(pages.length).toBe(ids.length);
      expect(new Set(pages).size).toBe(ids.length);
      const kept = readdirSync(path.join(directory, 'state'), { recursive: true, withFileTypes: true });
      for (const entry of kept.filter((one) => one.isFile()))
        expect(readFileSync(path.join(entry.parentPath, entry.name), 'latin1')).not.toMatch(
          /token=(?!spent)/,
        );
    },
  );

  it('of a second server come with the authority of that server, not of the first', async () => {
    await start();
    const front = await startPrivateFront(directory, bbb);
    try {
      writeFileSync(
        path.join(directory, 'bbb2pod.toml'),
        [
          `state_dir = "${directory}/state"`,
          `[bbb.old]\nurl = "${front.url}"\nsecret = "claim-secret"\nca_file = "${front.caFile}"\nretries = 0`,
          `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"`,
        ].join('\n'),
      );
      const { status, stderr } = await claim();
      expect([status, stderr.includes('http-certificate')]).toEqual([0, false]);
      expect(claimFiles().length).toBe(ids.length);
    } finally {
      front.close();
    }
  });

  it('cost no other when one of them fails, and the next run takes what is missing', async () => {
    await start();
    const missing = ids[0] ?? '';
    rmSync(videoOf(missing));
    const first = await claim();
    expect(first.status).toBe(3);
    expect(claimFiles().length).toBe(ids.length - 1);
    writeFileSync(videoOf(missing), videos.get(missing) ?? '');
    asked();
    expect((await claim()).status).toBe(0);
    expect(asked().files.every((file) => file.includes(missing))).toBe(true);
    expect(claimFiles().length).toBe(ids.length);
  });

  it.each([
    [
      'a text',
      'no video',
      Buffer.from('This text is fifty-five bytes long, and is no video...\n'),
      'media-broken',
    ],
    [
      'a playlist',
      'no video',
      Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n'),
      'media-broken',
    ],
    ['a few minutes of it', 'too short', null, 'claim-video-wrong'],
  ])('are looked at: %s (%s) never reaches the claim page', async (_, __, content, code) => {
    await start();
    const [bad = ''] = ids;
    if (content === null) makeVideo(videoOf(bad), 3);
    else writeFileSync(videoOf(bad), content);
    const { status, stdout } = await claim('--json');
    expect([status, stdout]).toEqual([3, expect.stringContaining(`"${code}"`) as string]);
    expect(claimFiles().length).toBe(ids.length - 1);
    writeFileSync(videoOf(bad), videos.get(bad) ?? '');
    expect((await claim()).status).toBe(0);
    expectWhole();
  });

  it('that a kill interrupts are resumed by the next run, without a partial file in sight of Pod', async () => {
    await start();
    const child = spawn(
      process.execPath,
      [
        path.join(root, 'bin/run.js'),
        'migrate',
        'recordings',
        '--use-manual-claim',
        '--bandwidth',
        '50k',
        ...videosOnly(),
      ],
      {
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, NODE_ENV: 'production' },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    const work = path.join(directory, 'state/work');
    const part = (): string | undefined =>
      existsSync(work)
        ? readdirSync(work, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('.part'))
        : undefined;
    for (
      let i = 0;
      i < 600 && (part() === undefined || statSync(path.join(work, part() ?? '')).size < 60_000);
      i++
    )
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await ended;
    expect(part()).toBeDefined();
    expect(claimFiles().filter((file) => file.endsWith('.m4v')).length).toBeLessThan(ids.length);
    expect((await claim()).status).toBe(0);
    expect(bbb.requests.some(({ range }) => range?.startsWith('bytes=') === true)).toBe(true);
    expect(claimFiles().length).toBe(ids.length);
    expectWhole();
    expect(part()).toBeUndefined();
  });
});
