/* `npm run prove scale [ENGINE…]`: 500, 10,000 and 100,000 recordings (`--recordings N`, again for each size), 20,000 teachers,
   3 Moodle sites, three owners each, by the built command with default durability, a Pod on each engine (sqlite with
   Moodles on PostgreSQL). Prints seconds, CPU seconds of the command, peak memory, and queries per 1,000 recordings, of
   the plan, of the migration, and of a second run that finds nothing to do; keeps them in docs/bench/scale.jsonl, from
   which `npm run prove scale-plan` is calibrated (`--trial`: not kept). Status 1 when a bound is not kept. */
import { execFileSync, spawn } from 'node:child_process';
import {
  createWriteStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { renderTable } from '../../src/kit/output/table.js';
import { createLargeSite } from '../support/large-site.js';
import { oneRecording } from '../support/many-recordings.js';
import { createPod, ENGINES } from '../support/pod.js';
import { keepScaleRow, type ScaleRow } from '../support/scale-history.js';
import { createDatabase, stopOwnServers, type TestDatabase } from '../support/servers.js';

type Engine = ScaleRow['engine'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    recordings: { type: 'string', multiple: true, default: ['500', '10000', '100000'] },
    trial: { type: 'boolean', default: false },
  },
});
const sizes = values.recordings.map(Number).toSorted((a, b) => a - b);
const engines = ENGINES.filter((engine) => positionals.length === 0 || positionals.includes(engine));
const TEACHERS = 20_000;
const SITES = 3;
const SESSIONS_PER_ACTIVITY = 25;
const OWNERS_EACH = 3;
const LIMIT_MB = 350;
/** Queries belong to chunks: what 1,000 recordings take may not grow with how many there are. */
const QUERIES_MAY_GROW = 1.1;
const root = path.resolve(import.meta.dirname, '../..');
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const machine = `${os.cpus()[0]?.model ?? '?'} x${os.availableParallelism()}`;
const rows: ScaleRow[] = [];
const broken: string[] = [];

try {
  for (const engine of engines) for (const recordings of sizes) await prove(engine, recordings);
} finally {
  say(renderRows());
  checkGrowth();
  for (const line of broken) say(`BROKEN ${line}`);
  say(broken.length === 0 ? 'Every bound was kept.' : `${broken.length} bounds were not kept.`);
}
process.exitCode = broken.length === 0 ? 0 : 1;

async function prove(engine: Engine, recordings: number): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-scale-'));
  const pod = await createPod({ engine, version: '3.8.4', durable: true });
  const moodles: TestDatabase[] = [];
  try {
    const answer = createWriteStream(path.join(directory, 'answer.xml'));
    await pipeline(Readable.from(recordingsOfSites(recordings)), answer);
    for (let site = 0; site < SITES; site++) {
      const moodle = await createDatabase(engine === 'sqlite' ? 'postgresql' : engine);
      await createLargeSite(moodle, recordings, TEACHERS, { index: site, of: SITES });
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
    for (const [name, extra, expected] of [
      ['plan', ['--dry'], 0],
      ['migration', [], recordings * OWNERS_EACH],
      ['second run', [], recordings * OWNERS_EACH],
    ] as const) {
      const measured = await run(directory, extra);
      const counted = await pod.admin('import_video_externalrecording').count('*', { as: 'rows' }).first();
      const row: ScaleRow = {
        ...{ at: new Date().toISOString(), commit, machine, load: os.loadavg()[0] ?? 0 },
        ...{ engine, recordings, run: name },
        ...measured,
        podRows: Number(counted?.['rows']),
        podMegabytes: await databaseMegabytes(pod.test),
        stateMegabytes: directoryMegabytes(path.join(directory, 'state')),
      };
      keep(row, expected);
    }
  } finally {
    for (const moodle of moodles) await moodle.drop();
    await pod.drop();
    await stopOwnServers();
    rmSync(directory, { recursive: true });
  }
}

function keep(row: ScaleRow, expectedRows: number): void {
  rows.push(row);
  if (!values.trial) keepScaleRow(row);
  process.stderr.write(`${JSON.stringify(row)}\n`);
  const where = `${row.engine}, ${row.recordings}, ${row.run}`;
  if (row.podRows !== expectedRows) broken.push(`${where}: ${row.podRows} rows instead of ${expectedRows}`);
  if (row.megabytes > LIMIT_MB) broken.push(`${where}: ${row.megabytes.toFixed(0)} MB`);
}

function checkGrowth(): void {
  // A few hundred are less than a chunk, and tell nothing.
  const from = sizes.find((size) => size >= 5000) ?? sizes[0];
  for (const small of rows.filter(({ recordings }) => recordings === from))
    for (const large of rows) {
      if (large.engine !== small.engine || large.run !== small.run) continue;
      if (large.recordings <= small.recordings) continue;
      for (const kind of ['queries', 'sqlite'] as const)
        if (perThousand(large, kind) > perThousand(small, kind) * QUERIES_MAY_GROW)
          broken.push(
            `${large.engine}, ${large.run}: ${kind} per 1,000 grew from ${perThousand(small, kind).toFixed(0)} to ${perThousand(large, kind).toFixed(0)} at ${large.recordings}`,
          );
    }
}

function perThousand(row: ScaleRow, kind: 'queries' | 'sqlite'): number {
  return (row[kind] / row.recordings) * 1000;
}

function renderRows(): string {
  return renderTable(
    [
      { title: 'POD ON' },
      ...['RECORDINGS', 'RUN', 'SECONDS', 'CPU S', 'MB', 'QUERIES', '/1000', 'SQLITE/1000', 'LOAD'].map(
        (title) => ({ title, align: title === 'RUN' ? ('left' as const) : ('right' as const) }),
      ),
    ],
    rows.map((row) => [
      ...[row.engine, String(row.recordings), row.run, row.seconds.toFixed(1), row.cpuSeconds.toFixed(1)],
      ...[row.megabytes.toFixed(0), String(row.queries), perThousand(row, 'queries').toFixed(0)],
      ...[perThousand(row, 'sqlite').toFixed(0), row.load.toFixed(1)],
    ]),
    100,
  );
}

/** The sites take turns, activity by activity. */
async function* recordingsOfSites(count: number): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<response><returncode>SUCCESS</returncode><recordings>\n';
  for (let n = 0; n < count; n++) {
    const site = Math.floor(n / SESSIONS_PER_ACTIVITY) % SITES;
    yield oneRecording(n).replace('moodle.univ.example', `moodle${site}.univ.example`);
  }
  yield '</recordings></response>\n';
}

async function run(
  directory: string,
  extra: readonly string[],
): Promise<Pick<ScaleRow, 'seconds' | 'cpuSeconds' | 'megabytes' | 'queries' | 'sqlite'>> {
  const counted = path.join(directory, 'queries.json');
  const migrate = ['migrate', 'recordings', '--use-import-video', '--use-database-moodle'];
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...['--import', path.join(root, 'test/support/count-queries.mjs'), path.join(root, 'bin/run.js')],
      ...[...migrate, '--from-xml', path.join(directory, 'answer.xml'), ...extra],
    ],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, NODE_ENV: 'production', COUNT_QUERIES: counted },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-2000)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`the command ended with ${String(status)}: ${told}`);
  const seconds = (performance.now() - startedAt) / 1000;
  const used = JSON.parse(readFileSync(counted, 'utf8')) as Record<string, number>;
  return {
    seconds,
    cpuSeconds: used['cpuSeconds'] ?? 0,
    megabytes: (used['peakBytes'] ?? 0) / 1e6,
    queries: (used['postgresql'] ?? 0) + (used['mysql'] ?? 0),
    sqlite: used['sqlite'] ?? 0,
  };
}

async function databaseMegabytes({ engine, admin, name }: TestDatabase): Promise<number> {
  if (engine === 'sqlite') return statSync(name).size / 1e6;
  const { bytes } = (await admin
    .select(
      engine === 'postgresql'
        ? admin.raw('pg_database_size(current_database()) AS bytes')
        : admin.raw(
            '(SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = ?) AS bytes',
            [name],
          ),
    )
    .first()) as { bytes: unknown };
  return Number(bytes) / 1e6;
}

function directoryMegabytes(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return (
    files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0) / 1e6
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
