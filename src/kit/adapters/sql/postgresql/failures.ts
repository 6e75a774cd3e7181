import { errorField, networkFailure, type Failure } from '../dialect.js';
import { messageOf } from '../../../errors/operator-error.js';

const BY_STATE: Readonly<Record<string, Failure>> = {
  '28P01': 'database-login-refused',
  '28000': 'database-login-refused',
  '3D000': 'database-unknown',
  '3F000': 'database-table-missing',
  '42P01': 'database-table-missing',
  '42703': 'database-column-missing',
  '42501': 'database-right-missing',
  '40001': 'database-busy',
  '40P01': 'database-busy',
  '55P03': 'database-busy',
  '57014': 'database-too-slow',
  '57P03': 'database-unreachable',
  '53300': 'database-unreachable',
  '23505': 'database-conflict',
  '25006': 'database-read-only',
  '53100': 'database-full',
};

/** What a pg error means. */
export function failureOf(error: unknown): Failure {
  const state = String(errorField(error, 'code') ?? '');
  // An id that exists: only a sequence that lags behind its table hands one out.
  if (state === '23505' && String(errorField(error, 'constraint') ?? '').endsWith('_pkey'))
    return 'database-sequence-behind';
  const exact = BY_STATE[state];
  if (exact !== undefined) return exact;
  if (/^(08|57P)[0-9A-Z]{2,3}$/.test(state)) return 'database-connection-lost';
  if (/^(22|23)[0-9A-Z]{3}$/.test(state)) return 'database-value-refused';
  const network = networkFailure(error);
  if (network !== null) return network;
  const message = messageOf(error, '');
  if (/does not support SSL/i.test(message)) return 'database-tls';
  if (/timeout expired|timeout exceeded when trying to connect/i.test(message)) return 'database-unreachable';
  if (/password must be a string|no password supplied|SCRAM/i.test(message)) return 'database-login-refused';
  if (/connection (terminated|ended|error)|not queryable|query read timeout/i.test(message))
    return 'database-connection-lost';
  return 'database-failed';
}
