import type { PlanHeader } from '../../../kit/batch/action.js';
import { localized } from '../../../kit/output/localized.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';

/** What a plan's header says of a list that is not whole. */
export const partialOf = ({ facts }: Pick<PlanHeader, 'facts'>): readonly PartialListing[] =>
  (facts['partial'] ?? []) as readonly PartialListing[];

/** The same among the facts of a report, in one text. */
export const partialFact = (partial: readonly PartialListing[]): { partial?: string } =>
  partial.length === 0 ? {} : { partial: partial.map(({ text }) => text).join(' ') };

/** First lines of a plan, a report and a mail about a list that is not whole; none for one that is. */
export const renderPartial = (partial: readonly PartialListing[]): string[] =>
  partial.flatMap(({ text, remedy }) => [
    localized(`PARTIAL LIST: ${text}`, `LISTE PARTIELLE : ${text}`),
    `  -> ${remedy}`,
  ]);

interface Counts {
  readonly listed: number;
  readonly filtered: number;
  /** In the range. */
  readonly recordings: number;
  readonly partial: readonly PartialListing[];
}

/** Why a listing leaves nothing to work on; null when it left something, and all of it was seen. */
export function whyNothing({ listed, filtered, recordings, partial }: Counts): string | null {
  if (partial.length > 0)
    return localized(
      'Nothing to do with what was listed; the list is partial, so that says nothing of the rest.',
      'Rien à faire de ce qui a été listé ; la liste est partielle, cela ne dit rien du reste.',
    );
  if (listed === 0)
    return localized(
      'The server has no recording: look at [bbb] url, if you expected some.',
      "Le serveur n'a aucun enregistrement : voyez [bbb] url si vous en attendiez.",
    );
  if (filtered === 0)
    return localized(
      `${listed === 1 ? 'The one recording' : `None of ${listed} recordings`} ${listed === 1 ? 'does not pass' : 'passes'} the filters (--since, --meeting, --origin…).`,
      `Aucun enregistrement sur ${listed} ne passe les filtres (--since, --meeting, --origin…).`,
    );
  if (recordings === 0)
    return localized(
      `The range is empty: the filters leave ${filtered}, and --min is beyond.`,
      `La plage est vide : les filtres laissent ${filtered}, et --min est au-delà.`,
    );
  return null;
}

/** Why a plan has nothing to write. "Everything is in Pod" is said only when everything was seen. */
export const nothingToDo = (counts: Counts): string =>
  whyNothing(counts) ??
  localized(
    'Nothing to do: everything is in Pod already, or skipped for the reasons above.',
    'Rien à faire : tout est déjà dans Pod, ou sauté pour les raisons ci-dessus.',
  );
