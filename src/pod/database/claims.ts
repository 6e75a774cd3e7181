import type { ClaimRegistration, PodDatabase, PodRecorder } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { asNumberOrNull, selectInBatches } from '../../kit/adapters/sql/statements.js';
import type { PodSchema } from './schema.js';
import { texts } from '../texts.js';

const TREATMENTS = 'recorder_recordingfiletreatment';

export const findRecorder = (database: SqlDatabase, id: number): Promise<PodRecorder | null> =>
  database.read(async (query) => {
    const [row] = (await query('recorder_recorder')
      .select('id', 'name', 'directory', 'recording_type', 'user_id')
      .where({ id })) as Record<string, unknown>[];
    if (row === undefined) return null;
    const sites = (await query('recorder_recorder_sites')
      .select('site_id')
      .where({ recorder_id: id })
      .orderBy('site_id')) as { site_id: unknown }[];
    return {
      id: Number(row['id']),
      name: String(row['name']),
      directory: String(row['directory']),
      recordingType: String(row['recording_type']),
      userId: asNumberOrNull(row['user_id']),
      siteIds: sites.map(({ site_id }) => Number(site_id)),
    };
  });

/**
 * Which of these paths Pod holds: claimed (recorder_recording keeps them for ever, and recorder_recordingfile for
 * what its studio uploaded), or pending. The column's collation decides what is equal, as UNIQUE does.
 */
export const findClaimPaths = (
  database: SqlDatabase,
  paths: readonly string[],
): ReturnType<PodDatabase['findClaimPaths']> => {
  if (paths.length === 0) return Promise.resolve([]);
  return database.read(async (query) => {
    const claimed = [
      ...(await heldPaths(query, 'recorder_recording', 'source_file', paths)),
      ...(await heldPaths(query, 'recorder_recordingfile', 'file', paths)),
    ];
    const pending = await heldPaths(query, TREATMENTS, 'file', paths);
    const states = new Map<string, 'claimed' | 'pending'>();
    for (const path of pending) states.set(path.toLowerCase(), 'pending');
    for (const path of claimed) states.set(path.toLowerCase(), 'claimed');
    const exact = database.engine === 'mysql' ? null : new Set([...claimed, ...pending]);
    return paths.flatMap((path) => {
      const state = exact?.has(path) === false ? undefined : states.get(path.toLowerCase());
      return state === undefined ? [] : [{ path, state }];
    });
  });
};

async function heldPaths(
  query: Query,
  table: string,
  column: string,
  paths: readonly string[],
): Promise<string[]> {
  const rows = (await selectInBatches(paths, (batch) =>
    query(table).select({ path: column }).whereIn(column, batch),
  )) as { path: string }[];
  return rows.map(({ path }) => path);
}

/** Inserts the treatment row that Pod's scanner would insert on its second pass, with the session's date. */
export async function registerClaim(
  database: SqlDatabase,
  schema: PodSchema,
  claim: ClaimRegistration,
): ReturnType<PodDatabase['registerClaim']> {
  const length = schema.lengthOf(TREATMENTS, 'file');
  if (Array.from(claim.file).length > length) throw texts.podClaimPathTooLong({ path: claim.file, length });
  return database.write(
    async (query) => {
      const idOf = async (): Promise<number | null> => {
        const [row] = (await query(TREATMENTS).select('id').where({ file: claim.file })) as { id: unknown }[];
        return row === undefined ? null : Number(row.id);
      };
      const present = await idOf();
      if (present !== null) return { state: 'already-there' as const, rowId: present };
      const claimed = await heldPaths(query, 'recorder_recording', 'source_file', [claim.file]);
      if (claimed.length > 0) return { state: 'already-there' as const, rowId: null };
      const [recorder] = (await query('recorder_recorder')
        .select('recording_type')
        .where({ id: claim.recorderId })) as { recording_type: string }[];
      if (recorder === undefined) throw texts.podRecorderMissing({ id: claim.recorderId });
      await query(TREATMENTS).insert({
        file: claim.file,
        file_size: claim.fileSizeBytes,
        date_added: database.encodeInstant(claim.dateAdded),
        require_manual_claim: true,
        email_sent: false,
        date_email_sent: null,
        type: recorder.recording_type,
        recorder_id: claim.recorderId,
      });
      return { state: 'done' as const, rowId: await idOf() };
    },
    { retryConflicts: true },
  );
}

/** Takes a registration back; a file that somebody claimed meanwhile keeps what Pod knows of it. */
export const removeClaimRegistration = (
  database: SqlDatabase,
  file: string,
): ReturnType<PodDatabase['removeClaimRegistration']> =>
  database.write(async (query) => {
    const claimed = await heldPaths(query, 'recorder_recording', 'source_file', [file]);
    if (claimed.length > 0) return 'claimed';
    const removed = await query(TREATMENTS).where({ file }).delete();
    return removed > 0 ? 'removed' : 'gone';
  });
