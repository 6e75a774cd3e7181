import type { Code } from '../kit/errors/code.js';
import { describeCode } from '../kit/errors/describe-code.js';
import type { OwnerDecision } from '../owners/decision.js';
import type { MoodleMatch } from '../owners/moodle-match.js';
import type { Recording } from '../bbb/recording.js';
import { startOfRecordId } from '../bbb/record-id.js';

/** One recording as an administrator looks at it: every field plain, ready for table, CSV and JSON. */
export interface InventoryLine {
  readonly recordId: string;
  readonly meetingId: string;
  readonly title: string;
  /** Session start, Unix milliseconds. */
  readonly startAt: number;
  readonly durationMs: number | null;
  readonly sizeBytes: number | null;
  /** BBB's state; `absent` when no BBB server lists it, `unknown` when their list is partial and lacks it. */
  readonly bbb: Recording['state'] | 'absent';
  /** Section of the Moodle that knows it; '' when none does. */
  readonly moodle: string;
  readonly course: string;
  readonly courseId: number | null;
  readonly activity: string;
  readonly activityId: number | null;
  readonly groupId: number | null;
  /** Moodle's status in words; how it was matched when it has no row. */
  readonly status: string;
  readonly statusCode: MoodleStatus;
  readonly owners: readonly string[];
  readonly why: string;
  /** Greenlight's room that it was made in, and that room's owner; '' without. */
  readonly room: string;
  readonly roomOwner: string;
  /** Where it is in Pod now: user names that hold it, with `imported` once they took it. */
  readonly pod: readonly string[];
}

/** Codes of what Moodle says of a recording. */
type MoodleStatus = Extract<Code, `moodle-status-${string}`>;

const STATUS: readonly MoodleStatus[] = [
  'moodle-status-awaiting',
  'moodle-status-dismissed',
  'moodle-status-processed',
  'moodle-status-notified',
  'moodle-status-reset',
  'moodle-status-deleted',
];

/** Which status a recording has in Moodle, as a code. Pure. */
function statusCodeOf(match: MoodleMatch | null): MoodleStatus {
  if (match === null || (match.row === null && match.activities.length === 0)) return 'moodle-status-unknown';
  if (match.row === null) return match.by === 'seed' ? 'moodle-status-by-seed' : 'moodle-status-by-meeting';
  return STATUS[match.row.status] ?? 'moodle-status-unknown';
}

export interface InventoryFacts {
  readonly recording: Recording;
  readonly bbb: InventoryLine['bbb'];
  readonly moodle: string;
  readonly match: MoodleMatch | null;
  readonly decision: OwnerDecision | null;
  readonly pod: readonly string[];
  readonly title: string;
}

/** Builds one line. Pure. */
export function inventoryLine(facts: InventoryFacts): InventoryLine {
  const { recording, match, decision } = facts;
  const [activity] = match?.activities ?? [];
  const statusCode = statusCodeOf(match);
  const owners =
    decision?.kind === 'owners'
      ? decision.owners.map(({ account }) =>
          'create' in account ? account.create.username : account.username,
        )
      : [];
  return {
    recordId: recording.recordId,
    meetingId: recording.meetingId,
    title: facts.title,
    startAt: recording.startAt,
    durationMs: recording.endAt === null ? null : recording.endAt - recording.startAt,
    sizeBytes: recording.sizeBytes,
    bbb: facts.bbb,
    moodle: match === null || statusCode === 'moodle-status-unknown' ? '' : facts.moodle,
    course: activity?.courseName ?? recording.metadata['bbb-context'] ?? '',
    courseId: activity?.courseId ?? match?.row?.courseId ?? null,
    activity: activity?.name ?? '',
    activityId: activity?.id ?? match?.row?.activityId ?? null,
    groupId: match?.row?.groupId ?? null,
    status: describeCode(statusCode).text,
    statusCode,
    owners,
    why: decision === null ? '' : whyOf(decision),
    room: decision?.room?.name ?? '',
    roomOwner: decision?.room?.owner ?? '',
    pod: facts.pod,
  };
}

function whyOf(decision: OwnerDecision): string {
  if (decision.kind !== 'owners') return describeCode(decision.reason.code, decision.reason.parameters).text;
  const reasons = decision.owners.map(({ reason }) => describeCode(reason.code, reason.parameters).text);
  return [...new Set(reasons)].join('; ');
}

/** What is known of a recording that Moodle holds and no BBB server lists. */
export const recordingKnownToMoodle = (recordId: string, server: string): Recording => ({
  recordId,
  internalMeetingId: recordId,
  meetingId: '',
  name: '',
  state: 'unknown',
  startAt: startOfRecordId(recordId) ?? 0,
  endAt: null,
  participants: null,
  sizeBytes: null,
  isBreakout: false,
  metadata: { 'bbb-origin': 'Moodle', 'bbb-origin-server-name': server },
  formats: [],
  server: '',
});
