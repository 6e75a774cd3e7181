import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
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
const SYSTEM_TABLES = ['system_tables', 'performance_tables', 'system_tables_data'];

/** Debian 12's MariaDB 10.11 keeps mysql_*.sql in share/mysql, Debian 13's 11.8 mariadb_*.sql in share/mariadb. */
const HOMES = [
  { share: '/usr/share/mariadb', prefix: 'mariadb_' },
  { share: '/usr/share/mysql', prefix: 'mysql_' },
];

/**
 * Starts a private MariaDB that dies with this process.
 * @throws OperatorError program-missing, program-failed.
 */
export async function startMariadb(options: ThrowAwayOptions = {}): Promise<ThrowAwayServer> {
  const home = findHome(existsSync);
  const directory = makeServerDirectory('mariadb');
  const common = [
    '--no-defaults',
    `--datadir=${path.join(directory, 'data')}`,
    `--lc-messages-dir=${home.share}`,
  ];
  if (process.getuid?.() === 0) common.push('--user=root');
  await bootstrap(home.tables, common, directory);
  const [port = 0] = await freePorts(1);
  const child = await startChild({
    file: 'mariadbd',
    args: [
      ...common,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--socket=${path.join(directory, 'socket')}`,
      `--pid-file=${path.join(directory, 'pid')}`,
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      '--innodb-buffer-pool-size=64M',
      '--max-allowed-packet=64M',
      ...(options.durable === false
        ? ['--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite']
        : []),
    ],
    diesWithParent: true,
    cwd: directory,
  });
  const server: ThrowAwayServer = {
    engine: 'mysql',
    host: '127.0.0.1',
    port,
    user: 'admin',
    password: PASSWORD,
    directory,
    pid: child.pid,
    stop: async () => {
      await child.stop();
      removeDirectory(directory);
    },
  };
  await untilReady(server, child, 'mariadbd', async (account) => (await createConnection(account)).end());
  return server;
}

/**
 * Where this MariaDB keeps its messages and its system tables.
 * @throws OperatorError package-missing
 */
export function findHome(exists: (file: string) => boolean): { share: string; tables: string[] } {
  for (const { share, prefix } of HOMES) {
    const tables = SYSTEM_TABLES.map((name) => path.join(share, `${prefix}${name}.sql`));
    if (tables.every(exists)) return { share, tables };
  }
  throw processTexts.packageMissing({ program: 'mariadbd', package: 'mariadb-server-core' });
}

/** The system tables, and one account with a password: logins are really checked. */
async function bootstrap(
  files: readonly string[],
  common: readonly string[],
  directory: string,
): Promise<void> {
  const tables = files.map((file) => readFileSync(file, 'utf8'));
  const account = `'admin'@'127.0.0.1'`;
  const input = [
    'create database if not exists mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n',
    ...tables,
    'flush privileges;\n',
    `create user ${account} identified by '${PASSWORD}';\n`,
    `grant all privileges on *.* to ${account} with grant option;\n`,
  ].join('');
  writeFileSync(path.join(directory, 'bootstrap.sql'), input);
  await runToEnd({
    file: 'mariadbd',
    args: [...common, '--bootstrap', '--log-warnings=0', '--max-allowed-packet=8M'],
    input,
    cwd: directory,
  });
}
