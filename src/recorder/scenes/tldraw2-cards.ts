import { escapeXml } from '../timeline/xml-tree.js';
import { mix, round } from './svg-markup.js';
import { listOf, numberOf, textValue, valuesOf, type Values } from './tldraw-values.js';
import { GROUND, type Style } from './tldraw2-style.js';
import { label } from './tldraw2-text.js';

/* Shapes with a ground of their own: sticky note, frame, results of a poll. */

export function note(props: Values, style: Style): string {
  const size = 200;
  const height = size + numberOf(props['growY']);
  // The sheet is the colour under a veil of the ground.
  const colour = mix(style.sheet, GROUND, 0.28);
  return (
    `<rect x="0.5" y="0.5" width="${size - 1}" height="${round(height - 1)}" rx="6" fill="${colour}"/>` +
    label(
      { align: 'middle', ...props },
      { ...style, labelColour: '#1d1d1d' },
      { width: size, height, outlined: false },
    )
  );
}

export function frame(props: Values): string {
  const [w, h] = [numberOf(props['w'], 160), numberOf(props['h'], 90)];
  const name = textValue(props['name']) || 'Frame';
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="#1d1d1d" stroke-width="1.5"/>` +
    `<svg x="-12" y="-52" width="${round(w + 12)}" height="46"><rect width="${round(name.length * 9.6 + 30)}" height="46" rx="3" fill="${GROUND}"/>` +
    `<text x="13" y="29.5" font-family="Arial" font-size="18" fill="#1d1d1d">${escapeXml(name)}</text></svg>`
  );
}

/** Results of a poll as a card: question, one bar per answer. */
export function poll(props: Values): string {
  const [w, h] = [numberOf(props['w'], 300), numberOf(props['h'], 200)];
  const answers = listOf(props['answers']).map(valuesOf);
  const most = Math.max(1, ...answers.map((answer) => numberOf(answer['numVotes'])));
  const question = textValue(props['questionText']) || textValue(props['question']);
  const head = question === '' ? 0 : 32;
  const step = Math.max(1, (h - head - 16) / Math.max(1, answers.length));
  const rows = answers.map((answer, i) => {
    const votes = numberOf(answer['numVotes']);
    const y = head + 8 + i * step;
    const size = Math.min(18, step * 0.6);
    return (
      `<text x="12" y="${round(y + step * 0.65)}" font-family="Arial" font-size="${round(size)}" fill="#1d1d1d">${escapeXml(textValue(answer['key']))}</text>` +
      `<rect x="${round(w * 0.35)}" y="${round(y + step * 0.2)}" width="${round((w * 0.5 * votes) / most)}" height="${round(step * 0.6)}" fill="#333333"/>` +
      `<text x="${round(w * 0.88)}" y="${round(y + step * 0.65)}" font-family="Arial" font-size="${round(size)}" fill="#1d1d1d">${votes}</text>`
    );
  });
  return (
    `<rect width="${round(w)}" height="${round(h)}" fill="#ffffff" stroke="#1d1d1d" stroke-width="2"/>` +
    (question === ''
      ? ''
      : `<text x="12" y="26" font-family="Arial" font-size="18" font-weight="bold" fill="#1d1d1d">${escapeXml(question)}</text>`) +
    rows.join('')
  );
}
