import { redactText } from '../../kit/config/redact.js';
import { messageOf, OperatorError, shownFailure } from '../../kit/errors/operator-error.js';
import { plainText } from '../../kit/output/text.js';
import type { NightMeans } from './night-means.js';
import { words } from './words.js';

/** `migrate recordings` of all that was typed: what fits into a subject. */
export const shortCommand = (command: string): string => command.split(' --')[0] ?? '';

/** @returns whether it went; why not is told on standard error. */
export async function sendNightMail(
  mail: NonNullable<NightMeans['mail']>,
  subject: string,
  text: string,
): Promise<boolean> {
  const [{ sendMail }, { parseMailServer }] = await Promise.all([
    import('../../kit/adapters/mail/send-mail.js'),
    import('../../kit/adapters/mail/mail-server.js'),
  ]);
  const { to = '', from, smtp } = mail;
  try {
    await sendMail(parseMailServer(smtp), { from: from ?? to, to, subject, text: redactText(text) });
    return true;
  } catch (error) {
    tell(words.notMailed({ why: shownError(error) }));
    return false;
  }
}

/** On standard error, where cron finds it. */
export const tell = (text: string): void => void process.stderr.write(`${plainText(redactText(text))}\n`);

export const shownError = (error: unknown): string =>
  error instanceof OperatorError ? shownFailure(error).text : messageOf(error);
