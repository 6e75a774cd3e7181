/* Builds a Greenlight database of our own, of generation 2 (three ages) or 3. Columns and keys as in db/schema.rb of
   bigbluebutton/greenlight: 2.x, and 3.x of 5 July 2023; only those that matter here, and one secret. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { TestDatabase } from './servers.js';

export type GreenlightForm = '3' | '2' | '2-before-shares' | '2-before-deletion';

export interface SeedUser {
  readonly key: string;
  readonly email: string;
  readonly name?: string;
  readonly provider?: string;
  /** Greenlight 2. */
  readonly username?: string;
  /** social_uid of 2, external_id of 3. */
  readonly externalId?: string;
  readonly deleted?: boolean;
  readonly status?: number;
}
export interface SeedRoom {
  readonly key: string;
  readonly owner: string;
  readonly meetingId: string;
  readonly deleted?: boolean;
  readonly shared?: readonly string[];
  /** recordIDs in Greenlight 3's own list. */
  readonly recordings?: readonly string[];
}

/** A stable uuid for 3, a number for 2. */
const uuidOf = (key: string): string => {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export async function createGreenlight(
  { admin, engine }: TestDatabase,
  form: GreenlightForm,
  users: readonly SeedUser[],
  rooms: readonly SeedRoom[],
): Promise<void> {
  const isThree = form === '3';
  const userIds = new Map(users.map(({ key }, i) => [key, isThree ? uuidOf(`user ${key}`) : i + 1]));
  const roomIds = new Map(rooms.map(({ key }, i) => [key, isThree ? uuidOf(`room ${key}`) : i + 1]));
  for (const statement of isThree ? THREE : two(form, engine === 'postgresql')) await admin.raw(statement);
  const hasDeleted = form === '2' || form === '2-before-shares';
  const insert = async (table: string, rows: readonly object[]): Promise<void> => {
    if (rows.length > 0) await admin(table).insert(rows);
  };
  await insert(
    'users',
    users.map((user) => ({
      id: userIds.get(user.key),
      name: user.name ?? user.key,
      email: user.email,
      provider: user.provider ?? 'greenlight',
      password_digest: 'a-secret-digest',
      ...(isThree
        ? { external_id: user.externalId ?? null, status: user.status ?? 0 }
        : { username: user.username ?? null, social_uid: user.externalId ?? null }),
      ...(hasDeleted ? { deleted: user.deleted ?? false } : {}),
    })),
  );
  await insert(
    'rooms',
    rooms.map((room, i) => ({
      id: roomIds.get(room.key),
      user_id: userIds.get(room.owner),
      name: room.key,
      ...(isThree
        ? { friendly_id: `abc-def-ghi-${i}`, meeting_id: room.meetingId }
        : { uid: `ann-abc-${i}`, bbb_id: room.meetingId, moderator_pw: 'a-secret-word' }),
      ...(hasDeleted ? { deleted: room.deleted ?? false } : {}),
    })),
  );
  const shares = rooms.flatMap(({ key, shared = [] }) => shared.map((user) => ({ key, user })));
  if (form === '3' || form === '2')
    await insert(
      'shared_accesses',
      shares.map(({ key, user }, i) => ({
        id: isThree ? uuidOf(`share ${i}`) : i + 1,
        room_id: roomIds.get(key),
        user_id: userIds.get(user),
      })),
    );
  if (isThree)
    await insert(
      'recordings',
      rooms.flatMap(({ key, recordings = [] }) =>
        recordings.map((recordId) => ({
          id: uuidOf(`recording ${recordId}`),
          room_id: roomIds.get(key),
          name: key,
          record_id: recordId,
          visibility: 'Published',
          length: 3,
          participants: 4,
        })),
      ),
    );
  await admin('schema_migrations').insert({ version: isThree ? '20230705183747' : '20210511134311' });
}

const THREE = [
  `CREATE TABLE users (id uuid PRIMARY KEY, name varchar NOT NULL, email varchar NOT NULL, external_id varchar,
   provider varchar NOT NULL, password_digest varchar, status int DEFAULT 0)`,
  'CREATE UNIQUE INDEX users_email ON users (email, provider)',
  `CREATE TABLE rooms (id uuid PRIMARY KEY, user_id uuid REFERENCES users, name varchar NOT NULL,
   friendly_id varchar NOT NULL UNIQUE, meeting_id varchar NOT NULL UNIQUE)`,
  'CREATE TABLE shared_accesses (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, room_id uuid NOT NULL REFERENCES rooms)',
  `CREATE TABLE recordings (id uuid PRIMARY KEY, room_id uuid REFERENCES rooms, name varchar NOT NULL,
   record_id varchar NOT NULL, visibility varchar NOT NULL, length int NOT NULL, participants int NOT NULL)`,
  'CREATE TABLE schema_migrations (version varchar PRIMARY KEY)',
];

function two(form: GreenlightForm, isPostgresql: boolean): string[] {
  const deleted = form === '2-before-deletion' ? '' : ', deleted boolean NOT NULL DEFAULT false';
  const id = isPostgresql ? 'id serial PRIMARY KEY' : 'id integer PRIMARY KEY';
  return [
    `CREATE TABLE users (${id}, provider varchar(255), uid varchar(255), name varchar(255), username varchar(255),
     email varchar(255), social_uid varchar(255), password_digest varchar(255)${deleted})`,
    `CREATE TABLE rooms (${id}, user_id int, name varchar(255), uid varchar(255), bbb_id varchar(255), moderator_pw varchar(255)${deleted})`,
    ...(form === '2' ? [`CREATE TABLE shared_accesses (${id}, room_id int, user_id int)`] : []),
    'CREATE TABLE schema_migrations (version varchar(255) PRIMARY KEY)',
  ];
}

/** An account without a single right. */
export const createAccount = async (admin: Knex, name: string): Promise<void> => {
  await admin.raw(`CREATE ROLE ${name} LOGIN PASSWORD 'secret-word'`);
};
