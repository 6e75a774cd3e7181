import { shownLanguage } from '../language.js';
import { localDay, localTime } from '../time-zone.js';

/* `dayOf`, `minuteOf`: ISO order, for files, flags and programs. `shown…`: as the person who reads writes it. */

/** `2024-03-31` of an instant, in a time zone of the IANA database. */
export const dayOf = (at: number, timezone: string): string => localDay(timezone, at);

/** `2024-03-31 14:05` of an instant. */
export const minuteOf = (at: number, timezone: string): string => localTime(timezone, at).slice(0, 16);

/** `2024-03` of an instant. */
export const monthOf = (at: number, timezone: string): string => dayOf(at, timezone).slice(0, 7);

/** `2024-03-31`, `31/03/2024`. */
export const shownDay = (at: number, timezone: string): string => shownDate(dayOf(at, timezone));

/** `2024-03-31 14:05`, `31/03/2024 14:05`. */
export const shownMinute = (at: number, timezone: string): string => shownDate(minuteOf(at, timezone));

/** `03-31 14:05`, `31/03 14:05`: of the last months. */
export const shownMinuteOfYear = (at: number, timezone: string): string =>
  shownDate(minuteOf(at, timezone).slice(5));

/** A date in ISO order, whole or in part, as it is read: day, month and year the other way round in French. */
export const shownDate = (iso: string): string => {
  if (shownLanguage() === 'en') return iso;
  const [day = '', time] = iso.split(' ');
  const shown = day.split('-').reverse().join('/');
  return time === undefined ? shown : `${shown} ${time}`;
};
