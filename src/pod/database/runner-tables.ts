import type { PodRunnerManager, PodRunnerTables, PodRunnerTask } from '../../cluster/esup-runner/facts.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { Secret } from '../../kit/config/secret.js';

/* Tables of esup-runner in Esup-Pod 4.2 to 4.4: video_encode_transcript/models.py (db_table runner_manager and
   runner_manager_task). is_active came with 4.3. */
const MANAGERS = 'runner_manager';
const TASKS = 'runner_manager_task';
const DAY_MS = 86_400_000;
/** A queue longer than that is told by its beginning. */
const MOST_TASKS = 2000;

interface TaskRow {
  readonly id: unknown;
  readonly type: string;
  readonly status: string;
  readonly task_id: string | null;
  readonly video_id: unknown;
  readonly recording_id: unknown;
  readonly runner_manager_id: unknown;
  readonly date_added: unknown;
  readonly rank: unknown;
  readonly script_output?: string | null;
}

type ManagerRow = Readonly<Record<string, unknown>>;

/** What is read of a task, as far as this Pod has it. */
const FIELDS = [
  'id',
  'type',
  'status',
  'task_id',
  'video_id',
  'recording_id',
  'runner_manager_id',
  'date_added',
  'rank',
];

/** What Pod's own tables say of esup-runner: all that waits or runs, and the last day. Reads only. */
export async function readRunnerTables(
  database: SqlDatabase,
  { siteId, now }: { readonly siteId: number; readonly now: number },
): Promise<PodRunnerTables> {
  const columns = await database.listColumns([MANAGERS, TASKS, 'video_video']);
  const has = (table: string, column: string): boolean =>
    columns.some((one) => one.table === table && one.column === column);
  return database.read(async (query) => {
    const site = await query('django_site')
      .where({ id: siteId })
      .first<{ domain: string } | undefined>('domain');
    const siteDomain = site?.domain ?? null;
    if (!has(MANAGERS, 'url') || !has(TASKS, 'status'))
      return { present: false, siteId, siteDomain, managers: [], tasks: [] };
    const managers = (await query(MANAGERS).select('*').orderBy(['priority', 'id'])) as ManagerRow[];
    const fields = FIELDS.filter((field) => has(TASKS, field));
    const rows = await readTasks(query, fields, database.encodeInstant(now - DAY_MS));
    const durations = has('video_video', 'duration')
      ? await readDurations(query, rows)
      : new Map<number, number>();
    return {
      present: true,
      siteId,
      siteDomain,
      managers: managers.map(asManager),
      tasks: rows.map((row) => asTask(row, durations, database.decodeInstant(row.date_added))),
    };
  });
}

/** @param since an instant as the database has it: what ended before is left out */
async function readTasks(query: Query, fields: readonly string[], since: string): Promise<TaskRow[]> {
  const open = (await query(TASKS)
    .whereIn('status', ['pending', 'running'])
    .select(fields)
    .orderBy('date_added')
    .limit(MOST_TASKS)) as TaskRow[];
  const ended = (await query(TASKS)
    .where('status', 'completed')
    .andWhere('date_added', '>=', since)
    .select(fields)
    .limit(MOST_TASKS)) as TaskRow[];
  // A script's output may be long: only what failed of late is read with it.
  const failed = (await query(TASKS)
    .whereIn('status', ['failed', 'timeout'])
    .andWhere('date_added', '>=', since)
    .select([...fields, 'script_output'])
    .orderBy('date_added', 'desc')
    .limit(MOST_TASKS / 10)) as TaskRow[];
  return [...open, ...ended, ...failed];
}

/** Seconds of each video that a task names, by its id. */
async function readDurations(query: Query, tasks: readonly TaskRow[]): Promise<Map<number, number>> {
  const ids = [...new Set(tasks.map(({ video_id: id }) => Number(id ?? 0)).filter((id) => id > 0))];
  const found = new Map<number, number>();
  for (let from = 0; from < ids.length; from += 500) {
    const videos = await query('video_video')
      .whereIn('id', ids.slice(from, from + 500))
      .select<{ id: unknown; duration: unknown }[]>('id', 'duration');
    for (const { id, duration } of videos) found.set(Number(id), Number(duration ?? 0));
  }
  return found;
}

function asManager(row: ManagerRow): PodRunnerManager {
  const active = row['is_active'];
  return {
    id: Number(row['id']),
    name: textOf(row['name']),
    url: textOf(row['url']).replace(/\/+$/, ''),
    priority: Number(row['priority'] ?? 0),
    siteId: Number(row['site_id'] ?? 0),
    active: active === undefined ? null : Boolean(Number(active)),
    token: new Secret(textOf(row['token'])),
  };
}

function asTask(
  row: TaskRow,
  durations: ReadonlyMap<number, number>,
  addedAt: PodRunnerTask['addedAt'],
): PodRunnerTask {
  const videoId = numberOf(row.video_id);
  const duration = videoId === null ? undefined : durations.get(videoId);
  return {
    id: Number(row.id),
    type: row.type,
    status: row.status,
    taskId: row.task_id === null || row.task_id === '' ? null : row.task_id,
    videoId,
    recordingId: numberOf(row.recording_id),
    managerId: numberOf(row.runner_manager_id),
    addedAt,
    rank: numberOf(row.rank),
    lastLine: lastLineOf(row.script_output ?? ''),
    durationSeconds: duration === undefined || duration <= 0 ? null : duration,
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const numberOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

const lastLineOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1) ?? '';
