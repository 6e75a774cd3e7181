import { pause } from '../../kit/pause.js';
import { clientStyle, hiddenParts } from '../../bbb-server/client-style.js';
import { joinUrl, type JoinRequest } from '../../bbb-server/join.js';
import { findMeeting } from '../../bbb-server/meetings.js';
import { openMeetingPage } from '../../chromium/meeting-page.js';
import { describeSight } from '../../chromium/read-client.js';
import { joinCheck, type JoinSight } from '../../doctor/check-join.js';
import type { CheckResult } from '../../kit/checks/check-result.js';
import { runChecks } from '../../kit/checks/run-checks.js';
import { OperatorError } from '../../kit/errors/operator-error.js';
import { stillPictures } from '../../live/adapters/still-pictures.js';
import type { Context } from '../kit/context.js';
import { openLiveApi, openStore, pictureSettings } from '../live/settings.js';
import { addressGuardOf } from '../sites/address-guard.js';

const STAY_SECONDS = 20;
const ID = 'doctor-join';

/** Joins a running meeting for twenty seconds as a live does. */
export const examineJoin = (context: Context, meetingId: string): Promise<CheckResult[]> =>
  runChecks([joinCheck(meetingId, (meeting, signal) => stay(context, meeting, signal))], {
    signal: context.signal,
    timeoutMs: 30_000,
  });

const OUTSIDE: JoinSight = {
  ...{ refused: '', secondsToEnter: 0, frame: [], page: '', listed: null, audio: 'unknown', rules: 0 },
  ...{ matched: [], seen: [], chatButton: null, stayedSeconds: 0 },
};

async function stay(context: Context, meetingId: string, signal: AbortSignal): Promise<JoinSight> {
  const { live, recorder } = context.configuration;
  const api = openLiveApi(context);
  const meeting = await findMeeting(api, meetingId, signal);
  if (meeting?.running !== true) return { ...OUTSIDE, refused: 'the meeting does not run' };
  const store = openStore(context);
  const userId = `bbb2pod-${ID}`;
  const request: JoinRequest = {
    ...{ meetingId, createTime: meeting.createTime, botName: live.bot_name, userId, locale: live.bot_locale },
    ...{ showChat: false, audio: true, layout: live.layout },
    attendeePassword: live.attendee_password ?? null,
  };
  const attendance = async () => {
    const found = await findMeeting(api, meetingId, signal).catch(() => null);
    const own = found?.participants.find((user) => user.userId === userId);
    return found === null ? null : { inside: own !== undefined, listening: own?.listening === true };
  };
  const startedAt = Date.now();
  try {
    const { size, framerate, bitrateKbps } = pictureSettings(context);
    const page = await openMeetingPage({
      ...{ executable: recorder.chromium, sandbox: recorder.sandbox, size, framerate, bitrateKbps },
      ...{ locale: live.bot_locale, showChat: false, paused: false, capture: false, screen: null },
      guard: addressGuardOf(context),
      joinUrl: async () => joinUrl(api, request),
      style: clientStyle(live.layout),
      chatUrl: async () =>
        joinUrl(api, { ...request, userId: `${userId}-chat`, showChat: true, audio: false }),
      attendance,
      keepScreenshot: (png) => store.keepScreenshot(ID, png),
      // Nobody waits for this one.
      lobby: { waits: false, maxWaitMs: 0, reloadMs: 60_000 },
      ...stillPictures(store, ID, undefined),
      keepPicture: () => undefined,
      audioWaitMs: STAY_SECONDS * 1000,
      openTimeoutMs: 60_000,
      onEvent: () => undefined,
      log: (message) => context.log('info', message),
      signal,
    });
    try {
      const enteredAt = Date.now();
      while (Date.now() < enteredAt + STAY_SECONDS * 1000 && !signal.aborted) await pause(250);
      const rules = hiddenParts(live.layout);
      const found = await page.inspect(rules);
      return {
        refused: null,
        secondsToEnter: Math.round((enteredAt - startedAt) / 100) / 10,
        frame: found.frame,
        page: describeSight(found),
        listed: (await attendance())?.inside ?? null,
        audio: await page.audio(),
        rules: rules.length,
        matched: found.rules,
        seen: found.seen,
        chatButton: found.chatButton,
        stayedSeconds: STAY_SECONDS,
      };
    } finally {
      await page.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OperatorError) return { ...OUTSIDE, refused: error.message };
    throw error;
  }
}
