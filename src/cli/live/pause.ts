import { pause } from '../../kit/pause.js';
import type { Context } from '../kit/context.js';
import { texts as liveTexts } from '../../live/texts.js';
import { openStore } from './settings.js';
import { words } from './words.js';

/** So long a keeper may take to obey: it looks four times a second, unless it is being repaired. */
const ANSWER_MS = 15_000;

/**
 * Shows the pause picture of a live instead of the meeting, or the meeting again; sound goes on. Holds until it is taken
 * back, also for the keeper that follows a dead one.
 * @param name id of the live, its meetingID, or the name of its stream
 * @throws OperatorError live-unknown, live-pause-impossible, live-pause-unanswered
 */
export async function pauseLive(context: Context, name: string, on: boolean): Promise<{ id: string }> {
  const store = openStore(context);
  const live = store
    .list()
    .find(({ job }) => job.id === name || job.meetingId === name || job.streamName === name);
  if (live === undefined) throw liveTexts.liveUnknown({ id: name });
  const { id } = live.job;
  if (context.configuration.live.backend === 'container') throw liveTexts.livePauseImpossible({ id });
  store.setPaused(id, on);
  const until = Date.now() + ANSWER_MS;
  while (store.status(id)?.paused !== on) {
    if (Date.now() > until)
      throw liveTexts.livePauseUnanswered({ id, seconds: Math.round(ANSWER_MS / 1000) });
    context.signal.throwIfAborted();
    await pause(100);
  }
  return { id };
}

/** What `live pause` and `live resume` say. @param resume the command that shows the meeting again; null: it is shown */
export const renderPause = (id: string, resume: string | null): string =>
  resume === null ? words.showsMeeting({ id }) : words.showsPausePicture({ id, resume });
