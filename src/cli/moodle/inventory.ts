import { importStateOf } from '../../migrate/import-state.js';
import { gatherOwners, type OwnerSources } from '../../migrate/gather-facts.js';
import type { ListingFacts, RecordingListing } from '../../migrate/recording-listing.js';
import { inventoryLine, recordingKnownToMoodle, type InventoryLine } from '../../moodle/inventory.js';
import { moodleSectionFor } from '../../owners/meeting-id.js';
import { indexMoodleFacts } from '../../owners/moodle-index.js';
import { matchMoodleActivities, type MoodleMatch } from '../../owners/moodle-match.js';
import type { Recording } from '../../bbb/recording.js';
import type { Context } from '../kit/context.js';
import { knownIdsOf } from '../migrate/known-ids.js';
import { listRecordings, refuseUnmatched, type RangeFlags } from '../migrate/listing.js';
import { openMigration, type Migration } from '../migrate/open.js';
import { isMoodleConfigured, moodleAliases } from '../sites/moodle-sites.js';
import { configuredGreenlights } from '../sites/greenlights.js';
import { openMoodles, type OpenedMoodle } from '../sites/moodle.js';

export interface InventoryFlags extends RangeFlags {
  readonly moodle?: string | undefined;
}

/** @param unlisted what is said of BBB for recordings that no server listed; null for listed ones. */
type Describe = (
  recordings: readonly Recording[],
  unlisted: 'absent' | 'unknown' | null,
) => Promise<InventoryLine[]>;

interface Described {
  readonly describe: Describe;
  readonly migration: Migration;
  readonly sources: OwnerSources;
}

/** What Moodle and Pod know of a recording, one at a time. */
export async function openInventory(
  context: Context,
  flags: InventoryFlags,
): Promise<(recording: Recording) => Promise<InventoryLine>> {
  const moodles = isMoodleConfigured(context) ? await openMoodles(context, flags.moodle) : [];
  const { describe } = await openDescribe(context, flags, moodles);
  return async (recording) => (await describe([recording], null))[0] as InventoryLine;
}

export interface Inventory {
  /** What the BBB servers gave; null where none is configured. */
  readonly listing: ListingFacts | null;
  /** Every recording that BBB or Moodle knows, newest first for BBB's, then what Moodle alone knows. Streams. */
  readonly lines: () => AsyncGenerator<InventoryLine>;
}

/** Lists the BBB servers, and opens what describes their recordings. */
export async function inventory(context: Context, flags: InventoryFlags): Promise<Inventory> {
  // Where Greenlight alone knows the owners, there is an inventory, too.
  const isGreenlightOnly = !isMoodleConfigured(context) && configuredGreenlights(context).length > 0;
  const moodles = isGreenlightOnly ? [] : await openMoodles(context, flags.moodle);
  const { describe, migration, sources } = await openDescribe(context, flags, moodles);
  const listing =
    flags['from-xml'] !== undefined || Object.keys(context.configuration.bbb).length > 0
      ? await listRecordings(context, flags, undefined, () =>
          knownIdsOf({
            pod: migration.pod,
            ownersFile: sources.ownersFile,
            sites: async () => [
              ...moodles.map(({ reader }) => reader),
              ...(sources.greenlights?.values() ?? []),
            ],
          }),
        )
      : null;
  // Moodle may know a meeting or a recording that BBB has no more: that is an answer. Courses and origins are BBB's.
  if (listing !== null)
    refuseUnmatched({
      listed: listing.listed,
      unmatched: listing.unmatched.filter((typed) => /^--(?:course|origin) /.test(typed)),
    });
  return { listing, lines: () => linesOf(context, listing, moodles, describe) };
}

async function* linesOf(
  context: Context,
  listing: RecordingListing | null,
  moodles: readonly OpenedMoodle[],
  describe: Describe,
): AsyncGenerator<InventoryLine> {
  const seen = new Set<string>();
  if (listing !== null) {
    for await (const page of listing.pages()) {
      context.signal.throwIfAborted();
      for (const { recordId } of page) seen.add(recordId);
      yield* await describe(page, null);
    }
    // What the filters left out is known to BBB all the same.
    for await (const page of listing.all()) for (const { recordId } of page) seen.add(recordId);
  }
  for (const moodle of moodles)
    for await (const ids of unlisted(moodle, seen))
      yield* await describe(
        ids.map((id) => recordingKnownToMoodle(id, moodle.name)),
        // What a partial list lacks may be on the server all the same.
        listing !== null && listing.partial.length > 0 ? 'unknown' : 'absent',
      );
}

async function openDescribe(
  context: Context,
  flags: InventoryFlags,
  moodles: readonly OpenedMoodle[],
): Promise<Described> {
  const migration = await openMigration(
    context,
    // Owners are decided as a migration without further flags would decide them.
    {
      ...flags,
      'use-database-moodle': moodles.length > 0,
      'use-database-greenlight': configuredGreenlights(context).length > 0,
      'include-unpublished': true,
      recreate: false,
    },
    { mode: 'import', writes: false, progress: false },
  );
  const { rows } = await migration.indexPodRows();
  const sources = await migration.ownerSources();
  const describe: Describe = async (recordings, unlisted) => {
    const ids = recordings.map(({ recordId }) => recordId);
    const [owners, matches, internal] = [
      await gatherOwners(recordings, sources),
      await matchAll(context, moodles, recordings),
      await migration.pod.findInternalRecordings(ids),
    ];
    const held = rows.find(ids);
    const names = await usernames(migration, [
      ...[...held.values()].flat().map(({ ownerId }) => ownerId),
      ...internal.map(({ ownerId }) => ownerId),
    ]);
    return recordings.map((recording) => {
      const { recordId } = recording;
      const found = matches.get(recordId) ?? null;
      const external = (held.get(recordId) ?? []).map(
        (row) =>
          `${names.get(row.ownerId ?? 0) ?? '-'}${importStateOf(row) === 'imported' ? ' (imported)' : ''}`,
      );
      const meetings = internal
        .filter((one) => one.recordId === recordId)
        .map(({ ownerId }) => `${names.get(ownerId ?? 0) ?? '-'} (imported)`);
      return inventoryLine({
        recording,
        bbb: unlisted ?? recording.state,
        moodle: found?.name ?? '',
        match: found?.match ?? null,
        decision: owners.get(recordId) ?? null,
        pod: [...new Set([...external, ...meetings])],
        title: migration.titleOf(recording),
      });
    });
  };
  return { describe, migration, sources };
}

/** Pages of recordIDs that this Moodle holds and nobody listed before. */
async function* unlisted({ reader }: OpenedMoodle, seen: Set<string>): AsyncGenerator<string[]> {
  const { hasRecordingsTable } = await reader.describe();
  let after: number | null = hasRecordingsTable ? 0 : null;
  while (after !== null) {
    const page = await reader.recordingRows(after);
    const fresh = [...new Set(page.map(({ recordId }) => recordId))].filter(
      (id) => id !== '' && !seen.has(id),
    );
    fresh.forEach((id) => seen.add(id));
    if (fresh.length > 0) yield fresh;
    after = page.at(-1)?.id ?? null;
  }
}

interface Found {
  readonly name: string;
  readonly match: MoodleMatch;
}

async function matchAll(
  context: Context,
  moodles: readonly OpenedMoodle[],
  recordings: readonly Recording[],
): Promise<Map<string, Found>> {
  const { moodle, migrate } = context.configuration;
  const aliases = moodleAliases(context);
  const found = new Map<string, Found>();
  for (const { name, reader } of moodles) {
    const asked = recordings.filter(
      (recording) =>
        moodleSectionFor(recording, Object.keys(moodle), migrate.ignored_servers, aliases) === name,
    );
    if (asked.length === 0) continue;
    const index = indexMoodleFacts(await reader.gatherFacts(asked));
    for (const recording of asked)
      found.set(recording.recordId, { name, match: matchMoodleActivities(recording, index) });
  }
  return found;
}

async function usernames(
  migration: Migration,
  ids: readonly (number | null)[],
): Promise<Map<number, string>> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  const users = await migration.pod.findUsersById(known);
  return new Map(users.map(({ id, username }) => [id, username]));
}
