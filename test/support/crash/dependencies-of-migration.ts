import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSampleRecordings } from '../../../src/bbb-server/sample/sample-recordings.js';
import { startSampleServer } from '../../../src/bbb-server/sample/sample-server.js';
import { root, runCli, type CliResult } from '../../e2e/run-cli.js';
import { createDemoMoodle } from '../demo-moodle.js';
import { createPod } from '../pod.js';
import { FAULTS, proveDependent, type Dependent, type DependencyRow, type Fault } from './dependency.js';
import { leftIn, privateTemporary, straysOf, unfinishedBelow } from './traces.js';
import { restorePod, visible } from './visible-pod.js';

const demo = path.join(root, 'fixtures/demo');
const MIGRATE = ['migrate', 'recordings', '--use-import-video', '--use-database-moodle'];

type System = 'pod' | 'moodle' | 'bbb';
/** What is taken away: from `migrate recordings`, but for the last, from `moodle annotate`. */
export const TAKEN = ['pod', 'moodle', 'bbb', 'annotation'] as const;
type Taken = (typeof TAKEN)[number];

/** Databases of Pod and Moodle, and BBB, each taken from `migrate recordings` and `moodle annotate`. */
export async function proveMigrationDependencies(
  moments: number,
  faults: readonly Fault[] = FAULTS,
  taken: readonly Taken[] = TAKEN,
): Promise<DependencyRow[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  const temporary = privateTemporary();
  const pod = await createPod({ engine: 'mysql', version: '4.1.0' });
  const moodle = await createDemoMoodle();
  const bbb = await startSampleServer({
    secret: 'crash',
    recordings: await readSampleRecordings(path.join(demo, 'recordings.xml')),
  });
  const targets: Record<System, { host: string; port: number }> = {
    pod: pod.test.server!,
    moodle: moodle.server!,
    bbb: { host: '127.0.0.1', port: Number(new URL(bbb.url).port) },
  };
  const state = path.join(directory, 'state');
  const migrated = path.join(directory, 'migrated');
  const before = await pod.dump();
  const activities = await moodle.admin<{ id: number }>('mdl_bigbluebuttonbn').select('*');
  const courses = await moodle.admin<{ id: number; cacherev: number }>('mdl_course').select('id', 'cacherev');

  /** The command, one system of which is reached at another port. */
  const run = (args: readonly string[], system: System, port: number): Promise<CliResult> => {
    const at = (name: System): number => (name === system ? port : targets[name].port);
    const through = (url: string, name: System): string =>
      url.replace(`:${targets[name].port}`, `:${at(name)}`);
    const database = `database = "${through(moodle.url, 'moodle')}"\nconnect_timeout = 2`;
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      `state_dir = "${state}"\n[bbb]\nurl = "${through(bbb.url, 'bbb')}"\nsecret = "crash"\ntimeout = 5\n` +
        `[pod]\ndatabase = "${through(pod.test.url, 'pod')}"\nconnect_timeout = 2\nurl = "https://pod.univ.example"\n` +
        `[moodle.default]\n${database}\nannotate_database = "${through(moodle.url, 'moodle')}"\n`,
      { mode: 0o600 },
    );
    return runCli(args, { cwd: directory, env: { TMPDIR: temporary } });
  };
  const look = async (): Promise<unknown> => ({
    pod: await visible(pod),
    moodle: await moodle.admin('mdl_bigbluebuttonbn').select('id', 'intro').orderBy('id'),
    left: [
      ...unfinishedBelow(state),
      ...leftIn(temporary),
      ...(await straysOf(temporary)).map(({ command }) => command),
    ],
  });
  const restoreMoodle = async (): Promise<void> => {
    for (const { id, ...row } of activities)
      await moodle.admin('mdl_bigbluebuttonbn').where({ id }).update(row);
    for (const { id, ...row } of courses) await moodle.admin('mdl_course').where({ id }).update(row);
  };
  const toEmpty = async (): Promise<void> => {
    await restorePod(pod, before);
    rmSync(state, { recursive: true, force: true });
  };
  const toMigrated = async (): Promise<void> => {
    await restoreMoodle();
    rmSync(state, { recursive: true, force: true });
    cpSync(migrated, state, { recursive: true });
  };
  const migration = (system: System, dependency: string): Dependent => ({
    dependency,
    command: 'migrate recordings',
    target: targets[system],
    run: (port) => run(MIGRATE, system, port),
    look,
    reset: toEmpty,
  });
  try {
    const rows: DependencyRow[] = [];
    if (taken.includes('pod'))
      rows.push(await proveDependent(migration('pod', "Pod's database"), { moments, faults }));
    if (taken.includes('moodle'))
      rows.push(await proveDependent(migration('moodle', "Moodle's database"), { moments, faults }));
    if (taken.includes('bbb'))
      rows.push(await proveDependent(migration('bbb', "BBB's API"), { moments: 1, faults }));
    if (!taken.includes('annotation')) return rows;
    await toEmpty();
    const whole = await run(MIGRATE, 'pod', targets.pod.port);
    if (whole.status !== 0) throw new Error(whole.stderr);
    cpSync(state, migrated, { recursive: true });
    const annotation: Dependent = {
      dependency: "Moodle's database",
      command: 'moodle annotate',
      target: targets.moodle,
      run: (port) => run(['moodle', 'annotate'], 'moodle', port),
      look,
      reset: toMigrated,
    };
    return [...rows, await proveDependent(annotation, { moments, faults })];
  } finally {
    await bbb.close();
    await moodle.drop();
    await pod.drop();
    for (const place of [directory, temporary]) rmSync(place, { recursive: true, force: true });
  }
}
