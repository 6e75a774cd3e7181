import { identifier } from '../../kit/adapters/sql/account.js';
import { grantEntry, grantOnMariadb, grantsOnPostgresql } from '../../kit/adapters/sql/rights.js';
import type { Engine } from '../../kit/adapters/sql/settings.js';
import { TABLES, type TableUse } from './tables.js';

export interface GrantOptions {
  readonly engine: Engine;
  readonly database: string;
  /** The account: PostgreSQL's role, or MariaDB's `'user'@'host'` as CURRENT_USER() tells it. */
  readonly account: string;
  /** PostgreSQL's schema. */
  readonly schema: string;
  /** Tables that this Pod has; others are left out. */
  readonly has: (table: string) => boolean;
  /** Tables whose foreign keys lead to users: `undo` looks there before it removes one. */
  readonly lookedAtByUndo: readonly string[];
}

const SEQUENCES = [
  'auth_user',
  'authentication_owner',
  'authentication_owner_sites',
  'playlist_playlist',
  'podfile_userfolder',
  'import_video_externalrecording',
  'recorder_recordingfiletreatment',
];

/**
 * The exact GRANT statements of an account of its own, least rights: what each table needs, PostgreSQL's sequences
 * included. Nothing for SQLite, whose rights are the file's.
 */
export function renderGrants(options: GrantOptions): string[] {
  if (options.engine === 'sqlite') return [];
  const used = TABLES.filter(({ table }) => options.has(table));
  const known = new Set(used.map(({ table }) => table));
  const extra: TableUse[] = options.lookedAtByUndo
    .filter((table) => !known.has(table))
    .sort()
    .map((table) => ({ table, columns: [], rights: ['SELECT'] }));
  const uses = [...used, ...extra];
  return options.engine === 'mysql' ? mariadbGrants(options, uses) : postgresqlGrants(options, uses);
}

const mariadbGrants = ({ database, account }: GrantOptions, uses: readonly TableUse[]): string[] =>
  uses.map((use) => grantOnMariadb(use, { database, account }));

function postgresqlGrants(
  { database, account, schema, has }: GrantOptions,
  uses: readonly TableUse[],
): string[] {
  const sequences = SEQUENCES.filter(has).map((table) => `${table}_id_seq`);
  const role = identifier(account);
  return [
    grantEntry(database, role),
    ...grantsOnPostgresql({ tables: uses, sequences, schema: true }, { account: role, schema }),
  ];
}
