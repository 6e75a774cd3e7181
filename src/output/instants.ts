const days = new Map<string, Intl.DateTimeFormat>();

function formatter(timezone: string): Intl.DateTimeFormat {
  let known = days.get(timezone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    days.set(timezone, known);
  }
  return known;
}

function fields(at: number, timezone: string): Record<string, string> {
  return Object.fromEntries(
    formatter(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

/** `2024-03-31` of an instant, in a time zone of the IANA database. */
export function dayOf(at: number, timezone: string): string {
  const { year, month, day } = fields(at, timezone);
  return `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
}

/** `2024-03` of an instant. */
export const monthOf = (at: number, timezone: string): string => dayOf(at, timezone).slice(0, 7);

/** `2024-03-31 14:05` of an instant. */
export function minuteOf(at: number, timezone: string): string {
  const { year, month, day, hour, minute } = fields(at, timezone);
  return `${year ?? ''}-${month ?? ''}-${day ?? ''} ${hour ?? ''}:${minute ?? ''}`;
}
