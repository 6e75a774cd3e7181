import type { Rectangle, Size } from '../scenes/layout.js';
import { follow, frameOf } from './at-frame.js';
import type { CursorEvent, Presentation, Visit } from './presentation.js';
import { viewOf, type View } from './view.js';

/** Where the pointer's dot stands from a frame on, in pixels of the picture; null when it is not seen. */
export interface CursorPoint {
  readonly frame: number;
  readonly dot: { readonly x: number; readonly y: number; readonly radius: number } | null;
}

/**
 * The pointer's way through the picture: only changes, in order. It is hidden outside of the visible part, while the
 * screen is shared, and when the presenter left the slide.
 * @param box the slides' box. @param scale pixels per pixel of the player at 1280x720.
 */
export function cursorTrack(
  presentation: Presentation,
  options: { fps: number; frames: number; box: Rectangle; scale: number },
): CursorPoint[] {
  const { fps, frames } = options;
  const instants = [
    ...presentation.cursor.map(({ atMs }) => atMs),
    ...presentation.panzooms.map(({ atMs }) => atMs),
    ...presentation.visits.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...[...presentation.shares, ...presentation.hidden].flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ];
  const changes = [...new Set([0, ...instants.map((ms) => frameOf(ms, fps))])]
    .filter((frame) => frame < frames)
    .sort((a, b) => a - b);
  const cursorAt = follow(presentation.cursor);
  const panzoomAt = follow(presentation.panzooms);
  const points: CursorPoint[] = [];
  for (const frame of changes) {
    const ms = (frame * 1000) / fps + 1e-3;
    const at = cursorAt(ms);
    const panzoom = panzoomAt(ms);
    const visit = presentation.visits.findLast(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
    const unseen = [...presentation.shares, ...presentation.hidden].some(
      ({ fromMs, toMs }) => fromMs <= ms && ms < toMs,
    );
    const dot =
      unseen || visit === undefined
        ? null
        : dotOf(presentation, visit, viewOf(presentation, visit, panzoom), at, options);
    const last = points.at(-1);
    if (last === undefined || JSON.stringify(last.dot) !== JSON.stringify(dot)) points.push({ frame, dot });
  }
  return points;
}

function dotOf(
  presentation: Presentation,
  visit: Visit,
  view: View,
  event: CursorEvent | null,
  { box, scale }: { box: Rectangle; scale: number },
): CursorPoint['dot'] {
  if (event?.at == null || visit.href === null) return null;
  const zoom = Math.min(box.width / view.width, box.height / view.height);
  const classic = presentation.generation === 'classic';
  // With tldraw 2 a shape of 2.5 units has its corner there (utils/tldraw.js of bbb-playback).
  const aside = presentation.generation === 'tldraw2' ? 1.25 : 0;
  // Fractions of the view up to 2.5, whiteboard units since. Pixels of the oldest recordings are not shown.
  const inView = classic
    ? { x: event.at.x * view.width, y: event.at.y * view.height }
    : { x: event.at.x + aside - view.x, y: event.at.y + aside - view.y };
  const margin = { x: (box.width - view.width * zoom) / 2, y: (box.height - view.height * zoom) / 2 };
  const inBox = { x: margin.x + inView.x * zoom, y: margin.y + inView.y * zoom };
  // With tldraw 1 the pointer is laid over the whiteboard and not cut off with it: it also stands beside a zoomed slide.
  const seen =
    presentation.generation === 'tldraw1'
      ? within(inBox, box) && within({ x: inView.x * zoom, y: inView.y * zoom }, box, -Infinity)
      : within(inView, view);
  if (!seen) return null;
  return {
    x: Math.round(box.x + inBox.x),
    y: Math.round(box.y + inBox.y),
    radius: quarter(radiusOf(presentation, zoom, scale)),
  };
}

const within = ({ x, y }: { x: number; y: number }, size: Size, least = 0): boolean =>
  x >= least && y >= least && x <= size.width && y <= size.height;

/** The player's dot: 8 slide units in its SVG, 10 pixels across with tldraw 1, a thick small ellipse with 2. */
function radiusOf({ generation }: Presentation, zoom: number, scale: number): number {
  if (generation === 'classic') return 8 * zoom;
  if (generation === 'tldraw1') return 5 * scale;
  return 6.25 * zoom;
}

const quarter = (value: number): number => Math.max(1, Math.round(value * 4) / 4);
