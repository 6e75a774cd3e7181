import { asText } from '../kit/adapters/sql/as-text.js';

/** Rails' strings have no length of their own on PostgreSQL and SQLite: a name may be megabytes. */
const LONGEST = 255;

/** What people read of a column, cut where it is longer than any name. */
export const shortText = (value: unknown): string =>
  Array.from(asText(value).slice(0, 2 * LONGEST))
    .slice(0, LONGEST)
    .join('');

/** What an account is found by: longer than a user name or an address can be is nobody's, and matches by no beginning. */
export const keyText = (value: unknown): string => {
  const text = asText(value);
  return text.length > LONGEST ? '' : text;
};
