import { dayOf } from '../../../kit/output/instants.js';
import { plainText } from '../../../kit/output/text.js';
import type { Expiring } from '../../../recorder/archive.js';

const FIRST = 20;

/** What its server may remove soon, oldest first, and the command that takes it. */
export function renderExpiring(
  expiring: readonly Expiring[],
  timezone: string,
): { readonly list: string; readonly next: string } {
  const lines = expiring
    .slice(0, FIRST)
    .map(
      ({ recordId, title, expiresAt }) => `  ${dayOf(expiresAt, timezone)}  ${recordId}  ${plainText(title)}`,
    );
  const more = expiring.length - FIRST;
  return {
    list: [
      `${expiring.length} not in the archive may be removed by their server within 60 days:`,
      ...lines,
      ...(more > 0 ? [`  … ${more} more: --json lists all`] : []),
    ].join('\n'),
    next: `Take them: the same command with --until ${dayOf(expiring.at(-1)?.startAt ?? 0, timezone)} instead of --since.`,
  };
}
