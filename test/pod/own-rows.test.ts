import { expect, it } from 'vitest';
import { KeyFilter } from '../../src/pod/database/key-filter.js';
import { OwnRows } from '../../src/pod/database/own-rows.js';

const rows = (...ids: number[]) => ids.map((id) => ({ id, keys: [`1 https://bbb/${id}`] }));

it('leaves out what was written before the last chunk, and nothing that others wrote between', () => {
  const own = new OwnRows();
  own.remember(rows(11, 10, 12));
  expect(own.ranges).toEqual([]);
  expect(own.mayHold('1 https://bbb/10')).toBe(false);
  own.remember(rows(15, 16));
  expect(own.ranges).toEqual([[10, 12]]);
  expect(own.mayHold('1 https://bbb/10')).toBe(true);
  own.remember(rows(17));
  expect(own.ranges).toEqual([
    [10, 12],
    [15, 16],
  ]);
  own.remember([]);
  expect(own.ranges).toEqual([
    [10, 12],
    [15, 17],
  ]);
});

it('leaves nothing out where ids lie too far apart', () => {
  const own = new OwnRows();
  own.remember(rows(...Array.from({ length: 60 }, (_, i) => i * 2)));
  own.remember([]);
  expect(own.ranges).toEqual([]);
});

it('forgets no key, and takes hardly another one for one of them', () => {
  const filter = new KeyFilter();
  const key = (n: number): string => `${n % 7} https://bbb.univ.example/playback/presentation/2.3/${n}`;
  for (let n = 0; n < 50_000; n++) filter.add(key(n));
  const wrong = (from: number): number =>
    Array.from({ length: 50_000 }, (_, n) => filter.mayHold(key(from + n))).filter(Boolean).length;
  expect(wrong(0)).toBe(50_000);
  expect(wrong(1_000_000)).toBeLessThan(500);
});
