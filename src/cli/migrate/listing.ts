import { texts as bbbTexts } from '../../bbb/texts.js';
import { codeOfNote, isPartial } from '../../bbb/listing-notes.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { renderDuration } from '../../kit/output/units.js';
import type { ListingFacts, RecordingListing } from '../../migrate/recording-listing.js';
import {
  countInRange,
  noFilters,
  wholeRange,
  type RecordingFilters,
  type RecordingRange,
} from '../../bbb/filters.js';
import type { KnownIds, ListingNote, RecordingSource, RecordingSpool } from '../../bbb/recording-source.js';
import { normaliseHost } from '../../bbb/origin-server.js';
import type { RecordingState } from '../../bbb/recording.js';
import { typedWindow } from '../kit/window.js';
import type { Context } from '../kit/context.js';
import { openServers, spoolDirectory } from '../sites/bbb-servers.js';
import { moodleAliases } from '../sites/moodle-sites.js';
import { courseSetsOf } from './categories.js';
import { configurationTexts } from '../../kit/errors/configuration.js';

/** Flags that choose recordings; shared by every ranged command. */
export interface RangeFlags {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly meeting?: readonly string[] | undefined;
  readonly recording?: readonly string[] | undefined;
  readonly state?: readonly string[] | undefined;
  readonly origin?: readonly string[] | undefined;
  readonly course?: readonly string[] | undefined;
  readonly category?: readonly string[] | undefined;
  readonly server?: readonly string[] | undefined;
  readonly 'from-xml'?: string | undefined;
  readonly 'save-xml'?: string | undefined;
}

/** Lists the recordings of the configured servers, or of a saved answer, and chooses by filters and range. */
export async function listRecordings(
  context: Context,
  flags: RangeFlags,
  onListed: (recordings: number) => void = () => undefined,
  knownIds?: () => KnownIds,
): Promise<RecordingListing> {
  const chosen = chosenFilters(flags, context.configuration.timezone, moodleAliases(context));
  const { category = [] } = flags;
  const filters =
    category.length === 0 ? chosen : { ...chosen, courseSets: await courseSetsOf(context, category) };
  const range = chosenRange(flags);
  const source = await recordingSourceOf(context, flags);
  const spool = await source.list({
    signal: context.signal,
    onProgress: ({ recordings }) => onListed(recordings),
    onServerListed: ({ server, recordings, calls, milliseconds }) =>
      context.log(
        'info',
        `${server}: ${recordings} listed in ${calls} calls, ${renderDuration(milliseconds)}`,
      ),
    ...(knownIds === undefined ? {} : { knownIds }),
    ...wantedIdsOf(flags),
  });
  context.closeWith(() => spool.close());
  return {
    ...describeListing(spool, filters, range, unmatchedFilters(context, flags, spool)),
    find: (recordId) => spool.find(recordId),
    pages: () => spool.pages(filters, range),
    all: () => spool.pages(noFilters, wholeRange),
  };
}

/** What a listing counts and says, of what filters and range leave of it. */
export function describeListing(
  spool: RecordingSpool,
  filters: RecordingFilters,
  range: RecordingRange,
  unmatched: readonly string[],
): ListingFacts {
  const filtered = spool.count(filters);
  return {
    listed: spool.total,
    filtered,
    chosen: countInRange(filtered, range),
    ...tellNotes(spool.notes),
    unmatched,
  };
}

/** Flags that name something which recordings have; each of their values can be mistyped. */
const NAMING = ['course', 'origin', 'meeting', 'recording'] as const;
export type NamingFlags = Pick<RangeFlags, (typeof NAMING)[number]>;

/** What was typed and no recording of the list has, as it was typed. A list that is not whole proves nothing. */
export function unmatchedFilters(context: Context, flags: NamingFlags, spool: RecordingSpool): string[] {
  if (spool.total === 0 || spool.notes.some(isPartial)) return [];
  const { timezone } = context.configuration;
  const aliases = moodleAliases(context);
  return NAMING.flatMap((flag) =>
    (flags[flag] ?? [])
      .filter((value) => spool.count(chosenFilters({ [flag]: [value] }, timezone, aliases)) === 0)
      .map((value) => `--${flag} ${value}`),
  );
}

/** @throws OperatorError filter-unmatched */
export function refuseUnmatched({ unmatched, listed }: Pick<ListingFacts, 'unmatched' | 'listed'>): void {
  if (unmatched.length > 0)
    throw bbbTexts.filterUnmatched({ filters: unmatched.join(', '), count: unmatched.length, listed });
}

/** @throws OperatorError usage-invalid */
export function chosenRange({ min, max }: Pick<RangeFlags, 'min' | 'max'>): RecordingRange {
  if (min !== undefined && max !== undefined && max < min)
    throw configurationTexts.usageInvalid({ detail: `--max ${max} is before --min ${min}.` });
  return { min: min ?? 1, max: max ?? null };
}

/**
 * @param moodleNames `[moodle.NAME] aliases` by section: `--origin` with one name of a Moodle means all its names.
 * @throws OperatorError usage-invalid
 */
export function chosenFilters(
  flags: RangeFlags,
  zone: string,
  moodleNames: Readonly<Record<string, readonly string[]>> = {},
): RecordingFilters {
  const otherNames = (origin: string): readonly string[] =>
    Object.entries(moodleNames)
      .map(([name, aliases]) => [name, ...aliases])
      .find((names) => names.some((name) => normaliseHost(name) === normaliseHost(origin))) ?? [];
  const { since, until } = typedWindow(flags, zone);
  return {
    ...noFilters,
    sinceAt: since,
    untilAt: until,
    meetingIds: flags.meeting ?? [],
    recordIds: flags.recording ?? [],
    states: (flags.state ?? []) as RecordingState[],
    origins: (flags.origin ?? []).flatMap((origin) => [origin, ...otherNames(origin)]),
    courses: flags.course ?? [],
    servers: flags.server ?? [],
  };
}

/** Notes in words; those that leave the list partial apart. */
function tellNotes(notes: readonly ListingNote[]): Pick<ListingFacts, 'notices' | 'partial'> {
  const told = notes.map((note) => ({ note, ...codeOfNote(note) }));
  return {
    notices: told
      .filter(({ note }) => !isPartial(note))
      .map(({ code, parameters }) => describeCode(code, parameters).text),
    partial: told
      .filter(({ note }) => isPartial(note))
      .map(({ note, code, parameters }) => ({
        code,
        server: note.server,
        kept: note.kept ?? 0,
        announced: note.announced ?? null,
        ...describeCode(code, parameters),
      })),
  };
}

/** What --recording, else --meeting name: all that is asked of a server that refuses its whole list. */
export function wantedIdsOf({ recording = [], meeting = [] }: Pick<RangeFlags, 'recording' | 'meeting'>): {
  wantedIds?: KnownIds;
} {
  if (recording.length > 0) return { wantedIds: { recordIds: recording, meetingIds: [] } };
  return meeting.length > 0 ? { wantedIds: { recordIds: [], meetingIds: meeting } } : {};
}

/** Recordings of the configured servers (`--server` narrows), or of a saved answer. @throws OperatorError config-key-missing */
export async function recordingSourceOf(context: Context, flags: RangeFlags): Promise<RecordingSource> {
  const { openRecordingSource } = await import('../../bbb-server/recording-source.js');
  const fromXml = flags['from-xml'];
  const [only] = flags.server ?? [];
  return openRecordingSource({
    spoolDirectory: await spoolDirectory(context),
    // A saved answer contacts no server, but for the fresh link of a protected recording that is about to be claimed.
    servers: await openServers(context, { names: flags.server ?? [], optional: fromXml !== undefined }),
    fromXml: fromXml === undefined ? undefined : { file: fromXml, server: only ?? 'default' },
    saveXml: flags['save-xml'],
  });
}
