import os from 'node:os';
import { seemsAlive } from '../../kit/adapters/process/identity.js';
import { noteTold, readAttempts } from '../../kit/adapters/state/attempts.js';
import type { Attempt } from '../../kit/batch/attempt.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { retell } from '../../kit/errors/retell.js';
import { configured } from '../../kit/named-configuration.js';
import { minuteOf, shownMinute } from '../../kit/output/instants.js';
import { sendNightMail, shortCommand } from './night-mail.js';
import type { NightMeans } from './night-means.js';
import { words } from './words.js';

/** Why a batch ended as it did, in English as attempts are noted. */
export type Reason = Pick<Attempt, 'code' | 'message' | 'remedy'>;

const MOST_KILLED = 5;
const RECENT_MS = 30 * 24 * 3600 * 1000;

/** A batch that nobody watched and that was killed could not mail anything: the next one does, once for each. */
export async function tellKilled({ stateDirectory, mail, timezone }: NightMeans): Promise<void> {
  if (stateDirectory === null || mail?.to === undefined) return;
  const killed = readAttempts(stateDirectory).filter(
    (one) =>
      isKilled(one) && one.told !== true && one.startTime !== '' && Date.now() - one.startedAt < RECENT_MS,
  );
  for (const one of killed.slice(0, MOST_KILLED).reverse()) {
    const host = os.hostname();
    const subject = words.subjectKilled({ host, command: shortCommand(one.command) });
    if (!(await sendNightMail(mail, subject, renderKilled(one, host, timezone)))) return;
    try {
      noteTold(stateDirectory, one.id);
    } catch {
      // A full disk is told by what writes results; the mail goes out once more.
    }
  }
}

/** No end was noted, and its process is gone. */
export const isKilled = (attempt: Attempt): boolean => attempt.status === null && !seemsAlive(attempt);

/** Why it has no end, in English as attempts are noted. The journal of systemd takes the machine's own time. */
export function killedReason({ startedAt }: Attempt): Reason {
  const since = minuteOf(startedAt, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const { text: message, remedy } = describeCode('batch-killed', { since }, 'en');
  return { code: 'batch-killed', message, remedy };
}

function renderKilled(attempt: Attempt, host: string, timezone: string): string {
  const reason = killedReason(attempt);
  const { text, remedy } = retell(reason);
  return [
    words.host({ host }),
    words.command({ command: `bbb2pod ${attempt.command}` }),
    words.startedOnly({ at: shownMinute(attempt.startedAt, timezone) }),
    words.why({ code: reason.code, text }),
    words.remedy({ remedy }),
    `${words.status({ command: configured('bbb2pod migrate status') })}\n`,
  ].join('\n');
}
