import { displayWidth, fitWidth, plainText } from './text.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Columns of this kind give way first when the line is too long. */
  readonly shrinks?: boolean;
}

const GAP = '  ';

/**
 * Lays rows out in aligned columns of at most `columns` characters. Cells are made harmless here.
 * Accents and wide characters keep their columns.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  lineWidth = 80,
): string {
  const cells = rows.map((row) => columns.map((_, i) => plainText(row[i] ?? '')));
  const widths = columns.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[i] ?? '')), displayWidth(column.title)),
  );
  shrink(widths, columns, lineWidth);
  const line = (values: readonly string[]): string =>
    values
      .map((value, i) => {
        const fitted = fitWidth(value, widths[i] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(fitted)));
        return columns[i]?.align === 'right' ? padding + fitted : fitted + padding;
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)].join('\n');
}

function shrink(widths: number[], columns: readonly Column[], lineWidth: number): void {
  const total = (): number =>
    widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  while (total() > lineWidth) {
    const candidates = widths.map((width, i) => (columns[i]?.shrinks === true ? width : 0));
    const widest = candidates.indexOf(Math.max(...candidates));
    if ((candidates[widest] ?? 0) <= 8) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}
