import { describeCode } from '../kit/errors/describe-code.js';
import type { OwnerDecision } from '../owners/decision.js';
import { plainText } from '../kit/output/text.js';
import type { Recording } from '../bbb/recording.js';
import type { Playback } from '../bbb/choose-playback.js';

/** One recording of the CSV export. The first fourteen columns are those of the historic export, in its order. */
export interface ExportRow {
  readonly recording: Recording;
  readonly playback: Playback;
  readonly owners: OwnerDecision | null;
}

type Cell = string | number | boolean | null;
interface ExportColumn {
  readonly title: string;
  readonly value: (row: ExportRow) => Cell;
}

const metadata = (title: string, key: string): ExportColumn => ({
  title,
  value: ({ recording }) => plainText(recording.metadata[key] ?? ''),
});

const urlOf = ({ recording }: ExportRow, type: string): string =>
  recording.formats.findLast((format) => format.type === type)?.url ?? '';

/** Minutes between start and end of the session, pauses included; the playback's own length when there is no end. */
function durationMinutes({ recording }: ExportRow): number | null {
  const length =
    recording.formats.find(({ lengthMinutes }) => lengthMinutes !== null && lengthMinutes > 0)
      ?.lengthMinutes ?? null;
  if (length !== null || recording.endAt === null || recording.endAt < recording.startAt) return length;
  return Math.round((recording.endAt - recording.startAt) / 60_000);
}

/** Columns of `--export-csv`. `dayOf` and `minuteOf` render in the configured time zone. */
export function exportColumns(
  dayOf: (at: number) => string,
  minuteOf: (at: number) => string,
): ExportColumn[] {
  return [
    { title: 'meeting_name', value: ({ recording }) => plainText(recording.name) },
    metadata('recording_name', 'bbb-recording-name'),
    { title: 'start_date', value: ({ recording }) => dayOf(recording.startAt) },
    metadata('origin', 'bbb-origin'),
    metadata('origin_server_name', 'bbb-origin-server-name'),
    metadata('origin_version', 'bbb-origin-version'),
    metadata('origin_context', 'bbb-context'),
    metadata('origin_id', 'bbb-context-id'),
    metadata('origin_label', 'bbb-context-label'),
    metadata('description', 'bbb-recording-description'),
    { title: 'published', value: ({ recording }) => recording.state === 'published' },
    { title: 'state', value: ({ recording }) => recording.state },
    { title: 'source_url', value: ({ playback }) => ('url' in playback ? playback.url : '') },
    { title: 'owners', value: ({ owners }) => (owners === null ? '' : ownersText(owners)) },
    { title: 'owners_reason', value: ({ owners }) => (owners === null ? '' : reasonsText(owners)) },
    { title: 'record_id', value: ({ recording }) => recording.recordId },
    { title: 'meeting_id', value: ({ recording }) => recording.meetingId },
    { title: 'server', value: ({ recording }) => recording.server },
    { title: 'start', value: ({ recording }) => minuteOf(recording.startAt) },
    { title: 'duration_minutes', value: durationMinutes },
    { title: 'size_bytes', value: ({ recording }) => recording.sizeBytes },
    { title: 'participants', value: ({ recording }) => recording.participants },
    { title: 'video_url', value: (row) => urlOf(row, 'video') },
    { title: 'presentation_url', value: (row) => urlOf(row, 'presentation') },
    { title: 'formats', value: ({ recording }) => recording.formats.map(({ type }) => type).join(' ') },
    { title: 'greenlight_room', value: ({ owners }) => plainText(owners?.room?.name ?? '') },
    { title: 'greenlight_owner', value: ({ owners }) => plainText(owners?.room?.owner ?? '') },
  ];
}

function ownersText(decision: OwnerDecision): string {
  if (decision.kind !== 'owners') return '';
  return decision.owners
    .map(({ account }) => ('create' in account ? account.create.username : account.username))
    .join(', ');
}

function reasonsText(decision: OwnerDecision): string {
  const reasons =
    decision.kind === 'owners' ? decision.owners.map(({ reason }) => reason) : [decision.reason];
  return [...new Set(reasons.map(({ code, parameters }) => describeCode(code, parameters).text))].join('; ');
}
