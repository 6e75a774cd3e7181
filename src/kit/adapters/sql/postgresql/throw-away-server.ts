import { existsSync, readdirSync, writeFileSync, chownSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { removeDirectory } from '../../files/own-directory.js';
import { freePorts } from '../../network/free-ports.js';
import { runToEnd } from '../../process/run-to-end.js';
import { startChild } from '../../process/start-child.js';
import { processTexts } from '../../../errors/process.js';
import {
  makeServerDirectory,
  untilReady,
  type ThrowAwayOptions,
  type ThrowAwayServer,
} from '../throw-away.js';

const PASSWORD = 'throw-away';

/**
 * Starts a private PostgreSQL that dies with this process. Root runs it as `postgres`, which alone it accepts.
 * @throws OperatorError program-missing, program-failed.
 */
export async function startPostgresql(options: ThrowAwayOptions = {}): Promise<ThrowAwayServer> {
  const programs = findPrograms();
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
    args: [...as, '--', path.join(programs, 'initdb'), '-D', data, ...initialise, '--locale=C', '--no-sync'],
    cwd: directory,
  });
  const [port = 0] = await freePorts(1);
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
      path.join(programs, 'postgres'),
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
  await untilReady(server, child, 'postgres', async (account) => {
    const client = new pg.Client({ ...account, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
  });
  return server;
}

/**
 * Debian keeps the server's programs out of PATH, one directory per major version: the newest that has them.
 * @throws OperatorError package-missing
 */
export function findPrograms(root = '/usr/lib/postgresql'): string {
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const programs = versions
    .map((version) => path.join(root, version, 'bin'))
    .find((directory) => existsSync(path.join(directory, 'initdb')));
  if (programs === undefined)
    throw processTexts.packageMissing({ program: 'PostgreSQL', package: 'postgresql' });
  return programs;
}

async function postgresAccount(): Promise<{ uid: number; gid: number }> {
  const { stdout } = await runToEnd({ file: 'getent', args: ['passwd', 'postgres'] });
  const [, , uid, gid] = stdout.toString().split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
