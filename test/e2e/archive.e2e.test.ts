import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { createPod, type TestPod } from '../support/pod.js';
import { root, runCli, type CliResult } from './run-cli.js';

/* The timer's own command: what an archive takes, what it says of it, and what it warns of. */
const TAKEN = '8a724a8c995d92903f3788506636c5e5471a0396-1700000000000';
const demo = path.join(root, 'fixtures/demo');
let directory = '';
let bbb: SampleServer;
let pod: TestPod;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-archive-'));
  mkdirSync(path.join(directory, 'archive'));
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  bbb = await startSampleServer({
    secret: 's',
    recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
    directory: path.join(demo, 'published'),
  });
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const configure = (extra = '', podSection = ''): void =>
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[bbb]\nurl = "${bbb.url}"\nsecret = "s"\n${extra}\n${podSection}`,
    { mode: 0o600 },
  );
const archive = (...more: string[]): Promise<CliResult> =>
  runCli(
    [
      'recorder',
      'convert',
      '--archive',
      ...(more.includes('--output') ? [] : ['--output', 'archive']),
      '--recording',
      TAKEN,
      '--size',
      '640x360',
      '--preset',
      'fast',
      ...more,
    ],
    {
      cwd: directory,
    },
  );
const files = (): string[] => readdirSync(path.join(directory, 'archive')).sort();
const facts = (): Record<string, unknown> =>
  JSON.parse(
    readFileSync(
      path.join(directory, 'archive', files().find((name) => name.endsWith('.json')) ?? ''),
      'utf8',
    ),
  ) as Record<string, unknown>;

describe('recorder convert --archive', () => {
  it('shows what it would take, then takes it with course, owner and date beside it', async () => {
    writeFileSync(path.join(directory, 'owners.csv'), `recording;owner\n${TAKEN};admin\n`);
    configure('', `[pod]\ndatabase = "${pod.test.url}"\n[migrate]\nowners_file = "${directory}/owners.csv"`);
    const plan = await archive('--dry');
    expect(plan.stdout).toContain(`${TAKEN} -> archive/`);
    expect(files()).toEqual([]);
    const { status, stderr } = await archive();
    expect(status, stderr).toBe(0);
    const names = files();
    expect(names.filter((name) => /-[0-9a-f]{8}\.(mp4|json)$/.test(name))).toHaveLength(2);
    expect(facts()).toMatchObject({
      recordId: TAKEN,
      startAt: '2023-11-14T22:13:20.000Z',
      owners: ['admin'],
      file: names.find((name) => name.endsWith('.mp4')),
    });
    expect(facts()['course']).not.toBe('');
  }, 60_000);

  it('takes nothing again, not even when the file was moved away and its title changed', async () => {
    for (const name of files()) if (!name.endsWith('.json')) rmSync(path.join(directory, 'archive', name));
    const { status, stdout } = await archive();
    expect(status).toBe(0);
    expect(stdout).toContain('is there already');
    expect(files().every((name) => name.endsWith('.json'))).toBe(true);
  });

  it('lists what its server will remove and the archive lacks, once told how long it keeps', async () => {
    const untold = await archive();
    expect(untold.stderr).toContain('kept_days');
    configure('kept_days = 365');
    const { stdout } = await archive('--json');
    const expiring = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; recordId: string; expiresAt: string })
      .filter(({ type }) => type === 'expiring');
    expect(expiring.map(({ recordId }) => recordId)).not.toContain(TAKEN);
    expect(expiring.map(({ expiresAt }) => expiresAt)).toEqual(
      expiring.map(({ expiresAt }) => expiresAt).toSorted(),
    );
    // Four published ones beside the one taken; the unpublished one is not ours to keep.
    expect(expiring).toHaveLength(4);
  });

  it('says what an archive needs', async () => {
    configure();
    const file = await runCli(['recorder', 'convert', '--archive', '--output', 'nowhere'], {
      cwd: directory,
    });
    expect(file.status).toBe(2);
    expect(file.stderr).toContain('--output DIRECTORY');
    const named = await archive(TAKEN);
    expect(named.status).toBe(2);
    expect(named.stderr).toContain('give no SOURCE');
  });

  it('makes a film that lacks something again once its server has more of it, and not each night', async () => {
    const published = path.join(directory, 'published');
    cpSync(path.join(demo, 'published'), published, { recursive: true });
    const cursor = path.join(published, 'presentation', TAKEN, 'cursor.xml');
    const text = readFileSync(cursor, 'utf8');
    rmSync(cursor);
    const server = await startSampleServer({
      secret: 's',
      recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
      directory: published,
    });
    const kept = path.join(directory, 'lacking');
    mkdirSync(kept);
    writeFileSync(
      path.join(directory, 'lacking.toml'),
      `state_dir = "${directory}/lacking-state"\n[bbb]\nurl = "${server.url}"\nsecret = "s"\nkept_days = 365\n`,
      { mode: 0o600 },
    );
    const night = (): Promise<CliResult> => archive('--output', kept, '--config', 'lacking.toml');
    const film = (): string => path.join(kept, readdirSync(kept).find((name) => name.endsWith('.mp4')) ?? '');
    try {
      const first = await night();
      expect(first.status, first.stderr).toBe(3);
      expect(first.stderr).toContain('missing: cursor: 404');
      const { mtimeMs, ino } = statSync(film());
      const second = await night();
      expect(second.status, second.stderr).toBe(3);
      expect(second.stdout).toContain('is there already');
      expect(second.stderr).toContain('missing: cursor: 404');
      expect(statSync(film())).toMatchObject({ mtimeMs, ino });
      writeFileSync(cursor, text);
      const third = await night();
      expect(third.status, third.stderr).toBe(0);
      expect(statSync(film()).ino).not.toBe(ino);
      expect(readdirSync(kept).some((name) => name.endsWith('.missing.json'))).toBe(false);
    } finally {
      await server.close();
    }
  });
});
