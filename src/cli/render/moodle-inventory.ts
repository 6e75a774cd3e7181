import { createWriteStream, renameSync } from 'node:fs';
import { csvWriter, type CsvColumn } from '../../output/csv.js';
import { dayOf, minuteOf } from '../../output/instants.js';
import { renderTable } from '../../output/table.js';
import { sinkOfStream } from '../../output/text-sink.js';
import type { InventoryLine } from '../../moodle/inventory.js';
import type { Context } from '../context.js';
import { ExitStatus } from '../exit-status.js';
import { inventory, type InventoryFlags } from '../wiring/moodle-inventory.js';

interface TypedFlags extends InventoryFlags {
  readonly json: boolean;
  readonly csv?: string | undefined;
  readonly bom: boolean;
  readonly all: boolean;
}

interface Terminal {
  readonly print: (text: string) => void;
  readonly printJson: (value: unknown, indent?: number) => void;
  readonly say: (text: string) => void;
}

const FIRST = 50;

/** `moodle inventory`: a table of the first 50 (or all), a CSV file, or JSON lines; then counts per status. */
export async function runInventory(
  context: Context,
  flags: TypedFlags,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { timezone } = context.configuration;
  const counts = new Map<string, number>();
  const shown: InventoryLine[] = [];
  const csv = flags.csv === undefined ? null : openCsv(flags.csv, timezone, flags.bom);
  let total = 0;
  for await (const line of inventory(context, flags)) {
    context.signal.throwIfAborted();
    total++;
    counts.set(line.statusCode, (counts.get(line.statusCode) ?? 0) + 1);
    if (flags.json)
      terminal.printJson({ type: 'item', ...line, startAt: new Date(line.startAt).toISOString() }, 0);
    else if (flags.all || shown.length < FIRST) shown.push(line);
    await csv?.row(line);
    if (flags.all && !flags.json && shown.length === FIRST)
      terminal.print(tableOf(shown.splice(0), timezone));
  }
  await csv?.end();
  const statuses = Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
  if (flags.json) {
    terminal.printJson({ type: 'summary', total, statuses }, 0);
    return ExitStatus.done;
  }
  if (shown.length > 0) terminal.print(tableOf(shown, timezone));
  if (!flags.all && total > FIRST) terminal.say(`… ${total - FIRST} more: --all, or --csv FILE`);
  const rows = Object.entries(statuses).map(([status, count]) => [
    status.replace('moodle-status-', ''),
    String(count),
  ]);
  terminal.print(renderTable([{ title: 'status in Moodle' }, { title: 'recordings', align: 'right' }], rows));
  if (flags.csv !== undefined) terminal.print(`${total} recordings written to ${flags.csv}`);
  return ExitStatus.done;
}

const tableOf = (lines: readonly InventoryLine[], timezone: string): string =>
  renderTable(
    [
      { title: 'session' },
      { title: 'title', shrinks: true },
      { title: 'course', shrinks: true },
      { title: 'status' },
      { title: 'owners', shrinks: true },
      { title: 'in Pod', shrinks: true },
    ],
    lines.map((line) => [
      dayOf(line.startAt, timezone),
      line.title,
      line.course,
      line.statusCode.replace('moodle-status-', ''),
      line.owners.join(' '),
      line.pod.join(' '),
    ]),
    process.stdout.columns || 120,
  );

/** The file appears when it is whole. */
function openCsv(
  file: string,
  timezone: string,
  bom: boolean,
): { row(line: InventoryLine): Promise<void>; end(): Promise<void> } {
  const partial = `${file}.part`;
  const stream = createWriteStream(partial, { mode: 0o600 });
  const writer = csvWriter(sinkOfStream(stream), columns(timezone), { bom });
  return {
    row: (line) => writer.row(line),
    end: async () => {
      await writer.end();
      await new Promise<void>((resolve, reject) =>
        stream.end((error?: Error | null) => (error ? reject(error) : resolve())),
      );
      renameSync(partial, file);
    },
  };
}

const columns = (timezone: string): readonly CsvColumn<InventoryLine>[] => [
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
];
