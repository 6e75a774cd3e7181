import { greatest, least } from '../../kit/extremes.js';
import { apart, around, type Point } from './svg-markup.js';
import type { Way } from './tldraw2-way.js';

/* What is seen of an arrow whose ends hold on to shapes (editor/shapes/shared/arrow of @bigbluebutton/editor 2.0.0-alpha.25). */

export type End = 'start' | 'end';

/** What one end holds on to, in the arrow's own units. */
export interface Target {
  readonly outline: readonly Point[];
  readonly isClosed: boolean;
  /** Ends at its own point, not at the outline. */
  readonly isExact: boolean;
  /** Between an end with a head and the outline, by the lines that are between. */
  readonly lines: number;
  readonly hasHead: boolean;
}
/** What the two targets are to each other. */
export type Relation = 'apart' | 'same' | 'end-inside' | 'start-inside';

/** Room between a head and the outline that it points at. */
const GAP = 10;
const SHORTEST = 10;

/** From and to which share of its way an arrow is seen; what is negative or beyond 1 lies on the way as it would go on. */
export const seenStretch = (way: Way, targets: Targets, relation: Relation): [number, number] =>
  way.circle === null ? straight(way, targets, relation) : curved(way, way.circle, targets, relation);

type Targets = Readonly<Record<End, Target | null>>;

/** The stretch of a straight way, from and to which share of its length: where it begins may lie behind where it ends. */
function straight(way: Way, { start, end }: Targets, relation: Relation): [number, number] {
  const { length } = way;
  const [first, last] = [way.at(0), way.at(1)];
  const crossings = (target: Target | null): number[] =>
    target === null || target.isExact
      ? []
      : sidesOf(target).flatMap(([a, b]) => {
          const share = crossing(first, last, a, b);
          return share === null ? [] : [share * length];
        });
  // The outline that is met first by who comes from the other end.
  const [leaving, reaching] = [crossings(start), crossings(end)];
  let from = greatest(leaving, 0);
  let to = Math.min(length, least(reaching));
  const isFree = start !== null && end !== null && !start.isExact && !end.isExact;
  if (isFree && relation === 'apart') {
    if (reaching.length > 0 && leaving.length === 0) {
      if (start.isClosed) from = to + SHORTEST;
    } else if (reaching.length === 0 && end.isClosed) to = from - SHORTEST;
  }
  const isFlipped = to < from;
  let before = relation === 'same' || relation === 'end-inside' ? 0 : room(start);
  let behind = relation === 'same' || relation === 'start-inside' ? 0 : room(end);
  const shortest = SHORTEST + (before > 0 ? before - GAP : 0) + (behind > 0 ? behind - GAP : 0);
  if (Math.abs(to - behind - from - before) < shortest) {
    const back = before > 0 && behind > 0 ? -1.5 : -1;
    [before, behind] = [before * back, behind * back];
  }
  from += before;
  to = isFlipped && start !== null && end !== null ? from + SHORTEST : to - behind;
  return [from / length, to / length];
}

/** The stretch of an arc. What lies behind its start is counted once around the circle. */
function curved(
  way: Way,
  circle: NonNullable<Way['circle']>,
  { start, end }: Targets,
  relation: Relation,
): [number, number] {
  const whole = (2 * Math.PI * circle.radius) / way.length;
  const ahead = (share: number): number => around(share, whole);
  const crossings = (target: Target): number[] =>
    sidesOf(target).flatMap(([a, b]) => crossingsOfCircle(circle, a, b).map((point) => way.shareOf(point)));
  const nearest = (shares: readonly number[], aim: number): number | undefined =>
    [...shares].sort((a, b) => Math.abs(a - aim) - Math.abs(b - aim))[0];
  const length = (share: number): number => share / way.length;
  let [from, to] = [0, 1];
  let [before, behind] = [0, 0];
  let shortest = SHORTEST;
  let [isLeft, isReached] = [false, false];
  if (start !== null && !start.isExact) {
    const met = nearest(
      crossings(start).filter((share) => share <= 1),
      start.isClosed ? 0.25 : 0,
    );
    if (met !== undefined || !start.isClosed) {
      [from, isLeft, before] = [met ?? 0, true, room(start)];
      if (before > 0) shortest += start.lines;
    }
  }
  if (end !== null && !end.isExact) {
    const rest = 1 - from;
    const met = nearest(
      crossings(end)
        .map((share) => ahead(share - from))
        .filter((share) => share <= rest),
      end.isClosed ? rest * 0.75 : 0,
    );
    if (met !== undefined || !end.isClosed) {
      [to, isReached, behind] = [met === undefined ? 1 : from + met, true, room(end)];
      if (behind > 0) shortest += end.lines;
    }
  }
  const [first, last] = [way.at(from + length(before)), way.at(to - length(behind))];
  if (apart(first, last) < shortest) {
    const back = before > 0 && behind > 0 ? -1.5 : -2;
    [before, behind] = [before * back, behind * back];
  }
  [from, to] = [from + length(before), to - length(behind)];
  if (start !== null && end !== null && !start.isExact && !end.isExact) {
    const between = ahead(to - from);
    if (relation === 'same' && between * way.length < 30) [from, to] = [0, 1];
    else if (relation === 'apart') {
      const isBehind = ahead(from) > ahead(to);
      const begin = from;
      if (!isLeft) from = 0;
      if (!isReached || isBehind) to = begin + between * Math.min(0.9, SHORTEST / between / way.length);
    }
  }
  const stretch = ahead(to - from);
  return stretch > 1 ? [to, to + whole - stretch] : [from, from + stretch];
}

const room = (target: Target | null): number =>
  target === null || target.isExact || !target.hasHead ? 0 : GAP + target.lines;

function sidesOf({ outline, isClosed }: Target): (readonly [Point, Point])[] {
  return outline.flatMap((point, i) => {
    const next = outline[i + 1] ?? (isClosed ? outline[0] : undefined);
    return next === undefined ? [] : [[point, next] as const];
  });
}

/** At which share of the way from one point to another it crosses a side; null where it does not. */
function crossing([x, y]: Point, [toX, toY]: Point, [ax, ay]: Point, [bx, by]: Point): number | null {
  const [dx, dy, sx, sy] = [toX - x, toY - y, bx - ax, by - ay];
  const cross = dx * sy - dy * sx;
  if (cross === 0) return null;
  const share = ((ax - x) * sy - (ay - y) * sx) / cross;
  const onSide = ((ax - x) * dy - (ay - y) * dx) / cross;
  return share >= 0 && share <= 1 && onSide >= 0 && onSide <= 1 ? share : null;
}

function crossingsOfCircle(
  { centre: [cx, cy], radius }: NonNullable<Way['circle']>,
  [ax, ay]: Point,
  [bx, by]: Point,
): Point[] {
  const [dx, dy, fx, fy] = [bx - ax, by - ay, ax - cx, ay - cy];
  const a = dx * dx + dy * dy;
  const half = fx * dx + fy * dy;
  const root = half * half - a * (fx * fx + fy * fy - radius * radius);
  if (a === 0 || root <= 0) return [];
  return [(-half + Math.sqrt(root)) / a, (-half - Math.sqrt(root)) / a]
    .filter((share) => share >= 0 && share <= 1)
    .map((share): Point => [ax + dx * share, ay + dy * share]);
}
