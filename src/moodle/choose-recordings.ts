import { createHash } from 'node:crypto';
import type { Journal } from '../kit/batch/journal.js';
import { isTokenUrl } from '../bbb/playback-url.js';
import type { AnnotatedRecording } from './annotated-recording.js';
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

/** Links that die in minutes are no links. */
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

/** Reads `recordID[;meetingID[;title[;URL]]]` lines. Throws `annotate-list-invalid` with FILE:LINE. */
export function parseRecordingList(text: string, file: string, filter: RecordingFilter): MigratedRecording[] {
  const found = new Map<string, MigratedRecording>();
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .forEach((raw, i) => {
      if (raw.trim() === '' || raw.startsWith('#')) return;
      const cells = raw.split(/[;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
      const [recordId = '', meetingId = '', title = '', url = ''] = cells;
      if (/^record/i.test(recordId) && found.size === 0) return;
      if (!/^[\w-]{6,128}$/.test(recordId))
        throw texts.annotateListInvalid({
          file,
          line: i + 1,
          detail: `"${recordId.slice(0, 80)}" is no recordID`,
        });
      found.set(recordId, {
        recordId,
        meetingId,
        title,
        startAt: startOf(recordId),
        url: linkable(url),
        isHidden: false,
      });
    });
  return select([...found.values()], filter);
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
