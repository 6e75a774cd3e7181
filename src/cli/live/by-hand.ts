import path from 'node:path';
import { findMeeting } from '../../bbb-server/meetings.js';
import type { EndReason } from '../../live/live.js';
import { incidentNote, shownNote } from '../../live/pass-incidents.js';
import { streamName } from '../../live/stream-name.js';
import type { Context } from '../kit/context.js';
import { keepByHand } from './keep.js';
import { word } from './render/words.js';
import { openLiveApi, openRecordings } from './settings.js';
import { texts as liveTexts } from '../../live/texts.js';
import { words } from './words.js';

export interface HandRequest {
  readonly meetingId: string;
  readonly rtmp: readonly string[];
  readonly record: string | undefined;
}

/** One meeting on air (or only recorded) until it ends or a signal comes; the recording then is the named file. */
export async function liveByHand(
  context: Context,
  request: HandRequest,
  say: (line: string) => void,
): Promise<{ id: string; ended: EndReason | null; recording: string | null }> {
  const stream = request.rtmp.length > 0 || context.configuration.live.rtmp_url !== undefined;
  if (!stream && request.record === undefined) throw liveTexts.liveNowhereToGo();
  const meeting = await findMeeting(openLiveApi(context), request.meetingId, context.signal);
  if (meeting?.running !== true) throw liveTexts.liveNotRunning({ meeting: request.meetingId });
  const now = Date.now();
  const id = `hand-${now.toString(36)}`;
  const job = {
    id,
    origin: 'hand' as const,
    podId: 0,
    meetingId: meeting.meetingId,
    meetingName: meeting.name,
    internalMeetingId: meeting.internalMeetingId,
    createTime: meeting.createTime,
    slot: 0,
    restricted: false,
    chat: false,
    showChat: context.configuration.live.show_chat === 'always',
    record: request.record !== undefined,
    streamName: streamName(id, meeting.name),
    rtmpUrl: request.rtmp[0] ?? null,
    also: request.rtmp.slice(1),
    broadcasterId: null,
    stream,
    createdAt: now,
  };
  let told = '';
  const ended = await keepByHand(context, job, (status) => {
    const line = [
      word(status.phase),
      ...status.incidents.map((incident) => {
        const { text, remedy } = shownNote(incidentNote(id, incident));
        return `! ${text} [${incident.code}] -> ${remedy}`;
      }),
    ].join('\n  ');
    if (line !== told) say(line);
    told = line;
  });
  const recording =
    request.record === undefined
      ? null
      : await openRecordings(context).moveTo(job, path.resolve(request.record));
  if (recording !== null) say(words.recordedIn({ recording }));
  return { id, ended, recording };
}
