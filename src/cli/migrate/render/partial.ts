import type { PlanHeader } from '../../../kit/batch/action.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';
import { words } from '../words.js';

/** What a plan's header says of a list that is not whole. */
export const partialOf = ({ facts }: Pick<PlanHeader, 'facts'>): readonly PartialListing[] =>
  (facts['partial'] ?? []) as readonly PartialListing[];

/** The same among the facts of a report, in one text. */
export const partialFact = (partial: readonly PartialListing[]): { partial?: string } =>
  partial.length === 0 ? {} : { partial: partial.map(({ text }) => text).join(' ') };

/** First lines of a plan, a report and a mail about a list that is not whole; none for one that is. */
export const renderPartial = (partial: readonly PartialListing[]): string[] =>
  partial.flatMap(({ text, remedy }) => [words.partialList({ text }), `  -> ${remedy}`]);

interface Counts {
  readonly listed: number;
  readonly filtered: number;
  /** In the range. */
  readonly recordings: number;
  readonly partial: readonly PartialListing[];
}

/** Why a listing leaves nothing to work on; null when it left something, and all of it was seen. */
export function whyNothing({ listed, filtered, recordings, partial }: Counts): string | null {
  if (partial.length > 0) return words.partialNothing();
  if (listed === 0) return words.serverEmpty();
  if (filtered === 0) return listed === 1 ? words.filteredOne() : words.filteredAll({ listed });
  if (recordings === 0) return words.rangeEmpty({ filtered });
  return null;
}

/** Why a plan has nothing to write. "Everything is in Pod" is said only when everything was seen. */
export const nothingToDo = (counts: Counts): string => whyNothing(counts) ?? words.allInPod();
