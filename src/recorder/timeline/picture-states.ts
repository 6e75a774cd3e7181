import { follow, frameOf } from './at-frame.js';
import type { Drawing, Presentation, TldrawShape, Visit } from './presentation.js';
import { viewOf, type View } from './view.js';

/** One distinct picture of the page (without webcam, screen share and cursor) and the frames that show it. */
export interface PictureState {
  /** Equal for equal pictures, also of different times. */
  readonly key: string;
  readonly firstFrame: number;
  readonly frames: number;
  readonly slide: SlideState | null;
  /** The shared screen is shown instead of a slide. */
  readonly share: boolean;
  /** The presenter had put the presentation out of sight: the webcams have its room. */
  readonly hidden: boolean;
  /** Entries of the chat column that are due. Cleared ones stay, as in the player. */
  readonly due: number;
}

export interface SlideState {
  /** Index in `visits`. */
  readonly visit: number;
  readonly view: View;
  /** Indexes in the visit's drawings, back to front. */
  readonly drawings: readonly number[];
}

export interface StateOptions {
  readonly fps: number;
  readonly frames: number;
  readonly slides: boolean;
  readonly chat: boolean;
}

/**
 * Distinct pictures in order, covering every frame. The state at a frame is that of its instant: what is due at
 * or before it, without what is undone at or before it.
 */
export function pictureStates(presentation: Presentation, options: StateOptions): PictureState[] {
  const { fps, frames } = options;
  const changes = changeFrames(presentation, options);
  const panzoomAt = follow(presentation.panzooms);
  const chatAt = options.chat ? dueCounter(presentation) : () => 0;
  const states: PictureState[] = [];
  changes.forEach((frame, i) => {
    const ms = (frame * 1000) / fps + 1e-3;
    const share = options.slides && presentation.shares.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
    const panzoom = panzoomAt(ms);
    const hidden =
      options.slides && presentation.hidden.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
    const slide = options.slides && !share && !hidden ? slideState(presentation, ms, panzoom) : null;
    const due = chatAt(ms);
    const key = JSON.stringify([slide, share, hidden, due]);
    const count = (changes[i + 1] ?? frames) - frame;
    const last = states.at(-1);
    if (last?.key === key) states[states.length - 1] = { ...last, frames: last.frames + count };
    else states.push({ key, firstFrame: frame, frames: count, slide, share, hidden, due });
  });
  return states;
}

/**
 * Indexes of the drawings that one state shows and the other does not; null when more than drawings differs, or when
 * those that both show lie otherwise upon each other.
 */
export function changedDrawings(one: PictureState, other: PictureState): number[] | null {
  const [before, after] = [one.slide, other.slide];
  if (before === null || after === null || before.visit !== after.visit) return null;
  if (one.share || other.share || one.hidden || other.hidden || one.due !== other.due) return null;
  if (JSON.stringify(before.view) !== JSON.stringify(after.view)) return null;
  const [had, has] = [new Set(before.drawings), new Set(after.drawings)];
  const kept = after.drawings.filter((drawing) => had.has(drawing));
  const stayed = before.drawings.filter((drawing) => has.has(drawing));
  if (kept.some((drawing, i) => drawing !== stayed[i])) return null;
  return [
    ...before.drawings.filter((drawing) => !has.has(drawing)),
    ...after.drawings.filter((drawing) => !had.has(drawing)),
  ];
}

function changeFrames(presentation: Presentation, options: StateOptions): number[] {
  const instants: number[] = [];
  if (options.slides) {
    for (const visit of presentation.visits) {
      instants.push(visit.fromMs, visit.toMs);
      for (const { atMs, undoMs } of visit.drawings) instants.push(atMs, undoMs ?? 0);
    }
    for (const { atMs } of presentation.panzooms) instants.push(atMs);
    for (const { fromMs, toMs } of [...presentation.shares, ...presentation.hidden])
      instants.push(fromMs, toMs);
  }
  if (options.chat) for (const { atMs } of presentation.chat) instants.push(atMs);
  const distinct = new Set([0, ...instants.map((ms) => frameOf(ms, options.fps))]);
  return [...distinct].filter((frame) => frame < options.frames).sort((a, b) => a - b);
}

function slideState(
  presentation: Presentation,
  ms: number,
  panzoom: Parameters<typeof viewOf>[2],
): SlideState | null {
  const index = presentation.visits.findLastIndex(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
  const visit = presentation.visits[index];
  if (visit === undefined) return null;
  return { visit: index, view: viewOf(presentation, visit, panzoom), drawings: drawingsAt(visit, ms) };
}

function drawingsAt(visit: Visit, ms: number): number[] {
  const newest = new Map<string, number>();
  visit.drawings.forEach((drawing, i) => {
    if (drawing.atMs > ms) return;
    const earlier = visit.drawings[newest.get(drawing.key) ?? -1];
    if (earlier === undefined || earlier.atMs <= drawing.atMs) newest.set(drawing.key, i);
  });
  return [...newest.values()]
    .filter((i) => {
      const undoMs = visit.drawings[i]?.undoMs ?? null;
      return undoMs === null || undoMs > ms;
    })
    .sort((a, b) => inDepth(visit.drawings[a], visit.drawings[b]) || a - b);
}

/** tldraw 1 orders by childIndex, tldraw 2 by fractional index texts within each parent; classic by place. */
function inDepth(a: Drawing | undefined, b: Drawing | undefined): number {
  if (a?.content.kind !== 'tldraw' || b?.content.kind !== 'tldraw') return 0;
  const [one, two] = [a.content.shape, b.content.shape];
  if (typeof one['childIndex'] === 'number' && typeof two['childIndex'] === 'number')
    return one['childIndex'] - two['childIndex'];
  if (a.content.within.length + b.content.within.length === 0) return byIndex(one, two);
  const [path, other] = [a.content, b.content].map(({ within, shape }) => [...within, shape]) as [
    TldrawShape[],
    TldrawShape[],
  ];
  // Where their ways part; what lies in a frame comes after the frame itself.
  const parting = path.findIndex((shape, i) => shape['id'] !== other[i]?.['id']);
  if (parting === -1) return path.length - other.length;
  return other.length === parting ? 1 : byIndex(path[parting], other[parting]);
}

function byIndex(one: TldrawShape | undefined, two: TldrawShape | undefined): number {
  const [left, right] = [one?.['index'], two?.['index']];
  return typeof left === 'string' && typeof right === 'string'
    ? left < right
      ? -1
      : left > right
        ? 1
        : 0
    : 0;
}

function dueCounter({ chat }: Presentation): (ms: number) => number {
  let due = 0;
  return (ms) => {
    while ((chat[due]?.atMs ?? Infinity) <= ms) due++;
    return due;
  };
}
