import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import type { PodSchema } from './schema.js';

const PAGE = 2000;

/** Where Pod keeps ids of BBB: its meetings, the recordings imported from them, and Pod 3's own BBB module. */
const PLACES = [
  ['meeting', 'meeting_id'],
  ['meeting_internalrecording', 'recording_id'],
  ['bbb_bbb_meeting', 'internal_meeting_id'],
] as const;

/** meetingIDs and recordIDs (BBB's internal meeting ids) that Pod knows, in pages. */
export async function* bbbIds(
  database: SqlDatabase,
  readSchema: () => Promise<PodSchema>,
): AsyncGenerator<string[]> {
  const schema = await readSchema();
  for (const [table, column] of PLACES) {
    if (!schema.has(table)) continue;
    let after = 0;
    for (;;) {
      const rows = await database.read<{ id: unknown; known: unknown }[]>((query) =>
        query(table).select('id', `${column} as known`).where('id', '>', after).orderBy('id').limit(PAGE),
      );
      if (rows.length === 0) break;
      yield rows.flatMap(({ known }) => (typeof known === 'string' && known !== '' ? [known] : []));
      after = Number(rows.at(-1)?.id);
    }
  }
}
