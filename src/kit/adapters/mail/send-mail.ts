import { isIP } from 'node:net';
import os from 'node:os';
import { createTransport } from 'nodemailer';
import { messageOf } from '../../errors/operator-error.js';
import { redactText } from '../../config/redact.js';
import { mailTexts } from '../../errors/mail.js';
import { addressesOf, composeMail, type Mail } from './compose-mail.js';
import type { MailServer } from './mail-server.js';

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** For the whole conversation; 20 s. */
  readonly timeoutMs?: number;
}

type SmtpTransport = ReturnType<typeof createTransport>;

/**
 * Sends one mail: STARTTLS when offered, a login when an account is given, and no password over a connection that
 * others could read.
 * @throws OperatorError mail-not-sent with what the server answered.
 */
export async function sendMail(server: MailServer, mail: Mail, options: SendOptions = {}): Promise<void> {
  await converse(server, options, mail.to, async (transport) => {
    if (addressesOf(mail.to).length === 0) throw new Error('[mail] to holds no address');
    if (addressesOf(mail.from).length === 0) throw new Error('[mail] from holds no address');
    await transport.sendMail(composeMail(mail));
  });
}

/** Says hello and logs in, sends nothing. For doctor. @throws OperatorError mail-not-sent */
export async function probeMailServer(server: MailServer, options: SendOptions = {}): Promise<void> {
  await converse(server, options, 'nobody', (transport) => transport.verify());
}

async function converse(
  server: MailServer,
  { signal, timeoutMs = 20_000 }: SendOptions,
  to: string,
  talk: (transport: SmtpTransport) => Promise<unknown>,
): Promise<void> {
  const transport = createTransport(settingsOf(server, timeoutMs));
  let stop: () => void = () => undefined;
  // nodemailer bounds each step; a server that answers each step slowly is bounded here.
  const stopped = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    const onAbort = (): void => reject(new Error('aborted'));
    signal?.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    await Promise.race([talk(transport), stopped]);
  } catch (error) {
    signal?.throwIfAborted();
    throw mailTexts.mailNotSent({ to, server: server.label, detail: detailOf(error) }, { cause: error });
  } finally {
    stop();
    transport.close();
  }
}

function settingsOf(server: MailServer, timeoutMs: number): Parameters<typeof createTransport>[0] {
  const { host, port, tls: secure, user, password } = server;
  // A relay on this very machine has a certificate of its own making, and nobody can listen in between.
  const local = isLoopback(host);
  return {
    host,
    port,
    secure,
    name: os.hostname() || 'localhost',
    requireTLS: user !== null && !local,
    tls: { rejectUnauthorized: !local, ...(isIP(host) === 0 ? { servername: host } : {}) },
    ...(user === null ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  } as Parameters<typeof createTransport>[0];
}

/** Some servers quote what they refuse, a password among it: of a login their status alone is passed on. */
function detailOf(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  if (code === 'EAUTH') return `it refuses the login (${responseCode ?? 'no status'})`;
  return redactText(messageOf(error)).slice(0, 300);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');
