import { randomBytes } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { lookup as resolveName } from 'node:dns/promises';
import { guardAddresses } from '../../../kit/adapters/http/address-guard.js';
import { HttpFailure } from '../../../kit/adapters/http/http-failure.js';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import type { CertificateFacts, WebAnswer, WebRequest, WebSocketRequest } from '../../check/web-facts.js';

/** A hundred modules, which a check of files never needs; loaded before a time limit runs. */
export const loadWeb = () => import('undici');

const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * Asks one URL once, without following redirects and without judging the certificate (that is
 * `readCertificate`'s work): what a balancer or a node answers is read even when its certificate is wrong.
 * @param allowHosts `allow_hosts`: hosts of the inside that answers may lead to.
 */
export async function askWeb(
  request: WebRequest,
  signal: AbortSignal,
  allowHosts: readonly string[] = [],
): Promise<WebAnswer> {
  const url = new URL(request.url);
  const { Client, buildConnector } = await loadWeb();
  const connect = buildConnector({ rejectUnauthorized: false, allowH2: false, timeout: 0 });
  const connectTo = request.connectTo ?? (await judged(url, request.namedBy, allowHosts));
  const client = new Client(url.origin, {
    connect: (options, callback) => {
      connect(
        connectTo === undefined
          ? { ...options, servername: serverName(url.hostname) }
          : {
              ...options,
              hostname: connectTo.host,
              port: String(connectTo.port),
              servername: serverName(url.hostname),
            },
        callback,
      );
    },
    pipelining: 0,
    keepAliveTimeout: 1,
  });
  try {
    const answer = await client.request({
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: { 'user-agent': 'bbb2pod-cluster-check', accept: '*/*', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    const { kept, total } = await keep(answer.body);
    const headers = flatten(answer.headers);
    return {
      url: request.url,
      status: answer.statusCode,
      headers,
      body: unpack(kept, headers['content-encoding'] ?? ''),
      totalBytes: total,
      protocol: url.protocol === 'https:' ? 'http/1.1' : null,
    };
  } finally {
    client.destroy().catch(() => undefined);
  }
}

/**
 * Where a URL may lead that an answer named: to the servers that the inventory gave, else to the public internet; at the
 * address that was judged. Undefined for what the inventory itself says. @throws AdapterError guarded: it was not asked.
 */
async function judged(
  url: URL,
  namedBy: readonly string[] | undefined,
  allowHosts: readonly string[],
): Promise<WebRequest['connectTo']> {
  if (namedBy === undefined) return undefined;
  try {
    const [first] = await guardAddresses({ origins: namedBy, allowHosts }).resolve(url);
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    return first === undefined ? undefined : { host: first.address, port };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new AdapterError(
      'guarded',
      `it is at ${url.host}, inside, which cluster.toml does not name; allow_hosts = ["${url.host}"] in bbb2pod.toml has it asked`,
    );
  }
}

/**
 * Asks for an upgrade to WebSocket and hangs up: `101` is the answer of a front that passes it on.
 * @returns the status of the answer.
 */
export async function askWebSocket(request: WebSocketRequest, signal: AbortSignal): Promise<number> {
  const url = new URL(request.url);
  const { host, port } = request.connectTo;
  return new Promise((resolve, reject) => {
    const asked = https.request({
      ...{ host, port, path: url.pathname, servername: serverName(url.hostname), signal },
      rejectUnauthorized: false,
      headers: {
        host: url.host,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-protocol': request.protocol,
        'user-agent': 'bbb2pod-cluster-check',
      },
    });
    asked.once('error', reject);
    asked.once('upgrade', ({ statusCode = 0 }, socket) => {
      socket.destroy();
      resolve(statusCode);
    });
    asked.once('response', (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.end();
  });
}

/**
 * Reads the certificate that a server presents for a name.
 * @param authorities PEM text of further trusted authorities.
 */
export async function readCertificate(
  target: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly authorities?: string;
  },
  signal: AbortSignal,
): Promise<CertificateFacts> {
  const socket = tls.connect({
    host: target.host,
    port: target.port,
    servername: serverName(target.name),
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(target.authorities === undefined ? {} : { ca: [...tls.rootCertificates, target.authorities] }),
  });
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return describeCertificate(socket, target.name);
  } finally {
    socket.destroy();
  }
}

/** Describes the peer certificate of an established TLS socket. */
export function describeCertificate(socket: tls.TLSSocket, name: string): CertificateFacts {
  const certificate = socket.getPeerX509Certificate();
  const names = (certificate?.subjectAltName ?? '')
    .split(', ')
    .filter((entry) => entry !== '')
    .map((entry) => entry.replace(/^(DNS|IP Address):/, ''));
  // Node leaves the reason here; its type says Error, what comes is OpenSSL's code.
  const reason = socket.authorized ? null : String(socket.authorizationError);
  return {
    names,
    expiresAt: certificate === undefined ? 0 : Date.parse(certificate.validTo),
    trusted: socket.authorized,
    reason,
    selfSigned: certificate !== undefined && certificate.subject === certificate.issuer,
    protocol: socket.getProtocol(),
    matchesName:
      certificate !== undefined &&
      // checkIP throws on anything but an address.
      (certificate.checkHost(name) !== undefined ||
        (serverName(name) === '' && certificate.checkIP(name) !== undefined)),
    offered: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
  };
}

/** SNI takes names only (RFC 6066, 3). */
const serverName = (host: string): string => (/^[\d.:[\]]+$/.test(host) ? '' : host);

/** All addresses of a name, as the system resolves it. */
export async function resolveAddresses(name: string): Promise<string[]> {
  return (await resolveName(name, { all: true })).map(({ address }) => address);
}

async function keep(body: AsyncIterable<Buffer>): Promise<{ kept: Buffer; total: number }> {
  const chunks: Buffer[] = [];
  let total = 0;
  let kept = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (kept < KEPT_BYTES) {
      chunks.push(chunk);
      kept += chunk.length;
    }
  }
  return { kept: Buffer.concat(chunks).subarray(0, KEPT_BYTES), total };
}

/** Some servers compress without being asked, as storages of ready-made files do. */
function unpack(body: Buffer, encoding: string): Buffer {
  const options = { maxOutputLength: KEPT_BYTES };
  try {
    if (/^(x-)?gzip$/i.test(encoding)) return gunzipSync(body, options);
    if (/^br$/i.test(encoding)) return brotliDecompressSync(body, options);
    return /^deflate$/i.test(encoding) ? inflateSync(body, options) : body;
  } catch {
    // What is not packed as it says is judged as it came.
    return body;
  }
}

const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join('\n') : (value ?? ''),
    ]),
  );
