import type { JournalItem } from '../kit/batch/journal.js';
import type { Recording } from '../bbb/recording.js';
import type { WrittenClaim } from './claim-files.js';
import { claimActionId, type ClaimAction, type MigrateAction } from './actions.js';
import type { ClaimFacts, MigratePolicy, RecordingFacts } from './migration-facts.js';
import { removedSince, shown, skip, type Refusal } from './refuse-recording.js';

/** One file for whoever claims it in Pod, unless it is there already or was taken away since. Pure. */
export function planClaim(
  recording: Recording,
  facts: RecordingFacts,
  journal: ReadonlyMap<string, JournalItem>,
  policy: MigratePolicy,
): MigrateAction {
  const { claim, playback } = facts;
  const id = claimActionId(recording.recordId);
  if (claim === null || 'none' in playback)
    return skip(recording, facts, { reason: 'format-unsupported', parameters: { formats: '-' } });
  const earlier = journal.get(id);
  const instead = incompleteFile(claim, earlier, policy);
  const held = instead === null ? heldAlready(facts, claim, earlier, policy) : null;
  if (held !== null) return skip(recording, facts, held, '-', id);
  return {
    id,
    kind: 'claim',
    reason: instead === null ? 'claim-planned' : 'claim-made-again',
    ...shown(recording, facts, '-'),
    marks:
      claim.oldScriptFile?.ambiguous === true
        ? [{ code: 'ambiguous-old-file', parameters: { file: claim.oldScriptFile.name } }]
        : [],
    fileName: claim.fileName,
    server: recording.server,
    source: playback.kind,
    tokenUrl: playback.token,
    sizeBytes: playback.sizeBytes ?? recording.sizeBytes,
    durationMs: playback.lengthMinutes === null ? null : playback.lengthMinutes * 60_000,
    ...(instead ?? {}),
  };
}

/** The file that an earlier run with `--allow-missing` dropped and nobody has claimed yet; null where there is none. */
function incompleteFile(
  { held }: ClaimFacts,
  earlier: JournalItem | undefined,
  { allowMissing = false }: MigratePolicy,
): Pick<ClaimAction, 'instead' | 'lost'> | null {
  const isOurs = earlier?.state === 'done' && earlier.reason === 'claim-dropped-incomplete';
  if (allowMissing || !isOurs || held === 'claimed' || held === null) return null;
  const { sizeBytes, modifiedAt, inode, lost = [] } = earlier.written as WrittenClaim;
  return { instead: { sizeBytes, modifiedAt, inode }, lost };
}

function heldAlready(
  facts: RecordingFacts,
  claim: ClaimFacts,
  earlier: JournalItem | undefined,
  policy: MigratePolicy,
): Refusal | null {
  if (claim.held === 'claimed') return { reason: 'already-claimed' };
  if (claim.held === 'pending') return { reason: 'already-pending' };
  if (claim.held === 'on-disk') return { reason: 'already-on-disk' };
  if (claim.imported === 'imported') return { reason: 'already-imported' };
  if (claim.imported === 'under-way') return { reason: 'claim-while-imported' };
  if (facts.internalOwnerIds.length > 0) return { reason: 'already-internal' };
  if (claim.oldScriptFile !== null && !claim.oldScriptFile.ambiguous)
    return { reason: 'already-by-old-script', parameters: { file: claim.oldScriptFile.name } };
  return removedSince(earlier, policy);
}
