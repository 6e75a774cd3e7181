import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runCli, type CliResult } from '../../e2e/run-cli.js';
import { manyRecordings } from '../many-recordings.js';
import { createPod } from '../pod.js';
import { startCli } from '../queue-bench.js';
import { lectureOf, writeLecture } from '../recorder/lecture.js';
import { filmFacts } from './convert-scenario.js';
import { complaintOf, type DependencyRow } from './dependency.js';
import { SmallDisk } from './small-disk.js';
import { leftIn, privateTemporary, straysOf, unfinishedBelow } from './traces.js';
import { restorePod, visible } from './visible-pod.js';

const RECORDINGS = 600;
/** From "not even a journal" to "nearly enough". */
const STATE_KILOBYTES = [16, 48, 120, 400, 1200, 1600, 2400, 3200, 4000];
const WORK_KILOBYTES = [64, 400, 1200];

/** Full disks under the journal and the reports of a migration, under the work and under the output of a conversion. */
export async function proveFullDisks(): Promise<DependencyRow[]> {
  if (process.getuid?.() !== 0) {
    const skipped = {
      faults: 0,
      through: 0,
      told: 0,
      differences: [],
      note: 'not tried: only root mounts disks',
    };
    return [{ dependency: 'disk space', command: 'all', ...skipped }];
  }
  return [...(await proveFullState()), ...(await proveFullWork())];
}

/** Counts how a run on a full disk ended, and compares what came after space was freed. */
class Row {
  readonly #name: { dependency: string; command: string };
  readonly #tally = { faults: 0, through: 0, told: 0 };
  readonly differences: string[] = [];

  constructor(dependency: string, command: string) {
    this.#name = { dependency, command };
  }

  judge(what: string, result: CliResult): void {
    this.#tally.faults++;
    this.#tally[result.status === 0 ? 'through' : 'told']++;
    const unclear = complaintOf(result);
    if (unclear !== null) this.differences.push(`${what}: ${unclear}`);
  }

  same(what: string, seen: unknown, wanted: unknown): void {
    if (!isDeepStrictEqual(seen, wanted))
      this.differences.push(`${what}: ${JSON.stringify(seen).slice(0, 400)}`);
  }

  get row(): DependencyRow {
    return { ...this.#name, ...this.#tally, differences: this.differences };
  }
}

/** @param sizes of the disk under `state_dir`, and of that of `--report`, in kilobytes: one run each */
export async function proveFullState(
  sizes: readonly number[] = STATE_KILOBYTES,
  reports: readonly number[] = [4, 32, 100],
): Promise<DependencyRow[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  const temporary = privateTemporary();
  const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const before = await pod.dump();
  const xml = path.join(directory, 'recordings.xml');
  await writeFile(xml, manyRecordings(RECORDINGS));
  const migrate = (state: string, ...more: string[]): Promise<CliResult> => {
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      `state_dir = "${state}"\n[pod]\ndatabase = "${pod.test.url}"\n`,
    );
    const args = ['migrate', 'recordings', '--use-import-video', '--from-xml', xml, ...more];
    return runCli(args, { cwd: directory, env: { TMPDIR: temporary } });
  };
  const look = async (state: string): Promise<unknown> => [
    await visible(pod),
    unfinishedBelow(state),
    leftIn(temporary),
  ];
  const state = path.join(directory, 'state');
  const [journal, report] = [
    new Row('disk of state_dir', 'migrate recordings'),
    new Row('disk of --report', 'migrate recordings'),
  ];
  try {
    const whole = await migrate(state);
    if (whole.status !== 0) throw new Error(whole.stderr);
    const uninterrupted = await look(state);
    for (const kilobytes of sizes) {
      await restorePod(pod, before);
      const disk = new SmallDisk(kilobytes);
      try {
        const small = path.join(disk.directory, 'state');
        journal.judge(`${kilobytes} kB`, await migrate(small));
        disk.grow();
        const second = await migrate(small);
        if (second.status !== 0)
          journal.differences.push(`${kilobytes} kB, again: ${second.stderr.slice(-300)}`);
        journal.same(`${kilobytes} kB`, await look(small), uninterrupted);
      } finally {
        disk.remove();
      }
    }
    for (const kilobytes of reports) {
      await restorePod(pod, before);
      rmSync(state, { recursive: true, force: true });
      const disk = new SmallDisk(kilobytes);
      try {
        const file = path.join(disk.directory, 'report.html');
        report.judge(`${kilobytes} kB`, await migrate(state, '--report', file));
        report.same(`${kilobytes} kB: half a report`, readdirSync(disk.directory), []);
        disk.grow();
        const second = await migrate(state, '--report', file);
        if (second.status !== 0)
          report.differences.push(`${kilobytes} kB, again: ${second.stderr.slice(-300)}`);
        report.same(`${kilobytes} kB`, await look(state), uninterrupted);
        report.same(`${kilobytes} kB, again`, readdirSync(disk.directory), ['report.html']);
      } finally {
        disk.remove();
      }
    }
  } finally {
    await pod.drop();
    for (const place of [directory, temporary]) rmSync(place, { recursive: true, force: true });
  }
  return [journal.row, report.row];
}

export async function proveFullWork(): Promise<DependencyRow[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  chmodSync(directory, 0o755);
  const temporary = privateTemporary();
  const facts = { share: null, slides: 3, drawings: 12, cursorEvents: 20 };
  const folder = writeLecture(path.join(directory, 'lecture'), lectureOf(8, facts));
  const convert = async (
    film: string,
    work: string | null,
    onStart: () => Promise<void> = async () => undefined,
  ): Promise<CliResult> => {
    const env = { TMPDIR: temporary, ...(work === null ? {} : { BBB2POD_RECORDER_WORK_DIR: work }) };
    const args = ['recorder', 'convert', folder, '--output', film, '--size', '640x360', '--preset', 'fast'];
    const { exited, stdout, stderr } = startCli(args, directory, env);
    await onStart();
    return { status: await exited, stdout: stdout(), stderr: stderr() };
  };
  const nothingLeft = async (...places: string[]): Promise<unknown> => [
    ...places.flatMap((place) => readdirSync(place).filter((name) => name !== 'filler')),
    ...leftIn(temporary),
    ...(await straysOf(temporary)).map(({ command }) => command),
  ];
  const out = path.join(directory, 'out');
  const film = path.join(out, 'lecture.mp4');
  const empty = (): void => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
  };
  const [work, output] = [
    new Row('disk of work_dir', 'recorder convert'),
    new Row('disk of --output', 'recorder convert'),
  ];
  try {
    empty();
    await convert(film, null);
    const wanted = filmFacts(film);
    for (const kilobytes of [...WORK_KILOBYTES, 'filled on the way' as const]) {
      empty();
      const disk = new SmallDisk(kilobytes === 'filled on the way' ? 262_144 : kilobytes);
      const fill = async (): Promise<void> => {
        // Once pictures are drawn: the look at the free space has passed.
        const drawn = (): boolean =>
          readdirSync(disk.directory, { recursive: true, encoding: 'utf8' }).some((name) =>
            name.endsWith('.png'),
          );
        for (let i = 0; i < 2000 && !drawn(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
        disk.fill();
      };
      try {
        work.judge(
          String(kilobytes),
          await convert(film, disk.directory, kilobytes === 'filled on the way' ? fill : undefined),
        );
        if (!existsSync(film)) work.same(`${kilobytes}: left`, await nothingLeft(disk.directory, out), []);
        disk.grow();
        await convert(film, disk.directory);
        work.same(`${kilobytes}, again`, existsSync(film) ? filmFacts(film) : null, wanted);
        work.same(`${kilobytes}, again: left`, await nothingLeft(disk.directory), []);
      } finally {
        disk.remove();
      }
    }
    // The work lies elsewhere: only the last step, a copy, meets the full disk.
    for (const kilobytes of [4, 24, 64]) {
      const disk = new SmallDisk(kilobytes);
      const place = path.join(disk.directory, 'lecture.mp4');
      empty();
      try {
        output.judge(`${kilobytes} kB`, await convert(place, out));
        if (!existsSync(place))
          output.same(`${kilobytes} kB: left`, await nothingLeft(disk.directory, out), []);
        disk.grow();
        await convert(place, out);
        output.same(`${kilobytes} kB, again`, existsSync(place) ? filmFacts(place) : null, wanted);
        output.same(`${kilobytes} kB, again: left`, await nothingLeft(out), []);
      } finally {
        disk.remove();
      }
    }
  } finally {
    for (const place of [directory, temporary]) rmSync(place, { recursive: true, force: true });
  }
  return [work.row, output.row];
}
