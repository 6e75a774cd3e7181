import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openRecordingSource } from '../../src/adapters/bigbluebutton/recording-source.js';
import { noFilters, wholeRange } from '../../src/recordings/filters.js';
import { manyRecordings } from '../support/many-recordings.js';

/** Lists a saved answer of `count` recordings into the spool and reads it whole, in order; seconds and peak megabytes. */
async function benchListing(count: number): Promise<void> {
  const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-bench-'));
  const file = path.join(work, 'answer.xml');
  try {
    await pipeline(manyRecordings(count), createWriteStream(file));
    const { signal } = new AbortController();
    const startedAt = Date.now();
    const source = openRecordingSource({
      spoolDirectory: work,
      servers: [],
      fromXml: { file, server: 'default' },
    });
    const spool = await source.list({ signal });
    const listedAt = Date.now();
    let read = 0;
    for await (const page of spool.pages(noFilters, wholeRange)) read += page.length;
    const endedAt = Date.now();
    spool.close();
    const peak = process.resourceUsage().maxRSS / 1024;
    const mb = statSync(file).size / 1_000_000;
    console.log(
      `list ${read} recordings (${mb.toFixed(0)} MB of XML): ${((listedAt - startedAt) / 1000).toFixed(1)} s to the spool, ${((endedAt - listedAt) / 1000).toFixed(1)} s to read it in order, peak ${peak.toFixed(0)} MB (goals: 10 s, 150 MB)`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await benchListing(Number(process.argv[2] ?? 100_000));
