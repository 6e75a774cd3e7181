import { createHash } from 'node:crypto';
import type { AnnotateAction } from '../plan-annotation.js';

export interface SqlScripts {
  /** Writes the notices; running it twice changes nothing more. */
  readonly apply: string;
  /** Takes them back, byte for byte where nobody edited since; elsewhere cuts the very text that was added. */
  readonly undo: string;
}

interface SqlTarget {
  readonly engine: SqlEngine;
  readonly prefix: string;
  /** Unix seconds, for timemodified and the course caches. */
  readonly nowSeconds: number;
}

/** Renders planned notices as two SQL scripts for sites that let nobody else write. Pure. */
export function emitSql(actions: readonly AnnotateAction[], target: SqlTarget): SqlScripts {
  const writes = actions.filter(({ kind }) => kind === 'annotate');
  const courses = [...new Set(writes.map(({ activity }) => activity.courseId))].sort((a, b) => a - b);
  const head = (what: string): string =>
    `-- ${what}: ${writes.length} activities in ${courses.length} courses. Take a dump of ${target.prefix}bigbluebuttonbn first.\n${sqlPreamble(target.engine)}`;
  const tail = `${outdateCaches(courses, target)}COMMIT;\n`;
  const change = (pick: (action: AnnotateAction) => [string | null, string | null]): string =>
    writes.map((action) => replaceExactly(action, ...pick(action), target)).join('');
  return {
    apply: `${head('Writes notices')}${change(({ from, to }) => [from, to])}${tail}`,
    undo: `${head('Takes notices back')}${change(({ from, to }) => [to, from])}${writes
      .map((action) => cutAdded(action, target))
      .join('')}${tail}`,
  };
}

const md5 = (text: string | null): string =>
  createHash('md5')
    .update(text ?? '')
    .digest('hex');

/** Both engines compute the same MD5; a comparison of texts would ignore case and accents on MariaDB. */
function replaceExactly(
  { activity }: AnnotateAction,
  from: string | null,
  to: string | null,
  { engine, prefix, nowSeconds }: SqlTarget,
): string {
  const table = sqlName(`${prefix}bigbluebuttonbn`, engine);
  const guard = `id = ${activity.id} AND MD5(COALESCE(intro, '')) = '${md5(from)}' AND intro IS ${from === null ? '' : 'NOT '}NULL`;
  return `UPDATE ${table} SET intro = ${sqlLiteral(to, engine)}, timemodified = ${nowSeconds} WHERE ${guard};\n`;
}

/** For texts edited since: removes what was appended, if it still stands there unchanged. */
function cutAdded({ activity, from, to }: AnnotateAction, { engine, prefix, nowSeconds }: SqlTarget): string {
  const before = from ?? '';
  const after = to ?? '';
  if (!after.startsWith(before)) return '';
  const table = sqlName(`${prefix}bigbluebuttonbn`, engine);
  const added = sqlLiteral(after.slice(before.length), engine);
  const present = engine === 'mysql' ? `LOCATE(${added}, intro) > 0` : `STRPOS(intro, ${added}) > 0`;
  return `UPDATE ${table} SET intro = REPLACE(intro, ${added}, ''), timemodified = ${nowSeconds} WHERE id = ${activity.id} AND ${present};\n`;
}

function outdateCaches(courses: readonly number[], { engine, prefix, nowSeconds }: SqlTarget): string {
  if (courses.length === 0) return '';
  const table = sqlName(`${prefix}course`, engine);
  return `UPDATE ${table} SET cacherev = CASE WHEN cacherev IS NULL OR cacherev < ${nowSeconds} THEN ${nowSeconds} ELSE cacherev + 1 END WHERE id IN (${courses.join(', ')});\n`;
}

/** A script that puts back the texts of the activities about to be written: `--backup`. */
export function emitBackup(actions: readonly AnnotateAction[], target: SqlTarget): string {
  const table = sqlName(`${target.prefix}bigbluebuttonbn`, target.engine);
  const rows = actions
    .filter(({ kind }) => kind === 'annotate')
    .map(
      ({ activity, from }) =>
        `UPDATE ${table} SET intro = ${sqlLiteral(from, target.engine)} WHERE id = ${activity.id};\n`,
    );
  return `-- Texts of ${rows.length} activities before the notices. Run it to put them all back, whatever was edited since.\n${sqlPreamble(target.engine)}${rows.join('')}COMMIT;\n`;
}

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
