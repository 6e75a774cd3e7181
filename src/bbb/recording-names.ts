import { createHash } from 'node:crypto';
import { plainText } from '../kit/output/text.js';
import type { Recording } from './recording.js';
import { localDay, localTime } from '../kit/time-zone.js';
import { decodeTwiceEncoded } from './html-entities.js';
import { toSlug } from './transliterate.js';

type Named = Pick<Recording, 'name' | 'metadata' | 'meetingId' | 'recordId' | 'startAt'>;

/** Pod's name column, in characters. */
const POD_NAME_LENGTH = 250;

/**
 * Name for Pod: what the teacher called the recording when they did, else the meeting's name, else its course or its
 * meetingID. One line without controls or direction marks, at most 250 characters (never half of one).
 */
export function titleOf(recording: Named): string {
  const { metadata } = recording;
  const candidates = [
    ...givenNames(metadata),
    recording.name,
    metadata['bbb-context-name'] ?? metadata['bbb-context'],
    recording.meetingId,
    recording.recordId,
  ];
  for (const candidate of candidates) {
    const title = cleanLine(decodeTwiceEncoded(candidate ?? ''));
    if (title !== '') return Array.from(title).slice(0, POD_NAME_LENGTH).join('').trimEnd();
  }
  return recording.recordId;
}

/** What people called the recording itself: a rename in Greenlight (metadata `name`), then Moodle's. */
const givenNames = (metadata: Named['metadata']): (string | undefined)[] => [
  metadata['name'],
  metadata['bbb-recording-name'],
];

/** Lone surrogates and non-characters would be refused by a database. */
const cleanLine = (text: string): string =>
  plainText(text.replace(/[\p{Surrogate}\ufffd\ufeff\u200b\u2028\u2029\ufffe\uffff]/gu, ' '))
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();

/** Pod's claim page shows 43 characters of a file name: the day must be among them. */
const CLAIM_SLUG_LENGTH = 30;
const HASH_LENGTH = 8;

/** The least that `claimFileName` makes do with: the hash and its extension. */
export const SHORTEST_CLAIM_NAME = HASH_LENGTH + '.mp4'.length;
/** The least that leaves the day in the name. */
export const DATED_CLAIM_NAME = SHORTEST_CLAIM_NAME + '2024-03-31-'.length + 4;

/** The 8 characters by which a claim file is known again, whatever became of its recording's name. */
export const claimHash = (recordId: string): string =>
  createHash('sha256').update(recordId).digest('hex').slice(0, HASH_LENGTH);

/** The hash that a file name of ours ends with, or null for other files. */
export const hashOfClaimFile = (fileName: string): string | null =>
  /-([0-9a-f]{8})\.[a-z0-9]{2,4}$/.exec(fileName)?.[1] ?? null;

export interface ClaimNameOptions {
  readonly extension: 'mp4' | 'm4v' | 'm4a' | 'webm';
  readonly timeZone: string;
  /** What Pod's column leaves for the name after the recorder's directory; at least SHORTEST_CLAIM_NAME. */
  readonly maxLength: number;
}

/**
 * Name of a file to claim: `reunion-2024-03-31-14h05-1a2b3c4d.mp4`. Readable (it becomes the video's title), and
 * never that of another recording: two sessions of one day differ by their hour and by the hash of their recordID.
 */
export function claimFileName(
  recording: Named,
  { extension, timeZone, maxLength }: ClaimNameOptions,
): string {
  const clock = localTime(timeZone, recording.startAt);
  const day = clock.slice(0, 10);
  const hour = clock.slice(11, 16).replace(':', 'h');
  const hash = claimHash(recording.recordId);
  const ends = [`${day}-${hour}-${hash}.${extension}`, `${day}-${hash}.${extension}`];
  const end = ends.find((text) => text.length + 4 <= maxLength) ?? `${hash}.${extension}`;
  const room = Math.min(CLAIM_SLUG_LENGTH, maxLength - end.length - 1);
  const slug = cutAtWord(readableSlug(recording), Math.max(0, room));
  return slug === '' ? end : `${slug}-${end}`;
}

/** The first text whose Latin form says something: a name in another script falls back to the course. */
function readableSlug({ name, metadata }: Named): string {
  const candidates = [
    ...givenNames(metadata),
    name,
    metadata['bbb-context-name'],
    metadata['bbb-context'],
    metadata['bbb-context-label'],
  ];
  const slugs = candidates.map((candidate) => toSlug(decodeTwiceEncoded(candidate ?? '')));
  return slugs.find((slug) => /[a-z].*[a-z]/.test(slug)) ?? slugs.find((slug) => slug !== '') ?? 'session';
}

function cutAtWord(slug: string, length: number): string {
  if (slug.length <= length) return slug;
  const cut = slug.slice(0, length);
  const word = slug[length] === '-' ? cut.length : cut.lastIndexOf('-');
  return (word > length / 2 ? cut.slice(0, word) : cut).replace(/-+$/, '');
}

/**
 * `join(DEFAULT_RECORDER_PATH, recorder.directory)` as Pod's Python does it: literally, a slash only where there is none.
 * Pod compares these paths as text, so no link is resolved and no slash removed (docs/domain/pod.md, "Claims").
 */
export const joinAsPod = (recorderPath: string, directory: string): string =>
  `${recorderPath}${recorderPath.endsWith('/') ? '' : '/'}${directory}`;

/**
 * The names that `migrate_bbb_recordings` of Pod 3.5.1 to 4.1.0 (get_video_file_name) gave to a claim of this recording,
 * recomputed exactly: Django's slugify of the first 40 characters of the meeting's name and the day, in Django's time
 * zone (UTC by default) or ours; `m4v` for videos, `webm` for presentations. From 3.6 the name was stripped first.
 */
export function oldScriptFileNames(
  recording: Pick<Recording, 'name' | 'startAt'>,
  timeZone: string,
): string[] {
  const names = [recording.name, recording.name.trim()];
  const days = [localDay('UTC', recording.startAt), localDay(timeZone, recording.startAt)];
  const stems = names.flatMap((name) =>
    days.map((day) => djangoSlug(`${Array.from(name).slice(0, 40).join('')} ${day}`)),
  );
  return [...new Set(stems)].flatMap((stem) => [`${stem}.m4v`, `${stem}.webm`]);
}

/** Django 3.2's slugify without Unicode: NFKD, ASCII only, `\w`, blanks and hyphens; runs of these become one `-`. */
export const djangoSlug = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\u0000-\u007f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9_\s\u001c-\u001f-]/g, '')
    .replace(/[-\s\u001c-\u001f]+/g, '-')
    .replace(/^[-_]+|(?<![-_])[-_]+$/g, '');
