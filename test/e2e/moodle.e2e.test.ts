import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { createDemoMoodle } from '../support/demo-moodle.js';
import { createPod, type TestPod } from '../support/pod.js';
import type { TestDatabase } from '../support/servers.js';
import { root, runCli, type CliResult } from './run-cli.js';

const demo = path.join(root, 'fixtures/demo');
let directory: string;
let pod: TestPod;
let moodle: TestDatabase;
let bbb: SampleServer;

beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-e2e-'));
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  moodle = await createDemoMoodle();
  bbb = await startSampleServer({
    secret: 'moodle',
    recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
  });
  const lines = [
    `state_dir = "${directory}/state"`,
    `[bbb]\nurl = "${bbb.url}"\nsecret = "moodle"`,
    `[pod]\ndatabase = "${pod.test.url}"\nurl = "https://pod.univ.example"`,
    `[moodle.default]\ndatabase = "${moodle.url}"\nannotate_database = "${moodle.url}"`,
  ];
  writeFileSync(path.join(directory, 'bbb2pod.toml'), lines.join('\n'));
});
afterAll(async () => {
  await bbb.close();
  await moodle.drop();
  await pod.drop();
  rmSync(directory, { recursive: true });
});

const cli = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: directory });
const intros = async (): Promise<unknown> =>
  moodle.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id');

it('says where recordings come from when none was migrated', async () => {
  const { status, stderr } = await cli('moodle', 'annotate', '--dry');
  expect(status).toBe(0);
  expect(stderr).toContain('-> bbb2pod migrate recordings first, or give --csv FILE.');
});

it('writes a notice into the activities of a migration, once, and takes it back byte for byte', async () => {
  const before = await intros();
  expect((await cli('migrate', 'recordings', '--use-import-video', '--use-database-moodle')).status).toBe(0);
  const preview = await cli('moodle', 'annotate', '--dry');
  expect(preview.status).toBe(0);
  expect(await intros()).toEqual(before);
  const written = await cli('moodle', 'annotate');
  expect(written.stdout + written.stderr).toMatch(/2 (done|notices|activities)/);
  expect(written.status).toBe(0);
  const noticed = (await intros()) as { intro: string }[];
  expect(
    noticed.every(({ intro }) => intro.includes('alert alert-info') && intro.includes('pod.univ.example')),
  ).toBe(true);
  expect(noticed[0]?.intro.startsWith('<p>Le cours du lundi.</p>')).toBe(true);
  expect((await cli('moodle', 'annotate')).status).toBe(0);
  expect(await intros()).toEqual(noticed);
  // As it was printed.
  const undo = /bbb2pod (moodle annotate --undo.*)$/m.exec(written.stdout + written.stderr)?.[1] ?? '';
  expect((await cli(...undo.split(' '))).status).toBe(0);
  expect(await intros()).toEqual(before);
  // `last` is the newest that wrote something, not the idle one after it.
  await cli('moodle', 'annotate');
  await cli('moodle', 'annotate');
  expect(await intros()).not.toEqual(before);
  expect((await cli('moodle', 'annotate', '--undo', '--run', 'last', '--yes')).stdout).toContain(
    'restored 2',
  );
  expect(await intros()).toEqual(before);
});

it('writes to no Moodle while one has no account to write with, and names its section as it is typed', async () => {
  const config = path.join(directory, 'two.toml');
  const section = `[moodle."moodle.univ.example"]\ndatabase = "${moodle.url}"\n`;
  writeFileSync(config, `${readFileSync(path.join(directory, 'bbb2pod.toml'), 'utf8')}\n${section}`);
  const before = await intros();
  const { status, stderr } = await cli('moodle', 'annotate', '--config', config);
  expect(stderr).toContain('annotate-database-missing: [moodle."moodle.univ.example"] annotate_database');
  expect([status, await intros()]).toEqual([2, before]);
});

it('says so when the Moodle of a run is none of those configured', async () => {
  const written = await cli('moodle', 'annotate');
  const undo = /bbb2pod (moodle annotate --undo --run .*)$/m.exec(written.stderr)?.[1] ?? '';
  const identifier = moodle.admin('mdl_config').where({ name: 'siteidentifier' });
  const value = 'demo';
  await identifier.clone().update({ value: 'another' });
  const elsewhere = await cli(...undo.split(' '));
  await identifier.clone().update({ value });
  expect([elsewhere.status, elsewhere.stderr]).toEqual([
    2,
    expect.stringContaining('annotate-run-elsewhere'),
  ]);
  expect((await cli(...undo.split(' '))).status).toBe(0);
});

it('lists every recording with activity, course, status in words, owners and where it is in Pod', async () => {
  const { status, stdout } = await cli('moodle', 'inventory', '--json');
  expect(status).toBe(0);
  expect(stdout).toContain('8a724a8c995d92903f3788506636c5e5471a0396-1700000000000');
  expect(stdout).toContain('Algorithmique');
  expect(stdout).toContain('bdupont');
  const table = await cli('moodle', 'inventory');
  expect(table.status).toBe(0);
  expect(table.stdout).toMatch(/processed|reset/i);
});

it('says of a partial list that it is one: status 3, and nothing unlisted is called absent', async () => {
  const env = { BBB2POD_BBB_PAGE_SIZE: '1', BBB2POD_BBB_RETRIES: '0' };
  const inventory = (...more: string[]): Promise<CliResult> =>
    runCli(['moodle', 'inventory', ...more], { cwd: directory, env });
  bbb.trouble = {
    kind: 'busy',
    times: 1e6,
    when: (query) => Number(query.get('offset') ?? 0) > 0 || !query.has('offset'),
  };
  const [text, json] = await Promise.all([inventory(), inventory('--json')]);
  bbb.trouble = null;
  expect([text.status, text.stdout.split('\n')[0]]).toEqual([
    3,
    expect.stringContaining('PARTIAL LIST: Server default'),
  ]);
  const lines = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect([json.status, lines.at(-1)]).toEqual([3, expect.objectContaining({ partial: expect.anything() })]);
  expect(lines.map(({ bbb: state }) => state)).not.toContain('absent');
});
