import { dueInOrder } from './due-in-order.js';
import { isRecord } from '../../kit/record.js';
import { parseJson } from './parse-chat.js';
import type { Drawing, Generation } from './presentation.js';
import { withinParents } from './within-parents.js';
import { secondsToMs } from './xml-tree.js';

export interface TldrawFile {
  readonly bbbVersion: string | null;
  /** Drawings by number of the slide visit. */
  readonly byVisit: ReadonlyMap<number, readonly Drawing[]>;
}

/** tldraw.json: each update is a whole snapshot of a shape; the same shape has the same shape_data.id. */
export function parseTldraw(text: string | null): TldrawFile {
  const value = text === null ? undefined : parseJson(text);
  if (!isRecord(value)) return { bbbVersion: null, byVisit: new Map() };
  const version = value['bbb_version'];
  const byVisit = new Map<number, Drawing[]>();
  for (const [key, visit] of Object.entries(value)) {
    if (!/^\d+$/.test(key) || !isRecord(visit) || !Array.isArray(visit['shapes'])) continue;
    byVisit.set(
      Number(key),
      withinParents(dueInOrder((visit['shapes'] as unknown[]).filter(isRecord).flatMap(drawing))),
    );
  }
  return { bbbVersion: typeof version === 'string' ? version : null, byVisit };
}

function drawing(entry: Record<string, unknown>): Drawing[] {
  const atMs = secondsOf(entry['timestamp']);
  const undoMs = secondsOf(entry['undo']);
  const shape = entry['shape_data'];
  if (atMs === null || !isRecord(shape)) return [];
  const id = typeof shape['id'] === 'string' ? shape['id'] : JSON.stringify(entry['id'] ?? '');
  return [
    {
      key: id,
      atMs,
      undoMs: undoMs === null || undoMs < 0 ? null : undoMs,
      content: { kind: 'tldraw', shape, within: [] },
    },
  ];
}

const secondsOf = (value: unknown): number | null =>
  typeof value === 'number' || typeof value === 'string' ? secondsToMs(String(value)) : null;

/** The player takes tldraw 2 from BBB 3.0.0 on; what a later version writes is drawn as far as it is known. */
export function generationOf(tldraw: boolean, version: string | null): Generation {
  if (!tldraw) return 'classic';
  return Number.parseInt(version ?? '', 10) >= 3 ? 'tldraw2' : 'tldraw1';
}
