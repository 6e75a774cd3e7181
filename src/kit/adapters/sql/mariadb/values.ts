import { readInstant, sqlInstant } from '../dialect.js';

/** datetime(6) holds UTC without a zone; connections speak in strings and `time_zone = '+00:00'`. */
export const encodeInstant = sqlInstant;
export const decodeInstant = readInstant;
