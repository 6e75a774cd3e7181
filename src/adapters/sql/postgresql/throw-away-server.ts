import { existsSync, readdirSync, writeFileSync, chownSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { OperatorError } from '../../../codes/operator-error.js';
import { runToEnd } from '../../process/run-to-end.js';
import { startChild } from '../../process/start-child.js';
import {
  freePort,
  makeServerDirectory,
  removeDirectory,
  type ThrowAwayOptions,
  type ThrowAwayServer,
} from '../throw-away.js';

const PASSWORD = 'throw-away';
const START_TIMEOUT_MS = 30_000;

/**
 * Starts a private PostgreSQL that dies with this process. Root runs it as `postgres`, which alone it accepts.
 * @throws OperatorError program-missing, program-failed.
 */
export async function startPostgresql(options: ThrowAwayOptions = {}): Promise<ThrowAwayServer> {
  const account = process.getuid?.() === 0 ? await postgresAccount() : undefined;
  const directory = makeServerDirectory('postgresql', account);
  const data = path.join(directory, 'data');
  const passwordFile = path.join(directory, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
  const as =
    account === undefined ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const initialise = [
    '--username=admin',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  await runToEnd({
    file: 'setpriv',
    args: [...as, '--', findProgram('initdb'), '-D', data, ...initialise, '--locale=C', '--no-sync'],
    cwd: directory,
  });
  const port = await freePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${directory}`,
    'max_connections=60',
    ...(options.durable === false ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
  ];
  const child = await startChild({
    file: 'setpriv',
    // INT is PostgreSQL's fast shutdown: TERM would wait for the clients.
    args: [
      ...as,
      '--pdeathsig',
      'INT',
      '--',
      findProgram('postgres'),
      '-D',
      data,
      ...settings.flatMap((s) => ['-c', s]),
    ],
    cwd: directory,
  });
  const server: ThrowAwayServer = {
    engine: 'postgresql',
    host: '127.0.0.1',
    port,
    user: 'admin',
    password: PASSWORD,
    directory,
    pid: child.pid,
    stop: async () => {
      await child.stop('SIGINT');
      removeDirectory(directory);
    },
  };
  const ended = child.exited.then(() => true);
  await waitUntilReady(server, ended, child.stderrTail);
  return server;
}

async function waitUntilReady(
  server: ThrowAwayServer,
  ended: Promise<boolean>,
  tail: readonly string[],
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      if (await Promise.race([ended, sleep(50, false)])) break;
    }
  }
  await server.stop();
  throw new OperatorError('program-failed', {
    program: 'postgres',
    ending: 'no answer',
    detail: tail.slice(-3).join(' | '),
  });
}

/** Debian keeps the server's programs out of PATH, one directory per major version. */
function findProgram(name: string): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const file = path.join(root, version, 'bin', name);
    if (existsSync(file)) return file;
  }
  return name;
}

async function postgresAccount(): Promise<{ uid: number; gid: number }> {
  const { stdout } = await runToEnd({ file: 'getent', args: ['passwd', 'postgres'] });
  const [, , uid, gid] = stdout.toString().split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
