import type { PodDatabase } from './pod-port.js';
import type { RowIndex } from './row-index.js';

/**
 * Streams Pod's external recordings once into an index by recordID, whatever form their URL has.
 * @returns the highest id seen: rows above it appeared since.
 */
export async function indexPodRows(
  pod: PodDatabase,
  rows: RowIndex,
  recordIdOf: (url: string) => string | null,
): Promise<number> {
  let highest = 0;
  for await (const page of pod.externalRecordings(0)) {
    const known = page
      .map((row) => ({ recordId: recordIdOf(row.sourceUrl), row }))
      .filter((entry): entry is { recordId: string; row: (typeof page)[number] } => entry.recordId !== null);
    rows.add(known);
    highest = Math.max(highest, page.at(-1)?.id ?? 0);
  }
  return highest;
}
