import { escapeXml } from '../timeline/xml-tree.js';
import { textWidth } from './letter-widths.js';
import { round } from './svg-markup.js';
import type { Style } from './tldraw1-style.js';

/**
 * Letters of tldraw 1 stand 3 % closer than their font has them. A text box is as wide as its text was when it was
 * measured; words break only where a box is narrower.
 */
const LETTER_SPACING = -0.03;
const LETTERS = `line-height:1;letter-spacing:${LETTER_SPACING}em;white-space:pre-wrap;`;
const PADDING = 4;

export interface TextFacts {
  readonly text: string;
  readonly size: number;
  readonly style: Style;
  readonly align: Style['align'];
  /** The font was not there when the player measured the box: it took the browser's serif font. */
  readonly early: boolean;
}

/** A text whose box begins at that point before it is turned about its middle. @param rotation radians */
export const textAt = (x: number, y: number, facts: TextFacts, rotation = 0): string =>
  foreign(x, y, 'left top', facts, 1, rotation);

/**
 * Pictures of bbb-playback 5.1.3 have the words of shapes that much higher than the middle of their box, in units of the
 * whiteboard; a pixel less or more and each of their lines is another one.
 */
const RAISED = 0.8;

/** A text whose box has its middle there. */
export const textAround = (x: number, y: number, facts: TextFacts, scale = 1): string =>
  foreign(x, y - RAISED, 'middle', facts, scale);

function foreign(
  x: number,
  y: number,
  place: 'left top' | 'middle',
  { text, size, style, align, early }: TextFacts,
  scale = 1,
  rotation = 0,
): string {
  if (text === '') return '';
  const letters = `font:${round(size)}px/1 ${family(style.font)};${LETTERS}`;
  const measure = early ? `font-family:serif;` : '';
  const words = escapeXml(text);
  const shift =
    place === 'middle'
      ? `transform:translate(-50%,-50%) scale(${round(scale)});`
      : rotation === 0
        ? ''
        : `transform:rotate(${rotation}rad);`;
  const box = `position:relative;display:inline-block;box-sizing:border-box;width:max-content;padding:${PADDING}px;${shift}${letters}`;
  // A text of its own is measured with what stands behind its last letter, and in whole units.
  const seen = `position:absolute;left:${PADDING}px;top:${PADDING}px;right:${place === 'middle' ? PADDING : PADDING - 2}px;color:${style.colour};text-align:${align}`;
  return (
    `<foreignObject x="${round(x)}" y="${round(y)}" width="4000" height="4000" style="overflow:visible;transform:translate(var(--snapped),var(--snapped))">` +
    `<div xmlns="http://www.w3.org/1999/xhtml" style="${escapeXml(box)}">` +
    `<div style="visibility:hidden;${measure}">${words}</div><div style="${escapeXml(seen)}">${words}</div></div></foreignObject>`
  );
}

/** A sticky note: its words are wrapped within its sides. */
export function stickyNote(width: number, height: number, text: string, style: Style): string {
  const box = `box-sizing:border-box;width:100%;height:100%;padding:16px;background:${style.sheet};border-radius:3px;box-shadow:2px 3px 12px -2px rgba(0,0,0,.2),1px 1px 4px rgba(0,0,0,.16),1px 1px 2px rgba(0,0,0,.16);color:#0d0d0d;text-align:${style.align};font:${round(style.stickyTextSize)}px/1 ${family(style.font)};overflow-wrap:break-word;text-shadow:0.5px 0.5px 2px rgba(255,255,255,.5);${LETTERS}`;
  return (
    `<foreignObject width="${round(width)}" height="${round(height)}" style="overflow:visible;transform:translate(var(--snapped),var(--snapped))">` +
    `<div xmlns="http://www.w3.org/1999/xhtml" style="${escapeXml(box)}">${escapeXml(text)}</div></foreignObject>`
  );
}

const family = (font: string): string => `'${font}',${font === 'Source Code Pro' ? 'monospace' : 'serif'}`;

/** Room of words on an arrow, about, with its invisible edge of a pixel (shared/getTextSize). */
export function roughSize(text: string, { font, textSize }: Style): readonly [number, number] {
  const around = 2 * (PADDING + 1);
  return [
    textWidth(text, font, LETTER_SPACING) * textSize + around,
    text.split('\n').length * textSize + around,
  ];
}
