import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { AddressGuard, ResolvedAddress } from '../kit/adapters/http/address-guard.js';
import { listenOnLoopback, type LoopbackServer } from './loopback-server.js';

/** Hop by hop (RFC 9110, 7.6.1): not for the server behind. */
const HOP_HEADERS = ['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive', 'te', 'upgrade'];

/**
 * The way of a live's browser into the network. A meeting shows what its participants name (a shared video, a picture in
 * the chat): each address is judged where it was resolved, and that very one is connected to.
 * @param onRefused told once for each host that was refused
 */
export async function startGuardedProxy(
  guard: AddressGuard,
  onRefused: (message: string) => void,
): Promise<LoopbackServer> {
  const proxy = new GuardedProxy(guard, onRefused);
  const server = createServer((request, response) => proxy.pass(request, response));
  // Everything encrypted, and plain web sockets: what goes through is not ours to see.
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) =>
    proxy.tunnel(request.url ?? '', client, head),
  );
  server.on('connection', (socket) => proxy.hold(socket));
  return listenOnLoopback(server, () => proxy.destroy());
}

class GuardedProxy {
  readonly #guard: AddressGuard;
  readonly #onRefused: (message: string) => void;
  readonly #told = new Set<string>();
  readonly #sockets = new Set<Socket>();

  constructor(guard: AddressGuard, onRefused: (message: string) => void) {
    this.#guard = guard;
    this.#onRefused = onRefused;
  }

  /** A question in plain HTTP. */
  pass(request: IncomingMessage, response: ServerResponse): void {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
    if (url?.protocol !== 'http:') {
      response.writeHead(400).end();
      return;
    }
    firstOf(this.#guard, [url]).then(
      ({ address }) => {
        const upstream = httpRequest(
          { ...partsOf(url), host: address, method: request.method, headers: headersOf(request, url) },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        );
        upstream.on('error', () => response.destroy());
        response.on('close', () => upstream.destroy());
        request.pipe(upstream);
      },
      (error: unknown) => {
        this.#refuse(url.host, error);
        response.writeHead(403).end();
      },
    );
  }

  /** @param place `HOST:PORT` */
  tunnel(place: string, client: Socket, head: Buffer): void {
    client.on('error', () => client.destroy());
    const urls = ['https', 'http'].flatMap((scheme) =>
      URL.canParse(`${scheme}://${place}`) ? [new URL(`${scheme}://${place}`)] : [],
    );
    firstOf(this.#guard, urls).then(
      ({ address }) => this.#join(client, head, address, Number(/:(\d+)$/.exec(place)?.[1] ?? 443)),
      (error: unknown) => {
        this.#refuse(place, error);
        client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      },
    );
  }

  /** Ends with the proxy. */
  hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, head: Buffer, host: string, port: number): void {
    const upstream = connect({ host, port }, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    this.hold(upstream);
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  }

  #refuse(host: string, error: unknown): void {
    // Names that nobody knows are no refusal: browsers ask for many.
    if (!(error instanceof OperatorError) || this.#told.has(host)) return;
    this.#onRefused(error.message);
    this.#told.add(host);
  }
}

/** A tunnel says host and port, not what is spoken in it: it may lead where either form may. */
async function firstOf(guard: AddressGuard, urls: readonly URL[]): Promise<ResolvedAddress> {
  let refusal: unknown = new Error('no address');
  for (const url of urls) {
    try {
      const [first] = await guard.resolve(url);
      if (first !== undefined) return first;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

const partsOf = ({ port, pathname, search }: URL) => ({
  port: port === '' ? 80 : Number(port),
  path: `${pathname}${search}`,
});

const headersOf = ({ headers }: IncomingMessage, { host }: URL): IncomingMessage['headers'] => ({
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name))),
  host,
});
