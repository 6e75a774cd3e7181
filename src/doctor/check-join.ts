import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import type { Check } from '../kit/checks/run-checks.js';

/** What the bot saw of a meeting in which it stayed for a while. */
export interface JoinSight {
  /** Why it did not come in; null: it did. */
  readonly refused: string | null;
  readonly secondsToEnter: number;
  /** Marks of the client's frame that match. */
  readonly frame: readonly string[];
  /** The page in one line. */
  readonly page: string;
  /** Whether getMeetingInfo lists our user; null: no answer. */
  readonly listed: boolean | null;
  readonly audio: 'joined' | 'not-joined' | 'unknown';
  /** How many rules of style there are, which match something, and what of that is seen all the same. */
  readonly rules: number;
  readonly matched: readonly string[];
  readonly seen: readonly string[];
  readonly chatButton: string | null;
  readonly stayedSeconds: number;
}

export type TryJoin = (meetingId: string, signal: AbortSignal) => Promise<JoinSight>;

/** Joining, twenty seconds inside, and a slow server. */
const LIMIT_MS = 150_000;

/** `doctor --join`: joins a meeting as a live does, films nothing, and tells which marks and rules this client knows. */
export function joinCheck(meetingId: string, tryJoin: TryJoin): Check {
  const subject = 'live.join';
  return {
    name: subject,
    subject,
    timeoutMs: LIMIT_MS,
    run: async (signal) => joinResults(subject, meetingId, await tryJoin(meetingId, signal)),
  };
}

function joinResults(subject: string, meeting: string, sight: JoinSight): CheckResult[] {
  if (sight.refused !== null)
    return [checkResult('doctor-live-join-refused', subject, { meeting, detail: sight.refused })];
  const { frame, page, seen, matched, rules, audio } = sight;
  return [
    frame.length > 0
      ? checkResult('doctor-live-join-frame', subject, {
          seconds: sight.secondsToEnter,
          marks: frame.join(' '),
        })
      : checkResult('doctor-live-join-frame-unknown', subject, { page }),
    checkResult(
      sight.listed === true ? 'doctor-live-join-attendance' : 'doctor-live-join-attendance-missing',
      subject,
    ),
    seen.length === 0
      ? checkResult('doctor-live-join-style', subject, {
          ...{ rules, matched: matched.length, names: matched.join(' ') },
        })
      : checkResult('doctor-live-join-style-seen', subject, { names: seen.join(' ') }),
    audio === 'joined'
      ? checkResult('doctor-live-join-audio', subject)
      : checkResult('doctor-live-join-audio-missing', subject, { seconds: sight.stayedSeconds, audio }),
    ...(sight.chatButton === null
      ? []
      : [checkResult('doctor-live-join-chat', subject, { button: sight.chatButton })]),
  ];
}
