import { isIP } from 'node:net';
import tls from 'node:tls';
import type { Dispatcher } from 'undici';
import { httpTexts } from '../../errors/http.js';
import { messageOf } from '../../errors/operator-error.js';
import { readNamedText } from '../files/open-named-file.js';
import { guardAddresses, type AddressGuard } from './address-guard.js';
import { guardedConnect } from './guarded-connect.js';
import { HttpFailure } from './http-failure.js';
import { EnvHttpProxyAgent } from './undici.js';

export interface HttpSettings {
  /** PEM files of further trusted authorities. */
  readonly caFile?: string | readonly string[] | undefined;
  /** Accept any certificate. Only ever by an explicit flag. */
  readonly insecure?: boolean;
  /** Longest silence: until the headers, then between two pieces of the body. 180 s. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** How often a request is tried again, and the first pause (doubled each time, at most a minute). */
  readonly retries?: number;
  readonly retryDelayMs?: number;
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY in either case; the process's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onRetry?: (retry: { readonly reason: string; readonly attempt: number }) => void;
  /** Which addresses may be reached, at each hop; the public internet alone by default. */
  readonly guard?: AddressGuard;
}

export interface Way {
  readonly dispatcher: Dispatcher;
  /** Refuses a hop whose address must not be reached. @throws HttpFailure http-address-refused */
  readonly judge: (url: URL) => Promise<void>;
}

const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/** Sockets, certificates, proxies and the address guard of one client. @throws OperatorError http-ca-unreadable */
export function openWay(settings: HttpSettings): Way {
  const { guard = guardAddresses(), environment = process.env } = settings;
  const hasProxy = proxyNames.some((name) => proxyOf(environment, name) !== '');
  return {
    dispatcher: openDispatcher(settings, guard, environment),
    judge: (url) => judgeHop(guard, url, hasProxy),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;
const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY'] as const;
const proxyOf = (environment: Environment, name: (typeof proxyNames)[number]): string =>
  environment[name.toLowerCase()] ?? environment[name] ?? '';

function openDispatcher(
  { caFile, insecure = false, connectTimeoutMs = 10_000 }: HttpSettings,
  guard: AddressGuard,
  environment: Environment,
): Dispatcher {
  const own = [caFile ?? []].flat().map(readAuthorities);
  const secureContext = {
    rejectUnauthorized: !insecure,
    ...(own.length === 0 ? {} : { ca: [...tls.rootCertificates, ...own] }),
  };
  const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  return new EnvHttpProxyAgent({
    httpProxy: proxyOf(environment, 'HTTP_PROXY'),
    httpsProxy: proxyOf(environment, 'HTTPS_PROXY'),
    noProxy: noProxy.trim() === '*' ? '*' : [noProxy, LOOPBACK].filter((part) => part !== '').join(','),
    connect: guardedConnect(guard, { ...secureContext, timeout: connectTimeoutMs }),
    requestTls: secureContext,
    proxyTls: secureContext,
    // Plain HTTP goes through a proxy as such: proxies commonly refuse CONNECT to port 80.
    proxyTunnel: false,
  });
}

function readAuthorities(file: string): string {
  try {
    return readNamedText(file);
  } catch (error) {
    throw httpTexts.httpCaUnreadable({ file, detail: messageOf(error, 'unreadable') }, { cause: error });
  }
}

/**
 * Behind a proxy no socket of ours sees the address: then what our own resolver says of the name is judged, and a name
 * that only the proxy knows is left to it.
 * @throws HttpFailure http-address-refused
 */
async function judgeHop(guard: AddressGuard, url: URL, hasProxy: boolean): Promise<void> {
  const isLiteral = isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  if (!isLiteral && !hasProxy) return;
  await guard.resolve(url).catch((error: unknown) => {
    if (error instanceof HttpFailure) throw error;
  });
}
