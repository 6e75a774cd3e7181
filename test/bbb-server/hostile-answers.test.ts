import { expect, it } from 'vitest';
import { parseRecordings } from '../../src/bbb-server/parse-recordings.js';

const HEAD =
  '<response><returncode>SUCCESS</returncode><recordings><recording><recordID>aaaaaaaaaaaaaaaaaaaa-1600000000000</recordID>';
const TAIL = '</recording></recordings></response>';

/** An answer that goes on for ever: whoever reads it must stop by itself. */
async function* endless(before: string, piece: string): AsyncGenerator<string> {
  yield HEAD + before;
  for (;;) yield piece.repeat(Math.ceil(64_000 / piece.length));
}

it.each([
  ['empty elements', '', '<a/>'],
  ['metadata', '<metadata>', '<k/>'],
  ['one attribute', '<a b="', 'x'],
  ['one text', '<name>', 'x'],
  ['one comment', '<!--', 'x'],
  ['one name', '<', 'x'],
  ['many attributes', '<a ', 'b="1" '],
])('ends on endless %s with a code', async (_, before, piece) => {
  const failure = await parseRecordings(endless(before, piece), {
    source: 'x',
    server: 'default',
    onRecording: () => undefined,
  }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'bbb-answer-broken' });
});

it('reads what is only long', async () => {
  const chunks = async function* (): AsyncGenerator<string> {
    yield `${HEAD}<metadata>${'<k>v</k>'.repeat(5000)}</metadata>${TAIL}`;
  };
  const found: string[] = [];
  await parseRecordings(chunks(), {
    source: 'x',
    server: 'default',
    onRecording: ({ recordId }) => found.push(recordId),
  });
  expect(found).toHaveLength(1);
});
