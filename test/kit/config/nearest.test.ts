import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/kit/config/nearest.js';

describe('editDistance', () => {
  it('counts what differs, and stops counting beyond the most that matters', () => {
    const words = [
      '',
      'a',
      'kitten',
      'sitting',
      'HOSTNAME',
      'HOTSNAME',
      'MUC_JIDS',
      'MUCJID',
      'abcdefgh',
      'hgfedcba',
    ];
    for (const one of words)
      for (const other of words) {
        const distance = editDistance(one, other);
        expect(distance).toBe(editDistance(other, one));
        for (const most of [0, 1, 2, 5])
          expect(editDistance(one, other, most)).toBe(Math.min(distance, most + 1));
      }
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('HOSTNAME', 'HOTSNAME')).toBe(2);
  });

  it('is soon done with words that nobody typed', () => {
    const startedAt = process.cpuUsage().user;
    const long = 'x'.repeat(5_000_000);
    expect(editDistance('HOSTNAME', long, 2)).toBe(3);
    expect(editDistance(`${long}a`, `${long}b`, 2)).toBe(1);
    expect(nearest(long, ['url', 'secret'])).toBeNull();
    // Counting out one of them takes minutes.
    expect((process.cpuUsage().user - startedAt) / 1e6).toBeLessThan(10);
  });
});
