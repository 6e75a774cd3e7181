import type { Recording } from './recording.js';

/** Where a recording stands in the order: newest session first. */
export type RecordingPosition = Pick<Recording, 'startAt' | 'recordId'>;

/**
 * The one order of recordings, whatever the server: startTime then recordID, both descending, so that `--min 1 --max 2`
 * is the two most recent sessions everywhere and one row-value keyset pages it. RecordIDs compare by code unit.
 */
export const compareRecordings = (a: RecordingPosition, b: RecordingPosition): number =>
  b.startAt - a.startAt || (a.recordId < b.recordId ? 1 : a.recordId > b.recordId ? -1 : 0);
