import type { OperatorError } from '../../errors/operator-error.js';
import { Secret } from '../../config/secret.js';
import { databaseTexts } from '../../errors/database.js';

export type Engine = 'sqlite' | 'mysql' | 'postgresql';
export type Tls = 'off' | 'on' | 'verify';

/** The database keys of a configuration section: one URL, or separate keys (src/kit/config/sections/values.ts). */
export interface DatabaseSection {
  readonly database?: Secret | undefined;
  readonly engine?: 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly name?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly connect_timeout?: number;
  readonly tls?: Tls;
  readonly schema?: string | undefined;
  readonly ca_file?: string | undefined;
}

/** One database, ready to be connected to. `label` names it in messages and holds no secret. */
export interface DatabaseSettings {
  readonly engine: Engine;
  /** Server name, or for a local socket its directory (PostgreSQL) or path (MariaDB). */
  readonly host: string;
  readonly port: number;
  /** Database name; for SQLite the path of the file. */
  readonly name: string;
  readonly user: string;
  readonly password: Secret | undefined;
  readonly connectTimeoutMs: number;
  readonly tls: Tls;
  readonly schema: string | undefined;
  readonly caFile: string | undefined;
  /** The configuration section, as `[pod]` or `[moodle.default]`. */
  readonly section: string;
  readonly label: string;
}

const DEFAULT_PORT = { sqlite: 0, mysql: 3306, postgresql: 5432 } as const;
const ENGINE_OF_SCHEME: Readonly<Record<string, Engine>> = {
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'sqlite:': 'sqlite',
};

/**
 * Reads a section's database keys.
 * @param section its name for messages, such as `[pod]`.
 * @throws OperatorError `database-settings-invalid`, never quoting the URL.
 */
export function databaseSettings(section: string, keys: DatabaseSection): DatabaseSettings {
  const parts = keys.database === undefined ? fromKeys(section, keys) : fromUrl(section, keys.database, keys);
  const connectTimeoutMs = (keys.connect_timeout ?? 10) * 1000;
  return {
    ...parts,
    connectTimeoutMs,
    schema: keys.schema,
    caFile: keys.ca_file,
    section,
    label: labelOf(parts),
  };
}

type Parts = Pick<DatabaseSettings, 'engine' | 'host' | 'port' | 'name' | 'user' | 'password' | 'tls'>;

function fromKeys(section: string, keys: DatabaseSection): Parts {
  if (keys.engine === undefined) throw invalid(section, 'neither `database` nor `engine` is set');
  const engine = keys.engine === 'mariadb' ? 'mysql' : keys.engine;
  if (keys.name === undefined) throw invalid(section, '`name` is missing');
  return {
    engine,
    host: keys.host ?? 'localhost',
    port: keys.port ?? DEFAULT_PORT[engine],
    name: keys.name,
    user: keys.user ?? '',
    password: keys.password,
    tls: keys.tls ?? 'off',
  };
}

function fromUrl(section: string, secret: Secret, keys: DatabaseSection): Parts {
  const text = secret.reveal().trim();
  if (text.startsWith('sqlite:')) return sqliteParts(section, text, keys);
  let url: URL;
  try {
    // `user@/name?host=/run/postgresql`, as libpq writes a local socket, has no host.
    url = new URL(text.replace(/^(\w+:\/\/[^/]*@)\//, '$1localhost/'));
  } catch {
    throw invalid(section, 'the URL cannot be read; encode / ? # @ of the password as %2F %3F %23 %40');
  }
  const engine = ENGINE_OF_SCHEME[url.protocol];
  if (engine === undefined)
    throw invalid(section, 'the URL must begin with postgresql://, mysql:// or sqlite:/');
  if (url.hash !== '') throw invalid(section, 'a # in the URL must be written %23');
  const name = decode(section, url.pathname.slice(1));
  if (name === '' || name.includes('/')) throw invalid(section, 'the URL must end with /DATABASE');
  const password = url.password === '' ? keys.password : new Secret(decode(section, url.password));
  return {
    engine,
    host: url.searchParams.get('host') ?? url.searchParams.get('socket') ?? hostOf(section, url),
    port: url.port === '' ? (keys.port ?? DEFAULT_PORT[engine]) : Number(url.port),
    name,
    user: url.username === '' ? (keys.user ?? '') : decode(section, url.username),
    password,
    tls: tlsOf(section, url) ?? keys.tls ?? 'off',
  };
}

const hostOf = (section: string, url: URL): string =>
  url.hostname === '' ? 'localhost' : decode(section, url.hostname).replace(/^\[|\]$/g, '');

/** `sqlite:/path`, `sqlite:///path` and `sqlite:relative` alike. */
function sqliteParts(section: string, text: string, keys: DatabaseSection): Parts {
  const path = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '' || path === '/') throw invalid(section, 'the URL must be sqlite:/PATH');
  return {
    engine: 'sqlite',
    host: '',
    port: 0,
    name: path,
    user: '',
    password: undefined,
    tls: keys.tls ?? 'off',
  };
}

function tlsOf(section: string, url: URL): Tls | undefined {
  for (const name of url.searchParams.keys()) {
    if (!['host', 'socket', 'sslmode', 'tls'].includes(name))
      throw invalid(section, `unknown parameter \`${name}\` in the URL`);
  }
  const mode = url.searchParams.get('tls') ?? url.searchParams.get('sslmode');
  if (mode === null) return undefined;
  if (mode === 'off' || mode === 'disable') return 'off';
  if (mode === 'on' || mode === 'require') return 'on';
  if (mode === 'verify' || mode === 'verify-full') return 'verify';
  throw invalid(section, `tls must be off, on or verify`);
}

function decode(section: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(section, 'a % in the URL must be written %25');
  }
}

const invalid = (section: string, detail: string): OperatorError =>
  databaseTexts.databaseSettingsInvalid({ section, detail });

const ENGINE_NAMES = { sqlite: 'SQLite', mysql: 'MariaDB', postgresql: 'PostgreSQL' } as const;

function labelOf({ engine, host, port, name, user }: Parts): string {
  if (engine === 'sqlite') return `SQLite file ${name}`;
  const where = host.startsWith('/') ? host : `${host}:${port}`;
  return `${ENGINE_NAMES[engine]} database ${name} on ${where}${user === '' ? '' : ` as ${user}`}`;
}
