import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleRecordings } from '../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer, type SampleServer } from '../../src/bbb-server/sample/sample-server.js';
import { addDjangoCheck, createPod, type TestPod } from '../support/pod.js';
import { printedCommands as printed, typeAll as typePrinted, wordsOf } from './printed-commands.js';
import { emptyDirectory, root, runCli, type CliResult } from './run-cli.js';

/* Whatever a command prints to be typed next is typed, from another directory, as it stands. */

let pod: TestPod;
let bbb: SampleServer;
let config: string;
let elsewhere: string;

beforeAll(async () => {
  const directory = path.join(emptyDirectory(), 'of our pod');
  mkdirSync(path.join(directory, 'ftp'), { recursive: true });
  elsewhere = emptyDirectory();
  pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  // As Django makes it: backups and cleanups must bear its check.
  await addDjangoCheck(pod.admin);
  bbb = await startSampleServer({
    secret: 'x',
    recordings: await readSampleRecordings(path.join(root, 'fixtures/getrecordings')),
  });
  config = path.join(directory, 'bbb2pod.toml');
  writeFileSync(
    config,
    `state_dir = ${JSON.stringify(path.join(directory, 'state'))}\n[bbb.old]\nurl = "${bbb.url}"\nsecret = "x"\n[pod]\ndatabase = "${pod.test.url}"\nrecorder_path = ${JSON.stringify(`${directory}/ftp/`)}\n`,
    { mode: 0o600 },
  );
});
afterAll(async () => {
  await bbb.close();
  await pod.drop();
});

const cli = (words: readonly string[]): Promise<CliResult> => runCli(words, { cwd: elsewhere });
const typed = (...words: string[]): Promise<CliResult> => cli([...words, '--config', config]);

const typeAll = (result: CliResult): ReturnType<typeof typePrinted> => typePrinted(result, cli);

const french = (words: readonly string[]): Promise<CliResult> =>
  runCli(words, { cwd: elsewhere, env: { LANG: 'fr_FR.UTF-8' } });
/** Types the command that a French output prints. */
async function typeInFrench(result: CliResult, beginning: string): Promise<CliResult> {
  const command = printed(result).find((one) => one.startsWith(beginning)) ?? '';
  expect(command, `${result.stdout}\n${result.stderr}`).toContain('--config');
  const next = await french(wordsOf(command));
  expect(next.status, `${command}\n${next.stderr}`).toBe(0);
  return next;
}

const rows = async (): Promise<number> => (await pod.rows('import_video_externalrecording')).length;

describe('what is printed to be typed next', () => {
  it('goes from a plan to the run, to its undo, and back', async () => {
    const plan = await typed(
      'migrate',
      'recordings',
      '--use-import-video',
      '--server',
      'old',
      '--max',
      '2',
      '--dry',
    );
    const [run] = await typeAll(plan);
    expect(run?.command).toContain('--server old');
    expect(run?.result).toMatchObject({ status: 0 });
    const written = await rows();
    expect(written).toBeGreaterThan(0);
    const [undo] = await typeAll(run!.result);
    expect(undo?.command).toMatch(/^migrate undo /);
    expect(undo?.result).toMatchObject({ status: 0 });
    expect(undo?.result.stdout).toContain('Nothing of that run is left in Pod.');
    expect(await rows()).toBe(0);
    for (const { command, result } of await typeAll(await typed('migrate', 'status')))
      expect(result.status, `${command}\n${result.stderr}`).toBe(0);
  });

  it('goes from the hosts to a cleanup with its backup, and back', async () => {
    await typed('migrate', 'recordings', '--use-import-video', '--max', '2', '--recreate');
    const before = await pod.dump();
    const [shown] = await typeAll(await typed('migrate', 'cleanup'));
    expect(shown?.result.status).toBe(0);
    const [removed] = await typeAll(shown!.result);
    expect(removed?.command).toContain('--apply');
    expect(removed?.result, removed?.result.stderr).toMatchObject({ status: 0 });
    expect(await rows()).toBe(0);
    const back = (await typeAll(removed!.result)).find(({ command }) => command.startsWith('migrate undo'));
    expect(back?.result).toMatchObject({ status: 0 });
    expect(await pod.dump()).toEqual(before);
    await typed('migrate', 'undo', 'last', '--yes');
    await pod.admin('import_video_externalrecording').delete();
  });

  it('takes a server by its name, by its host, and none that is unknown', async () => {
    const byName = await typed('migrate', 'cleanup', '--server', 'old');
    expect(byName.status, byName.stderr).toBe(0);
    expect(byName.stdout).toMatch(/^0 external recordings to remove/);
    // Nothing to remove: no command to remove it.
    expect(printed(byName)).toEqual([]);
    const unknown = await typed('migrate', 'cleanup', '--server', 'bbb.nobody.fr', '--apply', '--yes');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('cleanup-server-unknown');
  });

  it('offers both ways on where Pod is older than the journal', async () => {
    const file = pod.test.url.replace(/^sqlite:/, '');
    const again = ['migrate', 'recordings', '--use-import-video', '--max', '3', '--recreate'];
    copyFileSync(file, `${file}.before`);
    expect((await typed(...again)).status).toBe(0);
    await pod.admin.raw('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(`${file}.before`, file);
    const told = await typed(...again.slice(0, -1));
    expect(told.status).toBe(3);
    expect(told.stderr).toContain('pod-older-than-journal');
    const [recreate, accept] = printed(told);
    expect(recreate).toContain('--recreate');
    expect(accept).toContain('--accept-removed');
    const accepted = await cli(wordsOf(accept ?? ''));
    expect(accepted.stdout).toContain('Nothing was left to do.');
    expect((await typed(...again.slice(0, -1))).status).toBe(0);
    const given = await cli(wordsOf(recreate ?? ''));
    expect(given.stdout).toMatch(/[1-9]\d* done/);
  });

  it('is a remedy that works in French', async () => {
    for (const [words, remedy] of [
      [['migrate', 'undo', 'nobody'], 'migrate status'],
      [['migrate', 'recordings'], 'migrate recordings'],
    ] as const) {
      const failure = await french([...words, '--config', config]);
      expect(failure.stderr).toMatch(/^Erreur /m);
      await typeInFrench(failure, remedy);
    }
  });

  it('is a remedy that works', async () => {
    const failures = [
      await typed('migrate', 'undo', 'nobody'),
      await typed('migrate', 'recordings'),
      await typed('migrate', 'recordings', '--use-import-video', '--use-manual-claim'),
    ];
    for (const failure of failures) {
      expect(failure.status).not.toBe(0);
      const remedies = await typeAll(failure);
      expect(remedies.length, failure.stderr).toBeGreaterThan(0);
      for (const { command, result } of remedies) {
        expect(command).toContain('--config');
        expect(result.status, `${command}\n${result.stderr}`).toBe(0);
      }
    }
  });

  it('says that --only of doctor names nothing, and what there is', async () => {
    const { status, stderr } = await typed('doctor', '--only', 'pod.databse');
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean pod.database?');
  });

  it('names --export-csv to whoever types the flag that the old page almost had', async () => {
    const { status, stderr } = await typed('migrate', 'recordings', '--use-export-csv');
    expect(status).toBe(2);
    expect(stderr).toContain('--export-csv FILE');
  });
});
