import { append } from '../kit/groups.js';
import { matchMoodleActivities } from '../owners/moodle-match.js';
import { groupOfRecording } from '../owners/moodle-groups.js';
import type { MoodleRecordingRow } from '../owners/moodle-facts.js';
import { indexMoodleFacts } from '../owners/moodle-index.js';
import type { MigratedRecording } from './choose-recordings.js';
import type { AnnotatedRecording } from './annotated-recording.js';
import type { MoodleReader } from './ports.js';

/** Recordings by the activity that holds them; what was not found stays in `unmatched`. */
export interface RecordingsByActivity {
  readonly byActivity: ReadonlyMap<number, readonly AnnotatedRecording[]>;
  readonly unmatched: readonly string[];
}

const CHUNK = 500;

/** Matches recordings as the migration does: by row, by seed and id, by unique seed. Seven queries per 500. */
export async function findActivities(
  recordings: readonly MigratedRecording[],
  reader: Pick<MoodleReader, 'gatherFacts'>,
  options: { readonly includeImports: boolean; readonly signal: AbortSignal },
): Promise<RecordingsByActivity> {
  const byActivity = new Map<number, AnnotatedRecording[]>();
  const unmatched: string[] = [];
  for (let i = 0; i < recordings.length; i += CHUNK) {
    options.signal.throwIfAborted();
    const chunk = recordings.slice(i, i + CHUNK);
    const index = indexMoodleFacts(await reader.gatherFacts(chunk));
    for (const recording of chunk) {
      const match = matchMoodleActivities(recording, index);
      const holders = options.includeImports ? [...match.activities, ...match.importers] : match.activities;
      if (holders.length === 0) unmatched.push(recording.recordId);
      for (const { id } of new Set(holders)) {
        const held = {
          ...recording,
          groupId: groupOfRecording(recording, id, index),
          isShown: isShownIn(id, index.rows.get(recording.recordId) ?? []),
        };
        append(byActivity, id, held);
      }
    }
  }
  return { byActivity, unmatched };
}

/** Moodle lists rows that are processed (2) or notified (3); it knows nothing of a recording without a row. */
const isShownIn = (activityId: number, rows: readonly MoodleRecordingRow[]): boolean =>
  rows.some(
    (row) => row.activityId === activityId && !row.headless && (row.status === 2 || row.status === 3),
  );
