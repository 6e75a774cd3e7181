import { dayOf, shownDay } from '../../../kit/output/instants.js';
import { plainText } from '../../../kit/output/text.js';
import type { Expiring } from '../../../recorder/archive.js';
import { words } from '../words.js';

const FIRST = 20;

/** What its server may remove soon, oldest first, and the command that takes it. */
export function renderExpiring(
  expiring: readonly Expiring[],
  timezone: string,
): { readonly list: string; readonly next: string } {
  const lines = expiring
    .slice(0, FIRST)
    .map(
      ({ recordId, title, expiresAt }) =>
        `  ${shownDay(expiresAt, timezone)}  ${recordId}  ${plainText(title)}`,
    );
  const more = expiring.length - FIRST;
  const until = dayOf(expiring.at(-1)?.startAt ?? 0, timezone);
  return {
    list: [
      words.expiring({ count: expiring.length }),
      ...lines,
      ...(more > 0 ? [words.expiringMore({ count: more })] : []),
    ].join('\n'),
    next: words.takeThem({ day: until }),
  };
}
