import type { StrokeOptions } from 'perfect-freehand';
import { freehandPath, smoothWay, strokeWay } from './freehand.js';
import { pathOf, round, strokedPath, type Point } from './svg-markup.js';
import { listOf, numberOf, textValue, valuesOf, type Values } from './tldraw-values.js';
import { filled, type Style } from './tldraw2-style.js';

/* What is drawn along points: pen, highlighter, line. */

export function drawStroke(props: Values, style: Style): string {
  const points = strokePoints(props);
  const [first] = points;
  if (first === undefined) return '';
  const scale = numberOf(props['scale'], 1);
  if (points.length === 1) {
    const [x = 0, y = 0] = first;
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round((style.width * scale) / 2 + 0.5)}" fill="${style.colour}"/>`;
  }
  const flat = points.map(([x = 0, y = 0]): Point => [x, y]);
  const closed = props['isClosed'] === true;
  const pen = props['isPen'] === true;
  const options: StrokeOptions = {
    size: 1 + style.width * scale * (pen ? 1.2 : 1),
    thinning: pen ? 0.62 : 0.5,
    streamline: pen ? 0.62 : 0.62 + ((1 + style.width) / 8) * 0.06,
    smoothing: 0.62,
    simulatePressure: !pen,
    easing: pen ? (t) => t * 0.65 + Math.sin((t * Math.PI) / 2) * 0.35 : (t) => Math.sin((t * Math.PI) / 2),
    last: props['isComplete'] === true,
  };
  const way = closed && style.fill !== 'none' ? filled(pathOf(strokeWay(points, options), true), style) : '';
  if (style.dash !== 'draw') return way + strokedPath(pathOf(flat, closed), { ...style, fill: 'none' });
  return `${way}<path d="${freehandPath(points, options)}" fill="${style.colour}"/>`;
}

export function highlight(props: Values, style: Style): string {
  const points = strokePoints(props);
  const [[x = 0, y = 0] = []] = points;
  if (points.length === 0) return '';
  const width = style.textSize * 1.12 * numberOf(props['scale'], 1);
  // Smoothed the more the broader it is, as every stroke that is no thin pen's.
  const streamline = 0.64 + 0.1 * Math.min(1, Math.max(0, (width - 9) / 7));
  const way = strokeWay(points, {
    size: width,
    thinning: 0,
    streamline,
    smoothing: 0.62,
    simulatePressure: false,
  });
  const d = way.length < 2 ? `M${round(x)} ${round(y)}l0.01 0` : smoothWay(way, false);
  return `<path d="${d}" fill="none" stroke="${style.highlight}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round" opacity="0.35"/>`;
}

function strokePoints(props: Values): number[][] {
  return listOf(props['segments']).flatMap((segment) =>
    listOf(valuesOf(segment)['points']).map((point) => {
      const { x, y, z } = valuesOf(point);
      return [numberOf(x), numberOf(y), numberOf(z, 0.5)];
    }),
  );
}

/** Points of a line: a list in later alphas, start, end and handles by index before. */
export function line(props: Values, style: Style): string {
  const handles = Object.values(valuesOf(props['points'] ?? props['handles'])).map(valuesOf);
  const points = handles
    .sort((a, b) => (textValue(a['index']) < textValue(b['index']) ? -1 : 1))
    .map((handle): Point => [numberOf(handle['x']), numberOf(handle['y'])]);
  if (points.length < 2) return '';
  const d = props['spline'] === 'cubic' && points.length > 2 ? smooth(points) : pathOf(points);
  return strokedPath(d, { ...style, fill: 'none' });
}

/** A curve through all points: each piece bends by a sixth of its neighbours' distance. */
function smooth(points: readonly Point[]): string {
  const at = (i: number): Point => points[Math.min(points.length - 1, Math.max(0, i))] ?? [0, 0];
  const pieces = points.slice(1).map((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const one = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const two = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${[...one, ...two, ...to].map(round).join(' ')}`;
  });
  return `M${at(0).map(round).join(' ')}${pieces.join('')}`;
}
