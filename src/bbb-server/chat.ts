import { OperatorError } from '../kit/errors/operator-error.js';
import type { LiveApi } from './live-api.js';
import { call } from './meetings.js';

/** Answers of servers older than 3.0, which have no such call. */
const UNSUPPORTED = new Set(['unsupportedRequest', 'invalidRequest']);

/**
 * Posts one message of at most 500 characters into a meeting's public chat.
 * @returns false when the server has no sendChatMessage (before 3.0): the page's input remains.
 */
export async function sendChatMessage(
  api: LiveApi,
  { meetingId, message, userName }: { meetingId: string; message: string; userName: string },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await call(
      api,
      'sendChatMessage',
      new URLSearchParams({ meetingID: meetingId, message, userName }),
      signal,
    );
    return true;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const key = String(error.parameters['key'] ?? '');
    if (error.code === 'live-bbb-refused' && UNSUPPORTED.has(key)) return false;
    // 2.x answers an unknown call with 404 and an HTML page.
    if (
      error.code === 'live-bbb-unreachable' &&
      /status 40[45]|not XML|not of BigBlueButton/.test(error.message)
    )
      return false;
    throw error;
  }
}
