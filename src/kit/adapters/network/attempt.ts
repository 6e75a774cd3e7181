import type { Fault, Outcome } from '../../outcome.js';

/** A refusal that an adapter recognised itself: a wrong password, an unknown application, a malformed answer. */
export class AdapterError extends Error {
  constructor(
    readonly fault: Fault,
    detail: string,
  ) {
    super(detail);
    this.name = 'AdapterError';
  }
}

const faults: Record<string, Fault> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ABORT_ERR: 'timeout',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  UND_ERR_SOCKET: 'closed',
  ENOENT: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
};

/**
 * Runs one question to a target: at most `timeoutMs`, cut short by `signal`; errors become outcomes.
 * The question gets a signal of its own and must let go of its sockets when it is aborted.
 */
export async function attempt<T>(
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<Outcome<T>> {
  const startedAt = performance.now();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort();
  }, options.timeoutMs);
  const signal = AbortSignal.any([options.signal, limit.signal]);
  const cut = new Promise<never>((_, reject) => {
    const giveUp = (): void => {
      reject(new AdapterError('timeout', `no answer within ${(options.timeoutMs / 1000).toFixed(1)} s`));
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  cut.catch(() => undefined);
  const asked = ask(signal);
  asked.catch(() => undefined);
  try {
    return { ok: true, value: await Promise.race([asked, cut]), ms: elapsed() };
  } catch (error) {
    return { ok: false, ...describeFault(error), ms: elapsed() };
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

/** Names the fault behind an error of Node, undici or an adapter. */
export function describeFault(thrown: unknown): { fault: Fault; detail: string } {
  if (thrown instanceof AdapterError) return { fault: thrown.fault, detail: thrown.message };
  const error = innermost(thrown);
  const code = errorCode(error);
  const detail = error instanceof Error && error.message !== '' ? error.message : (code ?? String(thrown));
  if (code !== undefined) {
    const known = faults[code];
    if (known !== undefined) return { fault: known, detail };
    if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) return { fault: 'tls', detail: code };
  }
  if (error instanceof Error && error.name === 'AbortError') return { fault: 'timeout', detail };
  return { fault: 'other', detail };
}

function innermost(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return innermost(thrown.errors[0]);
  if (thrown instanceof Error && thrown.cause instanceof Error) return innermost(thrown.cause);
  return thrown;
}

const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
