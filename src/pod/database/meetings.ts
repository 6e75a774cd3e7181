import type { PodDatabase, PodMeeting } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { asNumberOrNull, selectInBatches } from '../../kit/adapters/sql/statements.js';
import type { PodSchema } from './schema.js';
import { append } from '../../kit/groups.js';

/** `0042-algebra`: Pod's own meetingIDs begin with the meeting's id, which a rename does not change (meeting/models.py, save). */
const PREFIX = /^(\d{4,})-/;
const MAXIMUM_ID = 2 ** 53;

interface MeetingRow {
  id: unknown;
  meeting_id: string;
  name: string;
  site_id: unknown;
  domain: string;
  owner_id: unknown;
  owner_name: string | null;
  created_at: unknown;
}

/** Meetings by exact meeting_id or by the numeric prefix, with their additional owners: two queries per 500. */
export async function findMeetings(
  database: SqlDatabase,
  schema: PodSchema,
  meetingIds: readonly string[],
): Promise<PodMeeting[]> {
  if (meetingIds.length === 0 || !schema.has('meeting')) return [];
  return database.read(async (query) => {
    const rows = (await selectInBatches(meetingIds, (batch) =>
      query('meeting as m')
        .join('django_site as s', 's.id', 'm.site_id')
        .leftJoin('auth_user as u', 'u.id', 'm.owner_id')
        .select('m.id', 'm.meeting_id', 'm.name', 'm.site_id', 's.domain', 'm.owner_id', 'm.created_at')
        .select({ owner_name: 'u.username' })
        .whereIn('m.meeting_id', batch)
        .orWhereIn('m.id', prefixesOf(batch))
        .orderBy('m.id'),
    )) as MeetingRow[];
    const unique = new Map(rows.map((row) => [Number(row.id), row]));
    const additional = await additionalOwners(query, schema, [...unique.keys()]);
    return [...unique.values()].map((row) => asMeeting(database, row, additional));
  });
}

const prefixesOf = (meetingIds: readonly string[]): number[] =>
  meetingIds
    .map((meetingId) => Number(PREFIX.exec(meetingId)?.[1]))
    .filter((id) => Number.isInteger(id) && id < MAXIMUM_ID);

const asMeeting = (
  database: SqlDatabase,
  row: MeetingRow,
  additional: ReadonlyMap<number, number[]>,
): PodMeeting => ({
  id: Number(row.id),
  meetingId: row.meeting_id,
  name: row.name,
  siteId: Number(row.site_id),
  siteDomain: row.domain,
  ownerId: Number(row.owner_id),
  ...(row.owner_name === null ? {} : { ownerName: row.owner_name }),
  additionalOwnerIds: additional.get(Number(row.id)) ?? [],
  createdAt: database.decodeInstant(row.created_at),
});

async function additionalOwners(
  query: Query,
  schema: PodSchema,
  meetings: readonly number[],
): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  if (!schema.has('meeting_additional_owners')) return found;
  const rows = (await selectInBatches(meetings, (batch) =>
    query('meeting_additional_owners')
      .select('meeting_id', 'user_id')
      .whereIn('meeting_id', batch)
      .orderBy('user_id'),
  )) as { meeting_id: unknown; user_id: unknown }[];
  for (const { meeting_id, user_id } of rows) {
    const meeting = Number(meeting_id);
    append(found, meeting, Number(user_id));
  }
  return found;
}

/** Recordings imported through the meetings module; an empty source_url means "not yet". */
export async function findInternalRecordings(
  database: SqlDatabase,
  schema: PodSchema,
  recordIds: readonly string[],
): ReturnType<PodDatabase['findInternalRecordings']> {
  if (recordIds.length === 0 || !schema.has('meeting_internalrecording')) return [];
  const rows = (await database.read((query) =>
    selectInBatches(recordIds, (batch) =>
      query('meeting_internalrecording')
        .select('recording_id', 'owner_id')
        .whereIn('recording_id', batch)
        .whereNot('source_url', '')
        .orderBy('id'),
    ),
  )) as { recording_id: string; owner_id: unknown }[];
  return rows.map(({ recording_id, owner_id }) => ({
    recordId: recording_id,
    ownerId: asNumberOrNull(owner_id),
  }));
}

/** Moderators of Pod 3's own BBB module (up to 3.8.1). */
export async function findAttendeeModerators(
  database: SqlDatabase,
  schema: PodSchema,
  internalMeetingIds: readonly string[],
): ReturnType<PodDatabase['findAttendeeModerators']> {
  if (internalMeetingIds.length === 0 || !schema.has('bbb_attendee') || !schema.has('bbb_bbb_meeting'))
    return [];
  const rows = (await database.read((query) =>
    selectInBatches(internalMeetingIds, (batch) =>
      query('bbb_attendee as a')
        .join('bbb_bbb_meeting as m', 'm.id', 'a.meeting_id')
        .select('m.internal_meeting_id', 'a.user_id')
        .whereIn('m.internal_meeting_id', batch)
        .whereRaw('UPPER(a.role) = ?', ['MODERATOR'])
        .whereNotNull('a.user_id')
        .orderBy('a.user_id'),
    ),
  )) as { internal_meeting_id: string; user_id: unknown }[];
  const found = new Map<string, Set<number>>();
  for (const { internal_meeting_id, user_id } of rows) {
    const users = found.get(internal_meeting_id) ?? new Set();
    found.set(internal_meeting_id, users.add(Number(user_id)));
  }
  return [...found].map(([internalMeetingId, users]) => ({ internalMeetingId, userIds: [...users] }));
}

/** The session log of these meetings, oldest first. */
export async function findSessionCreators(
  database: SqlDatabase,
  schema: PodSchema,
  meetingPks: readonly number[],
): ReturnType<PodDatabase['findSessionCreators']> {
  if (meetingPks.length === 0 || !schema.has('meeting_meetingsessionlog')) return [];
  const rows = (await database.read((query) =>
    selectInBatches(meetingPks, (batch) =>
      query('meeting_meetingsessionlog')
        .select('meeting_id', 'creation_date', 'creator_id')
        .whereIn('meeting_id', batch)
        .orderBy(['creation_date', 'id']),
    ),
  )) as { meeting_id: unknown; creation_date: unknown; creator_id: unknown }[];
  return rows.map((row) => ({
    meetingPk: Number(row.meeting_id),
    createdAt: database.decodeInstant(row.creation_date) ?? 0,
    creatorId: asNumberOrNull(row.creator_id),
  }));
}
