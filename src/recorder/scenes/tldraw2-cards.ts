import { escapeXml } from '../timeline/xml-tree.js';
import { mix, round } from './svg-markup.js';
import { numberOf, textValue, type Values } from './tldraw-values.js';
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

export function frame(props: Values): string {
  const [w, h] = [numberOf(props['w'], 160), numberOf(props['h'], 90)];
  const name = textValue(props['name']) || 'Frame';
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#fcfffe" stroke="#000000" stroke-width="1.5"/>` +
    `<svg x="-12" y="-52" width="${round(w + 12)}" height="46"><rect width="${round(name.length * 9.6 + 30)}" height="46" rx="3" fill="${GROUND}"/>` +
    `<text x="13" y="29.5" font-family="Arial" font-size="18" fill="#1d1d1d">${escapeXml(name)}</text></svg>`
  );
}
