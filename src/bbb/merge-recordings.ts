import type { PlaybackFormat, Recording, RecordingState } from './recording.js';

/** What hides comes first; a format that is still being made hides none that is published. */
const STATES: readonly RecordingState[] = [
  'deleted',
  'unpublished',
  'published',
  'processed',
  'processing',
  'unknown',
];

/** More of one recordID is no recording's, and would cost each further entry more than the one before. */
const MOST_FORMATS = 50;
const MOST_METADATA = 200;

/**
 * One recording of two entries with the same recordID: BBB keeps an entry per format, and pages, batches and saved
 * files may hold them apart. The order of the entries changes nothing.
 */
export function mergeRecordings(a: Recording, b: Recording): Recording {
  const [first, second] = inOrder(a, b);
  const parentId = first.parentId ?? second.parentId;
  return {
    ...first,
    meetingId: first.meetingId || second.meetingId,
    name: first.name || second.name,
    state: STATES.find((state) => state === a.state || state === b.state) ?? first.state,
    startAt: Math.min(a.startAt, b.startAt),
    endAt: largest(a.endAt, b.endAt),
    participants: largest(a.participants, b.participants),
    sizeBytes: largest(a.sizeBytes, b.sizeBytes),
    isBreakout: a.isBreakout || b.isBreakout,
    ...(parentId === undefined ? {} : { parentId }),
    metadata: mergeMetadata(first.metadata, second.metadata),
    formats: mergeFormats(first.formats, second.formats),
  };
}

/** Whether something of these entries is not in what they were merged into: there was too much of it. */
export const leavesOut = (merged: Recording, ...entries: readonly Recording[]): boolean =>
  (merged.formats.length === MOST_FORMATS &&
    entries.some(({ formats }) =>
      formats.some((given) => !merged.formats.some((kept) => isSame(kept, given))),
    )) ||
  (Object.keys(merged.metadata).length === MOST_METADATA &&
    entries.some(({ metadata }) => Object.keys(metadata).some((key) => !(key in merged.metadata))));

const isSame = (a: PlaybackFormat, b: PlaybackFormat): boolean => a.type === b.type && a.url === b.url;

/** The entry that says more comes first; of equal ones, the order of their text decides. */
function inOrder(a: Recording, b: Recording): [Recording, Recording] {
  const weight = ({ name, metadata }: Recording): number =>
    Object.keys(metadata).length * 2 + (name === '' ? 0 : 1);
  const difference = weight(b) - weight(a);
  if (difference !== 0) return difference < 0 ? [a, b] : [b, a];
  return signOf(a) <= signOf(b) ? [a, b] : [b, a];
}

const signOf = ({ name, metadata, meetingId }: Recording): string =>
  JSON.stringify([name, meetingId, Object.entries(metadata).sort()]);

function mergeMetadata(
  first: Recording['metadata'],
  second: Recording['metadata'],
): Readonly<Record<string, string>> {
  const merged = { ...second, ...first };
  const keys = Object.keys(merged);
  if (keys.length <= MOST_METADATA) return merged;
  const kept = new Set(keys.sort().slice(0, MOST_METADATA));
  return Object.fromEntries(Object.entries(merged).filter(([key]) => kept.has(key)));
}

/** Formats of both, sorted by type; within a type in the order of the entry that has all of them, else by URL. */
function mergeFormats(a: readonly PlaybackFormat[], b: readonly PlaybackFormat[]): readonly PlaybackFormat[] {
  const types = [...new Set([...a, ...b].map(({ type }) => type))].sort();
  return types
    .flatMap((type) =>
      mergeType(
        a.filter((format) => format.type === type),
        b.filter((format) => format.type === type),
      ),
    )
    .slice(0, MOST_FORMATS);
}

function mergeType(a: readonly PlaybackFormat[], b: readonly PlaybackFormat[]): readonly PlaybackFormat[] {
  const urls = [...new Set([...a, ...b].map(({ url }) => url))];
  const holdsAll = [a, b].filter((list) => new Set(list.map(({ url }) => url)).size === urls.length);
  const [leading] = holdsAll;
  const order =
    leading === undefined || (holdsAll.length === 2 && !sameOrder(a, b))
      ? [...urls].sort()
      : [...new Set(leading.map(({ url }) => url))];
  return order.flatMap((url) => {
    const same = [...a, ...b].filter((format) => format.url === url);
    const [one] = same;
    if (one === undefined) return [];
    return [
      {
        ...one,
        lengthMinutes: same.map((format) => format.lengthMinutes).reduce(largest),
        sizeBytes: same.map((format) => format.sizeBytes).reduce(largest),
      },
    ];
  });
}

const sameOrder = (a: readonly PlaybackFormat[], b: readonly PlaybackFormat[]): boolean =>
  a.length === b.length && a.every(({ url }, i) => url === b[i]?.url);

const largest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
