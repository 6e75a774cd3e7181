import { configured } from '../../kit/named-configuration.js';
import os from 'node:os';
import { noteAttempt, readAttempts } from '../../kit/adapters/state/attempts.js';
import type { Attempt } from '../../kit/batch/attempt.js';
import { redactText } from '../../kit/config/redact.js';
import { retell } from '../../kit/errors/retell.js';
import { shownMinute } from '../../kit/output/instants.js';
import { plainText } from '../../kit/output/text.js';
import { renderDuration } from '../../kit/output/units.js';
import type { Context } from './context.js';
import type { Ending } from './ending.js';
import { ExitStatus } from './exit-status.js';
import { isForeground } from '../../kit/adapters/process/foreground.js';
import { newRunId } from '../../kit/batch/run-id.js';
import { isKilled, killedReason, tellKilled, type Reason } from './killed-nights.js';
import { sendNightMail, shortCommand, shownError, tell } from './night-mail.js';
import { nightMeans, type NightMeans } from './night-means.js';
import { words } from './words.js';

/** Whether nobody looks: no terminal, or one that another command holds. */
export const isUnwatched = (): boolean => !process.stderr.isTTY || !isForeground();

/**
 * Keeps the trace of one batch that nobody watches: a line of `migrate status` when it begins and when it ends, a mail
 * when it did not end 0. Neither changes how the batch ends.
 */
export class Night {
  readonly #command: string;
  readonly #id = newRunId();
  readonly #startedAt = Date.now();
  #saidWhy = false;
  /** Ended once those that were killed before are told. */
  #told: Promise<void> = Promise.resolve();

  /** @param command as typed. */
  constructor(command: string) {
    this.#command = redactText(command);
  }

  begin(context: Context): void {
    const means = nightMeans(context);
    // At once: what killed the last one may kill this one too.
    this.#told = tellKilled(means);
    this.#note(means, {});
  }

  /** @param error what ended the command; null when it ended by itself. */
  async end(context: Context, status: ExitStatus, error: Reason | null): Promise<void> {
    const { ending } = context;
    const { code, message, remedy } = error ?? ending.stoppedBy ?? { code: '', message: '', remedy: '' };
    const reason = { code, message: plainText(message), remedy: plainText(remedy) };
    const means = nightMeans(context);
    this.#note(means, { ...reason, endedAt: Date.now(), status, run: ending.run });
    await this.#told;
    if (status !== ExitStatus.done) await this.#mail(means, ending, status, reason);
  }

  #note({ stateDirectory }: NightMeans, more: Partial<Attempt>): void {
    if (stateDirectory === null) return;
    try {
      noteAttempt(stateDirectory, {
        ...{ id: this.#id, command: this.#command, startedAt: this.#startedAt },
        ...more,
      });
    } catch (error) {
      if (this.#saidWhy) return;
      this.#saidWhy = true;
      tell(words.noLine({ why: shownError(error) }));
    }
  }

  async #mail(means: NightMeans, ending: Ending, status: number, reason: Reason): Promise<void> {
    const { mail, noMail, timezone } = means;
    if (noMail !== null) tell(noMail);
    if (noMail !== null || mail?.to === undefined) return;
    const command = shortCommand(this.#command);
    const subject = words.subject({ host: os.hostname(), command, status: String(status) });
    const facts = { command: this.#command, startedAt: this.#startedAt, endedAt: Date.now(), status, reason };
    const text = renderNight({ ...facts, host: os.hostname(), timezone, ending });
    await sendNightMail(mail, subject, text);
  }
}

/** The mail: who, what, why, what to do, the first failures, where to look. */
export function renderNight(night: {
  readonly host: string;
  readonly command: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly timezone: string;
  readonly reason: Reason;
  readonly ending: Ending;
}): string {
  const { ending, reason, timezone } = night;
  const took = renderDuration(night.endedAt - night.startedAt);
  const lines = [
    words.host({ host: night.host }),
    words.command({ command: `bbb2pod ${night.command}` }),
    words.started({ at: shownMinute(night.startedAt, timezone), took, status: String(night.status) }),
  ];
  const { text, remedy } = retell(reason);
  if (reason.code !== '') lines.push(words.why({ code: reason.code, text }));
  if (remedy !== '') lines.push(words.remedy({ remedy }));
  if (ending.summary !== '') lines.push('', ending.summary);
  if (ending.failed > 0) {
    lines.push(
      '',
      (ending.failed > ending.failures.length ? words.failedFirst : words.failed)({ count: ending.failed }),
    );
    const advised = new Set(['']);
    for (const failure of ending.failures) {
      const { title, owner, recordId, code } = failure;
      const why = retell(failure);
      lines.push(
        owner === '' || owner === '-'
          ? words.failedItem({ title: plainText(title), recordId }).trimEnd()
          : words.failedItemOf({ title: plainText(title), owner: plainText(owner), recordId }),
        words.failedWhy({ code, text: plainText(why.text) }),
      );
      // What helps against ten failures of a kind is said once.
      if (!advised.has(why.remedy)) lines.push(words.failedRemedy({ remedy: plainText(why.remedy) }));
      advised.add(why.remedy);
    }
  }
  if (ending.report !== null) lines.push('', words.report({ page: ending.report }));
  const command = `bbb2pod migrate status${ending.run === null ? '' : ` ${ending.run}`}`;
  lines.push(words.status({ command: configured(command) }));
  return `${lines.join('\n')}\n`;
}

/** What `migrate status` shows of the nights. */
export const nightsOf = (context: Context): (Attempt & { readonly state: string })[] =>
  readAttempts(context.stateDirectory).map((attempt) => {
    if (isKilled(attempt)) return { ...attempt, ...killedReason(attempt), state: 'killed' };
    return { ...attempt, state: attempt.status === null ? 'running' : `status ${attempt.status}` };
  });
