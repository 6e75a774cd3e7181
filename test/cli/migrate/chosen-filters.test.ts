import { expect, it } from 'vitest';
import { chosenFilters } from '../../../src/cli/migrate/listing.js';

const filters = (since: string, until: string) => chosenFilters({ since, until }, 'Europe/Paris');
const hours = ({ sinceAt, untilAt }: ReturnType<typeof filters>): number =>
  ((untilAt ?? 0) - (sinceAt ?? 0)) / 3_600_000;

it('takes days and clocks of the repeated and the missing hour', () => {
  expect(hours(filters('2023-10-29', '2023-10-29'))).toBe(25);
  expect(hours(filters('2023-03-26', '2023-03-26'))).toBe(23);
  expect(hours(filters('2023-10-29T02:30', '2023-10-29T02:30'))).toBe(1);
});

it.each([
  ['2023-11-15', '2023-11-14'],
  ['2023-03-26T02:30', '2023-03-26T02:30'],
  ['10d', '20d'],
])('refuses a window in which nothing can be: %s to %s', (since, until) => {
  expect(() => filters(since, until)).toThrow(`--until ${until} is not after --since ${since}.`);
});
