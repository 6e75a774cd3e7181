import { spawn, spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Database from 'libsql';
import { SaxesParser } from 'saxes';
import { createLargeSite } from '../support/large-site.js';
import { manyRecordings } from '../support/many-recordings.js';
import { createPod, type TestPod } from '../support/pod.js';
import { createDatabase, type TestDatabase } from '../support/servers.js';
export { stopOwnServers as stop } from '../support/servers.js';
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

function bareNodeMegabytes(): number {
  const script = 'process.stdout.write(String(process.resourceUsage().maxRSS * 1024 / 1e6))';
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}

function peakOf(pid: number): number {
  try {
    return (
      (Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6
    );
  } catch {
    return 0;
  }
}

/**
 * What nothing that does this job can go without: the XML is tokenized, and as many rows as the run writes go into an
 * empty SQLite file, 500 a synced transaction.
 */
async function bareWork(state: Prepared): Promise<number> {
  const startedAt = performance.now();
  const parser = new SaxesParser();
  const answer = createReadStream(path.join(state.directory, 'answer.xml'), 'utf8');
  for await (const chunk of answer) parser.write(chunk as string);
  parser.close();
  const db = new Database(path.join(state.directory, 'bare.sqlite3'));
  db.exec('PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, owner INTEGER, name TEXT, url TEXT)');
  const insert = db.prepare('INSERT INTO row (owner, name, url) VALUES (?, ?, ?)');
  for (let n = 0; n < RECORDINGS * 3; n++) {
    if (n % 500 === 0) db.exec('BEGIN');
    insert.run(n % TEACHERS, `Cours ${n}`, `https://bbb.univ.example/playback/presentation/2.3/${n}`);
    if (n % 500 === 499) db.exec('COMMIT');
  }
  db.close();
  rmSync(path.join(state.directory, 'bare.sqlite3'));
  return (performance.now() - startedAt) / 1000;
}

let prepared: Promise<Prepared> | undefined;

export const benches: Bench[] = [
  {
    name: `scale: ${RECORDINGS} x 3 owners, from the XML`,
    unit: 's',
    runs: 1,
    limitSeconds: 420,
    goal: 30,
    begin: () => (prepared ??= prepare()),
    run: (state) => migrate(state as Prepared),
    baseline: {
      name: 'the same XML tokenized, 300,000 bare INSERTs into SQLite, 500 a synced transaction',
      run: (state) => bareWork(state as Prepared),
    },
  },
  {
    name: 'scale: peak memory of that run',
    unit: 'MB',
    runs: 1,
    goal: 250,
    begin: () => (prepared ??= prepare()),
    run: async (state) => {
      const { peakMegabytes } = state as Prepared;
      if (peakMegabytes === 0) throw new Error('that run was not measured');
      return peakMegabytes;
    },
    baseline: { name: 'node -e 0', run: async () => bareNodeMegabytes() },
    end: async (state) => {
      const { directory, moodle, pod } = state as Prepared;
      await moodle.drop();
      await pod.drop();
      rmSync(directory, { recursive: true });
    },
  },
];
