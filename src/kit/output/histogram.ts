import { escapeHtml } from './escape-html.js';
import { monthOf, shownDate } from './instants.js';
import { outputWords as words } from './words.js';

/** Counts instants per month; memory is one number per month. */
export class MonthCounter {
  readonly #counts = new Map<string, number>();
  readonly #timezone: string;

  constructor(timezone: string) {
    this.#timezone = timezone;
  }

  add(at: number): void {
    const month = monthOf(at, this.#timezone);
    this.#counts.set(month, (this.#counts.get(month) ?? 0) + 1);
  }

  /** Every month from the first to the last, empty ones included; at most the last ten years. */
  months(): { month: string; count: number }[] {
    const known = [...this.#counts.keys()].sort();
    const last = known.at(-1);
    if (last === undefined) return [];
    const first = known[0] ?? last;
    const all: { month: string; count: number }[] = [];
    for (let at = last; at >= first && all.length < 120; at = previousMonth(at))
      all.push({ month: at, count: this.#counts.get(at) ?? 0 });
    return all.reverse();
  }
}

function previousMonth(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return number === 1
    ? `${String(year - 1).padStart(4, '0')}-12`
    : `${String(year).padStart(4, '0')}-${String(number - 1).padStart(2, '0')}`;
}

const HEIGHT = 160;
const WIDTH = 960;

/** Bars of sessions per month as inline SVG; each bar says its month and number when pointed at. */
export function renderHistogram(months: readonly { month: string; count: number }[]): string {
  if (months.length === 0) return '';
  const most = Math.max(1, ...months.map(({ count }) => count));
  // A few months are bars still, not walls.
  const step = Math.min(WIDTH / months.length, 64);
  const labelEvery = Math.ceil(months.length / 12);
  const bars = months.map(({ month, count }, i) => {
    const height = (count / most) * HEIGHT;
    const x = (i * step).toFixed(1);
    const label =
      i % labelEvery === 0 ? `<text x="${x}" y="${HEIGHT + 16}">${escapeHtml(shownDate(month))}</text>` : '';
    return (
      `<g><title>${escapeHtml(shownDate(month))}: ${count}</title>` +
      `<rect x="${x}" y="${(HEIGHT - height).toFixed(1)}" width="${Math.max(1, step * 0.8).toFixed(1)}" height="${height.toFixed(1)}"/>` +
      `${label}</g>`
    );
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT + 24}" role="img" aria-label="${escapeHtml(words.sessionsAtMost({ most }))}">` +
    `${bars.join('')}</svg>`
  );
}
