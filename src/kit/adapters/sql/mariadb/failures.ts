import { errorField, networkFailure, type Failure } from '../dialect.js';
import { messageOf } from '../../../errors/operator-error.js';

const BY_NUMBER: Readonly<Record<number, Failure>> = {
  1040: 'database-unreachable', // too many connections
  1044: 'database-right-missing', // access denied to the database
  1045: 'database-login-refused',
  1698: 'database-login-refused',
  1049: 'database-unknown',
  1051: 'database-table-missing',
  1146: 'database-table-missing',
  1054: 'database-column-missing',
  1142: 'database-right-missing',
  1143: 'database-right-missing',
  1227: 'database-right-missing',
  1370: 'database-right-missing',
  1205: 'database-busy',
  1213: 'database-busy',
  1020: 'database-busy', // record changed since last read (snapshot isolation)
  1047: 'database-busy', // Galera: node not prepared
  1053: 'database-connection-lost',
  1927: 'database-connection-lost',
  1969: 'database-too-slow',
  3024: 'database-too-slow',
  1062: 'database-conflict',
  1022: 'database-conflict',
  1048: 'database-value-refused',
  1264: 'database-value-refused',
  1292: 'database-value-refused',
  1366: 'database-value-refused',
  1406: 'database-value-refused',
  1451: 'database-value-refused',
  1452: 'database-value-refused',
  4025: 'database-value-refused',
  1290: 'database-read-only',
  1792: 'database-read-only',
  1836: 'database-read-only',
  1021: 'database-full',
  1114: 'database-full',
};

/** What a mysql2 error means. */
export function failureOf(error: unknown): Failure {
  const byNumber = BY_NUMBER[Number(errorField(error, 'errno'))];
  if (byNumber !== undefined) return byNumber;
  const code = String(errorField(error, 'code') ?? '');
  if (code === 'PROTOCOL_CONNECTION_LOST' || code.startsWith('PROTOCOL_ENQUEUE'))
    return 'database-connection-lost';
  const network = networkFailure(error);
  if (network !== null) return network;
  const message = messageOf(error, '');
  if (/closed state|fell silent|connection lost/i.test(message)) return 'database-connection-lost';
  return 'database-failed';
}
