import { escapeXml } from '../timeline/xml-tree.js';
import { round } from './svg-markup.js';
import { listOf, numberOf, textValue, valuesOf, type Values } from './tldraw-values.js';

/*
 * Results of a poll as BBB 3.0 draws them: a grey card with lying bars, the answers beside their axis, whole numbers
 * below. Measured on pictures of bbb-playback 5.1.3, in units of the whiteboard.
 */

const LETTERS = 12;
const AXIS_X = 85;
const GREY = '#666666';

interface Answer {
  readonly text: string;
  readonly votes: number;
}

export function poll(props: Values): string {
  const [w, h] = [numberOf(props['w'], 300), numberOf(props['h'], 200)];
  const question = textValue(props['questionText']) || textValue(props['question']);
  const titled = question !== '';
  const plot = {
    top: titled ? 61 : 13.5,
    bottom: h - (titled ? 54 : 26),
    right: w - (titled ? 45.5 : 35),
  };
  const answers = answersOf(props);
  const step = tickStep(Math.max(0, ...answers.map(({ votes }) => votes)));
  const perVote = (plot.right - AXIS_X) / (4 * step);
  const band = (plot.bottom - plot.top) / Math.max(1, answers.length);
  const rows = answers.map(({ text, votes }, i) => {
    const middle = plot.top + band * (i + 0.5);
    return (
      line(AXIS_X - 6, middle, AXIS_X, middle) +
      words(text, middle, band) +
      `<rect x="${AXIS_X}" y="${round(middle - band * 0.4)}" width="${round(votes * perVote)}" height="${round(band * 0.8)}" fill="#0C57A7"/>`
    );
  });
  const ticks = [0, 1, 2, 3, 4].map((i) => {
    const x = AXIS_X + i * step * perVote;
    return (
      line(x, plot.bottom, x, plot.bottom + 6) +
      `<text x="${round(x)}" y="${round(plot.bottom + 17)}" font-family="Arial" font-size="${LETTERS}" fill="${GREY}" text-anchor="middle">${i * step}</text>`
    );
  });
  const title = titled
    ? `<foreignObject x="43" y="24" width="${round(Math.max(0, w - 60))}" height="36" style="overflow:visible"><div xmlns="http://www.w3.org/1999/xhtml" style="font:20px/24px Arial,sans-serif;color:#000;white-space:nowrap">${escapeXml(question)}</div></foreignObject>`
    : '';
  return (
    `<rect width="${round(w)}" height="${round(h)}" rx="3" fill="#e8e8e8" stroke="#8B9AA8" stroke-width="1" style="filter:drop-shadow(1px 2px 3px rgba(0,0,0,.3))"/>` +
    title +
    line(AXIS_X, plot.top, AXIS_X, plot.bottom) +
    line(AXIS_X, plot.bottom, plot.right, plot.bottom) +
    rows.join('') +
    ticks.join('')
  );
}

/** Answers that people typed in other letters' case are one. */
function answersOf(props: Values): Answer[] {
  const sums = new Map<string, Answer>();
  for (const answer of listOf(props['answers']).map(valuesOf)) {
    const text = textValue(answer['key']);
    const key = text.toLowerCase();
    const votes = Math.max(0, numberOf(answer['numVotes']));
    const before = sums.get(key);
    sums.set(key, { text: before?.text ?? text, votes: (before?.votes ?? 0) + votes });
  }
  return [...sums.values()];
}

/** Four whole steps of a round number up to the most votes. */
export function tickStep(most: number): number {
  const rough = most / 4;
  if (rough <= 1) return 1;
  const digits = Math.floor(Math.log10(rough)) + 1;
  const unit = 10 ** digits * (digits === 1 ? 0.1 : 0.05);
  return Math.ceil(Math.ceil(rough / unit - 1e-9) * unit);
}

/** An answer, broken into lines where it is long, right before the axis. */
const words = (text: string, middle: number, band: number): string =>
  `<foreignObject x="8" y="${round(middle - band / 2)}" width="${AXIS_X - 16}" height="${round(band)}" style="overflow:visible">` +
  `<div xmlns="http://www.w3.org/1999/xhtml" style="height:100%;display:flex;flex-direction:column;justify-content:center;text-align:right;font:${LETTERS}px/${LETTERS}px Arial,sans-serif;color:${GREY}"><div>${escapeXml(text)}</div></div></foreignObject>`;

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${GREY}" stroke-width="1" fill="none"/>`;
