import { greatest } from '../../kit/extremes.js';
import { asRecord } from '../../kit/record.js';
import { mergedAnswers } from '../timeline/parse-chat.js';
import { escapeXml } from '../timeline/xml-tree.js';
import { arialLines } from './arial-lines.js';
import { round } from './svg-markup.js';
import { listOf, numberOf, textValue, type Values } from './tldraw-values.js';
import type { Style } from './tldraw2-style.js';

/*
 * Results of a poll as BBB 3.0 draws them (shapes/poll of @bigbluebutton/tldraw, with the chart library recharts 2): a grey
 * card with lying bars, the answers beside their axis, whole numbers below. Answers are broken into lines as in
 * 2.0.0-alpha.25, which bbb-playback 5.1.3 has; typed answers have half of the width, and the right ones of a quiz a mark,
 * as in 2.0.0-alpha.35. Lengths measured on pictures of 5.1.3, in units of the whiteboard.
 */

const LETTERS = 12;
/** Of the question: it wraps, and pushes the chart down, whose end the card then cuts off (shapes/poll/PollShapeUtil). */
const TITLE_LETTERS = 20;
const TITLE_LINE = 24;
const TITLE_LEFT = 44;
/** Left of the axis; a poll with typed answers has more. */
const AXIS_ROOM = 80;
const GREY = '#666666';

export function poll(props: Values, { pale }: Pick<Style, 'pale'>): string {
  const [w, h] = [numberOf(props['w'], 300), numberOf(props['h'], 200)];
  const question = textValue(props['questionText']) || textValue(props['question']);
  const titled = question !== '';
  const plot = {
    top: titled ? 61 : 13.5,
    bottom: h - (titled ? 54 : 26),
    right: w - (titled ? 45.5 : 35),
  };
  const answers = mergedAnswers(listOf(props['answers']).map(asRecord));
  const isTyped = textValue(props['questionType']).startsWith('R-');
  const room = isTyped ? Math.floor(w / 2) : AXIS_ROOM;
  const axis = 5 + room;
  const step = tickStep(
    greatest(
      answers.map(({ votes }) => votes),
      0,
    ),
  );
  const perVote = (plot.right - axis) / (4 * step);
  const band = (plot.bottom - plot.top) / Math.max(1, answers.length);
  const rows = answers.map(({ text, votes, isRight }, i) => {
    const middle = plot.top + band * (i + 0.5);
    return (
      line(axis - 6, middle, axis, middle) +
      words(`${isRight ? '✅ ' : ''}${text}`, { middle, band, axis, room }) +
      `<rect x="${axis}" y="${round(middle - band * 0.4)}" width="${round(votes * perVote)}" height="${round(band * 0.8)}" fill="#0C57A7"/>`
    );
  });
  const ticks = [0, 1, 2, 3, 4].map((i) => {
    const x = axis + i * step * perVote;
    return (
      line(x, plot.bottom, x, plot.bottom + 6) +
      `<text x="${round(x)}" y="${round(plot.bottom + 17)}" font-family="Arial" font-size="${LETTERS}" fill="${GREY}" text-anchor="middle">${i * step}</text>`
    );
  });
  const titleRoom = Math.max(0, w - TITLE_LEFT);
  const lines = titled ? arialLines(question, TITLE_LETTERS, titleRoom) : 1;
  const title = titled
    ? `<foreignObject x="43" y="24" width="${round(titleRoom)}" height="${lines * TITLE_LINE}" style="overflow:visible"><div xmlns="http://www.w3.org/1999/xhtml" style="font:${TITLE_LETTERS}px/${TITLE_LINE}px Arial,sans-serif;color:#000;word-break:break-word">${escapeXml(question)}</div></foreignObject>`
    : '';
  return (
    `<rect x="0.5" y="0.5" width="${round(Math.max(0, w - 1))}" height="${round(Math.max(0, h - 1))}" rx="3.5" fill="${pale}" stroke="#8B9AA8" stroke-width="1" style="filter:drop-shadow(0 0 2px rgba(0,0,0,.2))"/><svg width="${round(Math.max(0, w))}" height="${round(Math.max(0, h))}" overflow="hidden"><g transform="translate(0.4 0.7)">` +
    title +
    `<g transform="translate(0 ${(lines - 1) * TITLE_LINE})">` +
    line(axis, plot.top, axis, plot.bottom) +
    line(axis, plot.bottom, plot.right, plot.bottom) +
    rows.join('') +
    ticks.join('') +
    '</g></g></svg>'
  );
}

/** Four whole steps of a round number up to the most votes. */
export function tickStep(most: number): number {
  const rough = most / 4;
  if (rough <= 1) return 1;
  const digits = Math.floor(Math.log10(rough)) + 1;
  const unit = 10 ** digits * (digits === 1 ? 0.1 : 0.05);
  return Math.ceil(Math.ceil(rough / unit - 1e-9) * unit);
}

/**
 * An answer, broken into lines where it is long, right before the axis. The chart measures words in letters of 16 units
 * and sets them in 12: a line takes three quarters of the room. A word that is longer stands out to the left.
 */
const words = (
  text: string,
  { middle, band, axis, room }: { middle: number; band: number; axis: number; room: number },
): string =>
  `<foreignObject x="${round(axis - 8 - room * 0.75)}" y="${round(middle - band / 2)}" width="${round(room * 0.75)}" height="${round(band)}" style="overflow:visible">` +
  `<div xmlns="http://www.w3.org/1999/xhtml" style="height:100%;display:flex;flex-direction:column;justify-content:center;align-items:flex-end;text-align:right;font:${LETTERS}px/${LETTERS}px Arial,sans-serif;color:${GREY}"><div style="min-width:min-content">${escapeXml(text)}</div></div></foreignObject>`;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${GREY}" stroke-width="1" fill="none"/>`;
