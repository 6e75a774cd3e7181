import { configurationTexts } from '../../kit/errors/configuration.js';
import { parseMoment } from '../../kit/time-zone.js';

/** What `--since` and `--until` name, Unix ms; null where nothing was typed. Since inclusive, until exclusive. */
export interface Window {
  readonly since: number | null;
  readonly until: number | null;
}

/** @throws OperatorError usage-invalid for what is no day and no age, and for a window that is empty */
export function typedWindow(
  typed: { readonly since?: string | undefined; readonly until?: string | undefined },
  zone: string,
): Window {
  const clock = { zone, now: Date.now() };
  const moment = (bound: 'since' | 'until'): number | null => {
    const text = typed[bound];
    if (text === undefined) return null;
    const at = parseMoment(text, bound, clock);
    if (at === null)
      throw configurationTexts.usageInvalid({
        detail: `--${bound} ${text}: give a day such as 2024-09-01, or an age such as 60d.`,
      });
    return at;
  };
  const [since, until] = [moment('since'), moment('until')];
  if (since !== null && until !== null && until <= since)
    throw configurationTexts.usageInvalid({
      detail: `--until ${typed.until ?? ''} is not after --since ${typed.since ?? ''}.`,
    });
  return { since, until };
}
