import { asRecord } from '../../kit/record.js';
import type { Presentation, TldrawShape } from '../timeline/presentation.js';
import { pageScale } from '../timeline/view.js';
import { fontOf } from './tldraw1-style.js';
import { tldraw1Markup } from './tldraw1.js';
import { tldraw2Markup } from './tldraw2.js';
import { paletteOf } from './tldraw2-style.js';

/** What the page needs of one visit: its picture and the markup of each drawing, by index. */
export interface VisitScene {
  readonly href: string | null;
  readonly picture: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly drawings: readonly string[];
  readonly fonts: readonly string[];
}

/** The scene of a visit; null when there is no such visit. Drawings that nobody shows stay empty. */
export function visitScene(
  presentation: Presentation,
  index: number,
  used: ReadonlySet<number>,
): VisitScene | null {
  const visit = presentation.visits[index];
  if (visit === undefined) return null;
  const scale = pageScale(presentation, visit);
  const early = earlyWords(presentation);
  const palette = paletteOf(presentation.bbbVersion);
  const picture = { x: 0, y: 0, width: visit.width * scale, height: visit.height * scale };
  const drawings = visit.drawings.map(({ content, atMs }, i) => {
    if (!used.has(i)) return '';
    if (content.kind === 'svg') return content.markup;
    return presentation.generation === 'tldraw2'
      ? tldraw2Markup(content.shape, { ...content, palette, slide: picture })
      : tldraw1Markup(content.shape, early(content.shape, atMs));
  });
  return {
    href: visit.href,
    picture,
    drawings,
    fonts: presentation.generation === 'classic' ? [] : fontsIn(drawings),
  };
}

/**
 * tldraw 1 loads a font when words first use it, and has measured those words by then: in the serif font of the browser.
 * Says of a shape whether its words are of that first instant.
 */
function earlyWords({ visits, generation }: Presentation): (shape: TldrawShape, atMs: number) => boolean {
  const first = new Map<string, number>();
  const font = (shape: TldrawShape): string => fontOf(asRecord(shape['style']));
  if (generation === 'tldraw1') {
    for (const { drawings } of visits)
      for (const { content, atMs } of drawings) {
        if (content.kind !== 'tldraw' || !hasWords(content.shape)) continue;
        const name = font(content.shape);
        first.set(name, Math.min(first.get(name) ?? Infinity, atMs));
      }
  }
  return (shape, atMs) => first.get(font(shape)) === atMs;
}

const hasWords = ({ text, label }: TldrawShape): boolean =>
  [text, label].some((words) => typeof words === 'string' && words !== '');

const FAMILIES = [
  'tldraw_draw',
  'tldraw_sans',
  'tldraw_serif',
  'tldraw_mono',
  'Caveat Brush',
  'Source Sans Pro',
  'Crimson Pro',
  'Source Code Pro',
];
const fontsIn = (drawings: readonly string[]): string[] =>
  FAMILIES.filter((family) => drawings.some((markup) => markup.includes(family)));
