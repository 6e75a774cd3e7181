import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLargeSite } from '../support/large-site.js';
import { manyRecordings } from '../support/many-recordings.js';
import { createPod, type TestPod } from '../support/pod.js';
import { createDatabase, stopOwnServers, type TestDatabase } from '../support/servers.js';
import type { Bench } from './bench.js';

const RECORDINGS = 100_000;
const TEACHERS = 20_000;
const bin = path.resolve(import.meta.dirname, '../../bin/run.js');

interface Prepared {
  readonly directory: string;
  readonly moodle: TestDatabase;
  readonly pod: TestPod;
  peakMegabytes: number;
}

/** A getRecordings answer of 240 MB, a Moodle that knows all of it, an empty Pod. */
async function prepare(): Promise<Prepared> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-'));
  await pipeline(
    Readable.from(manyRecordings(RECORDINGS)),
    createWriteStream(path.join(directory, 'answer.xml')),
  );
  const moodle = await createDatabase('postgresql', { durable: true });
  await createLargeSite(moodle, RECORDINGS, TEACHERS);
  await moodle.admin.raw('ANALYZE');
  const pod = await createPod({ engine: 'sqlite', version: '3.8.4', durable: true });
  writeFileSync(
    path.join(directory, 'bbb2pod.toml'),
    `state_dir = "${directory}/state"\n[pod]\ndatabase = "${pod.test.url}"\n[moodle.default]\ndatabase = "${moodle.url}"\n`,
    { mode: 0o600 },
  );
  return { directory, moodle, pod, peakMegabytes: 0 };
}

/** Runs the built command; seconds until it ended, and the most memory it ever held. */
async function migrate(state: Prepared): Promise<number> {
  const startedAt = performance.now();
  const words = [
    'migrate',
    'recordings',
    '--use-import-video',
    '--use-database-moodle',
    '--from-xml',
    path.join(state.directory, 'answer.xml'),
  ];
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: state.directory,
    env: { PATH: process.env['PATH'], HOME: state.directory, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const watch = setInterval(
    () => (state.peakMegabytes = Math.max(state.peakMegabytes, peakOf(child.pid ?? 0))),
    200,
  );
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (status !== 0) throw new Error(`the migration ended with ${String(status)}`);
  return (performance.now() - startedAt) / 1000;
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

let prepared: Promise<Prepared> | undefined;

export const benches: Bench[] = [
  {
    name: `scale: ${RECORDINGS} recordings from the XML answer to Pod rows, three owners each`,
    unit: 's',
    runs: 1,
    goal: 60,
    begin: () => (prepared ??= prepare()),
    run: (state) => migrate(state as Prepared),
  },
  {
    name: `scale: peak memory of that run`,
    unit: 'MB',
    runs: 1,
    goal: 300,
    begin: () => (prepared ??= prepare()),
    run: async (state) => (state as Prepared).peakMegabytes,
    end: async (state) => {
      const { directory, moodle, pod } = state as Prepared;
      await moodle.drop();
      await pod.drop();
      await stopOwnServers();
      rmSync(directory, { recursive: true });
    },
  },
];
