import http from 'node:http';
import type { GatewayReply, GatewayRequest } from '../gateway.js';

const MAX_BODY = 16_384;

export interface ListenerSettings {
  readonly host: string;
  readonly port: number;
  /** Told what `answer` threw (a full disk, a directory out of reach): the caller gets 500, and the next one is served. */
  readonly onFailure: (error: unknown) => void;
  /** Answers one request; 429 when `allows` refuses its address. */
  readonly answer: (request: GatewayRequest) => GatewayReply;
  readonly allows: (address: string) => boolean;
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A small HTTP listener: short bodies, short times, JSON answers. @throws the system's error when it cannot listen. */
export async function listen(settings: ListenerSettings): Promise<Listener> {
  const server = http.createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 8192 },
    (request, response) => {
      const address = request.socket.remoteAddress ?? 'unknown';
      const reply = ({ status, body }: GatewayReply): void => {
        const text = JSON.stringify(body);
        response.writeHead(status, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          'cache-control': 'no-store',
        });
        response.end(text);
      };
      if (!settings.allows(address)) {
        reply({ status: 429, body: { status: 'error', details: 'too many requests' } });
        request.resume();
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BODY) chunks.push(chunk);
      });
      request.on('end', () => {
        if (size > MAX_BODY) reply({ status: 413, body: { status: 'error', details: 'too large' } });
        else reply(answered(settings, readRequest(request, address, Buffer.concat(chunks).toString('utf8'))));
      });
      request.on('error', () => undefined);
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : settings.port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answered({ answer, onFailure }: ListenerSettings, request: GatewayRequest): GatewayReply {
  try {
    return answer(request);
  } catch (error) {
    onFailure(error);
    const details = 'the order could not be kept';
    return { status: 500, body: { status: 'error', res: `Warning: ${details}`, details } };
  }
}

function readRequest(request: http.IncomingMessage, address: string, body: string): GatewayRequest {
  const url = URL.canParse(request.url ?? '/', 'http://gateway')
    ? new URL(request.url ?? '/', 'http://gateway')
    : null;
  return {
    method: request.method ?? 'GET',
    path: (url?.pathname ?? '/').replace(/(.)\/+$/, '$1'),
    query: new Map(url?.searchParams ?? []),
    authorization: request.headers.authorization ?? null,
    body,
    address,
  };
}
