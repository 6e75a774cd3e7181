import { localized } from '../../../kit/output/localized.js';
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
  const until = dayOf(expiring.at(-1)?.startAt ?? 0, timezone);
  return {
    list: [
      localized(
        `${expiring.length} not in the archive may be removed by their server within 60 days:`,
        `${expiring.length} hors de l'archive, que leur serveur peut retirer d'ici 60 jours :`,
      ),
      ...lines,
      ...(more > 0
        ? [localized(`  … ${more} more: --json lists all`, `  … et ${more} de plus : --json les donne tous`)]
        : []),
    ].join('\n'),
    next: localized(
      `Take them: the same command with --until ${until} instead of --since.`,
      `Pour les prendre : la même commande avec --until ${until} au lieu de --since.`,
    ),
  };
}
