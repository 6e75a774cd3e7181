import type { PodDatabase } from '../../migrate/pod-port.js';
import type { OwnersFile } from '../../owners/owners-file.js';
import { recordIdOfUrl } from '../../bbb/playback-url.js';
import type { KnownIds } from '../../bbb/recording-source.js';
import { isRecordId } from '../../bbb/record-id.js';

/** A Moodle or a Greenlight. */
export interface IdSite {
  meetingIds(): AsyncIterable<readonly string[]>;
}

/** Who knows ids of meetings and recordings. */
export interface IdSources {
  readonly pod: Pick<PodDatabase, 'externalRecordings' | 'bbbIds'>;
  /** Opened when ids are first asked for. */
  readonly sites: () => Promise<Iterable<IdSite>>;
  readonly ownersFile: OwnersFile;
}

/**
 * Ids by which a server that gives no whole list can be asked in small calls: what the owners file names, Pod's
 * meetings and external videos, Moodle's activities and Greenlight's rooms. Read only when a whole listing failed.
 */
export const knownIdsOf = (sources: IdSources): KnownIds => ({
  meetingIds: meetingIds(sources),
  recordIds: recordIds(sources),
});

async function* meetingIds(sources: IdSources): AsyncGenerator<string> {
  for await (const id of namedIds(sources)) if (!isRecordId(id.toLowerCase())) yield id;
}

async function* recordIds(sources: IdSources): AsyncGenerator<string> {
  for await (const rows of sources.pod.externalRecordings(0)) {
    for (const { sourceUrl } of rows) {
      const id = recordIdOfUrl(sourceUrl);
      if (id !== null) yield id;
    }
  }
  for await (const id of namedIds(sources)) if (isRecordId(id.toLowerCase())) yield id.toLowerCase();
}

/** Both kinds, as they are kept. A user name of the owners file is among them: no meeting is called so. */
async function* namedIds({ pod, sites, ownersFile }: IdSources): AsyncGenerator<string> {
  for (const { key } of ownersFile.entries.values()) yield key;
  for await (const ids of pod.bbbIds()) yield* ids;
  for (const site of await sites()) for await (const ids of site.meetingIds()) yield* ids;
}
