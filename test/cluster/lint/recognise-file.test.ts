import { describe, expect, it } from 'vitest';
import { recogniseFile } from '../../../src/cluster/lint/recognise-file.js';

const repeat = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

describe('a file is told within ten seconds of computing', () => {
  it.each([
    [
      'a haproxy.cfg of five thousand servers',
      `global\nlisten all\n mode http\n${repeat(5000, (n) => `\tserver s${n} 127.0.0.2:8000 check inter 1000`)}`,
      'haproxy',
    ],
    ['comments alone', repeat(60_000, () => '# nothing but a comment'), 'other'],
    ['empty lines', '\n'.repeat(200_000), 'other'],
    ['one line without end', 'server '.repeat(100_000), 'other'],
    ['braces', repeat(20_000, () => 'x {'), 'other'],
  ])('%s', (_, text, kind) => {
    const before = process.cpuUsage();
    expect(recogniseFile({ path: 'file.cfg', text, mode: null }).kind).toBe(kind);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});
