import { tldraw1Types } from '../scenes/tldraw1.js';
import { tldraw2Types } from '../scenes/tldraw2.js';
import type { Drawing, Presentation } from './presentation.js';

/** What a recording holds beyond what is known here: its film is made without it, and says so. */
export interface UnknownParts {
  /** The version of BBB that made the recording, when no version up to the last known one did; null otherwise. */
  readonly laterVersion: string | null;
  /** Drawings that are not drawn, by their type; each counts once, however often it was moved. */
  readonly shapes: readonly { readonly type: string; readonly count: number }[];
}

export const NOTHING_UNKNOWN: UnknownParts = { laterVersion: null, shapes: [] };

/** The last whose recordings were looked at: what later ones write is drawn as far as it is known. */
export const LAST_KNOWN_VERSION = '3.1';

/** Types of shapes that are drawn. */
const KNOWN: Readonly<Record<Presentation['generation'], ReadonlySet<string>>> = {
  classic: new Set(),
  tldraw1: tldraw1Types,
  tldraw2: tldraw2Types,
};

/** Looks at every drawing and at the version. Pure. */
export function unknownParts({ visits, generation, bbbVersion }: Presentation): UnknownParts {
  const ids = new Map<string, Set<string>>();
  const add = (type: string, key: string): void => {
    const name = type.replace(/[^\w-]/g, '').slice(0, 40) || 'nameless';
    ids.set(name, (ids.get(name) ?? new Set()).add(key));
  };
  visits.forEach(({ number, drawings }, i) => {
    for (const drawing of drawings)
      for (const type of typesUnknown(drawing, KNOWN[generation])) add(type, `${number ?? i} ${drawing.key}`);
  });
  const shapes = [...ids].map(([type, keys]) => ({ type, count: keys.size }));
  return {
    laterVersion: isLater(bbbVersion) ? bbbVersion : null,
    shapes: shapes.sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1)),
  };
}

function typesUnknown({ content }: Drawing, known: ReadonlySet<string>): readonly string[] {
  if (content.kind === 'svg') return content.dropped ?? [];
  const { type } = content.shape;
  const name = typeof type === 'string' ? type : '';
  return known.has(name) ? [] : [name];
}

function isLater(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [lastMajor = 0, lastMinor = 0] = LAST_KNOWN_VERSION.split('.').map(Number);
  return major > lastMajor || (major === lastMajor && minor > lastMinor);
}
