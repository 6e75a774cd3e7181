/* vitest's main process owns the throw-away servers: it starts each when a test file first asks for it through a
   socket, and stops them at the end. They die with it, however it dies (setpriv --pdeathsig). */
import { createServer, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startMariadb } from '../../src/kit/adapters/sql/mariadb/throw-away-server.js';
import { startPostgresql } from '../../src/kit/adapters/sql/postgresql/throw-away-server.js';
import type { ThrowAwayServer } from '../../src/kit/adapters/sql/throw-away.js';

export default async function setup(): Promise<() => Promise<void>> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-servers-'));
  const socketPath = path.join(directory, 'ask');
  const started = new Map<string, Promise<ThrowAwayServer>>();
  const answer = async (socket: Socket, question: string): Promise<void> => {
    const [engine, durability] = question.trim().split(' ');
    const durable = durability === 'durable';
    const key = question.trim();
    const starting =
      started.get(key) ?? (engine === 'mysql' ? startMariadb({ durable }) : startPostgresql({ durable }));
    started.set(key, starting);
    try {
      socket.end(JSON.stringify(await starting));
    } catch (error) {
      socket.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (question) => void answer(socket, question.toString()));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  process.env['BBB2POD_TEST_SERVERS'] = socketPath;
  return async () => {
    server.close();
    for (const starting of started.values())
      await starting.then((running) => running.stop()).catch(() => undefined);
    rmSync(directory, { recursive: true, force: true });
  };
}
