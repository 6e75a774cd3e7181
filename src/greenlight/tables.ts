/** One table with the columns that are read of it. */
export interface ReadTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** A column that older releases lack; or a table that they lack, or that can be done without. */
  readonly optional?: 'column' | 'table';
}

/** Greenlight 3: columns as in db/schema.rb 3.x. */
const THREE: readonly ReadTable[] = [
  { table: 'rooms', columns: ['id', 'user_id', 'name', 'meeting_id'] },
  { table: 'users', columns: ['id', 'name', 'email', 'provider', 'external_id'] },
  { table: 'users', columns: ['status'], optional: 'column' },
  { table: 'shared_accesses', columns: ['user_id', 'room_id'], optional: 'table' },
  { table: 'recordings', columns: ['room_id', 'record_id'], optional: 'table' },
  { table: 'schema_migrations', columns: ['version'], optional: 'table' },
];

/** Greenlight 2: columns as in db/schema.rb 2.x; `deleted` came in August, shared_accesses in November 2019. */
const TWO: readonly ReadTable[] = [
  { table: 'rooms', columns: ['id', 'user_id', 'name', 'bbb_id'] },
  { table: 'rooms', columns: ['deleted'], optional: 'column' },
  { table: 'users', columns: ['id', 'name', 'username', 'email', 'provider', 'social_uid'] },
  { table: 'users', columns: ['deleted'], optional: 'column' },
  { table: 'shared_accesses', columns: ['user_id', 'room_id'], optional: 'table' },
  { table: 'schema_migrations', columns: ['version'], optional: 'table' },
];

export const readTables = (version: 2 | 3): readonly ReadTable[] => (version === 3 ? THREE : TWO);

/** Columns that hold what nobody needs here: an account that may read them has too many rights. */
export const SECRET_COLUMNS = { table: 'users', columns: ['password_digest'] } as const;
