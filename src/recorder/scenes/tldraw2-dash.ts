import { apart, hasDashes, pathOf, round, type Point, type Stroke } from './svg-markup.js';

/* Dashes of tldraw 2 (shapes/shared/getPerfectDashProps of @bigbluebutton/tldraw 2.0.0-alpha.25): none is cut off at an end. */

/** How an end of a stretch looks: half of a dash stands out over it, it begins with a whole dash, or with a gap. */
type End = 'out' | 'whole' | 'gap';

export interface Dashing {
  readonly start?: End;
  readonly end?: End;
  /** It comes back to its start. */
  readonly isClosed?: boolean;
  /** Their number is a multiple of it. */
  readonly multipleOf?: number;
}

/** By how many dashes an end makes the stretch longer, and how far it begins within the first. */
const REACH: Readonly<Record<End, number>> = { out: 0.5, whole: 0, gap: -1 };

/** The dashes of one stretch, as attributes of its path; empty for a line without. @param length in units of the whiteboard */
export function dashesAlong(
  length: number,
  { width, dash }: Pick<Stroke, 'width' | 'dash'>,
  { start = 'out', end = 'out', isClosed = false, multipleOf = 1 }: Dashing = {},
): string {
  if (!hasDashes({ dash })) return '';
  // A dot is a dash of no length to speak of, with a hundred times as much behind it.
  const share = dash === 'dotted' ? 100 : 1;
  const wanted = dash === 'dotted' ? width / share : Math.min(2 * width, length / 4);
  if (wanted <= 0) return '';
  const room = isClosed ? length : length + wanted * (REACH[start] + REACH[end]);
  const fitting = Math.floor(room / wanted / (2 * share));
  const count = fitting - (fitting % multipleOf);
  if (count < 3 && dash === 'dashed') {
    const long = room / width < 5 ? [room, 0] : [room / 3, room / 3];
    return attributes(long[0] ?? 0, long[1] ?? 0, isClosed ? 0 : wanted * REACH[start]);
  }
  const dashes = Math.max(3, count);
  const own = room / dashes / (2 * share);
  return isClosed
    ? attributes(own, (room - dashes * own) / dashes, own / 2)
    : attributes(own, (room - dashes * own) / (dashes - 1), wanted * REACH[start]);
}

const precise = (value: number): number => Math.round(value * 1000) / 1000;
const attributes = (dash: number, gap: number, offset: number): string =>
  ` stroke-dasharray="${precise(dash)} ${precise(gap)}"${offset === 0 ? '' : ` stroke-dashoffset="${precise(offset)}"`}`;

/** One stretch with its dashes. */
export const dashedPath = (d: string, length: number, stroke: Stroke, dashing: Dashing = {}): string =>
  `<path d="${d}" fill="none" stroke="${stroke.colour}" stroke-width="${round(stroke.width)}" stroke-linecap="round" stroke-linejoin="round"${dashesAlong(length, stroke, dashing)}/>`;

/** The sides of a closed way, each with dashes of its own. */
export const dashedSides = (corners: readonly Point[], stroke: Stroke): string =>
  corners
    .map((from, i) => {
      const to = corners[(i + 1) % corners.length] ?? from;
      return dashedPath(pathOf([from, to]), apart(from, to), stroke);
    })
    .join('');
