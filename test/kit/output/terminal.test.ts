import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { groupOwnsTerminal } from '../../../src/kit/adapters/process/foreground.js';
import { paintFor } from '../../../src/kit/output/colour.js';
import { createProgress } from '../../../src/kit/output/progress.js';
import { renderTable } from '../../../src/kit/output/table.js';
import {
  displayWidth,
  fitWidth,
  harmlessJson,
  plainText,
  terminalText,
} from '../../../src/kit/output/text.js';
import { unifiedDiff } from '../../../src/kit/output/unified-diff.js';
import { hanging, padWidth, wrapText } from '../../../src/kit/output/wrap.js';

describe('displayWidth', () => {
  it.each([
    ['Réunion', 7],
    ['Re\u0301union', 7],
    ['\u0301', 0],
    ['日本語', 6],
    ['👩‍🏫', 2],
    ['❤️', 2],
    ['❤', 1],
    ['🇫🇷', 2],
    ['1️⃣', 2],
    ['abc 12', 6],
    ['𠀀', 2],
  ])('of %s is %i', (text, width) => expect(displayWidth(text)).toBe(width));
});

it('cuts between characters, never inside one', () => {
  expect(fitWidth('Re\u0301union', 3)).toBe('Re\u0301…');
  expect(fitWidth('👩‍🏫👩‍🏫👩‍🏫', 4)).toBe('👩‍🏫…');
  expect(fitWidth('abc', 0)).toBe('');
});

it('keeps columns with accents, combining marks and emoji', () => {
  const table = renderTable(
    [{ title: 'titre' }, { title: 'n', align: 'right' }],
    [
      ['Re\u0301union', '1'],
      ['日本', '22'],
      ['❤️ 👩‍🏫', '3'],
    ],
  );
  const starts = table.split('\n').map((line) => displayWidth(line));
  expect(new Set(starts).size).toBe(1);
});

it('lays out more rows than a call can take arguments', () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => [String(i)]);
  expect(renderTable([{ title: 'n' }], rows).endsWith('199999')).toBe(true);
});

it('makes hostile text harmless', () => {
  expect(plainText('a\u001b[2Jb\u202ec\u2028d\u200be')).toBe('a [2Jbc de');
});

describe('terminalText', () => {
  it.each([
    ['lines, tabs and our colours stay', 'a\tb\n\u001b[31mred\u001b[0m', 'a\tb\n\u001b[31mred\u001b[0m'],
    ['clearing stays in front', '\u001b[H\u001b[2J\u001b[3Jx', '\u001b[H\u001b[2J\u001b[3Jx'],
    ['and nowhere else', 'x\u001b[H\u001b[2J\u001b[3J', 'x [H [2J [3J'],
    ['other sequences go', 'a\u001b[8mb\u001b]0;title\u0007c\rd\u009b1me', 'a [8mb ]0;title c d 1me'],
    ['marks that reorder go', 'a\u202eb\u2028c', 'ab c'],
  ])('%s', (_, text, shown) => expect(terminalText(text)).toBe(shown));
});

it('gives instants to JSON as docs/json.md says', () => {
  const value = { startedAt: 0, endedAt: null, at: 1e3, list: [{ heardAt: NaN, atSeconds: 5 }] };
  expect(harmlessJson(value)).toBe(
    '{"startedAt":"1970-01-01T00:00:00.000Z","endedAt":null,"at":"1970-01-01T00:00:01.000Z","list":[{"heardAt":null,"atSeconds":5}]}',
  );
  const quoted = { text: '{"startedAt":5,"at":6}', flat: 5, 'x"At': 1e22, format: 7 };
  expect(JSON.parse(harmlessJson(quoted))).toEqual(quoted);
  expect(harmlessJson({ startAt: -1.5 }, 2)).toBe('{\n  "startAt": "1969-12-31T23:59:59.999Z"\n}');
});

describe('wrap', () => {
  it('breaks at spaces and keeps commands whole', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('x '.padEnd(90, 'y'), 20)).toEqual(['x', 'y'.repeat(88)]);
    expect(hanging('-> ', 'one two three fourth fifth', 23)).toBe('-> one two three fourth\n   fifth');
    expect(padWidth('日本', 5)).toBe('日本 ');
  });
});

describe('unifiedDiff', () => {
  const of = (before: string, after: string, context = 3) =>
    unifiedDiff({ name: 'a', text: before }, { name: 'b', text: after }, { context });

  it('is empty for equal texts', () => expect(of('x\n', 'x\n')).toBe(''));

  it('shows changes with the lines before and after, as diff -u does', () => {
    expect(of('1\n2\n3\n4\n5\n6\n7\n8\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n', 1)).toBe(
      '--- a\n+++ b\n@@ -4,3 +4,3 @@\n 4\n-5\n+five\n 6\n@@ -8 +8,2 @@\n 8\n+9\n',
    );
  });

  it('tells a new file and a missing last line break', () => {
    expect(of('', 'x')).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n');
    expect(of('x', 'x\n')).toContain('-x\n\\ No newline at end of file\n+x\n');
  });

  it('has colour only in a terminal that wants it', () => {
    expect(paintFor({ isTTY: true }, {})('red', 'x')).toBe('\u001b[31mx\u001b[0m');
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x');
    expect(paintFor({}, {})('red', 'x')).toBe('x');
  });
});

describe('progress', () => {
  const terminal = (isTTY: boolean) => {
    const stream = Object.assign(new PassThrough(), {
      isTTY,
      columns: 80,
      cursorTo: () => true,
      clearLine: () => true,
    });
    let text = '';
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
  };
  async function work(isTTY: boolean, { wanted = true, foreground = true } = {}) {
    const { stream, text } = terminal(isTTY);
    const logged: string[] = [];
    const progress = await createProgress({
      stream,
      wanted,
      isForeground: () => foreground,
      log: (message) => logged.push(message),
      intervalMs: 0,
    });
    progress.step('reading', 3);
    for (let i = 0; i < 3; i++) progress.advance(1, 'Réunion\u001b[2J');
    progress.stop();
    return { drawn: text(), logged };
  }

  it('draws a bar in a terminal in the foreground', async () => {
    const { drawn, logged } = await work(true);
    expect(drawn).toContain('reading');
    expect(drawn).not.toContain('\u001b[2J');
    expect(logged).toEqual([]);
  });

  it('draws nothing in a pipe, and says each step once in the log', async () => {
    expect(await work(false)).toEqual({ drawn: '', logged: ['reading (3)'] });
  });

  it('draws nothing in the background, where isTTY stays true, nor with --no-progress', async () => {
    expect((await work(true, { foreground: false })).drawn).toBe('');
    expect((await work(true, { wanted: false })).drawn).toBe('');
  });

  it('reads the groups of proc(5) stat, whatever the name of the program', () => {
    expect(groupOwnsTerminal('7 (a) b (c) S 1 70 70 34816 70 4194304')).toBe(true);
    expect(groupOwnsTerminal('7 (node) S 1 71 70 34816 70 4194304')).toBe(false);
  });
});
