import type { Query } from '../kit/adapters/sql/database.js';
import { asBoolean, selectInBatches } from '../kit/adapters/sql/statements.js';
import type { GreenlightQuestion } from '../migrate/greenlight-port.js';
import type { GreenlightFacts, GreenlightRoom, GreenlightUser } from '../owners/greenlight-facts.js';
import { withoutSuffix } from '../owners/greenlight-owners.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { keyText, shortText } from './short-text.js';
import { rowsOf, type GreenlightDescription, type Row } from './site.js';

/** Rooms that the meetingIDs of a chunk name. */
export function readNamedRooms(
  query: Query,
  description: GreenlightDescription,
  questions: readonly GreenlightQuestion[],
): Promise<GreenlightRoom[]> {
  const meetingIds = questions.flatMap(({ meetingId }) => [meetingId, withoutSuffix(meetingId)]);
  return readRooms(
    query,
    description,
    idColumn(description),
    meetingIds.filter((id) => id !== ''),
  );
}

/** recordIDs whose meetingID names no room: lost with an old metadata.xml, or of another application. */
export function withoutNamedRoom(
  questions: readonly GreenlightQuestion[],
  rooms: readonly GreenlightRoom[],
): string[] {
  const known = new Set(rooms.map(({ meetingId }) => meetingId));
  return questions
    .filter(({ meetingId }) => !known.has(meetingId) && !known.has(withoutSuffix(meetingId)))
    .map(({ recordId }) => recordId);
}

/**
 * Owners and shared access of one chunk, and the rooms of the recordings whose meetingID names none: by the recordID's
 * hash, then by Greenlight's own list. The number of queries does not grow with the chunk.
 */
export async function gatherFacts(
  query: Query,
  description: GreenlightDescription,
  named: readonly GreenlightRoom[],
  open: readonly string[],
  byHash: GreenlightFacts['byHash'],
): Promise<Omit<GreenlightFacts, 'population'>> {
  const byRecording = description.hasRecordings ? await readRecordings(query, open) : [];
  const ids = [...byHash, ...byRecording].map(({ roomId }) => roomId);
  const rooms = [...named, ...(await readRooms(query, description, 'id', ids))];
  const roomIds = rooms.map(({ id }) => id);
  const shares = description.hasShares ? await readShares(query, roomIds) : [];
  const userIds = [...rooms.map(({ ownerId }) => ownerId), ...shares.map(({ userId }) => userId)];
  const people = await readUsers(query, description, 'id', userIds);
  // Who came back under a new external id left the old row behind: rows of one address are one person.
  const emails = people.map(({ email }) => email.trim().toLowerCase());
  const namesakes = await readUsers(query, description, 'email', emails);
  const users = new Map([...people, ...namesakes].map((user) => [user.id, user]));
  const { version } = description;
  return { version, rooms, shares, byHash, byRecording, users: [...users.values()] };
}

const idColumn = ({ version }: GreenlightDescription): 'meeting_id' | 'bbb_id' =>
  version === 3 ? 'meeting_id' : 'bbb_id';

async function readRooms(
  query: Query,
  description: GreenlightDescription,
  column: 'meeting_id' | 'bbb_id' | 'id',
  values: readonly string[],
): Promise<GreenlightRoom[]> {
  const own = idColumn(description);
  const rows = await selectInBatches(values, (batch) =>
    // Deleted rooms too: they keep their owner, and BBB their recordings.
    rowsOf(query('rooms').select('id', 'user_id', 'name', own).whereIn(column, batch)),
  );
  return rows.map((row) => ({
    id: asText(row['id']),
    meetingId: asText(row[own]),
    name: shortText(row['name']),
    ownerId: asText(row['user_id']),
  }));
}

async function readRecordings(
  query: Query,
  recordIds: readonly string[],
): Promise<GreenlightFacts['byRecording']> {
  const rows = await selectInBatches(recordIds, (batch) =>
    rowsOf(query('recordings').distinct('record_id', 'room_id').whereIn('record_id', batch)),
  );
  return rows
    .map((row) => ({ recordId: asText(row['record_id']), roomId: asText(row['room_id']) }))
    .filter(({ roomId }) => roomId !== '');
}

async function readShares(query: Query, roomIds: readonly string[]): Promise<GreenlightFacts['shares']> {
  const rows = await selectInBatches(roomIds, (batch) =>
    rowsOf(query('shared_accesses').distinct('room_id', 'user_id').whereIn('room_id', batch)),
  );
  return rows.map((row) => ({ roomId: asText(row['room_id']), userId: asText(row['user_id']) }));
}

async function readUsers(
  query: Query,
  { version, deletes, hasStatus }: GreenlightDescription,
  by: 'id' | 'email',
  values: readonly string[],
): Promise<GreenlightUser[]> {
  const columns =
    version === 3
      ? ['id', 'name', 'email', 'provider', 'external_id', ...(hasStatus ? ['status'] : [])]
      : ['id', 'name', 'email', 'provider', 'username', 'social_uid', ...(deletes.users ? ['deleted'] : [])];
  const rows = await selectInBatches(
    values.filter((value) => value !== ''),
    (batch) => {
      const select = query('users').select(columns);
      if (by === 'id') return rowsOf(select.whereIn('id', batch));
      return rowsOf(select.whereRaw(`lower(email) IN (${batch.map(() => '?').join(',')})`, batch));
    },
  );
  return rows.map((row) => ({
    id: asText(row['id']),
    name: shortText(row['name']),
    email: keyText(row['email']),
    provider: asText(row['provider']),
    username: keyText(row['username']),
    externalId: keyText(row[version === 3 ? 'external_id' : 'social_uid']),
    status: statusOf(row),
  }));
}

/** app/models/user.rb 3.x: active 0, pending 1, banned 2. */
function statusOf(row: Row): GreenlightUser['status'] {
  if (asBoolean(row['deleted'])) return 'deleted';
  const status = Number(row['status'] ?? 0);
  return status === 1 ? 'pending' : status === 2 ? 'banned' : 'active';
}
