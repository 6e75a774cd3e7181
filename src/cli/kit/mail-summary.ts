import type { Context } from './context.js';
import { messageOf } from '../../kit/errors/operator-error.js';

/**
 * Mails the summary of a batch that nobody watches and that did not end well, when `[mail] to` is set.
 * A mail that cannot be sent is logged: it never changes how the batch ended.
 */
export async function mailSummary(context: Context, subject: string, text: string): Promise<void> {
  const { to, from, smtp } = context.configuration.mail;
  if (to === undefined || process.stderr.isTTY) return;
  const [{ sendMail }, { parseMailServer }] = await Promise.all([
    import('../../kit/adapters/mail/send-mail.js'),
    import('../../kit/adapters/mail/mail-server.js'),
  ]);
  try {
    await sendMail(parseMailServer(smtp), { from: from ?? to, to, subject, text });
  } catch (error) {
    context.log('warn', `the summary could not be mailed: ${messageOf(error, 'unknown')}`);
  }
}
