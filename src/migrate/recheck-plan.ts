import type { Code } from '../kit/errors/code.js';
import type { Playback } from '../bbb/choose-playback.js';
import type { Recording } from '../bbb/recording.js';
import type { MigrateAction, SkipAction } from './actions.js';
import { storableUrl } from './plan-imports.js';

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
  if (reason === null) return action;
  const { id, recordId, meetingId, startAt, title, origin, owner, url, isHidden } = action;
  const shown = { id, recordId, meetingId, startAt, title, origin, owner, url, isHidden };
  return { ...shown, kind: 'skip', reason, marks: [] } satisfies SkipAction;
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
