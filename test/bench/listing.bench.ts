import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SaxesParser } from 'saxes';
import { openRecordingSource } from '../../src/bbb-server/recording-source.js';
import { noFilters, wholeRange } from '../../src/bbb/filters.js';
import { openHttp } from '../../src/kit/adapters/http/open-http.js';
import { Secret } from '../../src/kit/config/secret.js';
import { loopbackGuard } from '../support/loopback-guard.js';
import { manyRecordings } from '../support/many-recordings.js';
import { elapsed, type Bench } from './bench.js';

const RECORDINGS = 100_000;

interface Answer {
  readonly directory: string;
  readonly file: string;
}

/** From a saved answer into the spool, and out of it again in order. */
async function list({ directory, file }: Answer): Promise<number> {
  const { signal } = new AbortController();
  const fromXml = { file, server: 'default' };
  let read = 0;
  const ms = await elapsed(async () => {
    const source = openRecordingSource({ spoolDirectory: directory, servers: [], fromXml });
    const spool = await source.list({ signal });
    for await (const page of spool.pages(noFilters, wholeRange)) read += page.length;
    spool.close();
  });
  if (read !== RECORDINGS) throw new Error(`${read} recordings were listed`);
  return ms / 1000;
}

async function tokenize({ file }: Answer): Promise<number> {
  const parser = new SaxesParser();
  const ms = await elapsed(async () => {
    for await (const chunk of createReadStream(file, 'utf8')) parser.write(chunk as string);
  });
  parser.close();
  return ms / 1000;
}

interface Served {
  readonly directory: string;
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts a server of that many recordings, two formats each, in a process of its own. */
async function serve(paging: string): Promise<Served> {
  const script = path.join(import.meta.dirname, '../support/large-listing-child.ts');
  const child = fork(script, [String(RECORDINGS), paging], { execArgv: ['--import', 'tsx'] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { directory: mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-')), url, child };
}

/** Pages for the recordIDs, batches of them for all formats: how long, and whether everything came. */
async function listServed({ directory, url }: Served): Promise<number> {
  const http = openHttp({ guard: loopbackGuard, environment: {} });
  const server = { name: 'default', url, secret: new Secret('bench'), checksum: 'sha256' as const, http };
  const { signal } = new AbortController();
  let calls = 0;
  let formats = 0;
  const ms = await elapsed(async () => {
    const source = openRecordingSource({ spoolDirectory: directory, servers: [server] });
    const spool = await source.list({ signal, onServerListed: (listed) => (calls = listed.calls) });
    for await (const page of spool.pages(noFilters, wholeRange))
      for (const recording of page) formats += recording.formats.length;
    spool.close();
  });
  await http.close();
  if (formats !== RECORDINGS * 2) throw new Error(`${formats} formats were listed in ${calls} calls`);
  return ms / 1000;
}

const byPages = (paging: string): Bench => ({
  name: `list ${RECORDINGS} by HTTP, ${paging}`,
  unit: 's',
  runs: 1,
  // 3000 to 4000 calls, each recording read twice; the server's own work is in it.
  goal: 90,
  limitSeconds: 900,
  begin: () => serve(paging),
  run: (state) => listServed(state as Served),
  end: async (state) => {
    const { child, directory } = state as Served;
    child.disconnect();
    rmSync(directory, { recursive: true, force: true });
  },
});

export const benches: Bench[] = [
  ...['obeyed', 'unmerged', 'one-format'].map(byPages),
  {
    name: `list ${RECORDINGS} recordings, 240 MB of XML`,
    unit: 's',
    runs: 1,
    goal: 10,
    begin: async (): Promise<Answer> => {
      const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-'));
      const file = path.join(directory, 'answer.xml');
      await pipeline(Readable.from(manyRecordings(RECORDINGS)), createWriteStream(file));
      return { directory, file };
    },
    run: (state) => list(state as Answer),
    baseline: { name: 'saxes tokenizes the same answer', run: (state) => tokenize(state as Answer) },
    end: async (state) => rmSync((state as Answer).directory, { recursive: true, force: true }),
  },
];
