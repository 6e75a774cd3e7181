import type { CursorPoint } from '../timeline/cursor-track.js';
import type { PictureState } from '../timeline/picture-states.js';

/** Longest segment, and length of its groups of pictures. Segments start with a key frame and join as they are. */
const MOST_SEGMENT_SECONDS = 60;
export const GOP_SECONDS = 10;
/** As many moves as frames: so many are told to ffmpeg in one argument. */
const MOST_FRAMES = 900;

/** A run of frames that one encoder makes alone. */
export interface Segment {
  readonly index: number;
  readonly firstFrame: number;
  readonly frames: number;
  /** Pictures in order, with the frames that each fills of this segment. */
  readonly stills: readonly { readonly state: PictureState; readonly frames: number }[];
  readonly cursor: readonly CursorPoint[];
  /** Frames of this segment, counted from its start, that show the shared screen. */
  readonly shares: readonly { readonly from: number; readonly to: number }[];
  /** The presentation is out of sight all through it: the webcams have its room. */
  readonly hidden: boolean;
  /** Frames, counted from its start, with which something new is shown that stays: key frames stand there. */
  readonly newViews: readonly number[];
}

/** Cuts a timeline into segments, from one of its frames to before another. */
export function planSegments(
  states: readonly PictureState[],
  cursor: readonly CursorPoint[],
  facts: { fps: number; firstFrame?: number; frames: number; cores: number },
): Segment[] {
  const { fps, firstFrame: first = 0, frames, cores } = facts;
  const length = segmentSeconds((frames - first) / fps, fps, cores) * fps;
  return startsOf(states, first, frames, length).map((firstFrame, index, starts) => {
    const end = starts[index + 1] ?? frames;
    const within = states.flatMap((state) => {
      const from = Math.max(state.firstFrame, firstFrame);
      const to = Math.min(state.firstFrame + state.frames, end);
      return to > from ? [{ state, from: from - firstFrame, to: to - firstFrame }] : [];
    });
    return {
      index,
      firstFrame,
      frames: end - firstFrame,
      stills: within.map(({ state, from, to }) => ({ state, frames: to - from })),
      cursor: cursorWithin(cursor, firstFrame, end),
      shares: joined(within.filter(({ state }) => state.share)),
      hidden: within[0]?.state.hidden ?? false,
      newViews: newViews(within, fps),
    };
  });
}

/** First frames of the segments: one begins wherever the presentation leaves or comes back, for webcams move then. */
function startsOf(states: readonly PictureState[], first: number, frames: number, length: number): number[] {
  const moves = states.flatMap(({ firstFrame, hidden }, i) =>
    i > 0 && hidden !== states[i - 1]?.hidden && firstFrame > first && firstFrame < frames
      ? [firstFrame]
      : [],
  );
  return [first, ...moves].flatMap((from, i) => {
    const count = Math.max(1, Math.ceil(((moves[i] ?? frames) - from) / length));
    return Array.from({ length: count }, (_, k) => from + k * length);
  });
}

/** Another slide, part of it, or the shared screen: not strokes, and not the steps of a zoom. */
function newViews(runs: readonly { state: PictureState; from: number; to: number }[], fps: number): number[] {
  const viewOf = ({ share, slide }: PictureState): string =>
    JSON.stringify([share, slide?.visit, slide?.view]);
  const changes = runs.filter(({ state }, i) => {
    const before = runs[i - 1]?.state;
    return before !== undefined && viewOf(before) !== viewOf(state);
  });
  const end = runs.at(-1)?.to ?? 0;
  return changes
    .filter(({ from }, i) => (changes[i + 1]?.from ?? end) - from >= fps * LEAST_VIEW_SECONDS)
    .map(({ from }) => from);
}

/** What is shown shorter is not worth a key frame. */
const LEAST_VIEW_SECONDS = 1;

/**
 * Length with which the cores, each a segment after the other, are done first: no core waits long at the end for the last
 * segment of another. Short ones cost more starts of ffmpeg.
 */
function segmentSeconds(seconds: number, fps: number, cores: number): number {
  const most = Math.min(MOST_SEGMENT_SECONDS, Math.floor(MOST_FRAMES / fps / GOP_SECONDS) * GOP_SECONDS);
  const until = (length: number): number => {
    const count = Math.max(1, Math.ceil(seconds / length));
    const rounds = Math.ceil(count / cores);
    const last = count - (rounds - 1) * cores === 1 ? seconds - (count - 1) * length : length;
    return (rounds - 1) * length + last + rounds * START_SECONDS;
  };
  let best = Math.max(GOP_SECONDS, most);
  for (let length = best - GOP_SECONDS; length >= GOP_SECONDS; length -= GOP_SECONDS)
    if (until(length) < until(best)) best = length;
  return best;
}

/** In the time in which ffmpeg starts, it would encode about so much. */
const START_SECONDS = 1.5;

/** The pointer's points of a segment, from its first frame on; empty when the pointer is never seen. */
function cursorWithin(cursor: readonly CursorPoint[], from: number, to: number): CursorPoint[] {
  const before = cursor.findLast((point) => point.frame <= from);
  const points = [
    { frame: 0, dot: before?.dot ?? null },
    ...cursor
      .filter(({ frame }) => frame > from && frame < to)
      .map(({ frame, dot }) => ({ frame: frame - from, dot })),
  ];
  return points.some(({ dot }) => dot !== null) ? points : [];
}

function joined(runs: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of runs) {
    const last = result.at(-1);
    if (last?.to === from) last.to = to;
    else result.push({ from, to });
  }
  return result;
}
