import { Secret } from '../../config/secret.js';
import { mailTexts } from '../../errors/mail.js';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); otherwise STARTTLS when the server offers it. */
  readonly tls: boolean;
  readonly user: string | null;
  readonly password: Secret | null;
  /** Without secrets, for messages. */
  readonly label: string;
}

/**
 * Reads `smtp://HOST`, `smtp://USER:PASSWORD@HOST:587` or `smtps://…`.
 * @throws OperatorError mail-server-invalid, never quoting the URL.
 */
export function parseMailServer(url: Secret): MailServer {
  const text = url.reveal();
  if (!URL.canParse(text)) throw mailTexts.mailServerInvalid({ detail: 'not a URL' });
  const { protocol, hostname, port, username, password } = new URL(text);
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw mailTexts.mailServerInvalid({ detail: `unknown scheme ${protocol}` });
  if (hostname === '') throw mailTexts.mailServerInvalid({ detail: 'no host' });
  const tls = protocol === 'smtps:';
  const number = port === '' ? (tls ? 465 : 25) : Number(port);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: number,
    tls,
    user: username === '' ? null : decode(username),
    password: password === '' ? null : new Secret(decode(password)),
    label: `${host}:${number}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw mailTexts.mailServerInvalid({ detail: 'a % must be written %25' });
  }
}
