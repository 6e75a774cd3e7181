import { Expression, type Constants, type Literal } from './literal.js';

/** Files that people come from; each names its own BBB server. */
export const SOURCE_KINDS = ['script', 'pod', 'live', 'recorder', 'runner'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What constants become: values by dotted key (`bbb.default.url`), and what was seen but could not be taken. */
export interface Imported {
  readonly kind: SourceKind;
  readonly values: ReadonlyMap<string, TomlValue>;
  /** What is computed there, by the key that is missing for it: a note for people. */
  readonly computed: ReadonlyMap<string, string>;
  /** For people: one line each. */
  readonly notes: readonly string[];
}

export type TomlValue = string | number | boolean | readonly string[];

/** Far from those of esup-runner's own runners, which take 8082 and the following ones. */
const OWN_RUNNER_PORT = 8092;

type Rule = string | ((value: Literal, add: Add) => void);
type Add = (key: string, value: Literal | undefined) => void;

const text = (value: Literal | undefined): string => (typeof value === 'string' ? value.trim() : '');
const isTable = (value: Literal | undefined): value is { readonly [key: string]: Literal } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Expression);

/** What is known of the files people come from; every other constant is theirs alone. */
const rules: Readonly<Record<SourceKind, Readonly<Record<string, Rule>>>> = {
  script: {
    // migrate_bbb_recordings.py
    SCRIPT_BBB_SERVER_URL: (value, add) => add('bbb.default.url', apiUrl(text(value))),
    SCRIPT_BBB_SECRET_KEY: 'bbb.default.secret',
    SCRIPT_PLAYBACK_URL_23: 'bbb.default.playback_23',
    SCRIPT_RECORDER_ID: 'pod.recorder_id',
    SCRIPT_ADMIN_ID: 'pod.admin_id',
    IGNORED_SERVERS: 'migrate.ignored_servers',
    DB_PARAMS: addMoodles,
  },
  // settings_local.py
  pod: {
    BBB_API_URL: (value, add) => add('bbb.pod.url', apiUrl(text(value))),
    BBB_SECRET_KEY: 'bbb.pod.secret',
    DATABASES: (value, add) => {
      if (isTable(value)) addDjangoDatabase(value['default'], add);
    },
    SECRET_KEY: 'pod.secret_key',
    SITE_ID: 'pod.site_id',
    DEFAULT_RECORDER_PATH: 'pod.recorder_path',
    TIME_ZONE: 'timezone',
    USE_CAS: (value, add) => {
      if (value === true) add('pod.auth_type', 'CAS');
    },
    USE_SHIB: (value, add) => {
      if (value === true) add('pod.auth_type', 'Shibboleth');
    },
    USE_OIDC: (value, add) => {
      if (value === true) add('pod.auth_type', 'OIDC');
    },
    ESTABLISHMENTS: (value, add) => {
      const first: unknown = Array.isArray(value) ? value[0] : undefined;
      if (Array.isArray(first)) add('pod.establishment', first[0] as Literal);
    },
    IMPORT_VIDEO_BBB_RECORDER_PATH: 'recorder.output',
    DEFAULT_BBB_PATH: 'live.recordings_path',
  },
  // bbb-pod-live.php
  live: {
    ADMIN_EMAIL: 'mail.to',
    SERVER_HOSTNAME: 'live.hostname',
    NUMBER_SERVERS: 'live.servers',
    SERVER_NUMBER: 'live.server',
    NUMBER_LIVES: 'live.lives',
    BBB_URL: (value, add) => add('bbb.live.url', apiUrl(text(value))),
    BBB_SECRET: 'bbb.live.secret',
    BBB_RESOLUTION: 'live.size',
    FFMPEG_STREAM_VIDEO_BITRATE: (value, add) => add('live.bitrate_kbps', Number(value) || undefined),
    FFMPEG_STREAM_THREADS: (value, add) => add('live.threads', Number(value) || undefined),
    BBB_STREAM_URL: 'live.rtmp_url',
    BBB_ATTENDEE_PASSWORD: 'live.attendee_password',
    BBB_MODERATOR_PASSWORD: 'live.moderator_password',
    POD_HLS_STREAM: 'live.hls_url',
    POD_URL: (value, add) => add('pod.url', text(value).replace(/\/(?:rest\/?)?$/, '')),
    POD_TOKEN: 'pod.token',
    POD_ID_BUILDING: 'live.building_id',
    POD_DEFAULT_BBB_PATH: 'live.recordings_path',
    PHYSICAL_LOG_ROOT: 'log.directory',
    DEBUG: (value, add) => {
      if (value === true) add('log.level', 'debug');
    },
  },
  // config.json or .env of bbb-recorder: what it converted to; its ffmpeg server has no counterpart
  recorder: {
    rtmpUrl: 'live.rtmp_url',
    copyToPath: 'recorder.output',
  },
  // .env of a runner of esup-runner (runner/.env.example): our worker stands beside it, on ports of its own
  runner: {
    MANAGER_URL: (value, add) => add('recorder.manager', text(value).replace(/\/+$/, '')),
    RUNNER_TOKEN: (value, add) => {
      if (!text(value).startsWith('CHANGE_ME')) add('recorder.manager_token', value);
    },
    RUNNER_HOST: (value, add) => {
      if (text(value) !== '') add('recorder.runner_url', `http://${text(value)}:${OWN_RUNNER_PORT}`);
    },
  },
};

/** Which of the files these constants are from. */
function kindOf(constants: Constants): SourceKind {
  const names = [...constants.keys()];
  const known = (kind: SourceKind): number => names.filter((name) => Object.hasOwn(rules[kind], name)).length;
  return [...SOURCE_KINDS].sort((a, b) => known(b) - known(a))[0] ?? 'pod';
}

/** Takes what is known of these constants. A constant that is an expression is noted, never guessed. */
export function mapConstants(constants: Constants): Imported {
  const values = new Map<string, TomlValue>();
  const computed = new Map<string, string>();
  const notes: string[] = [];
  const kind = kindOf(constants);
  const engine = engineOf(text(constants.get('MOODLE_DB_TYPE')));
  for (const [name, value] of constants) {
    // A constant may be called `constructor`: only what stands in the table is a rule.
    const rule = Object.hasOwn(rules[kind], name) ? rules[kind][name] : undefined;
    if (rule === undefined) continue;
    const add: Add = (key, found) => {
      if (found instanceof Expression) {
        computed.set(key, `${name} is computed (${shown(found)}): set ${key} yourself`);
      } else if (isTomlValue(found) && found !== '') {
        values.set(key, found);
      }
    };
    if (value instanceof Expression && typeof rule !== 'string') {
      const told: Add = (key) =>
        computed.set(key, `${name} is computed (${shown(value)}): set ${key} yourself`);
      rule('?', told);
      if (![...computed.values()].some((note) => note.startsWith(`${name} `)))
        notes.push(`${name} is computed (${shown(value)}): set what it stands for yourself`);
    } else if (typeof rule === 'string') add(rule, value);
    else rule(value, add);
  }
  for (const key of [...values.keys()]) {
    const site = /^moodle\.(.+)\.host$/.exec(key)?.[1];
    if (site !== undefined) values.set(`moodle.${site}.engine`, engine ?? 'postgresql');
  }
  if (constants.has('SCRIPT_INFORM') && constants.get('SCRIPT_INFORM') !== '')
    notes.push('SCRIPT_INFORM: put your message in a file of its own, [moodle_notice] file');
  return { kind, values, computed, notes };
}

/** An expression as people may read it: what it quotes may be a secret, but for names of variables it asks for. */
const shown = ({ text }: Expression): string =>
  text
    .replace(
      /((?:environ\s*\[|environ\.get\(|getenv\(|env\()\s*)?(["'])((?:\\[\s\S]|(?!\2)[^\\])*)(?:\2|$)/g,
      (all, asked) => (asked === undefined ? '"…"' : all),
    )
    .replace(/<<<[\s\S]*/, '<<<…')
    .slice(0, 60);

const isTomlValue = (value: Literal | undefined): value is TomlValue =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((item) => typeof item === 'string'));

function engineOf(name: string): string | null {
  if (name === '') return null;
  if (name.includes('sqlite')) return 'sqlite';
  return /mysql|maria/i.test(name) ? 'mariadb' : 'postgresql';
}

function apiUrl(url: string): string {
  if (url === '') return '';
  const bare = url.replace(/\/+$/, '');
  if (/\/api$/.test(bare)) return bare;
  return bare.endsWith('/bigbluebutton') ? `${bare}/api` : `${bare}/bigbluebutton/api`;
}

function addDjangoDatabase(database: Literal | undefined, add: Add): void {
  if (!isTable(database)) return;
  const engine = engineOf(text(database['ENGINE']));
  if (engine === 'sqlite') {
    add(
      'pod.database',
      database['NAME'] instanceof Expression ? database['NAME'] : `sqlite:${text(database['NAME'])}`,
    );
    return;
  }
  add('pod.engine', engine ?? undefined);
  add('pod.host', database['HOST'] === '' ? 'localhost' : database['HOST']);
  add('pod.port', Number(database['PORT']) || undefined);
  add('pod.name', database['NAME']);
  add('pod.user', database['USER']);
  add('pod.password', database['PASSWORD']);
  if (isTable(database['OPTIONS'])) addDjangoOptions(database['OPTIONS'], add);
}

const TLS: Readonly<Record<string, string>> = {
  require: 'on',
  'verify-ca': 'verify',
  'verify-full': 'verify',
};

/** What leads elsewhere than host and port, of OPTIONS that Django hands to the driver. */
function addDjangoOptions(options: { readonly [key: string]: Literal }, add: Add): void {
  add('pod.host', options['unix_socket']);
  add('pod.schema', /search_path\s*=\s*"?(\w+)/.exec(text(options['options']))?.[1]);
  add('pod.tls', TLS[text(options['sslmode'])] ?? (isTable(options['ssl']) ? 'verify' : undefined));
}

/** One Moodle, as the first version of the script had it, or several by origin server. */
function addMoodles(value: Literal, add: Add): void {
  if (!isTable(value)) return;
  const sites: [string, Literal][] = 'host' in value ? [['default', value]] : Object.entries(value);
  for (const [name, site] of sites) {
    if (!isTable(site)) continue;
    add(`moodle.${name}.host`, site['host']);
    add(`moodle.${name}.port`, Number(site['port']) || undefined);
    add(`moodle.${name}.name`, site['database']);
    add(`moodle.${name}.user`, site['user']);
    add(`moodle.${name}.password`, site['password']);
    add(`moodle.${name}.connect_timeout`, Number(site['connect_timeout']) || undefined);
  }
}
