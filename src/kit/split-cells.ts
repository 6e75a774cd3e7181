/**
 * Cells of one line of a CSV, without the spaces around them; the separator is the first of `;`, tab and `,` that
 * stands outside quotation marks. As RFC 4180 has it, a quotation mark quotes only where a cell begins, and is doubled
 * within. Null when one is left open: the cell goes on in the next line, or the line is wrong.
 */
export function splitCells(line: string): string[] | null {
  const outside = line.replace(/"[^"]*(?:"|$)/g, '');
  return splitAt(line, [';', '\t', ','].find((mark) => outside.includes(mark)) ?? ';');
}

function splitAt(line: string, separator: string): string[] | null {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  // A mark in the middle of a cell is a letter: whether one began is noted, not looked for at each.
  let isBlank = true;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quoted && char === '"' && line.charAt(i + 1) === '"') {
      cell += '"';
      i++;
    } else if (quoted && char === '"') quoted = false;
    else if (char === '"' && isBlank) {
      cell = '';
      isBlank = false;
      quoted = true;
    } else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
      isBlank = true;
    } else {
      cell += char;
      isBlank &&= char.trim() === '';
    }
  }
  cells.push(cell.trim());
  return quoted ? null : cells;
}

/** One row of a CSV file and the line, from 1, on which it begins; `cells` is null when a quotation mark is never closed. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[] | null;
}

/** The rows of a CSV file, empty ones left out; a quoted cell may hold line breaks, which become spaces. */
export function* csvRows(text: string): Generator<CsvRow> {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let row = lines[i] ?? '';
    if (row.trim() === '') continue;
    let cells = splitCells(row);
    // A mark that nobody closes would take the rest of the file: no cell of a list is as long as that.
    for (let more = 0; cells === null && more < 50 && i + 1 < lines.length; more++) {
      row += ` ${lines[++i] ?? ''}`;
      cells = splitCells(row);
    }
    yield { line, cells };
  }
}
