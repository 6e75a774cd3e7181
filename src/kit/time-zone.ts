/* Days are those of the configured time zone; instants are Unix milliseconds. Node 20 has no Temporal: Intl tells what
   clock a zone shows at an instant, and the inverse is searched. */

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    // Swedish writes 2024-03-31 14:05:09.
    clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

const minutes = new Map<string, string>();
const MINUTES_KEPT = 2000;

/**
 * What a zone's clock shows at an instant, as `YYYY-MM-DD HH:MM:SS`. Intl takes longer than all else of a line of a
 * report, and each session stands in several: what it said of a minute is kept (zones differ by whole minutes since 1972).
 */
export function localTime(zone: string, at: number): string {
  const minute = Math.floor(at / 60_000);
  if (minute < FIRST_WHOLE_MINUTE) return clockOf(zone).format(at);
  const key = `${zone} ${minute}`;
  let shown = minutes.get(key);
  if (shown === undefined) {
    if (minutes.size >= MINUTES_KEPT) minutes.clear();
    shown = clockOf(zone)
      .format(minute * 60_000)
      .slice(0, -2);
    minutes.set(key, shown);
  }
  return shown + String(Math.floor(at / 1000) - minute * 60).padStart(2, '0');
}
/** 1973-01-01: Liberia was the last with seconds of its own. */
const FIRST_WHOLE_MINUTE = 94_694_400_000 / 60_000;

/** The day of an instant in a zone, `YYYY-MM-DD`. */
export const localDay = (zone: string, at: number): string => localTime(zone, at).slice(0, 10);

/** The zone's clock minus UTC at an instant, in milliseconds. */
function offsetAt(zone: string, at: number): number {
  const seconds = Math.floor(at / 1000) * 1000;
  return Date.parse(`${localTime(zone, seconds).replace(' ', 'T')}Z`) - seconds;
}

/**
 * The instant at which a zone's clock shows `local` (`YYYY-MM-DDTHH:MM[:SS]`), or null when it is no date.
 * In the repeated hour the first such instant, or the last; in the missing hour the instant of the change.
 */
export function instantOf(zone: string, local: string, which: 'first' | 'last' = 'first'): number | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local.slice(0, 10))) return null;
  const before = offsetAt(zone, asUtc - DAY_MS);
  const after = offsetAt(zone, asUtc + DAY_MS);
  const found = [asUtc - before, asUtc - after]
    .filter((at) => at + offsetAt(zone, at) === asUtc)
    .sort((a, b) => a - b);
  const chosen = which === 'first' ? found[0] : found.at(-1);
  if (chosen !== undefined) return chosen;
  return changeBetween(zone, asUtc - DAY_MS, asUtc + DAY_MS);
}

/** The instant between two at which the zone's clock jumps. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetAt(zone, from);
  let low = Math.floor(from / 1000);
  let high = Math.ceil(to / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

const AGE = /^(\d{1,5})\s*(h|d|j|w|m|y)$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/;
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const HOURS = { h: 1, d: 24, j: 24, w: 168, m: 24 * 30, y: 24 * 365 } as const;

interface Clock {
  readonly zone: string;
  readonly now: number;
}

/**
 * Reads what `--since` and `--until` accept: an age (`60d`, `12h`, `8w`, `6m`, `1y`), a day, a local date and time, or
 * an ISO instant. `until` a day means until its end. Both bounds: since inclusive, until exclusive.
 * @returns Unix milliseconds, or null when it is none of these.
 */
export function parseMoment(text: string, bound: 'since' | 'until', { zone, now }: Clock): number | null {
  const value = text.trim();
  const age = AGE.exec(value);
  if (age !== null) {
    const unit = (age[2] ?? 'd').toLowerCase() as keyof typeof HOURS;
    return now - Number(age[1]) * HOURS[unit] * 3_600_000;
  }
  if (DAY.test(value)) {
    const day = bound === 'since' ? value : nextDay(value);
    return day === null ? null : instantOf(zone, `${day}T00:00:00`);
  }
  if (LOCAL.test(value))
    return instantOf(zone, value.replace(' ', 'T'), bound === 'since' ? 'first' : 'last');
  if (!ABSOLUTE.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

function nextDay(day: string): string | null {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(day)) return null;
  return new Date(at + DAY_MS).toISOString().slice(0, 10);
}
