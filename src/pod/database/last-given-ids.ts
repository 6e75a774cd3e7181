import type { HighestIds } from '../../migrate/pod-port.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { RECORDINGS } from './external-recordings.js';

/**
 * The last id that each table gave, by the engine's counter, which no removed row lowers and every restore brings
 * back: SQLite's `sqlite_sequence` (Django makes AUTOINCREMENT keys), MariaDB's AUTO_INCREMENT (as SHOW CREATE TABLE
 * has it; information_schema may be a day old on MySQL 8), PostgreSQL's sequence.
 */
export async function lastGivenIds(
  database: SqlDatabase,
): Promise<{ readonly [K in keyof HighestIds]: number | null }> {
  const of = async (table: string): Promise<number | null> => {
    try {
      return await database.read((query) => readers[database.engine](query, table));
    } catch (error) {
      // Without the right to look at the counter nothing can be told by it.
      if (error instanceof OperatorError && error.code === 'database-right-missing') return null;
      throw error;
    }
  };
  return { externalRecording: await of(RECORDINGS), user: await of('auth_user') };
}

/** Zero where the counter gave none yet, null where the key has no counter. */
type Reader = (query: Query, table: string) => Promise<number | null>;

const readers: Readonly<Record<SqlDatabase['engine'], Reader>> = {
  sqlite: async (query, table) => {
    const [made] = await query('sqlite_master')
      .where({ type: 'table', name: table })
      .select<{ sql: string }[]>('sql');
    if (made === undefined || !/\bAUTOINCREMENT\b/i.test(made.sql)) return null;
    const [row] = await query('sqlite_sequence').where({ name: table }).select<{ seq: unknown }[]>('seq');
    return Number(row?.seq ?? 0);
  },
  mysql: async (query, table) => {
    const answer = await query.raw<Record<string, string>[][]>('SHOW CREATE TABLE ??', [table]);
    const made = answer[0]?.[0]?.['Create Table'] ?? '';
    if (!/\bAUTO_INCREMENT\b/.test(made)) return null;
    return Number(/ AUTO_INCREMENT=(\d+)/.exec(made)?.[1] ?? 1) - 1;
  },
  postgresql: async (query, table) => {
    const { rows } = await query.raw<{ rows: { last: unknown }[] }>(
      `SELECT coalesce(pg_sequence_last_value(sequence::regclass), 0) AS last
       FROM pg_get_serial_sequence(?, 'id') AS sequence WHERE sequence IS NOT NULL`,
      [table],
    );
    return rows[0] === undefined ? null : Number(rows[0].last);
  },
};
