import net from 'node:net';
import os from 'node:os';
import tls from 'node:tls';
import { messageOf } from '../../errors/operator-error.js';
import { redactText } from '../../config/redact.js';
import { Dialogue } from '../network/dialogue.js';
import { addressesOf, composeMail, type Mail } from './compose-mail.js';
import type { MailServer } from './mail-server.js';
import { mailTexts } from '../../errors/mail.js';

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** For the whole conversation; 20 s. */
  readonly timeoutMs?: number;
}

/**
 * Sends one mail: EHLO, STARTTLS when offered, AUTH when an account is given, and no password over a connection
 * that others could read.
 * @throws OperatorError mail-not-sent with what the server answered.
 */
export async function sendMail(server: MailServer, mail: Mail, options: SendOptions = {}): Promise<void> {
  await converse(server, options, mail.to, async (session) => {
    const recipients = addressesOf(mail.to);
    const sender = addressesOf(mail.from)[0];
    if (recipients.length === 0) throw new Error('[mail] to holds no address');
    if (sender === undefined) throw new Error('[mail] from holds no address');
    await session.say(`MAIL FROM:<${sender}>`, 250);
    for (const recipient of recipients) await session.say(`RCPT TO:<${recipient}>`, 250, 251);
    await session.say('DATA', 354);
    // Lines that begin with a dot get another one (RFC 5321, 4.5.2); the base64 body has none, headers might.
    await session.say(`${composeMail(mail, new Date()).replace(/^\./gm, '..')}\r\n.`, 250);
    await session.say('QUIT', 221).catch(() => undefined);
  });
}

/** Says hello and logs in, sends nothing. For doctor. @throws OperatorError mail-not-sent */
export async function probeMailServer(server: MailServer, options: SendOptions = {}): Promise<void> {
  await converse(server, options, 'nobody', async (session) => {
    await session.say('QUIT', 221).catch(() => undefined);
  });
}

async function converse(
  server: MailServer,
  { signal, timeoutMs = 20_000 }: SendOptions,
  to: string,
  talk: (session: Session) => Promise<void>,
): Promise<void> {
  const socket = server.tls
    ? tls.connect({
        host: server.host,
        port: server.port,
        servername: serverName(server),
        rejectUnauthorized: !isLoopback(server.host),
      })
    : net.connect(server.port, server.host);
  const dialogue = new Dialogue(socket);
  // The socket of the moment: after STARTTLS, destroying the first one would wake nobody.
  const stop = (): void => void dialogue.socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
  const timer = setTimeout(stop, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const session = new Session(dialogue);
    await session.open(server);
    await talk(session);
  } catch (error) {
    signal?.throwIfAborted();
    const detail = redactText(messageOf(error));
    throw mailTexts.mailNotSent({ to, server: server.label, detail }, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    dialogue.close();
    socket.destroy();
  }
}

const serverName = ({ host }: MailServer): string => (net.isIP(host) === 0 ? host : '');

class Session {
  readonly #dialogue: Dialogue;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
  }

  async open(server: MailServer): Promise<void> {
    await this.#answer(220);
    let offers = await this.#hello();
    if (!server.tls && /^STARTTLS$/im.test(offers)) {
      await this.say('STARTTLS', 220);
      await this.#encrypt(server);
      offers = await this.#hello();
    }
    if (server.user !== null) await this.#logIn(server, offers);
  }

  /** Sends a line and gives the server's answer. @throws Error with the answer when its code is not expected. */
  async say(line: string, ...expected: readonly number[]): Promise<string> {
    this.#dialogue.send(`${line}\r\n`);
    return this.#answer(...expected);
  }

  #hello = (): Promise<string> => this.say(`EHLO ${os.hostname() || 'localhost'}`, 250);

  async #encrypt(server: MailServer): Promise<void> {
    const plain = this.#dialogue.socket;
    const secure = tls.connect({
      socket: plain,
      servername: serverName(server),
      // A relay on this very machine has a certificate of its own making.
      rejectUnauthorized: !isLoopback(server.host),
    });
    this.#dialogue.upgrade(secure);
    await new Promise((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new Error('closed during STARTTLS')));
    });
  }

  async #logIn(server: MailServer, offers: string): Promise<void> {
    if (!(this.#dialogue.socket instanceof tls.TLSSocket) && !isLoopback(server.host))
      throw new Error('it offers no encryption: the password is not sent');
    const user = server.user ?? '';
    const password = server.password?.reveal() ?? '';
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    try {
      if (/^AUTH.*\bPLAIN\b/im.test(offers)) {
        await this.say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
        return;
      }
      await this.say('AUTH LOGIN', 334);
      await this.say(base64(user), 334);
      await this.say(base64(password), 235);
    } catch (error) {
      // Some servers quote what they refuse: their status alone is passed on.
      const [code] = /^\d{3}/.exec(messageOf(error, '')) ?? [];
      throw code === undefined ? error : new Error(`it refuses the login (${code})`);
    }
  }

  /** Reads `250-more` lines up to the `250 last` one. */
  async #answer(...expected: readonly number[]): Promise<string> {
    const { text, length } = await this.#dialogue.until((received) => {
      const found = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\r?\n/.exec(received.toString('latin1'));
      return found === null ? null : { text: found[0], length: found[0].length };
    });
    this.#dialogue.drop(length);
    const code = Number(/(\d{3})(?: [^\n]*)?\r?\n$/.exec(text)?.[1]);
    if (!expected.includes(code)) throw new Error(text.trim().slice(0, 200));
    return text.replace(/^\d{3}[- ]/gm, '').replaceAll('\r', '');
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');
