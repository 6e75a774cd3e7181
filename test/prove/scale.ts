/* `npm run prove:scale [ENGINE…]`: 100,000 recordings, 20,000 teachers, 3 Moodle sites, three owners each, by the built
   command with default durability, a Pod on each engine (sqlite with Moodles on PostgreSQL). Prints seconds, peak memory
   and queries (to servers; to SQLite: Pod's there, journal and spool everywhere) of the plan, of the migration and of a second run that finds nothing to do; docs/scale.md quotes them.
   Ends with status 1 when a bound is not kept. --recordings N for a smaller one. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { renderTable } from '../../src/output/table.js';
import { createLargeSite } from '../support/large-site.js';
import { oneRecording } from '../support/many-recordings.js';
import { createPod, ENGINES } from '../support/pod.js';
import { createDatabase, stopOwnServers, type TestDatabase } from '../support/servers.js';

const words = process.argv.slice(2);
const at = words.indexOf('--recordings');
const RECORDINGS = at === -1 ? 100_000 : Number(words.splice(at, 2)[1]);
const TEACHERS = 20_000;
const SITES = 3;
const SESSIONS_PER_ACTIVITY = 25;
const LIMIT_MB = 350;
const LIMIT_QUERIES_PER_RECORDING = 0.5;
const root = path.resolve(import.meta.dirname, '../..');
const engines = ENGINES.filter((engine) => words.length === 0 || words.includes(engine));
const rows: string[][] = [];
const broken: string[] = [];

for (const engine of engines) await prove(engine);
process.stdout.write(
  `${renderTable(
    [
      { title: 'POD ON' },
      { title: 'RUN' },
      { title: 'SECONDS', align: 'right' },
      { title: 'PEAK MB', align: 'right' },
      { title: 'QUERIES', align: 'right' },
      { title: 'SQLITE', align: 'right' },
      { title: 'POD ROWS', align: 'right' },
    ],
    rows,
    80,
  )}\n`,
);
for (const line of broken) process.stdout.write(`BROKEN ${line}\n`);
process.exitCode = broken.length === 0 ? 0 : 1;

async function prove(engine: (typeof ENGINES)[number]): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-scale-'));
  const pod = await createPod({ engine, version: '3.8.4', durable: true });
  const moodles: TestDatabase[] = [];
  try {
    await pipeline(Readable.from(recordingsOfSites()), createWriteStream(path.join(directory, 'answer.xml')));
    for (let site = 0; site < SITES; site++) {
      const moodle = await createDatabase(engine === 'sqlite' ? 'postgresql' : engine);
      await createLargeSite(moodle, RECORDINGS, TEACHERS, { index: site, of: SITES });
      if (moodle.engine === 'postgresql') await moodle.admin.raw('ANALYZE');
      moodles.push(moodle);
    }
    const sections = moodles.map(
      ({ url }, site) => `[moodle."moodle${site}.univ.example"]\ndatabase = "${url}"`,
    );
    writeFileSync(
      path.join(directory, 'bbb2pod.toml'),
      [`state_dir = "${directory}/state"`, `[pod]\ndatabase = "${pod.test.url}"`, ...sections].join('\n'),
      { mode: 0o600 },
    );
    const tableRows = async (): Promise<number> => {
      const counted = await pod.admin('import_video_externalrecording').count('*', { as: 'rows' }).first();
      return Number(counted?.['rows']);
    };
    for (const [name, extra, expected] of [
      ['plan', ['--dry'], 0],
      ['migration', [], RECORDINGS * 3],
      ['second run', [], RECORDINGS * 3],
    ] as const) {
      const { seconds, megabytes, queries, sqlite } = await run(directory, extra);
      const found = await tableRows();
      rows.push([
        engine,
        name,
        seconds.toFixed(1),
        megabytes.toFixed(0),
        String(queries),
        String(sqlite),
        String(found),
      ]);
      process.stderr.write(`${rows.at(-1)?.join('  ') ?? ''}\n`);
      if (found !== expected) broken.push(`${engine}, ${name}: ${found} rows instead of ${expected}`);
      if (megabytes > LIMIT_MB) broken.push(`${engine}, ${name}: ${megabytes.toFixed(0)} MB`);
      if (queries > RECORDINGS * LIMIT_QUERIES_PER_RECORDING)
        broken.push(`${engine}, ${name}: ${queries} queries`);
    }
    process.stderr.write(
      `answer ${(statSync(path.join(directory, 'answer.xml')).size / 1e6).toFixed(0)} MB\n`,
    );
  } finally {
    for (const moodle of moodles) await moodle.drop();
    await pod.drop();
    await stopOwnServers();
    rmSync(directory, { recursive: true });
  }
}

/** The sites take turns, activity by activity. */
async function* recordingsOfSites(): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<response><returncode>SUCCESS</returncode><recordings>\n';
  for (let n = 0; n < RECORDINGS; n++) {
    const site = Math.floor(n / SESSIONS_PER_ACTIVITY) % SITES;
    yield oneRecording(n).replace('moodle.univ.example', `moodle${site}.univ.example`);
  }
  yield '</recordings></response>\n';
}

async function run(
  directory: string,
  extra: readonly string[],
): Promise<{ seconds: number; megabytes: number; queries: number; sqlite: number }> {
  const counted = path.join(directory, 'queries.json');
  const migrate = ['migrate', 'recordings', '--use-import-video', '--use-database-moodle'];
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      path.join(root, 'test/support/count-queries.mjs'),
      path.join(root, 'bin/run.js'),
      ...migrate,
      '--from-xml',
      path.join(directory, 'answer.xml'),
      ...extra,
    ],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, NODE_ENV: 'production', COUNT_QUERIES: counted },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-2000)));
  let megabytes = 0;
  const watch = setInterval(() => (megabytes = Math.max(megabytes, peakOf(child.pid ?? 0))), 200);
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (status !== 0) throw new Error(`the command ended with ${String(status)}: ${told}`);
  const counts = JSON.parse(readFileSync(counted, 'utf8')) as Record<string, number>;
  return {
    seconds: (performance.now() - startedAt) / 1000,
    megabytes,
    queries: (counts['postgresql'] ?? 0) + (counts['mysql'] ?? 0),
    sqlite: counts['sqlite'] ?? 0,
  };
}

/** Most resident memory so far, in megabytes; 0 once it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
