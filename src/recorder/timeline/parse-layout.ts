import { elements, parseXml, secondsToMs } from './xml-tree.js';
import type { Interval } from './presentation.js';

/** When the presenter had put the presentation, or the shared screen, out of sight. */
export interface Hidden {
  readonly presentation: readonly Interval[];
  readonly share: readonly Interval[];
}

/**
 * layout.xml (BBB 3.0.2 and later; `show_presentation` since 3.0.27): the last event with an attribute decides; until
 * one comes, both are shown.
 */
export function parseLayout(text: string | null): Hidden {
  if (text === null) return { presentation: [], share: [] };
  const events = elements(parseXml(text), 'event')
    .flatMap(({ attributes }) => {
      const atMs = secondsToMs(attributes['timestamp']);
      return atMs === null ? [] : [{ atMs, attributes }];
    })
    .sort((a, b) => a.atMs - b.atMs);
  const hidden = (name: string): Interval[] => {
    const says = events.filter(({ attributes }) => attributes[name] !== undefined);
    return says.flatMap(({ atMs, attributes }, i) =>
      attributes[name] === 'false'
        ? [{ fromMs: atMs, toMs: says[i + 1]?.atMs ?? Number.MAX_SAFE_INTEGER }]
        : [],
    );
  };
  return { presentation: hidden('show_presentation'), share: hidden('show_screenshare') };
}

/** What is left of the intervals without the others. */
export const without = (intervals: readonly Interval[], others: readonly Interval[]): Interval[] =>
  others.reduce<Interval[]>(
    (left, other) =>
      left.flatMap(({ fromMs, toMs }) =>
        [
          { fromMs, toMs: Math.min(toMs, other.fromMs) },
          { fromMs: Math.max(fromMs, other.toMs), toMs },
        ].filter((part) => part.fromMs < part.toMs),
      ),
    [...intervals],
  );
