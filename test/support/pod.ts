import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Knex } from 'knex';
import { openPodDatabase } from '../../src/pod/database/open-pod-database.js';
import { openDatabase, type DatabaseOptions, type SqlDatabase } from '../../src/kit/adapters/sql/database.js';
import {
  renderSchema,
  type SchemaDescription,
  type SchemaOptions,
} from '../../src/kit/adapters/sql/django-schema.js';
import { databaseSettings, type DatabaseSettings, type Engine } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';
import { createDatabase, type TestDatabase } from './servers.js';

export type PodVersion = '3.5.1' | '3.8.4' | '4.1.0';
export const ENGINES = ['sqlite', 'mysql', 'postgresql'] as const;
export const POD_VERSIONS = ['3.5.1', '3.8.4', '4.1.0'] as const;
export const SECRET_KEY = 'a-secret-key-of-django';

const schema = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures/schemas/pod/tables.json'), 'utf8'),
) as SchemaDescription;

export interface TestPod {
  readonly engine: Engine;
  readonly version: PodVersion;
  readonly test: TestDatabase;
  /** Looks and seeds behind the product's back. */
  readonly admin: Knex;
  readonly settings: DatabaseSettings;
  /** An adapter of its own, with other limits for instance. Closed by `drop()`. */
  open(options?: DatabaseOptions, settings?: DatabaseSettings): { adapter: SqlDatabase; pod: PodDatabase };
  /** All rows of a table by id, as the engine gives them. */
  rows(table: string): Promise<Record<string, unknown>[]>;
  /** Every table with all its rows, as text: to compare a database before and after. */
  dump(): Promise<Record<string, string[]>>;
  drop(): Promise<void>;
}

export interface CreatePodOptions {
  readonly engine: Engine;
  readonly version: PodVersion;
  /** Default true: a site, an administrator and a teacher with their five rows, a recorder. */
  readonly seed?: boolean;
  readonly durable?: boolean;
  readonly storage?: Pick<SchemaOptions, 'characterSet' | 'storageEngine'>;
}

/** A Pod of its own on one engine, with the tables of one version. */
export async function createPod(options: CreatePodOptions): Promise<TestPod> {
  const { engine, version } = options;
  const test = await createDatabase(engine, { durable: options.durable === true });
  const { admin } = test;
  const statements = renderSchema(schema, { engine, version, ...options.storage });
  const script = statements.map((statement) => `${statement};`).join('\n');
  // One round trip where the driver takes several statements at once.
  if (engine === 'sqlite') for (const statement of statements) await admin.raw(statement);
  else await admin.raw(script);
  if (options.seed !== false) await seedPod(admin, engine, version);
  const settings = databaseSettings('[pod]', { database: new Secret(test.url), connect_timeout: 5 });
  const adapters: SqlDatabase[] = [];
  const tables = Object.keys(schema.tables).filter(
    (table) => schema.tables[table]?.versions?.includes(version) ?? true,
  );
  const rows = async (table: string): Promise<Record<string, unknown>[]> => {
    const key = table === 'authtoken_token' ? 'key' : 'id';
    return (await admin(table).select('*').orderBy(key)) as Record<string, unknown>[];
  };
  return {
    engine,
    version,
    test,
    admin,
    settings,
    open: (adapterOptions = {}, other = settings) => {
      const adapter = openDatabase(other, adapterOptions);
      adapters.push(adapter);
      return { adapter, pod: openPodDatabase(adapter, { siteId: 1, secretKey: new Secret(SECRET_KEY) }) };
    },
    rows,
    dump: async () => {
      const found: Record<string, string[]> = {};
      for (const table of tables) found[table] = (await rows(table)).map((row) => JSON.stringify(row));
      return found;
    },
    drop: async () => {
      for (const adapter of adapters) await adapter.close();
      await test.drop();
    },
  };
}

/**
 * Gives `meeting` the check of a Pod that Django made on SQLite: it calls a function that only Django registers, so
 * reading works, and whatever runs the check (VACUUM INTO, inserting a meeting) fails.
 */
export async function addDjangoCheck(admin: Knex): Promise<void> {
  const check = `CHECK (("recurring_until" >= django_datetime_cast_date("start_at", 'UTC', 'UTC') OR "recurring_until" IS NULL))`;
  await admin.raw('PRAGMA writable_schema = ON');
  await admin('sqlite_master')
    .where({ type: 'table', name: 'meeting' })
    .update({ sql: admin.raw(`substr(sql, 1, length(sql) - 1) || ', ' || ? || ')'`, [check]) });
  await admin.raw('PRAGMA writable_schema = RESET');
}

/** Values that fit any column of Django's when a test does not care. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  meeting: {
    attendee_password: 'ap',
    moderator_password: 'mp',
    start_at: '2024-01-08 08:00:00',
    expected_duration: 0,
    recurrence: null,
    frequency: 1,
    recurring_until: null,
    nb_occurrences: null,
    weekdays: null,
    monthly_type: 'date_day',
    is_restricted: false,
    is_running: false,
    max_participants: 100,
    welcome_text: '',
    logout_url: null,
    webcam_only_for_moderators: false,
    record: true,
    auto_start_recording: false,
    allow_start_stop_recording: true,
    lock_settings_disable_cam: false,
    lock_settings_disable_mic: false,
    lock_settings_disable_private_chat: false,
    lock_settings_disable_public_chat: false,
    lock_settings_disable_note: false,
    lock_settings_locked_layout: false,
    created_at: '2024-01-08 08:00:00',
    updated_at: '2024-01-08 08:00:00',
  },
};
const NEWER_MEETING = { is_personal: false, is_webinar: false, enable_chat: false };

/** Inserts a meeting; whatever is not given takes Pod's default. */
export async function insertMeeting(pod: TestPod, row: Record<string, unknown>): Promise<void> {
  const newer = pod.version === '3.5.1' ? {} : NEWER_MEETING;
  const interval = pod.engine === 'postgresql' ? { expected_duration: '0 seconds' } : {};
  await pod.admin('meeting').insert({ ...(DEFAULTS['meeting'] as object), ...newer, ...interval, ...row });
}

const NOW = '2023-09-01 06:30:00';

/** A user with the five rows that Django's signals make. Ids of user and owner are the same. */
export async function insertUser(
  admin: Knex,
  id: number,
  username: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  await admin('auth_user').insert({
    id,
    password: '!unusable',
    last_login: NOW,
    is_superuser: false,
    username,
    first_name: '',
    last_name: '',
    email: `${username.toLowerCase()}@univ.fr`,
    is_staff: true,
    is_active: true,
    date_joined: NOW,
    ...more,
  });
  await admin('authentication_owner').insert({
    id,
    user_id: id,
    auth_type: 'CAS',
    affiliation: 'faculty',
    commentaire: '',
    hashkey: randomBytes(32).toString('hex'),
    establishment: 'Etab_1',
  });
  await admin('authentication_owner_sites').insert({ id, owner_id: id, site_id: 1 });
  await admin('playlist_playlist').insert({
    id,
    name: 'Favorites',
    description: 'Your favorites videos.',
    password: '',
    visibility: 'private',
    autoplay: true,
    promoted: false,
    editable: false,
    slug: `${id}-favorites`,
    date_created: NOW,
    date_updated: NOW,
    owner_id: id,
    site_id: 1,
  });
  await admin('podfile_userfolder').insert({ id, name: 'home', created_at: NOW, owner_id: id });
}

async function seedPod(admin: Knex, engine: Engine, version: PodVersion): Promise<void> {
  await admin('django_site').insert({ id: 1, domain: 'pod.univ.fr', name: 'Pod' });
  await admin('django_site').insert({ id: 2, domain: 'pod2.univ.fr', name: 'Second' });
  await insertUser(admin, 1, 'admin', { is_superuser: true });
  await insertUser(admin, 2, 'amartin');
  await admin('video_type').insert({ id: 1, title: 'Other', slug: 'other' });
  await admin('recorder_recorder').insert({
    id: 1,
    name: 'BBB',
    description: '',
    address_ip: '192.0.2.10',
    salt: 'salt',
    recording_type: 'video',
    is_draft: true,
    is_restricted: false,
    cursus: '0',
    main_lang: 'fr',
    transcript: '',
    allow_downloading: false,
    is_360: false,
    disable_comment: false,
    directory: 'bbb',
    type_id: 1,
    ...(version === '4.1.0' ? {} : { tags: '' }),
    ...(version === '3.5.1'
      ? {}
      : { credentials_login: '', credentials_password: '', publication_auto: false }),
  });
  await admin('recorder_recorder_sites').insert({ id: 1, recorder_id: 1, site_id: 1 });
  if (engine === 'postgresql') await advanceSequences(admin);
}

/** Rows were given their ids: the sequences must follow, as they do where Django wrote them. */
export async function advanceSequences(admin: Knex): Promise<void> {
  const { rows } = await admin.raw<{ rows: { t: string }[] }>(
    `SELECT relname AS t FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  for (const { t } of rows)
    await admin.raw(
      `SELECT setval(pg_get_serial_sequence('${t}', 'id'), COALESCE((SELECT MAX(id) FROM "${t}"), 1), (SELECT MAX(id) FROM "${t}") IS NOT NULL)`,
    );
}
