import { handRandom } from './hand-random.js';
import { apart, around, circleThrough, pathOf, round, type Point } from './svg-markup.js';

/*
 * Clouds of tldraw 2 (shapes/geo/cloudOutline of @bigbluebutton/tldraw 2.0.0-alpha.25): bumps along a pill, their ends moved a
 * little by numbers that follow from the shape's id.
 */

export interface Bump {
  readonly from: Point;
  readonly to: Point;
  /** Its farthest point. */
  readonly top: Point;
  /** Null for a bump that is flat. */
  readonly circle: { readonly centre: Point; readonly radius: number; readonly isLarge: boolean } | null;
  readonly length: number;
}

/** Lengths of a cloud's bumps, by the width of its line. */
const bumpLength = (line: number): number => (line > 5 ? 130 : line > 3.5 ? 100 : line > 2 ? 70 : 50);

const pillLength = (w: number, h: number): number => Math.PI * Math.min(w, h) + 2 * Math.abs(w - h);

export function cloudBumps(w: number, h: number, line: number, id: string): Bump[] {
  const way = pillLength(w, h);
  const count = Math.max(6, Math.ceil(way / bumpLength(line)), Math.ceil(way / Math.min(w, h)));
  const out = (way / count) * 0.2;
  const [innerW, innerH] = [Math.max(1, w - 2 * out), Math.max(1, h - 2 * out)];
  const [left, top] = [(w - innerW) / 2, (h - innerH) / 2];
  const ends = pillPoints(innerW, innerH, count).map(([x, y]): Point => [x + left, y + top]);
  const moved = movedEnds(ends, [w < 20 ? 0 : out * 0.6, h < 20 ? 0 : out * 0.6], id);
  const chord = pillLength(innerW, innerH) / count;
  return ends.map((end, i) => {
    const next = ends[(i + 1) % count] ?? end;
    const [from, to] = [moved[i] ?? end, moved[(i + 1) % count] ?? next];
    const angle = Math.atan2(next[1] - end[1], next[0] - end[0]) - Math.PI / 2;
    // On the round ends of the pill a bump stands out as much farther as the pill itself does.
    const far =
      ((Math.max(left, top) + chord - apart(end, next)) * apart(from, to)) / (apart(end, next) || 1);
    const farthest: Point = [
      within((end[0] + next[0]) / 2 + far * Math.cos(angle), w),
      within((end[1] + next[1]) / 2 + far * Math.sin(angle), h),
    ];
    return bump(from, to, farthest);
  });
}

function bump(from: Point, to: Point, top: Point): Bump {
  const found = circleThrough(from, to, top);
  if (found === null) return { from, to, top, circle: null, length: apart(from, to) };
  const { centre, radius } = found;
  const angle = ([x, y]: Point): number => Math.atan2(y - centre[1], x - centre[0]);
  const turn = around(angle(to) - angle(from), FULL);
  return {
    from,
    to,
    top,
    circle: { centre, radius, isLarge: !isLeft(from, to, centre) },
    length: radius * turn,
  };
}

/** What an arrow meets: ten points of each bump. */
export const cloudCorners = (bumps: readonly Bump[]): Point[] =>
  bumps.flatMap(({ from, to, circle, length }) => {
    if (circle === null) return [from, to];
    const { centre, radius } = circle;
    const first = Math.atan2(from[1] - centre[1], from[0] - centre[0]);
    return Array.from({ length: 10 }, (_, i): Point => {
      const angle = first + ((length / radius) * i) / 9;
      return [centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle)];
    });
  });

const FULL = 2 * Math.PI;
const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
const isLeft = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;

/** Evenly along a pill with the sun: a lying one from the left end of its upper side, a standing one down its right side. */
function pillPoints(w: number, h: number, count: number): Point[] {
  const r = Math.min(w, h) / 2;
  const long = Math.abs(w - h);
  const arc = Math.PI * r;
  return Array.from({ length: count }, (_, i): Point => {
    const along = (i * 2 * (long + arc)) / count;
    const second = along > long + arc;
    const rest = second ? along - long - arc : along;
    const [x, y] =
      rest <= long
        ? [rest - long / 2, -r]
        : [long / 2 + r * Math.sin((rest - long) / r), -r * Math.cos((rest - long) / r)];
    const [a, b] = second ? [-x, -y] : [x, y];
    return w > h ? [w / 2 + a, h / 2 + b] : [w / 2 - b, h / 2 + a];
  });
}

/** From both ends at once: a cloud that grows keeps the bumps that it began with. */
function movedEnds(ends: readonly Point[], [byX, byY]: Point, id: string): Point[] {
  const random = handRandom(id);
  const moved = [...ends];
  for (let i = 0; i < Math.floor(ends.length / 2); i++)
    for (const at of [i, ends.length - 1 - i]) {
      const [x, y] = moved[at] ?? [0, 0];
      moved[at] = [x + random() * byX, y + random() * byY];
    }
  return moved;
}

/** What comes behind the start of a bump in a path. */
const bumpPath = ({ to, circle }: Bump): string =>
  circle === null
    ? `L${to.map(round).join(' ')}`
    : `A${round(circle.radius)} ${round(circle.radius)} 0 ${circle.isLarge ? 1 : 0} 1 ${to.map(round).join(' ')}`;

const bumpsPath = (bumps: readonly Bump[]): string =>
  pathOf(bumps.slice(0, 1).map(({ from }) => from)) + bumps.map(bumpPath).join('');

export const cloudPath = (bumps: readonly Bump[]): string => `${bumpsPath(bumps)}Z`;

/** By hand a cloud is drawn twice, the second time beside the first, where its bumps are large enough for it. */
export function cloudByHand(bumps: readonly Bump[], line: number, id: string): string {
  const by = 2 * (line > 5 ? 1.6 : line > 3.5 ? 0.9 : line > 2 ? 0.7 : 0.5);
  const random = handRandom(id);
  const mean = bumps.reduce((sum, { from, to }) => sum + apart(from, to), 0) / Math.max(1, bumps.length);
  const beside = ([x, y]: Point): Point =>
    mean > by * 7.5 ? [x + random() * 2 * by, y + random() * 2 * by] : [x, y];
  let from = beside(bumps[0]?.from ?? [0, 0]);
  const again = bumps.map((one): Bump => {
    const to = beside(one.to);
    const { circle, ...rest } = one.circle === null ? one : bump(from, to, beside(one.top));
    // It turns as the first one did.
    const isLarge = one.circle?.isLarge ?? false;
    const made = { ...rest, from, to, circle: circle && { ...circle, isLarge } };
    from = to;
    return made;
  });
  return bumpsPath(bumps) + cloudPath(again);
}

/** Each bump of a dashed cloud as a path of its own; none goes more than half around. */
export const bumpPaths = (bumps: readonly Bump[]): { d: string; length: number }[] =>
  bumps.map((one) => ({
    d: pathOf([one.from]) + bumpPath({ ...one, circle: one.circle && { ...one.circle, isLarge: false } }),
    length: one.length,
  }));
