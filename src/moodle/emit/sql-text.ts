export type SqlEngine = 'mysql' | 'postgresql';

/** First lines of a script: how the literals below are to be read, whatever the session's settings. */
export const sqlPreamble = (engine: SqlEngine): string =>
  engine === 'mysql'
    ? "SET NAMES utf8mb4;\nSET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '');\nSTART TRANSACTION;\n"
    : "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\nBEGIN;\n";

/** A text literal, or NULL. Only for scripts that people run; queries of our own are parameterised. */
export function sqlLiteral(text: string | null, engine: SqlEngine): string {
  if (text === null) return 'NULL';
  if (text.includes('\0')) throw new RangeError('NUL in a text literal');
  const quoted = text.replaceAll("'", "''");
  return engine === 'mysql' ? `'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** A table name of a script; the prefix comes from the configuration, which allows `[a-z0-9_]` alone. */
export const sqlName = (name: string, engine: SqlEngine): string =>
  engine === 'mysql' ? `\`${name}\`` : `"${name}"`;
