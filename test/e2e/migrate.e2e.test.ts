import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { createPod, type TestPod } from '../support/pod.js';
import { root, runCli, type CliResult } from './run-cli.js';

const SECRET = 'marked-bbb-secret-4711';
let directory: string;
let pod: TestPod;
let bbb: SampleServer;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-'));
  pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
  bbb = await startSampleServer({
    secret: SECRET,
    recordings: await readSampleRecordings(path.join(root, 'fixtures/getrecordings')),
  });
  mkdirSync(path.join(directory, 'ftp'));
  writeFileSync(path.join(directory, 'bbb2pod.toml'), configuration());
  writeFileSync(
    path.join(directory, 'owners.csv'),
    'key,pod\n88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000,amartin\n',
  );
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const configuration = (more = ''): string =>
  [
    `state_dir = "${directory}/state"`,
    `[bbb]\nurl = "${bbb.url}"\nsecret = "${SECRET}"`,
    `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"`,
    `[migrate]\nowners_file = "${directory}/owners.csv"`,
    more,
  ].join('\n');

const cli = async (...args: string[]): Promise<CliResult> => {
  const result = await runCli(args, { cwd: directory });
  expect(result.stdout + result.stderr).not.toContain(SECRET);
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  return result;
};
const items = (result: CliResult): Record<string, unknown>[] =>
  result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['type'] === 'item');
const podDigest = (): string =>
  createHash('sha256')
    .update(readFileSync(pod.test.url.replace(/^sqlite:/, '')))
    .digest('hex');
const rowCount = async (): Promise<number> => (await pod.rows('import_video_externalrecording')).length;
const importing = ['migrate', 'recordings', '--use-import-video'];

describe('misuse', () => {
  it.each([
    [['migrate', 'recordings'], 'exactly one mode'],
    [['migrate', 'recordings', '--use-import-video', '--use-manual-claim'], 'exactly one mode'],
    [['migrate', 'recordings', '--use-manual-claim', '--use-database-moodle'], 'every staff member'],
    [[...importing, '--use-database-moodle'], '[moodle.default] database'],
    [[...importing, '--min', '3', '--max', '2'], '--max 2 is before --min 3'],
    [[...importing, '--since', 'yesterday'], '--since yesterday'],
    [[...importing, '--max', '0'], 'max'],
  ])('%j is a usage error with one message', async (args, message) => {
    const { status, stderr } = await cli(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('an unreachable server changes nothing and says what to do', async () => {
    const before = podDigest();
    const { status, stderr } = await runCli([...importing], {
      cwd: directory,
      env: { BBB2POD_BBB_URL: 'http://127.0.0.1:9', BBB2POD_BBB_RETRY_AFTER: '0.05' },
    });
    expect(status).toBe(1);
    expect(stderr).toContain('->');
    expect(podDigest()).toBe(before);
  });
});

describe('a server of another Pod site', () => {
  const planFor = (site: number): Promise<CliResult> =>
    runCli([...importing, '--dry', '--json', '--max', '4'], {
      cwd: directory,
      env: { BBB2POD_BBB_SITE_ID: String(site) },
    });

  it('is refused with its key when Pod has no such site', async () => {
    const { status, stderr } = await planFor(9);
    expect(status).toBe(1);
    expect(stderr).toContain('Site 9 of [bbb] site_id does not exist in Pod');
  });

  it('is the site that its owners are judged by', async () => {
    const own = (result: CliResult): unknown[] =>
      items(result).filter((item) => item['reason'] === 'owner-file');
    expect(JSON.stringify(own(await planFor(1)))).not.toContain('owner-of-another-site');
    expect(JSON.stringify(own(await planFor(2)))).toContain('owner-of-another-site');
  });
});

describe('import', () => {
  it('plans without writing: no database, no directory, no file', async () => {
    const before = podDigest();
    const names = readdirSync(directory).sort();
    const { status, stdout, stderr } = await cli(...importing, '--dry');
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing was written.');
    // One of this directory is found before that of the machine: it is named.
    expect(stderr.split('\n')[0]).toBe(`Configuration: ${directory}/bbb2pod.toml`);
    expect(podDigest()).toBe(before);
    expect(
      readdirSync(directory)
        .filter((name) => name !== 'state')
        .sort(),
    ).toEqual(names.filter((name) => name !== 'state'));
    const runs = path.join(directory, 'state', 'runs');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
    expect(
      Math.max(
        ...stdout
          .split('\n')
          .slice(0, -2)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it('takes positions from the newest, the same for every server', async () => {
    const all = [
      ...new Set(items(await cli(...importing, '--dry', '--json')).map((item) => String(item['recordId']))),
    ];
    const two = [
      ...new Set(
        items(await cli(...importing, '--dry', '--json', '--min', '2', '--max', '3')).map((item) =>
          String(item['recordId']),
        ),
      ),
    ];
    expect(all.length).toBeGreaterThan(10);
    expect(two).toEqual(all.slice(1, 3));
    const starts = all.map((id) => Number(id.split('-')[1]));
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  });

  it('writes, does nothing the second time, and is taken back whole', async () => {
    const before = await pod.dump();
    const planned = items(await cli(...importing, '--dry', '--json')).filter(
      (item) => item['kind'] === 'import',
    );
    const first = await cli(...importing);
    expect(first.status).toBe(0);
    expect(await rowCount()).toBe(planned.length);
    const [teachers] = (await pod.rows('import_video_externalrecording')).filter((row) =>
      String(row['source_url']).includes('88d478c6'),
    );
    expect(teachers).toMatchObject({
      owner_id: 2,
      name: 'Soutenance de thèse',
      type: 'bigbluebutton',
      state: null,
    });
    const written = podDigest();
    const second = await cli(...importing);
    expect(second.stdout).toContain(' 0 done');
    expect(second.stdout).toContain('Nothing was left to do.');
    expect(podDigest()).toBe(written);
    const run = /Run (\S+):/.exec(first.stdout)?.[1] ?? '';
    for (const form of ['html', 'csv', 'json'])
      expect(existsSync(path.join(directory, 'state/runs', run, `report.${form}`))).toBe(true);
    const undone = await cli('migrate', 'undo', run, '--yes');
    expect(undone.status).toBe(0);
    expect(await pod.dump()).toEqual(before);
  });

  it('refuses to take away without a terminal and without --yes', async () => {
    const { status, stderr } = await cli('migrate', 'cleanup', '--server', '127.0.0.1', '--apply');
    expect(status).toBe(2);
    expect(stderr).toContain('--yes');
  });

  it('leaves what its owner changed since, and says so', async () => {
    await cli(...importing, '--limit', '2');
    const [first] = await pod.rows('import_video_externalrecording');
    await pod
      .admin('import_video_externalrecording')
      .where('id', Number(first?.['id']))
      .update({ name: 'renamed by its owner' });
    const undone = await cli('migrate', 'undo', 'last', '--yes');
    expect(undone.status).toBe(3);
    expect(undone.stdout).toContain('changed since it was written');
    expect(undone.stdout).not.toContain('Nothing of that run is left');
    expect(undone.stdout).toMatch(/What is left: bbb2pod migrate status \S+ --state failed/);
    expect(await rowCount()).toBe(1);
    await pod.admin('import_video_externalrecording').delete();
  });

  it('does not give again what its owner deleted, unless asked', async () => {
    const one = ['--recording', '88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000'];
    await cli(...importing, ...one);
    await pod.admin('import_video_externalrecording').delete();
    expect((await cli(...importing, ...one)).stdout).toContain(' 0 done');
    expect((await cli(...importing, ...one, '--recreate')).stdout).toContain(' 1 done');
    await pod.admin('import_video_externalrecording').delete();
  });

  it('applies an approved plan, and what changed since is skipped', async () => {
    const plan = path.join(directory, 'plan.jsonl');
    await cli(...importing, '--limit', '3', '--recreate', '--dry', '--save-plan', plan);
    // What is shown is that plan, not a new one, which would have more.
    const shown = await cli(...importing, '--plan', plan, '--dry');
    expect([shown.status, shown.stdout]).toEqual([0, expect.stringMatching(/^3 to write/m)]);
    expect(shown.stdout).not.toContain('--max 2');
    const narrowed = await cli(...importing, '--plan', plan, '--max', '2');
    expect([narrowed.status, narrowed.stderr]).toEqual([2, expect.stringContaining('--max')]);
    const other = await cli('migrate', 'recordings', '--use-manual-claim', '--plan', plan, '--dry');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('--use-import-video')]);
    expect(await rowCount()).toBe(0);
    const applied = await cli(...importing, '--plan', plan);
    expect(applied.stdout).toMatch(/\b[1-3] done/);
    await pod.admin('import_video_externalrecording').delete();
  });

  it('shows and removes the recordings of a server that is switched off, and puts them back', async () => {
    await cli(...importing, '--recreate');
    const before = await pod.dump();
    const shown = await cli('migrate', 'cleanup', '--server', '127.0.0.1');
    expect(shown.status).toBe(0);
    expect(await pod.dump()).toEqual(before);
    const removed = await cli('migrate', 'cleanup', '--server', '127.0.0.1', '--apply', '--yes');
    expect(removed.status).toBe(0);
    expect(await rowCount()).toBe(0);
    expect((await cli('migrate', 'undo', 'last', '--yes')).status).toBe(0);
    expect(await pod.dump()).toEqual(before);
    await pod.admin('import_video_externalrecording').delete();
  });

  it('asked BBB nothing but reading calls', () => {
    const calls = new Set(
      bbb.requests.map(({ call }) => call).filter((call) => call !== null && call !== ''),
    );
    expect([...calls]).toEqual(['getRecordings']);
  });
});

describe('CSV export', () => {
  it('writes every recording with both URLs, whole or not at all', async () => {
    const file = path.join(directory, 'all.csv');
    const { status, stdout } = await cli('migrate', 'recordings', '--export-csv', file, '--bom');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\d+ recordings written/);
    const text = readFileSync(file, 'utf8');
    expect(text.startsWith('\uFEFFmeeting_name;recording_name;start_date;origin;')).toBe(true);
    expect(text).toContain('amartin');
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('knows the historic flag', async () => {
    expect((await cli('migrate', 'recordings', '--use_export_csv')).status).toBe(0);
    expect(existsSync(path.join(directory, 'out.csv'))).toBe(true);
  });
});

describe('status', () => {
  it('lists runs, then the items of one', async () => {
    expect((await cli('migrate', 'status')).stdout).toContain('recordings');
    expect((await cli('migrate', 'status', 'last')).status).toBe(0);
    expect((await cli('migrate', 'status', 'nope')).status).toBe(1);
  });

  it('reads again what runs wrote: verified, adopted, gone', async () => {
    const one = ['--recording', '88d478c6ce349c88e0db9e04af0c9d180a22abf6-1750420800000'];
    await cli(...importing, ...one, '--recreate', '--pseudonymise');
    expect((await cli('migrate', 'status', 'last', '--verify')).stdout).toContain('1 as written');
    await pod.admin('import_video_externalrecording').update({ uploaded_to_pod_by_id: 2 });
    expect((await cli('migrate', 'status', 'last', '--adoption')).stdout).toMatch(/amartin +1 +0 +0/);
    await pod.admin('import_video_externalrecording').delete();
    expect((await cli('migrate', 'status', 'last', '--verify')).status).toBe(3);
  });

  it('forgets old runs only when told', async () => {
    expect((await cli('migrate', 'purge', '--older-than', '365d', '--yes')).stdout).toContain('0 runs');
    expect((await cli('migrate', 'purge', '--older-than', '0s', '--dry')).stdout).toMatch(
      /^[1-9]\d* runs? .*would be/m,
    );
  });
});
