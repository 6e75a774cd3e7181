import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { createPod, type TestPod } from '../support/pod.js';
import { emptyDirectory, root, runCli, type CliResult } from './run-cli.js';

/* What an administrator reads when a BBB server does not give its whole list, by the installed command line. */

let directory: string;
let pod: TestPod;
let bbb: SampleServer;
let second: SampleServer;

beforeAll(async () => {
  directory = emptyDirectory();
  pod = await createPod({ engine: 'sqlite', version: '3.8.4' });
  const start = async (): Promise<SampleServer> =>
    startSampleServer({
      secret: 'sample',
      recordings: await readSampleRecordings(path.join(root, 'fixtures/getrecordings')),
    });
  [bbb, second] = [await start(), await start()];
  mkdirSync(path.join(directory, 'ftp'));
  mkdirSync(path.join(directory, 'mp4'));
  const shared = [
    `state_dir = "${directory}/state"`,
    `[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = "${directory}/ftp/"`,
  ];
  const section = (name: string, { url }: SampleServer): string =>
    `[bbb${name}]\nurl = "${url}"\nsecret = "sample"\nretries = 0\npage_size = 5`;
  writeFileSync(path.join(directory, 'bbb2pod.toml'), [...shared, section('', bbb)].join('\n'));
  writeFileSync(
    path.join(directory, 'two.toml'),
    [...shared, section('.new', bbb), section('.old', second)].join('\n'),
  );
});
afterAll(async () => {
  await bbb.close();
  await second.close();
  await pod.drop();
});

const MODES = [['--use-import-video'], ['--use-manual-claim', '--dry'], ['--export-csv', 'all.csv']];
const inAllModes = (env: Record<string, string> = {}, ...more: string[]): Promise<CliResult[]> =>
  Promise.all(
    MODES.map((mode) => runCli(['migrate', 'recordings', ...mode, ...more], { cwd: directory, env })),
  );
const said = ({ stdout, stderr }: CliResult): string => stdout + stderr;
const isLaterPage = (query: URLSearchParams): boolean => Number(query.get('offset') ?? 0) > 0;

describe.each([
  ['not-found', {}],
  ['busy', {}],
  ['broken-off', {}],
  ['silent', { BBB2POD_BBB_TIMEOUT: '1' }],
] as const)('a server that is %s', (kind, env) => {
  it('is a failure in every mode, named, with a remedy, and never an empty list', async () => {
    bbb.trouble = { kind, times: 1e6 };
    const results = await inAllModes(env);
    bbb.trouble = null;
    for (const result of results) {
      expect([result.status, said(result)]).toEqual([1, expect.stringContaining('127.0.0.1')]);
      expect(result.stderr).toMatch(/^ {2}-> ./m);
      expect(said(result)).not.toMatch(/in Pod already|has no recording|Nothing/);
    }
    expect(await pod.rows('import_video_externalrecording')).toEqual([]);
  });
});

it('a later page that fails: every mode keeps the rest, says so first, and ends with 3', async () => {
  bbb.trouble = { kind: 'busy', times: 1e6, when: isLaterPage };
  const [imported, claims, csv] = await inAllModes();
  const json = await runCli(['migrate', 'recordings', '--use-import-video', '--json'], { cwd: directory });
  bbb.trouble = null;
  for (const result of [imported!, claims!, csv!]) {
    expect([result.status, said(result)]).toEqual([
      3,
      expect.stringContaining('PARTIAL LIST: Server default'),
    ]);
    expect(said(result)).toMatch(/recordings kept: 5, announced: 19/);
    expect(said(result)).not.toContain('in Pod already');
  }
  expect(claims!.stdout.split('\n')[1]).toContain('PARTIAL LIST');
  expect(imported!.stdout.split('\n')[0]).toContain('PARTIAL LIST');
  const [header] = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { facts: { partial: string } });
  expect([json.status, header!.facts.partial]).toEqual([3, expect.stringContaining('default')]);
  expect((await runCli(['migrate', 'status'], { cwd: directory })).stdout).toMatch(/partial/i);
  // The rest comes once the server is well, and what is there is not given twice.
  const rows = (await pod.rows('import_video_externalrecording')).length;
  const again = await runCli(['migrate', 'recordings', '--use-import-video'], { cwd: directory });
  expect([again.status, said(again)]).toEqual([0, expect.not.stringContaining('PARTIAL')]);
  expect((await pod.rows('import_video_externalrecording')).length).toBeGreaterThan(rows);
});

it('one dead server of two: every mode says which, and ends with 3', async () => {
  second.trouble = { kind: 'busy', times: 1e6 };
  const results = await inAllModes({}, '--config', path.join(directory, 'two.toml'));
  second.trouble = null;
  for (const result of results)
    expect([result.status, said(result)]).toEqual([
      3,
      expect.stringMatching(/PARTIAL LIST: Server old gave nothing/),
    ]);
  expect(readFileSync(path.join(directory, 'all.csv'), 'utf8').split('\n').length).toBeGreaterThan(19);
});

it('an empty server, filter or range says what is empty', async () => {
  const dry = (...more: string[]): Promise<CliResult> =>
    runCli(['migrate', 'recordings', '--use-import-video', '--dry', ...more], { cwd: directory });
  const [range, filter] = await Promise.all([dry('--min', '100'), dry('--until', '2001-01-01')]);
  expect(said(range)).toContain('The range is empty: the filters leave 19');
  expect(said(filter)).toContain('None of 19 recordings passes the filters');
  expect(said(filter)).not.toMatch(/\n\n\n/);
  const kept = bbb.recordings.splice(0);
  const none = await dry();
  bbb.recordings.push(...kept);
  expect([none.status, said(none)]).toEqual([0, expect.stringContaining('The server has no recording')]);
});

it('a name that no recording has is an error in every command that lists, and writes nothing', async () => {
  const run = (...args: string[]): Promise<CliResult> => runCli(args, { cwd: directory });
  const typed = ['--course', 'ANA9', '--since', '2001-01-01'];
  for (const result of await Promise.all([
    run('migrate', 'recordings', '--use-import-video', '--dry', ...typed),
    run('migrate', 'recordings', '--use-import-video', ...typed),
    run('migrate', 'recordings', '--export-csv', 'none.csv', ...typed),
    run('recorder', 'convert', '--output', 'mp4', '--dry', ...typed),
  ]))
    expect([result.status, result.stderr]).toEqual([
      2,
      expect.stringContaining('--course ANA9: none of the 19'),
    ]);
  expect(existsSync(path.join(directory, 'none.csv'))).toBe(false);
  const two = await run(
    ...['migrate', 'recordings', '--use-import-video', '--dry', '--meeting', 'nobody', '--recording', 'none'],
  );
  expect([two.status, two.stderr]).toEqual([
    2,
    expect.stringContaining('--meeting nobody, --recording none'),
  ]);
});

it('conversions of a whole server: a list that is not whole is said, status 3', async () => {
  const convert = (...more: string[]): Promise<CliResult> =>
    runCli(['recorder', 'convert', '--output', 'mp4', '--dry', ...more], { cwd: directory });
  bbb.trouble = { kind: 'busy', times: 1e6, when: isLaterPage };
  const [text, json, archive] = await Promise.all([convert(), convert('--json'), convert('--archive')]);
  bbb.trouble = { kind: 'busy', times: 1e6 };
  const dead = await convert('--archive');
  bbb.trouble = null;
  for (const result of [text, archive])
    expect([result.status, result.stderr]).toEqual([
      3,
      expect.stringContaining('PARTIAL LIST: Server default'),
    ]);
  const summary = JSON.parse(json.stdout.trim().split('\n').at(-1)!) as { partial: { kept: number }[] };
  expect([json.status, summary.partial[0]?.kept]).toEqual([3, 5]);
  expect([dead.status, said(dead)]).toEqual([1, expect.not.stringContaining('Nothing')]);
});
