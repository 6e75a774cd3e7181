import { shownCount } from '../../../kit/output/localized.js';
import type { CsvColumn } from '../../../kit/output/csv.js';
import { minuteOf, shownDay } from '../../../kit/output/instants.js';
import { renderTable } from '../../../kit/output/table.js';
import type { InventoryLine } from '../../../moodle/inventory.js';
import { words } from '../words.js';

export const renderInventory = (lines: readonly InventoryLine[], timezone: string): string =>
  renderTable(
    [
      { title: words.session() },
      { title: words.title(), shrinks: true },
      { title: words.place(), shrinks: true },
      { title: words.status() },
      { title: words.owners(), shrinks: true },
      { title: words.inPod(), shrinks: true },
    ],
    lines.map((line) => [
      shownDay(line.startAt, timezone),
      line.title,
      line.course || line.room,
      STATUSES[line.statusCode](),
      line.owners.join(' '),
      line.pod.join(' '),
    ]),
    process.stdout.columns || 120,
  );

/** A status in a word or two. */
const STATUSES: Readonly<Record<InventoryLine['statusCode'], () => string>> = {
  'moodle-status-awaiting': words.awaiting,
  'moodle-status-deleted': words.deleted,
  'moodle-status-dismissed': words.dismissed,
  'moodle-status-notified': words.notified,
  'moodle-status-processed': words.processed,
  'moodle-status-reset': words.reset,
  'moodle-status-by-meeting': words.byMeeting,
  'moodle-status-by-seed': words.bySeed,
  'moodle-status-unknown': words.unknown,
};

/** The columns of `--csv`, without any left out. */
export const inventoryColumns = (timezone: string): readonly CsvColumn<InventoryLine>[] => [
  { title: 'recordID', value: (line) => line.recordId },
  { title: 'meetingID', value: (line) => line.meetingId },
  { title: 'date', value: (line) => minuteOf(line.startAt, timezone) },
  { title: 'title', value: (line) => line.title },
  {
    title: 'minutes',
    value: (line) => (line.durationMs === null ? null : Math.round(line.durationMs / 60_000)),
  },
  { title: 'bytes', value: (line) => line.sizeBytes },
  { title: 'bbb', value: (line) => line.bbb },
  { title: 'moodle', value: (line) => line.moodle },
  { title: 'course_id', value: (line) => line.courseId },
  { title: 'course', value: (line) => line.course },
  { title: 'activity_id', value: (line) => line.activityId },
  { title: 'activity', value: (line) => line.activity },
  { title: 'group_id', value: (line) => line.groupId },
  { title: 'status', value: (line) => line.status },
  { title: 'owners', value: (line) => line.owners.join(' ') },
  { title: 'why', value: (line) => line.why },
  { title: 'in_pod', value: (line) => line.pod.join(' ') },
  { title: 'greenlight_room', value: (line) => line.room },
  { title: 'greenlight_owner', value: (line) => line.roomOwner },
];

/** How many recordings have each status; the most frequent first. */
export const renderStatuses = (statuses: ReadonlyMap<InventoryLine['statusCode'], number>): string =>
  renderTable(
    [{ title: words.statusInMoodle() }, { title: words.recordings(), align: 'right' }],
    [...statuses].map(([status, count]) => [STATUSES[status](), shownCount(count)]),
  );
