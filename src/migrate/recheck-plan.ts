import type { Code } from '../kit/errors/code.js';
import type { Playback } from '../bbb/choose-playback.js';
import type { Recording } from '../bbb/recording.js';
import type { MigrateAction, SkipAction } from './actions.js';
import { importStateOf } from './import-state.js';
import { storableUrl } from './plan-imports.js';
import type { PodExternalRecording } from './pod-port.js';

/** What BBB says now of the recordings of an approved plan. */
export interface Today {
  readonly find: (recordId: string) => Recording | null;
  /** Whether a recording that is not found is gone, not only unlisted. */
  readonly isWhole: boolean;
  readonly choosePlayback: (recording: Recording) => Playback;
}

/** A plan's action as it may be applied today: what changed in BBB since it was approved becomes a skip. Pure. */
export function recheckAction(action: MigrateAction, today: Today): MigrateAction {
  const reason = action.kind === 'skip' ? null : changeOf(action, today);
  return reason === null ? action : asSkip(action, reason);
}

/** What Pod holds now of some actions of a plan. */
export interface HeldToday {
  /** Rows by recordID. */
  readonly rows: ReadonlyMap<string, readonly PodExternalRecording[]>;
  /** Accounts by user name in lower case: one to be created may be there meanwhile. */
  readonly users: ReadonlyMap<string, number>;
  readonly claimStateOf: (fileName: string) => 'claimed' | 'pending' | 'on-disk' | null;
}

/** The same for Pod: what its owner has meanwhile, or what waits there to be claimed, is left. Pure. */
export function recheckHeld(action: MigrateAction, held: HeldToday): MigrateAction {
  if (action.kind === 'claim') {
    const state = held.claimStateOf(action.fileName);
    // One that is made again takes the place of a file that lies there.
    return state === null || action.instead !== undefined ? action : asSkip(action, `already-${state}`);
  }
  if (action.kind !== 'import') return action;
  const { owner, recordId } = action.write;
  const userId = 'userId' in owner ? owner.userId : held.users.get(owner.create.username.toLowerCase());
  const own = (held.rows.get(recordId) ?? []).filter((row) => row.ownerId === userId);
  if (userId === undefined || own.length === 0) return action;
  const isImported = own.some((row) => importStateOf(row) === 'imported');
  return asSkip(action, isImported ? 'already-imported' : 'already-external');
}

function asSkip(action: MigrateAction, reason: Code): SkipAction {
  const { id, recordId, meetingId, startAt, title, origin, owner, url, isHidden } = action;
  const shown = { id, recordId, meetingId, startAt, title, origin, owner, url, isHidden };
  return { ...shown, kind: 'skip', reason, marks: [] };
}

function changeOf(action: MigrateAction, { find, isWhole, choosePlayback }: Today): Code | null {
  const now = find(action.recordId);
  if (now === null) return isWhole ? 'gone-since-plan' : null;
  const { state } = now;
  // What was approved as unpublished may still be.
  const isHidden = state === 'deleted' || (state === 'unpublished' && !action.isHidden);
  if (isHidden) return 'hidden-since-plan';
  if (action.kind !== 'import') return null;
  const playback = choosePlayback(now);
  const url = 'url' in playback ? storableUrl(playback.url) : '';
  return url === action.write.row.sourceUrl ? null : 'link-changed-since-plan';
}
