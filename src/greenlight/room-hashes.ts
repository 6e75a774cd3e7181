import { createHash } from 'node:crypto';

/** Rooms by the hash of their meetingID. */
export interface RoomHashes {
  roomIdsOf(recordId: string): readonly string[];
}

/**
 * BigBlueButton's internal meeting id, which is the recordID, is sha1(meetingID)-createTime
 * (ParamsProcessorUtil.java, convertToInternalMeetingId): the room is found although the recording lost its meetingID.
 * Reckoned here, for not every database has pgcrypto, and not every account may use it.
 * @param pages rooms, read once.
 */
export async function hashRooms(
  pages: AsyncIterable<readonly { readonly id: string; readonly meetingId: string }[]>,
): Promise<RoomHashes> {
  const ids = new Map<string, string[]>();
  for await (const page of pages)
    for (const { id, meetingId } of page) {
      if (meetingId === '') continue;
      const hash = createHash('sha1').update(meetingId).digest('hex');
      ids.set(hash, [...(ids.get(hash) ?? []), id]);
    }
  return { roomIdsOf: (recordId) => ids.get(/^([0-9a-f]{40})-\d+$/.exec(recordId)?.[1] ?? '') ?? [] };
}
