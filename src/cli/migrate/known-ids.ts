import type { GreenlightDatabase } from '../../migrate/greenlight-port.js';
import type { MoodleDatabase } from '../../migrate/moodle-port.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { KnownIds } from '../../bbb/recording-source.js';
import { isRecordId } from '../../bbb/record-id.js';
import type { OwnersFile } from '../../owners/owners-file.js';

/**
 * Ids by which a server too busy for a whole listing can be asked in small calls: the meetings that Moodle, Greenlight
 * and the owners file know, and the recordings of Pod's external videos. Read only when a whole listing failed.
 */
export function knownIdsOf(
  pod: PodDatabase,
  moodles: readonly MoodleDatabase[],
  greenlights: readonly GreenlightDatabase[] = [],
  ownersFile?: OwnersFile,
): KnownIds {
  const named = [...(ownersFile?.entries.keys() ?? [])];
  return {
    meetingIds: keep(meetingIds([...moodles, ...greenlights], named), (id) => !isRecordId(id)),
    recordIds: recordIds(pod, moodles, named),
  };
}

async function* meetingIds(
  sites: readonly { meetingIds(): AsyncIterable<readonly string[]> }[],
  named: readonly string[],
): AsyncGenerator<string> {
  yield* named;
  for (const site of sites) for await (const ids of site.meetingIds()) yield* ids;
}

async function* recordIds(
  pod: PodDatabase,
  moodles: readonly MoodleDatabase[],
  named: readonly string[],
): AsyncGenerator<string> {
  yield* named.filter(isRecordId);
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
