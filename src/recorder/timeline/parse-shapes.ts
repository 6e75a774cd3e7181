import { dueInOrder } from './due-in-order.js';
import type { Drawing, Visit } from './presentation.js';
import { element, elements, escapeXml, parseXml, secondsToMs, type XmlNode } from './xml-tree.js';

/** Only these reach the browser: what BBB's publisher writes, nothing that could run or fetch. */
const ALLOWED = new Set(
  'g path circle ellipse line polygon polyline rect text tspan image switch foreignObject p br span b i u'.split(
    ' ',
  ),
);

/**
 * shapes.svg: one visit per showing of a slide with the drawings of its canvas. Up to 1.1 a slide stands once
 * with lists of times in `in` and `out`, and may have several canvases; images without a picture are skipped as the player does.
 */
export function parseShapes(text: string | null): Visit[] {
  if (text === null) return [];
  const root = parseXml(text);
  const canvases = new Map<string, Drawing[]>();
  for (const group of elements(root, 'g')) {
    const image = group.attributes['image'] ?? '';
    canvases.set(image, [...(canvases.get(image) ?? []), ...parseCanvas(group)]);
  }
  return elements(root, 'image')
    .flatMap((image) => visitsOf(image, canvases.get(image.attributes['id'] ?? '') ?? []))
    .sort((a, b) => a.fromMs - b.fromMs);
}

function visitsOf(image: XmlNode, drawings: readonly Drawing[]): Visit[] {
  const href = localPath(image.attributes['xlink:href'] ?? image.attributes['href']);
  if (href === null) return [];
  const digits = /(?<!\d)\d+$/.exec(image.attributes['id'] ?? '')?.[0];
  const number = digits === undefined ? null : Number(digits);
  const starts = (image.attributes['in'] ?? '').trim().split(/\s+/).map(secondsToMs);
  const ends = (image.attributes['out'] ?? '').trim().split(/\s+/).map(secondsToMs);
  return starts.flatMap((fromMs, i) => {
    if (fromMs === null) return [];
    return [
      {
        number,
        fromMs,
        toMs: ends[i] ?? Number.MAX_SAFE_INTEGER,
        href,
        width: positive(image.attributes['width'], 1600),
        height: positive(image.attributes['height'], 1200),
        textFile: localPath(image.attributes['text']),
        drawings,
      },
    ];
  });
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

/**
 * A path inside the recording, or null: no scheme, no way up, no other host. Names that are percent-encoded are decoded, as a
 * browser and its server do together. A query or fragment behind the file goes; `#` and `?` within the name of a folder
 * belong to it, for BBB's publisher writes names as they are (record-and-playback/presentation/scripts/publish/presentation.rb).
 */
export function localPath(href: string | undefined): string | null {
  if (href === undefined || href === '' || /^[a-z][a-z0-9+.-]*:/i.test(href)) return null;
  const name = href.lastIndexOf('/') + 1;
  const path = decoded(href.slice(0, name) + href.slice(name).replace(/[?#].*$/s, '')).replace(/^\.?\//, '');
  if (path === '' || path.startsWith('/') || path.includes('\\') || path.split('/').includes('..'))
    return null;
  return path;
}

/** Text that is no percent-encoding stays as it is: `100% sure` is a name. */
function decoded(path: string): string {
  if (!/%[0-9a-f]{2}/i.test(path)) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function parseCanvas(canvas: XmlNode): Drawing[] {
  const drawings = elements(canvas, 'g').flatMap((group, i): Drawing[] => {
    const atMs = secondsToMs(group.attributes['timestamp']);
    if (atMs === null) return [];
    const undoMs = secondsToMs(group.attributes['undo']);
    const dropped = droppedFrom(group);
    return [
      {
        key: keyOf(group, i),
        atMs,
        undoMs: undoMs === null || undoMs < 0 ? null : undoMs,
        content: {
          kind: 'svg',
          markup: groupMarkup(group),
          ...(dropped.length === 0 ? {} : { dropped }),
        },
      },
    ];
  });
  return dueInOrder(drawings);
}

/**
 * Snapshots of one drawing share their `shape`. Up to BBB 1.1 pens and straight lines were counted apart and both called
 * `lineN` (record-and-playback/presentation/scripts/publish/presentation.rb of 0.9 to 1.1): lines have keys of their own.
 */
function keyOf(group: XmlNode, i: number): string {
  const name = group.attributes['shape'] ?? group.attributes['id'] ?? `nameless-${i}`;
  return element(group, 'line') === undefined ? name : `${name} line`;
}

function groupMarkup(group: XmlNode): string {
  const style = (group.attributes['style'] ?? '').replace(/visibility\s*:\s*hidden;?/g, '');
  return `<g style="${escapeXml(harmlessStyle(style))}">${group.children.map(markup).join('')}</g>`;
}

/** What a group holds beside what may reach the browser. */
const droppedFrom = (node: XmlNode): string[] =>
  elements(node).flatMap((child) => (ALLOWED.has(child.name) ? droppedFrom(child) : [child.name]));

function markup(node: XmlNode | string): string {
  if (typeof node === 'string') return escapeXml(node);
  if (!ALLOWED.has(node.name)) return '';
  const attributes = Object.entries(node.attributes).flatMap(([name, value]) => attribute(name, value));
  const namespace = node.name === 'p' ? ' xmlns="http://www.w3.org/1999/xhtml"' : '';
  return `<${node.name}${namespace}${attributes.join('')}>${node.children.map(markup).join('')}</${node.name}>`;
}

function attribute(name: string, value: string): string[] {
  if (name === 'xmlns' || name.startsWith('on') || name.startsWith('xmlns:')) return [];
  if (name === 'xlink:href' || name === 'href') {
    const path = localPath(value);
    return path === null ? [] : [` href="${escapeXml(path)}"`];
  }
  const kept = name === 'style' ? harmlessStyle(value) : value;
  return /^[a-zA-Z][\w-]*$/.test(name) ? [` ${name}="${escapeXml(kept)}"`] : [];
}

/** Styles that fetch are dropped; the page's policy would refuse them anyway. */
const harmlessStyle = (style: string): string => (/url\s*\(|@import|expression/i.test(style) ? '' : style);
