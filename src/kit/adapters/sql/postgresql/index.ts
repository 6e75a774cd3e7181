import { createHash } from 'node:crypto';
import pg from 'pg';
import { type Dialect, readInstant, sqlInstant, type HeldLock } from '../dialect.js';
import { listColumns, listForeignKeys, listWithoutTransactions, serverVersion } from './catalogue.js';
import { connect, connectionSettings } from './connect.js';
import { failureOf } from './failures.js';
import type { DatabaseSettings } from '../settings.js';

export const dialect: Dialect = {
  engine: 'postgresql',
  connect,
  // timestamptz: always written with its offset, so that no session setting can shift it.
  encodeInstant: (instant: number): string => `${sqlInstant(instant)}+00`,
  decodeInstant: readInstant,
  failureOf,
  listColumns,
  listForeignKeys,
  listWithoutTransactions,
  serverVersion,
  tryLock,
};

const KEEP_ALIVE_MS = 30_000;

/** pg_try_advisory_lock on a connection of its own; advisory locks belong to one database. */
async function tryLock(settings: DatabaseSettings, name: string): Promise<HeldLock | null> {
  const client = new pg.Client(connectionSettings(settings));
  client.on('error', () => undefined);
  await client.connect();
  const key = createHash('sha256').update(`bbb2pod\0${name}`).digest().readBigInt64BE().toString();
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS got', [
    key,
  ]);
  if (rows[0]?.got !== true) {
    await client.end();
    return null;
  }
  const beat = setInterval(() => void keepAlive(client), KEEP_ALIVE_MS);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      // A server closes connections some time after they ended; one that is lost has given the lock back already.
      await client.query('SELECT pg_advisory_unlock($1::bigint)', [key]).catch(() => undefined);
      await client.end().catch(() => undefined);
    },
  };
}

async function keepAlive(client: pg.Client): Promise<void> {
  try {
    await client.query('SELECT 1');
  } catch {
    // The run itself will meet the lost server.
  }
}
