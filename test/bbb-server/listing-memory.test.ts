import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';

/** Collects all garbage. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Eight kilobytes each: a description as long as that is what fills the answer. */
function* answer(recordings: number): Generator<string> {
  yield '<response><returncode>SUCCESS</returncode><recordings>';
  for (let n = 0; n < recordings; n++) {
    const id = `${createHash('sha1').update(String(n)).digest('hex')}-${1_700_000_000_000 + n}`;
    yield `<recording><recordID>${id}</recordID><name>${'séance '.repeat(1200)}</name></recording>`;
  }
  yield '</recordings></response>';
}

it('what is kept of each recording does not keep the whole answer in memory', async () => {
  const ids = new Set<string>();
  collect();
  const before = process.memoryUsage().heapUsed;
  async function* chunks(): AsyncGenerator<string> {
    yield* answer(4000);
  }
  await parseRecordings(chunks(), {
    source: 'answer.xml',
    isFile: true,
    server: 'bbb',
    onRecording: ({ recordId }) => ids.add(recordId),
  });
  collect();
  // 32 million characters were read; the ids are half a megabyte.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8e6);
  expect(ids.size).toBe(4000);
});
