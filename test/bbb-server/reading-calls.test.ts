import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/* migrate, recorder and moodle only read from BBB: what joins and chats is within reach of live alone, and of its doctor. */

const root = path.resolve(import.meta.dirname, '../..');
const sources = ['src', 'commands']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
const filesWith = (pattern: RegExp): string[] =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ file }) => file)
    .sort();

it('calls that do more than read are signed in one place', () => {
  expect(filesWith(/\bsignedLiveUrl\b/)).toEqual(['src/bbb-server/bbb-api.ts', 'src/bbb-server/live-api.ts']);
});

it('and reached by live alone', () => {
  const reached = filesWith(
    /from '[^']*bbb-server\/(?:live-api|join|chat)\.js'|import\('[^']*bbb-server\/(?:live-api|join|chat)\.js'\)/,
  );
  expect(reached).toContain('src/cli/live/keep.ts');
  expect(reached.filter((file) => !/^src\/cli\/(?:live|doctor)\//.test(file))).toEqual([]);
});
