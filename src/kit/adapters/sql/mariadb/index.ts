import { createHash } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { type Dialect, readInstant, sqlInstant, type HeldLock } from '../dialect.js';
import { listColumns, listForeignKeys, listWithoutTransactions, serverVersion } from './catalogue.js';
import { connect, connectionSettings } from './connect.js';
import { failureOf } from './failures.js';
import type { DatabaseSettings } from '../settings.js';

export const dialect: Dialect = {
  engine: 'mysql',
  connect,
  // datetime(6) holds UTC without a zone; connections speak in strings and `time_zone = '+00:00'`.
  encodeInstant: sqlInstant,
  decodeInstant: readInstant,
  failureOf,
  listColumns,
  listForeignKeys,
  listWithoutTransactions,
  serverVersion,
  tryLock,
};

const KEEP_ALIVE_MS = 30_000;

/** GET_LOCK on a connection of its own; its names are the server's, so the database's name is part of it. */
async function tryLock(settings: DatabaseSettings, name: string): Promise<HeldLock | null> {
  const connection = await createConnection(connectionSettings(settings));
  connection.on('error', () => undefined);
  const hash = createHash('sha256').update(`${settings.name}\0${name}`).digest('hex');
  const lock = `bbb2pod:${hash.slice(0, 40)}`;
  const [rows] = await connection.query('SELECT GET_LOCK(?, 0) AS got', [lock]);
  if ((rows as { got: number | null }[])[0]?.got !== 1) {
    await connection.end();
    return null;
  }
  const beat = setInterval(() => void keepAlive(connection), KEEP_ALIVE_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      // A server closes connections some time after they ended; one that is lost has given the lock back already.
      await connection.query('SELECT RELEASE_LOCK(?)', [lock]).catch(() => undefined);
      await connection.end().catch(() => connection.destroy());
    },
  };
}

async function keepAlive(connection: Connection): Promise<void> {
  try {
    await connection.query('SELECT 1');
  } catch {
    // The run itself will meet the lost server.
  }
}
