import type { MoodleDatabase } from '../../migrate/moodle-port.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { KnownIds } from '../../bbb/recording-source.js';
import { isRecordId } from '../../bbb/record-id.js';

/**
 * Ids by which a server too busy for a whole listing can be asked in small calls: the meetings that Moodle knows, and
 * the recordings of Pod's external videos. Read only when a whole listing failed.
 */
export function knownIdsOf(pod: PodDatabase, moodles: Iterable<MoodleDatabase>): KnownIds {
  const sites = [...moodles];
  const ofMoodle = async function* (): AsyncGenerator<string> {
    for (const moodle of sites) for await (const ids of moodle.meetingIds()) yield* ids;
  };
  return {
    meetingIds: keep(ofMoodle(), (id) => !isRecordId(id)),
    recordIds: recordIds(pod, sites),
  };
}

async function* recordIds(pod: PodDatabase, moodles: readonly MoodleDatabase[]): AsyncGenerator<string> {
  for await (const rows of pod.externalRecordings(0)) {
    for (const { sourceUrl } of rows) {
      const id = recordIdOfUrl(sourceUrl);
      if (id !== null) yield id;
    }
  }
  for (const moodle of moodles) for await (const ids of moodle.meetingIds()) yield* ids.filter(isRecordId);
}

async function* keep(ids: AsyncIterable<string>, wanted: (id: string) => boolean): AsyncGenerator<string> {
  for await (const id of ids) if (wanted(id)) yield id;
}
