import type { CursorEvent, Interval, Panzoom } from './presentation.js';
import { element, elements, numbersOf, parseXml, secondsToMs, textOf } from './xml-tree.js';

/** panzooms.xml, sorted; events without four finite numbers are dropped. */
export function parsePanzooms(text: string | null): Panzoom[] {
  return events(text).flatMap(({ atMs, node }) => {
    const [x, y, width, height] = numbersOf(textOf(element(node, 'viewBox')));
    if (x === undefined || y === undefined || width === undefined || height === undefined) return [];
    if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) return [];
    return [{ atMs, x: x + 0, y: y + 0, width, height }];
  });
}

/**
 * cursor.xml, sorted. Negative coordinates mean that the pointer is not on the slide; on the boundless whiteboard of tldraw 2
 * it may stand left of the slide or above it, and only -1 -1 hides it.
 */
export function parseCursor(text: string | null, boundless = false): CursorEvent[] {
  return events(text).flatMap(({ atMs, node }): CursorEvent[] => {
    const [x, y] = numbersOf(textOf(element(node, 'cursor')));
    if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) return [];
    const away = boundless ? x === -1 && y === -1 : x < 0 || y < 0;
    return [{ atMs, at: away ? null : { x, y } }];
  });
}

/** True or false as the file says, null when it says nothing (recordings before 2.6). */
export function saysTldraw(text: string | null): boolean | null {
  const value = text === null ? undefined : parseXml(text).attributes['tldraw'];
  return value === undefined ? null : value === 'true';
}

/** deskshare.xml: when the screen was shared; one that nothing stops lasts to the end, as in the player. */
export function parseShares(text: string | null): Interval[] {
  if (text === null) return [];
  return elements(parseXml(text), 'event')
    .flatMap((event) => {
      const fromMs = secondsToMs(event.attributes['start_timestamp']);
      const toMs = secondsToMs(event.attributes['stop_timestamp']) ?? Number.MAX_SAFE_INTEGER;
      return fromMs === null || toMs <= fromMs ? [] : [{ fromMs, toMs }];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
}

function events(text: string | null): { atMs: number; node: ReturnType<typeof parseXml> }[] {
  if (text === null) return [];
  return elements(parseXml(text), 'event')
    .flatMap((node) => {
      const atMs = secondsToMs(node.attributes['timestamp']);
      return atMs === null ? [] : [{ atMs, node }];
    })
    .sort((a, b) => a.atMs - b.atMs);
}
