import { escapeXml } from '../timeline/xml-tree.js';
import { around, mix, round } from './svg-markup.js';
import { numberOf, textValue, type Values } from './tldraw-values.js';
import type { Placed } from './tldraw2-bound.js';
import { GROUND, type Style } from './tldraw2-style.js';
import { label } from './tldraw2-text.js';

/* Shapes with a ground of their own: sticky note and frame. */

/** A square sheet that its words make higher, whatever the recording says (NoteShapeUtil): only the browser knows by how much. */
export function note(props: Values, style: Style): string {
  const size = 200;
  // The sheet is the colour under a veil of the ground; its edge has none.
  const colour = mix(style.sheet, GROUND, 0.28);
  return label(
    { align: 'middle', ...props },
    { ...style, labelColour: '#1d1d1d' },
    {
      width: size,
      height: size,
      outlined: false,
      sheet: `background:${colour};border:1px solid ${style.sheet};border-radius:6px;box-shadow:0 1px 2px rgba(0,0,0,.25),0 1px 3px rgba(0,0,0,.09)`,
    },
  );
}

/** Where the name of a frame begins, by the quarters that the frame is turned: always above it (FrameHeading). */
const HEADINGS = [
  (): string => '',
  (_w: number, h: number): string => `translate(0 ${round(h)}) rotate(270)`,
  (w: number, h: number): string => `translate(${round(w)} ${round(h)}) rotate(180)`,
  (w: number): string => `translate(${round(w)} 0) rotate(90)`,
] as const;

/** Its line and its name have the same size on every zoom. */
export function frame(props: Values, _style: Style, { shape, within }: Placed): string {
  const [w, h] = [numberOf(props['w'], 160), numberOf(props['h'], 90)];
  const name = textValue(props['name']) || 'Frame';
  const turn = [...within, shape].reduce((sum, { rotation }) => sum + numberOf(rotation), 0);
  const quarter = around(Math.floor(turn / (Math.PI / 2) + 0.5), 4);
  const side = Math.ceil(quarter % 2 === 0 ? w : h);
  const heading =
    `max-width:calc(${side}px/var(--unzoomed) + 16px);width:max-content;min-width:32px;box-sizing:border-box;padding:9px;overflow:hidden;` +
    `text-overflow:ellipsis;white-space:pre;font:12px/14px Verdana,Arial,Helvetica,sans-serif;color:#000;background:${GROUND};border-radius:4px`;
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#fcfffe" stroke="#000000" style="stroke-width:calc(1px*var(--unzoomed))"/>` +
    `<g transform="${HEADINGS[quarter]?.(w, h) ?? ''}"><g style="transform:scale(var(--unzoomed))"><foreignObject x="-8" y="-36" width="4000" height="32" style="overflow:visible">` +
    `<div xmlns="http://www.w3.org/1999/xhtml" style="${heading}">${escapeXml(name)}</div></foreignObject></g></g>`
  );
}
