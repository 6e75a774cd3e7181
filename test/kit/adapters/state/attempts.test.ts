import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { noteAttempt, readAttempts } from '../../../../src/kit/adapters/state/attempts.js';

const directories: string[] = [];
afterEach(() => {
  for (const each of directories.splice(0)) rmSync(each, { recursive: true });
});

const line = { id: 'a', command: 'migrate undo last', startedAt: 1 };

/** Who owns the state directory is not root, who writes there: a link must not choose what root writes over or shows. */
it.each([['a link', symlinkSync] as const, ['a second name', linkSync] as const])(
  'writes into no other file by way of %s, and shows none',
  (_, link) => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attempts-'));
    directories.push(directory);
    const victim = path.join(directory, 'private');
    const text = `{"id":"theirs"}\n${'x'.repeat(600_000)}\n`;
    writeFileSync(victim, text);
    link(victim, path.join(directory, 'attempts.jsonl'));
    expect(() => noteAttempt(directory, line)).toThrow();
    expect(readFileSync(victim, 'utf8')).toBe(text);
    expect(readAttempts(directory)).toEqual([]);
  },
);

it('keeps the newest lines of a long file', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attempts-'));
  directories.push(directory);
  const file = path.join(directory, 'attempts.jsonl');
  writeFileSync(
    file,
    `${JSON.stringify({ ...line, id: 'old' })}\n${`{"x":"${'y'.repeat(1500)}"}\n`.repeat(400)}`,
  );
  symlinkSync('/etc/hostname', `${file}.part`);
  noteAttempt(directory, line);
  expect(readAttempts(directory).map(({ id }) => id)).toEqual(['a']);
});
