import { expect, it } from 'vitest';
import { judge, megabytesPerHour, type Sample } from './soak-judge.js';

/** Half an hour, a sample every three seconds; memory swings by ten megabytes as collected heaps do. */
const run = (grow: (minutes: number) => Partial<Sample>, minutes = 30): Sample[] =>
  Array.from({ length: minutes * 20 }, (_, i) => ({
    atMs: i * 3000,
    megabytes: { keeper: 90 + 10 * Math.sin(i / 4), browser: 300 + 10 * Math.sin(i / 7) },
    files: 200,
    processes: 12,
    made: i * 3,
    ...grow(i / 20),
  }));
const limits = { slopes: { keeper: 30, browser: 60 }, unit: 's' };
const broken = (samples: readonly Sample[]): string[] =>
  judge(samples, limits)
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise.split(' (')[0]!);

it('keeps a live that swings but does not grow', () => {
  expect(broken(run(() => ({})))).toEqual([]);
});

it('keeps a worker whose conversions come and go, and sees what one of five leaves behind', () => {
  const busy = (minutes: number) => Math.floor(minutes * 20) % 7 !== 0;
  const load = (minutes: number, left: number): Partial<Sample> => ({
    megabytes: { keeper: 100, browser: busy(minutes) ? 150 + 60 * Math.abs(Math.sin(minutes * 9)) : 0 },
    files: 30 + (busy(minutes) ? 200 + Math.floor(40 * Math.abs(Math.sin(minutes * 5))) : 0) + left,
    processes: (busy(minutes) ? 8 : 1) + left,
  });
  expect(broken(run((minutes) => load(minutes, 0)))).toEqual([]);
  expect(broken(run((minutes) => load(minutes, Math.floor(minutes / 3))))).toEqual([
    'open files are flat',
    'processes are flat',
  ]);
});

it('sees a leak of one megabyte a minute that no peak shows', () => {
  const leaking = run((minutes) => ({ megabytes: { keeper: 90 + minutes, browser: 300 } }));
  expect(megabytesPerHour(leaking, 'keeper')).toBeCloseTo(60);
  expect(broken(leaking)).toEqual(['keeper does not grow']);
  expect(broken(leaking.slice(0, 100))).toEqual([]); // five minutes say nothing
});

it('sees a step, handles and processes that stay, and idleness', () => {
  const step = run((minutes) => ({ megabytes: { keeper: minutes > 15 ? 160 : 90, browser: 300 } }));
  expect(broken(step)).toEqual(['memory is flat', 'keeper does not grow']);
  expect(broken(run((minutes) => ({ files: 200 + minutes })))).toEqual(['open files are flat']);
  expect(broken(run((minutes) => ({ processes: 12 + Math.floor(minutes / 6) })))).toEqual([
    'processes are flat',
  ]);
  expect(broken(run((minutes) => (minutes > 20 ? { made: 400 } : {})))[0]).toMatch(/^worked in every third/);
});
