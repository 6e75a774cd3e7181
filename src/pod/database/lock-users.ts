import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { selectInBatches } from '../../kit/adapters/sql/statements.js';

/** Which of these accounts there are; nobody removes them before the transaction ends. */
export async function lockUsers(
  { engine }: SqlDatabase,
  query: Query,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const wanted = [...new Set(ids)].sort((a, b) => a - b);
  const present = (await selectInBatches(wanted, (batch) => {
    const rows = query('auth_user').select('id').whereIn('id', batch).orderBy('id');
    // SQLite's BEGIN IMMEDIATE has done it already.
    if (engine === 'sqlite') return rows;
    // The weaker lock of PostgreSQL lets Pod go on inserting rows that refer to these users.
    return engine === 'postgresql' ? rows.forNoKeyUpdate() : rows.forUpdate();
  })) as { id: unknown }[];
  return new Set(present.map(({ id }) => Number(id)));
}
