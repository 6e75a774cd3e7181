import { localPath } from '../timeline/parse-shapes.js';
import { escapeXml } from '../timeline/xml-tree.js';

/* Pieces of SVG that drawings of every generation are made of. */

export type Point = readonly [number, number];

/** From one point to another. */
export const apart = ([a, b]: Point, [c, d]: Point): number => Math.hypot(a - c, b - d);

/** A value that goes around, from zero up to before the whole. */
export const around = (value: number, whole: number): number => ((value % whole) + whole) % whole;

/** The circle through three points; null where they lie on a line. */
export function circleThrough(
  [ax, ay]: Point,
  [bx, by]: Point,
  [cx, cy]: Point,
): { centre: Point; radius: number } | null {
  const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
  if (Math.abs(d) < 1e-6) return null;
  const [a, b, c] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
  const x = (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / d;
  const y = (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / d;
  return { centre: [x, y], radius: Math.hypot(ax - x, ay - y) };
}

/** The straight part of a side whose corners are round, by twice the line's width or by a quarter of it. */
export function betweenCorners(from: Point, to: Point, width: number): { start: Point; end: Point } {
  const part = Math.min(0.25, (2 * width) / (apart(from, to) || 1));
  const [dx, dy] = [(to[0] - from[0]) * part, (to[1] - from[1]) * part];
  return { start: [from[0] + dx, from[1] + dy], end: [to[0] - dx, to[1] - dy] };
}

export const round = (value: number): number => Math.round(value * 100) / 100;

export const pathOf = (points: readonly Point[], closed = false): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('') + (closed ? 'Z' : '');

export interface TextBox {
  readonly x: number;
  readonly y: number;
  /** Null: as wide as the text and a unit more, 16 at least (TextShapeUtil of tldraw 2, where it measures a text that sizes itself). */
  readonly width: number | null;
  readonly height: number | null;
  readonly text: string;
  readonly font: string;
  readonly size: number;
  readonly lineHeight: number;
  readonly colour: string;
  readonly align: 'left' | 'center' | 'right';
  readonly vertical: 'top' | 'middle' | 'bottom';
  readonly padding: number;
  /** A pale outline keeps the text legible over the slide (tldraw 2): its width is that of the page's zoom. */
  readonly outlined?: boolean;
  /** Styles of what the text stands on: at least as high as the box, and higher where the text is. */
  readonly sheet?: string;
}

/** What stands in for letters that a font lacks. */
const GENERIC: Readonly<Record<string, string>> = { tldraw_mono: 'monospace', tldraw_serif: 'serif' };

/** HTML text inside the drawing: the browser wraps and aligns it as the whiteboard does. */
export function textMarkup(box: TextBox): string {
  const width = box.width ?? 4000;
  const height = box.height ?? 4000;
  const vertical = { top: 'flex-start', middle: 'center', bottom: 'flex-end' }[box.vertical];
  const outline = box.outlined === true ? 'text-shadow:var(--outline);' : '';
  const style =
    `box-sizing:border-box;width:100%;${box.sheet === undefined ? 'height:100%' : `min-height:100%;${box.sheet}`};margin:0;padding:${round(box.padding)}px;display:flex;flex-direction:column;` +
    `justify-content:${vertical};text-align:${box.align};color:${box.colour};font-family:'${box.font}',${GENERIC[box.font] ?? 'sans-serif'};` +
    `font-size:${round(box.size)}px;line-height:${box.lineHeight};white-space:${box.width === null ? 'pre' : 'pre-wrap'};overflow-wrap:break-word;${outline}`;
  return (
    `<foreignObject x="${round(box.x)}" y="${round(box.y)}" width="${round(width)}" height="${round(height)}" style="overflow:visible">` +
    `<div xmlns="http://www.w3.org/1999/xhtml" style="${escapeXml(style)}"><div${box.width === null ? ` style="align-self:flex-start;box-sizing:border-box;padding-left:${{ left: 0, center: 0.5, right: 1 }[box.align]}px;padding-right:${{ left: 1, center: 0.5, right: 0 }[box.align]}px;min-width:16px"` : ''}>${escapeXml(box.text)}</div></div></foreignObject>`
  );
}

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash: 'draw' | 'solid' | 'dashed' | 'dotted' | 'none';
  readonly fill: string;
}

/** Whether dashes or dots are spread along a line. */
export const hasDashes = ({ dash }: Pick<Stroke, 'dash'>): boolean => dash === 'dashed' || dash === 'dotted';

/** An outline with the dash of its style. */
export function strokedPath(d: string, { colour, width, dash, fill }: Stroke): string {
  const dashes =
    dash === 'dashed'
      ? ` stroke-dasharray="${round(width * 2)} ${round(width * 2)}"`
      : dash === 'dotted'
        ? ` stroke-dasharray="0.1 ${round(width * 2)}"`
        : '';
  const line = dash === 'none' ? 'stroke="none"' : `stroke="${colour}" stroke-width="${round(width)}"`;
  return `<path d="${d}" fill="${fill}" ${line} stroke-linecap="round" stroke-linejoin="round"${dashes}/>`;
}

/** Moves and turns a drawing: rotation about a point of its own, in radians. */
export function placed(
  inner: string,
  x: number,
  y: number,
  rotation: number,
  about: Point,
  opacity = 1,
): string {
  if (inner === '') return '';
  const turn =
    rotation === 0
      ? ''
      : ` rotate(${round((rotation * 180) / Math.PI)} ${round(about[0])} ${round(about[1])})`;
  const pale = opacity < 1 ? ` opacity="${Math.max(0, opacity)}"` : '';
  return `<g transform="translate(${round(x)} ${round(y)})${turn}"${pale}>${inner}</g>`;
}

/** A colour (`#rrggbb`) with a share of another. */
export function mix(one: string, other: string, share: number): string {
  const channel = (colour: string, i: number): number =>
    Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(one, i) * (1 - share) + channel(other, i) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** A picture of the recording, stretched into a box; nothing when its address leads elsewhere. */
export function pictureMarkup(address: string, width: number, height: number): string {
  const path = localPath(address);
  return path === null
    ? ''
    : `<image href="${escapeXml(path)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none"/>`;
}
