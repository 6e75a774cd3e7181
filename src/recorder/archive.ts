import { titleOf } from '../bbb/recording-names.js';
import type { Recording } from '../bbb/recording.js';

/** What an archive says of a file beside it: enough to know in ten years whose lecture it is. Instants are ISO 8601. */
export interface ArchiveFacts {
  readonly recordId: string;
  readonly meetingId: string;
  readonly title: string;
  readonly startAt: string;
  readonly endAt: string | null;
  /** Section of [bbb] it was taken from. */
  readonly server: string;
  readonly origin: string;
  readonly course: string;
  readonly activity: string;
  /** User names of Pod, and why; empty with the reason when nobody is known. */
  readonly owners: readonly string[];
  readonly why: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly archivedAt: string;
}

/** What Moodle and Pod know of a recording; null where they are not configured. */
export interface KnownOwners {
  readonly course: string;
  readonly activity: string;
  readonly owners: readonly string[];
  readonly why: string;
}

const iso = (at: number): string => new Date(at).toISOString();

/** Builds the document. Pure. */
export function archiveFacts(
  recording: Recording,
  known: KnownOwners | null,
  { name, sizeBytes, archivedAt }: { name: string; sizeBytes: number; archivedAt: number },
): ArchiveFacts {
  const { recordId, meetingId, startAt, endAt, server, metadata } = recording;
  return {
    recordId,
    meetingId,
    title: titleOf(recording),
    startAt: iso(startAt),
    endAt: endAt === null ? null : iso(endAt),
    server,
    origin: metadata['bbb-origin-server-name'] ?? metadata['bbb-origin'] ?? '',
    course: known?.course ?? metadata['bbb-context-name'] ?? metadata['bbb-context'] ?? '',
    activity: known?.activity ?? '',
    owners: known?.owners ?? [],
    why: known?.why ?? 'neither [pod] nor [moodle] is configured here',
    file: name,
    sizeBytes,
    archivedAt: iso(archivedAt),
  };
}

export interface Expiring {
  readonly recordId: string;
  readonly title: string;
  readonly server: string;
  readonly startAt: number;
  /** When its server may remove it. */
  readonly expiresAt: number;
}

const DAY_MS = 86_400_000;
const WARNED_DAYS = 60;

/**
 * When a recording's server may remove it, if that is within 60 days of `now` (or past); null otherwise.
 * @param keptDays how long that server keeps recordings ([bbb] kept_days); undefined: it removes none by age
 */
export function expiringSoon(
  recording: Recording,
  keptDays: number | undefined,
  now: number,
): Expiring | null {
  if (keptDays === undefined) return null;
  const expiresAt = recording.startAt + keptDays * DAY_MS;
  if (expiresAt > now + WARNED_DAYS * DAY_MS) return null;
  const { recordId, server, startAt } = recording;
  return { recordId, title: titleOf(recording), server, startAt, expiresAt };
}
