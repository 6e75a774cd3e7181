import { OperatorError } from '../../errors/operator-error.js';
import type { SqlDatabase } from './database.js';

/** Whether columns can be selected: yes, `absent` (no such table or column) or `refused` (no right). Other failures pass. */
export async function probeColumns(
  sql: SqlDatabase,
  table: string,
  columns: readonly string[],
): Promise<'yes' | 'absent' | 'refused'> {
  try {
    // information_schema lists only what the account may read: asking tells all three cases apart.
    await sql.read((query) =>
      query(table)
        .select([...columns])
        .limit(0),
    );
    return 'yes';
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    if (error.code === 'database-right-missing') return 'refused';
    if (error.code === 'database-table-missing' || error.code === 'database-column-missing') return 'absent';
    throw error;
  }
}
