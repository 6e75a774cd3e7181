import { messageOf, OperatorError } from '../../errors/operator-error.js';
import { redactText } from '../../config/redact.js';
import { errorField, type Dialect } from './dialect.js';
import type { DatabaseSettings } from './settings.js';

/**
 * Turns a driver's error into one that an operator can act on. Errors that no driver made (our own, aborts) pass.
 */
export function asOperatorError(error: unknown, dialect: Dialect, settings: DatabaseSettings): unknown {
  if (error instanceof OperatorError || !isFromDriver(error)) return error;
  const failure = dialect.failureOf(error);
  const { section, label, user, name } = settings;
  const detail = detailOf(error, settings);
  return new OperatorError(
    failure,
    { database: label, section, user, name, detail, table: errorField(error, 'table') ?? '' },
    { cause: new Error(detail) },
  );
}

/** Drivers name a code, a number or a routine; knex names itself. */
function isFromDriver(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  if (error instanceof TypeError || error instanceof RangeError) return false;
  if (
    ['code', 'errno', 'sqlMessage', 'routine', 'rawCode'].some((key) => errorField(error, key) !== undefined)
  )
    return true;
  return /knex|connection|sqlite|ssl|password|timeout/i.test(`${error.name} ${error.message}`);
}

/** The server's own words, without the statement (it may hold values) and without the password. */
function detailOf(error: unknown, settings: DatabaseSettings): string {
  const own = errorField(error, 'sqlMessage');
  let text = String(own ?? messageOf(error, ''));
  if (text === '') text = String(errorField(error, 'code') ?? 'no detail');
  const statementEnd = own === undefined ? text.lastIndexOf(' - ') : -1;
  if (statementEnd >= 0 && /^\s*(select|insert|update|delete|with|begin|set|pragma)\b/i.test(text))
    text = text.slice(statementEnd + 3);
  const password = settings.password?.reveal();
  if (password !== undefined && password.length >= 3) text = text.replaceAll(password, '***');
  return redactText(text.replace(/\s+/g, ' ')).slice(0, 300);
}
