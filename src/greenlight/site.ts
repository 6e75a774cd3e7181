import type { Knex } from 'knex';
import type { SqlDatabase } from '../kit/adapters/sql/database.js';

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
