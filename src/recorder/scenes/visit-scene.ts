import type { Presentation } from '../timeline/presentation.js';
import { pageScale } from '../timeline/view.js';
import { tldraw1Markup } from './tldraw1.js';
import { tldraw2Markup } from './tldraw2.js';

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
  asPlayer: boolean,
): VisitScene | null {
  const visit = presentation.visits[index];
  if (visit === undefined) return null;
  const scale = pageScale(presentation, visit);
  const drawings = visit.drawings.map(({ content }, i) => {
    if (!used.has(i)) return '';
    if (content.kind === 'svg') return asPlayer ? withPlayerTexts(content.markup) : content.markup;
    return presentation.generation === 'tldraw2'
      ? tldraw2Markup(content.shape, content.within)
      : tldraw1Markup(content.shape);
  });
  return {
    href: visit.href,
    picture: { x: 0, y: 0, width: visit.width * scale, height: visit.height * scale },
    drawings,
    fonts: presentation.generation === 'classic' ? [] : fontsIn(drawings),
  };
}

const FAMILIES = ['tldraw_draw', 'tldraw_sans', 'tldraw_serif', 'tldraw_mono', 'Caveat Brush'];
const fontsIn = (drawings: readonly string[]): string[] =>
  FAMILIES.filter((family) => drawings.some((markup) => markup.includes(family)));

/** The player shows the escapes of a classic text as they stand in the file: `&` is seen as `&amp;`. */
const withPlayerTexts = (markup: string): string =>
  markup.replace(/<foreignObject[\s\S]*?<\/foreignObject>/g, (text) => text.replaceAll('&', '&amp;'));
