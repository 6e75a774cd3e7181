import { readInstant, sqlInstant } from '../dialect.js';

/** timestamptz: always written with its offset, so that no session setting can shift it. */
export const encodeInstant = (instant: number): string => `${sqlInstant(instant)}+00`;
export const decodeInstant = readInstant;
