import { readInstant, sqlInstant } from '../dialect.js';

/** Text in UTC: Django reads epoch numbers back as NULL, and `T…Z` text no longer matches its filters. */
export const encodeInstant = sqlInstant;
export const decodeInstant = readInstant;
