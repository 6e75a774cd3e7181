import { createHash } from 'node:crypto';
import type { Journal } from '../kit/batch/journal.js';
import { isTokenUrl } from '../bbb/playback-url.js';
import type { AnnotatedRecording } from './annotated-recording.js';
import { csvRows } from '../kit/split-cells.js';
import { startOfRecordId } from '../bbb/record-id.js';
import { texts } from './texts.js';

/** A migrated recording, as the journal or a list knows it. */
export interface MigratedRecording extends Omit<AnnotatedRecording, 'groupId' | 'isShown'> {
  /** '' when the journal does not tell: then it is found again from the activities. */
  readonly meetingId: string;
  /** Given as a file to claim, never as a link to import. */
  readonly isClaim?: boolean;
}

export interface RecordingFilter {
  /** One migration, or null for all. */
  readonly ofRun: string | null;
  /** Positions from 1, newest first. */
  readonly min: number;
  readonly max: number;
  /** Unix ms. */
  readonly since: number | null;
  readonly until: number | null;
  readonly recordIds: readonly string[];
}

const MIGRATIONS = 'migrate recordings';

/** Recordings that migrations of the journal gave to somebody, newest first, each once. Throws `annotate-run-unknown`. */
export function migratedRecordings(journal: Journal, filter: RecordingFilter): MigratedRecording[] {
  const runs = journal
    .listRuns({ command: MIGRATIONS })
    .filter(({ id }) => filter.ofRun === null || id === filter.ofRun);
  if (filter.ofRun !== null && runs.length === 0) throw texts.annotateRunUnknown({ run: filter.ofRun });
  const found = new Map<string, MigratedRecording>();
  for (const run of runs)
    for (const item of journal.items(run.id, ['done'])) {
      if (item.kind !== 'import' && item.kind !== 'claim') continue;
      const isClaim = item.kind === 'claim' && found.get(item.recordId)?.isClaim !== false;
      found.set(item.recordId, { ...asRecording(item.recordId, item.intent), isClaim });
    }
  return select([...found.values()], filter);
}

/** What an intent of the migration tells; it may be an older one. */
interface KnownIntent {
  readonly meetingId?: string;
  readonly title?: string;
  readonly startAt?: number;
  readonly hidden?: boolean;
  readonly write?: {
    readonly row?: { readonly name?: string; readonly startAt?: number; readonly sourceUrl?: string };
  };
}

function asRecording(recordId: string, intent: unknown): MigratedRecording {
  const known = (intent ?? {}) as KnownIntent;
  const row = known.write?.row;
  return {
    recordId,
    meetingId: known.meetingId ?? '',
    title: row?.name ?? known.title ?? '',
    startAt: row?.startAt ?? known.startAt ?? startOf(recordId),
    url: linkable(row?.sourceUrl),
    isHidden: known.hidden ?? false,
  };
}

/** Links that expire in minutes are left out. */
const linkable = (url: string | undefined): string | null =>
  url !== undefined && /^https?:\/\//i.test(url) && !isTokenUrl(url) ? url : null;

const startOf = (recordId: string): number => startOfRecordId(recordId) ?? 0;

function select(recordings: readonly MigratedRecording[], filter: RecordingFilter): MigratedRecording[] {
  const wanted = new Set(filter.recordIds);
  return recordings
    .filter(({ recordId }) => wanted.size === 0 || wanted.has(recordId))
    .filter(({ startAt }) => filter.since === null || startAt >= filter.since)
    .filter(({ startAt }) => filter.until === null || startAt < filter.until)
    .sort((a, b) => b.startAt - a.startAt || (a.recordId < b.recordId ? 1 : -1))
    .slice(filter.min - 1, filter.max);
}

const LISTED = ['recordid', 'meetingid', 'title', 'url'] as const;
/** What the columns are called in the files that bbb2pod itself writes. */
const CALLED: Readonly<Record<string, (typeof LISTED)[number]>> = {
  meetingname: 'title',
  sourceurl: 'url',
  link: 'url',
};

/**
 * Reads a CSV of `recordID[;meetingID[;title[;URL]]]`. A first row that names a column `recordID` tells their order:
 * a report or an export of bbb2pod is a list, too. Throws `annotate-list-invalid` with FILE:LINE.
 */
export function parseRecordingList(text: string, file: string, filter: RecordingFilter): MigratedRecording[] {
  const found = new Map<string, MigratedRecording>();
  let columns: readonly string[] = LISTED;
  let isFirst = true;
  for (const { line, cells } of csvRows(text)) {
    const fail = (detail: string): never => {
      throw texts.annotateListInvalid({ file, line, detail });
    };
    if (cells === null) return fail('a quotation mark is not closed');
    if (cells[0]?.startsWith('#') === true) continue;
    const heading = isFirst ? headingOf(cells) : null;
    isFirst = false;
    if (heading !== null) {
      columns = heading;
      continue;
    }
    // An apostrophe in front keeps a spreadsheet from running what begins like a formula.
    const cell = (name: (typeof LISTED)[number]): string =>
      (cells[columns.indexOf(name)] ?? '').replace(/^'(?=\s*[=+\-@])/, '');
    const recordId = cell('recordid');
    if (!/^[\w-]{6,128}$/.test(recordId)) return fail(`"${recordId.slice(0, 80)}" is no recordID`);
    found.set(recordId, {
      recordId,
      meetingId: cell('meetingid'),
      title: cell('title'),
      startAt: startOf(recordId),
      url: linkable(cell('url')),
      isHidden: false,
    });
  }
  return select([...found.values()], filter);
}

/** The columns by name, or null of a row that is no heading. */
function headingOf(cells: readonly string[]): string[] | null {
  const names = cells.map((cell) => cell.toLowerCase().replace(/[ _-]/g, ''));
  if (names.includes('recordid'))
    return names.map((name) =>
      names.includes('title') && name === 'meetingname' ? '' : (CALLED[name] ?? name),
    );
  return /^record/.test(names[0] ?? '') ? [...LISTED] : null;
}

/**
 * Finds the meetingIDs that the journal does not tell: a recordID is the SHA-1 of its meetingID, a dash and the
 * session's start. Goes through the site's activities once, and only when something is missing.
 */
export async function completeMeetingIds(
  recordings: readonly MigratedRecording[],
  meetingIds: () => AsyncIterable<string[]>,
): Promise<MigratedRecording[]> {
  const missing = new Set(
    recordings.filter(({ meetingId }) => meetingId === '').map(({ recordId }) => hashOf(recordId)),
  );
  if (missing.size === 0) return [...recordings];
  const found = new Map<string, string>();
  for await (const page of meetingIds())
    for (const meetingId of page) {
      const hash = createHash('sha1').update(meetingId).digest('hex');
      if (missing.has(hash)) found.set(hash, meetingId);
    }
  return recordings.map((recording) =>
    recording.meetingId === ''
      ? { ...recording, meetingId: found.get(hashOf(recording.recordId)) ?? '' }
      : recording,
  );
}

const hashOf = (recordId: string): string => recordId.split('-')[0] ?? '';
