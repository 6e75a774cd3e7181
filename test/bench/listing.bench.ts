import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SaxesParser } from 'saxes';
import { openRecordingSource } from '../../src/bbb-server/recording-source.js';
import { noFilters, wholeRange } from '../../src/bbb/filters.js';
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

export const benches: Bench[] = [
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
