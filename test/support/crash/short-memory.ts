import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { root, runCli, type CliResult } from '../../e2e/run-cli.js';
import { manyRecordings } from '../many-recordings.js';
import { createPod } from '../pod.js';
import { lectureOf, writeLecture } from '../recorder/lecture.js';
import { filmFacts } from './convert-scenario.js';
import { complaintOf, type DependencyRow } from './dependency.js';
import { leftIn, privateTemporary, straysOf, unfinishedBelow } from './traces.js';
import { restorePod, visible } from './visible-pod.js';

const RECORDINGS = 2000;
const MIGRATE = ['migrate', 'recordings', '--use-import-video'];
const HEAP_MEGABYTES = [12, 20, 28, 40, 64];
const GROUP_MEGABYTES = [40, 100, 180, 300];

/** Too little memory: Node's own limit for a large plan, the kernel's for a conversion with its browser and encoder. */
export async function proveShortMemory(): Promise<DependencyRow[]> {
  return [await ofGroup(), await ofHeap()];
}

/** V8 ends itself (SIGABRT) as rudely as a kill -9: no file is half-written, the next run finishes. */
async function ofHeap(): Promise<DependencyRow> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  const temporary = privateTemporary();
  const pod = await createPod({ engine: 'sqlite', version: '4.1.0' });
  const before = await pod.dump();
  const xml = path.join(directory, 'recordings.xml');
  await writeFile(xml, manyRecordings(RECORDINGS));
  const state = path.join(directory, 'state');
  const saved = path.join(directory, 'saved');
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${state}"\n[pod]\ndatabase = "${pod.test.url}"\n`,
  );
  const migrate = (megabytes: number | null): Promise<CliResult> =>
    runCli([...MIGRATE, '--from-xml', xml, '--save-plan', path.join(saved, 'plan')], {
      cwd: directory,
      env: {
        TMPDIR: temporary,
        ...(megabytes === null ? {} : { NODE_OPTIONS: `--max-old-space-size=${megabytes}` }),
      },
    });
  const reset = async (): Promise<void> => {
    await restorePod(pod, before);
    for (const place of [state, saved]) rmSync(place, { recursive: true, force: true });
    mkdirSync(saved);
  };
  const look = async (): Promise<unknown> => [
    await visible(pod),
    unfinishedBelow(state),
    leftIn(temporary),
    readdirSync(saved),
  ];
  const tally = { faults: 0, through: 0, told: 0 };
  const differences: string[] = [];
  const ended: string[] = [];
  try {
    await reset();
    const whole = await migrate(null);
    if (whole.status !== 0) throw new Error(whole.stderr);
    const uninterrupted = await look();
    for (const megabytes of HEAP_MEGABYTES) {
      await reset();
      const limited = await migrate(megabytes);
      tally.faults++;
      if (limited.status === 0) tally.through++;
      else if (limited.status === null || /heap out of memory/.test(limited.stderr))
        ended.push(`${megabytes} MB`);
      else tally.told++;
      const unclear = limited.status === null ? null : complaintOf(limited);
      if (unclear !== null && !/heap out of memory/.test(limited.stderr))
        differences.push(`${megabytes} MB: ${unclear}`);
      const plan = path.join(saved, 'plan');
      // The header, then as many actions as it counts: a plan with its own name is whole.
      if (existsSync(plan) && readFileSync(plan, 'utf8').split('\n').length !== RECORDINGS + 2)
        differences.push(`${megabytes} MB: half a plan`);
      const second = await migrate(null);
      if (second.status !== 0) differences.push(`${megabytes} MB, again: ${second.stderr.slice(-300)}`);
      const seen = await look();
      if (!isDeepStrictEqual(seen, uninterrupted))
        differences.push(`${megabytes} MB: ${JSON.stringify(seen).slice(-400)}`);
    }
  } finally {
    await pod.drop();
    for (const place of [directory, temporary]) rmSync(place, { recursive: true, force: true });
  }
  const note = ended.length === 0 ? '' : `ended by Node itself at ${ended.join(', ')} of heap`;
  return { dependency: 'heap of Node', command: 'migrate recordings', ...tally, differences, note };
}

/** A control group with a limit of memory, v2 where it can be written, else v1. */
interface MemoryGroup {
  readonly version: string;
  readonly directory: string;
  readonly limitFile: string;
}

function memoryGroup(): MemoryGroup | null {
  const writable = (directory: string): boolean => {
    try {
      accessSync(directory, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  };
  const [two, one] = ['/sys/fs/cgroup', '/sys/fs/cgroup/memory'];
  const name = `bbb2pod-prove-${process.pid}`;
  const controllers = `${two}/cgroup.subtree_control`;
  if (existsSync(controllers) && writable(two) && readFileSync(controllers, 'utf8').includes('memory'))
    return { version: 'v2', directory: path.join(two, name), limitFile: 'memory.max' };
  if (existsSync(path.join(one, 'memory.limit_in_bytes')) && writable(one))
    return { version: 'v1', directory: path.join(one, name), limitFile: 'memory.limit_in_bytes' };
  return null;
}

/** The kernel kills whom it likes of a conversion's processes. */
async function ofGroup(): Promise<DependencyRow> {
  const row = { dependency: 'memory of a cgroup', command: 'recorder convert' };
  const tally = { faults: 0, through: 0, told: 0 };
  const group = memoryGroup();
  if (group === null)
    return {
      ...row,
      ...tally,
      differences: [],
      note: 'not tried: no control group of memory can be written here',
    };
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-crash-'));
  chmodSync(directory, 0o755);
  const temporary = privateTemporary();
  const facts = { share: null, slides: 3, drawings: 12, cursorEvents: 20 };
  const folder = writeLecture(path.join(directory, 'lecture'), lectureOf(8, facts));
  const out = path.join(directory, 'out');
  const film = path.join(out, 'lecture.mp4');
  const convert = (within: string | null): Promise<CliResult & { signal: NodeJS.Signals | null }> => {
    const args = ['recorder', 'convert', folder, '--output', film, '--size', '640x360', '--preset', 'fast'];
    const enter = within === null ? '' : `echo $$ > ${within}/cgroup.procs; `;
    const child = spawn(
      'sh',
      ['-c', `${enter}exec "$0" "$@"`, process.execPath, path.join(root, 'bin/run.js'), ...args],
      {
        cwd: directory,
        env: { PATH: process.env['PATH'] ?? '', HOME: directory, NODE_ENV: 'production', TMPDIR: temporary },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
    return new Promise((resolve) =>
      child.once('close', (status, signal) => {
        clearTimeout(timer);
        resolve({ status, signal, stdout, stderr });
      }),
    );
  };
  const left = async (): Promise<string[]> => [
    ...readdirSync(out).filter((name) => !/^lecture\.(mp4|jpg)$/.test(name)),
    ...leftIn(temporary),
    ...(await straysOf(temporary)).map(({ command }) => command),
  ];
  const differences: string[] = [];
  const killed: string[] = [];
  try {
    mkdirSync(out);
    await convert(null);
    const wanted = filmFacts(film);
    for (const megabytes of GROUP_MEGABYTES) {
      rmSync(out, { recursive: true });
      mkdirSync(out);
      mkdirSync(group.directory);
      try {
        writeFileSync(path.join(group.directory, group.limitFile), String(megabytes * 1_000_000));
        const limited = await convert(group.directory);
        tally.faults++;
        if (limited.signal !== null) killed.push(`${megabytes} MB`);
        else tally[limited.status === 0 ? 'through' : 'told']++;
        const unclear = limited.signal === null ? complaintOf(limited) : null;
        if (unclear !== null) differences.push(`${megabytes} MB: ${unclear}`);
        if (limited.signal === null && limited.status !== 0)
          differences.push(...(await left()).map((name) => `${megabytes} MB, left: ${name}`));
        await straysOf(temporary);
      } finally {
        await removeGroup(group.directory);
      }
      const second = await convert(null);
      if (second.status !== 0) differences.push(`${megabytes} MB, again: ${second.stderr.slice(-300)}`);
      else if (!isDeepStrictEqual(filmFacts(film), wanted)) differences.push(`${megabytes} MB: another film`);
      differences.push(...(await left()).map((name) => `${megabytes} MB, again, left: ${name}`));
    }
  } finally {
    for (const place of [directory, temporary]) rmSync(place, { recursive: true, force: true });
  }
  const note = `cgroup ${group.version}${killed.length === 0 ? '' : `; killed by the kernel at ${killed.join(', ')}`}`;
  return { ...row, ...tally, differences, note };
}

/** A group can be removed once its last process is reaped. */
async function removeGroup(directory: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    try {
      rmdirSync(directory);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  execFileSync('rmdir', [directory]);
}
