import type { Code, CodeParameters } from '../../errors/code.js';
import { OperatorError } from '../../errors/operator-error.js';
import { redactText } from '../../config/redact.js';

/** A failure of the web, with what decides about trying again. */
export class HttpFailure extends OperatorError {
  readonly retryable: boolean;
  /** What the server asked us to wait (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Its status when it answered. */
  readonly status: number | null;

  constructor(
    code: Code,
    parameters: CodeParameters,
    more: { retryable: boolean; cause?: unknown; retryAfterMs?: number | null; status?: number },
  ) {
    super(code, pasteable(parameters), more.cause === undefined ? {} : { cause: more.cause });
    this.retryable = more.retryable;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.status = more.status ?? null;
  }
}

/**
 * Remedies are commands with these in them (`curl -I {url}`), and who named the address may mean harm: what a shell would
 * act on stands as `%24`.
 */
function pasteable(parameters: CodeParameters): CodeParameters {
  const shown = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' && ['url', 'host', 'target'].includes(name)
      ? value.replace(/[\s'"`$();|&<>!*\\{}^~]/g, (character) =>
          encodeURIComponent(character).replace(/^[^%]$/, escaped),
        )
      : value,
  ]);
  return Object.fromEntries(shown) as CodeParameters;
}

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** A URL as messages may show it: no user, no query (it may hold a checksum or a token), no fragment. */
export function shownUrl(url: URL | string): string {
  const parsed = typeof url === 'string' ? (URL.canParse(url) ? new URL(url) : null) : url;
  if (parsed === null) return redactText(String(url).split('?')[0] ?? '');
  return `${parsed.origin}${parsed.pathname}${parsed.search === '' ? '' : '?…'}`;
}

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);
const CERTIFICATE = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;
const CUT = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);
const BROKEN_BODY = new Set(['Z_DATA_ERROR', 'Z_BUF_ERROR', 'ERR__ERROR_FORMAT_PADDING_1']);

/** Turns whatever undici, the resolver, TLS or zlib throws into one coded failure. */
export function describeFailure(error: unknown, url: URL, timeoutMs: number): unknown {
  if (error instanceof OperatorError || !(error instanceof Error)) return error;
  const inner = innermost(error);
  const code = (inner as NodeJS.ErrnoException).code ?? '';
  const shown = shownUrl(url);
  const detail = redactText(inner.message);
  const fail = (name: Code, parameters: CodeParameters, retryable: boolean): HttpFailure =>
    new HttpFailure(name, parameters, { retryable, cause: error });
  if (TIMEOUTS.has(code)) return fail('http-timeout', { url: shown, seconds: timeoutMs / 1000 }, true);
  if (code === 'ENOTFOUND') return fail('http-host-unknown', { host: url.hostname }, false);
  if (CERTIFICATE.test(code)) return fail('http-certificate', { host: url.host, detail }, false);
  if (/Proxy response|Proxy Authentication/i.test(inner.message))
    return fail('http-proxy-refused', { host: url.host, detail }, false);
  if (CUT.has(code)) return fail('http-cut', { url: shown, detail }, true);
  if (BROKEN_BODY.has(code) || code.startsWith('HPE_') || code.startsWith('Z_'))
    return fail('http-unreadable', { url: shown, detail }, false);
  if (
    code !== '' &&
    (inner as NodeJS.ErrnoException).syscall !== undefined &&
    /connect|getaddrinfo|read|write/.test(String((inner as NodeJS.ErrnoException).syscall))
  )
    return fail('http-unreachable', { url: shown, detail }, true);
  if (code.startsWith('UND_ERR') || code.startsWith('ERR_SSL') || code === 'EPROTO')
    return fail('http-unreachable', { url: shown, detail }, code !== 'UND_ERR_INVALID_ARG');
  return error;
}

/** Causes and aggregates (one per address tried) unwrapped down to what happened. */
function innermost(error: Error): Error {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return innermost(error.errors[0]);
  return error.cause instanceof Error && (error as NodeJS.ErrnoException).code === undefined
    ? innermost(error.cause)
    : error;
}

const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An answer whose status says no. @param retryAfter the header's text, seconds or a date. */
export function refusedStatus(
  url: URL,
  status: number,
  retryAfter: string | undefined,
  now: number,
): HttpFailure {
  const code = status === 401 || status === 403 ? 'http-refused' : 'http-status';
  return new HttpFailure(
    code,
    { url: shownUrl(url), status },
    { retryable: RETRYABLE.has(status), retryAfterMs: readRetryAfter(retryAfter, now), status },
  );
}

function readRetryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const milliseconds = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
