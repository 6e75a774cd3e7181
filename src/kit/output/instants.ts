import { localDay, localTime } from '../time-zone.js';

/** `2024-03-31` of an instant, in a time zone of the IANA database. */
export const dayOf = (at: number, timezone: string): string => localDay(timezone, at);

/** `2024-03` of an instant. */
export const monthOf = (at: number, timezone: string): string => dayOf(at, timezone).slice(0, 7);

/** `2024-03-31 14:05` of an instant. */
export const minuteOf = (at: number, timezone: string): string => localTime(timezone, at).slice(0, 16);
