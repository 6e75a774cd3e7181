import type { PlanHeader } from '../../../kit/batch/action.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';

/** What a plan's header says of a list that is not whole. */
export const partialOf = ({ facts }: Pick<PlanHeader, 'facts'>): readonly PartialListing[] =>
  (facts['partial'] ?? []) as readonly PartialListing[];

/** The same among the facts of a report, in one text. */
export const partialFact = (partial: readonly PartialListing[]): { partial?: string } =>
  partial.length === 0 ? {} : { partial: partial.map(({ text }) => text).join(' ') };

/** First lines of a plan, a report and a mail about a list that is not whole; none for one that is. */
export const renderPartial = (partial: readonly PartialListing[]): string[] =>
  partial.flatMap(({ text, remedy }) => [`PARTIAL LIST: ${text}`, `  -> ${remedy}`]);

/** Why a plan has nothing to write. "Everything is in Pod" is said only when everything was seen. */
export function nothingToDo({
  listed,
  filtered,
  recordings,
  partial,
}: {
  readonly listed: number;
  readonly filtered: number;
  readonly recordings: number;
  readonly partial: readonly PartialListing[];
}): string {
  if (partial.length > 0)
    return 'Nothing to write of what was listed; the list is partial, so that says nothing of the rest.';
  if (listed === 0) return 'The server has no recording: look at [bbb] url, if you expected some.';
  if (filtered === 0) return `No recording of ${listed} passes the filters (--since, --meeting, --origin…).`;
  if (recordings === 0) return `The range is empty: the filters leave ${filtered}, and --min is beyond.`;
  return 'Nothing to do: everything is in Pod already, or skipped for the reasons above.';
}
