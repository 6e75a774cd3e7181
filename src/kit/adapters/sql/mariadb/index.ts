import type { Dialect } from '../dialect.js';
import { listColumns, listForeignKeys, listWithoutTransactions, serverVersion } from './catalogue.js';
import { connect } from './connect.js';
import { failureOf } from './failures.js';
import { tryLock } from './locks.js';
import { decodeInstant, encodeInstant } from './values.js';

export const dialect: Dialect = {
  engine: 'mysql',
  connect,
  encodeInstant,
  decodeInstant,
  failureOf,
  listColumns,
  listForeignKeys,
  listWithoutTransactions,
  serverVersion,
  tryLock,
};
