import type { Knex } from 'knex';
import type { SqlDatabase } from '../kit/adapters/sql/database.js';
import { OperatorError } from '../kit/errors/operator-error.js';

/** One Greenlight database: what every file of this folder works with. */
export interface GreenlightSite {
  readonly sql: SqlDatabase;
  /** Name of the configuration section, for messages: `default`. */
  readonly name: string;
}

/** What the columns say of this Greenlight; read once per connection. */
export interface GreenlightDescription {
  readonly version: 2 | 3;
  /** schema_migrations' newest, such as `20230705183747`; '' where it cannot be read. */
  readonly schema: string;
  /** Soft deletion: Greenlight 2 from migration 20190828 on. */
  readonly deletes: { readonly users: boolean; readonly rooms: boolean };
  /** shared_accesses: Greenlight 2 from migration 20191128 on, and 3. */
  readonly hasShares: boolean;
  /** users.status: Greenlight 3, but its first betas. */
  readonly hasStatus: boolean;
  /** Greenlight 3's own list of recordings, where the account may read it. */
  readonly hasRecordings: boolean;
}

export type Row = Readonly<Record<string, unknown>>;
export const rowsOf = async (query: Knex.QueryBuilder): Promise<Row[]> => (await query) as Row[];

/** Whether columns can be selected: yes, `absent` (no such table or column) or `refused` (no right). Other failures pass. */
export async function probe(
  { sql }: GreenlightSite,
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
