import type { LostFile } from '../../bbb/published-file.js';

/** What of a recording a file belongs to, as people call it. */
export type Part =
  | 'slides'
  | 'drawings'
  | 'whiteboard'
  | 'webcams'
  | 'screen share'
  | 'sound'
  | 'cursor'
  | 'chat'
  | 'captions'
  | 'texts'
  | 'metadata';

/** A file that a recording names and that did not come, or did not come whole. */
export interface Shortfall {
  readonly part: Part;
  /** Inside the published folder. */
  readonly path: string;
  /** `404`, `empty`, `HTML page of 812 B`, `cut: 1.0 kB of 5.0 MB`, … */
  readonly reason: string;
  /** Pictures or sound of the film are missing: it is no film of that recording without a word. */
  readonly grave: boolean;
}

/**
 * Whether a film that is made now would lack all that the one at its place lacks. An empty list is no such film: nothing is
 * known to stand there.
 */
export const gainsNothing = (shortfalls: readonly Shortfall[], standing: readonly LostFile[]): boolean =>
  standing.length > 0 &&
  standing.every(({ part, path }) => shortfalls.some((one) => one.part === part && one.path === path));

export const isGrave = (shortfalls: readonly Shortfall[]): boolean => shortfalls.some(({ grave }) => grave);

/** Parts of which a recording has many files: these are counted. */
const MANY: ReadonlySet<Part> = new Set(['slides', 'drawings', 'captions', 'texts']);

/**
 * One line of all that is missing: `2 of 4 slides missing: 404; webcams: HTML page of 812 B`.
 * @param owed how many files of each part the recording names.
 */
export function renderShortfalls(
  shortfalls: readonly Shortfall[],
  owed: Readonly<Partial<Record<Part, number>>>,
): string {
  const groups = new Map<string, Shortfall[]>();
  for (const one of shortfalls) {
    const key = MANY.has(one.part) ? `${one.part} ${one.reason}` : one.path;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { part, path, reason } = first;
      if (!MANY.has(part)) return [`${part === 'whiteboard' ? path : part}: ${reason}`];
      const all = Math.max(owed[part] ?? 0, group.length);
      return [`${group.length} of ${all} ${all === 1 ? part.replace(/s$/, '') : part} missing: ${reason}`];
    })
    .join('; ');
}
