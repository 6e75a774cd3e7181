import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
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
  const told = new Set<string>();
  const sockets = new Set<Socket>();
  const refuse = (host: string, error: unknown): void => {
    // Names that nobody knows are no refusal: browsers ask for many.
    if (!(error instanceof OperatorError) || told.has(host)) return;
    onRefused(error.message);
    told.add(host);
  };
  const server = createServer((request, response) => {
    const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : null;
    if (url?.protocol !== 'http:') {
      response.writeHead(400).end();
      return;
    }
    firstOf(guard, [url]).then(
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
        refuse(url.host, error);
        response.writeHead(403).end();
      },
    );
  });
  // Everything encrypted, and plain web sockets: what goes through is not ours to see.
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => client.destroy());
    const place = request.url ?? '';
    const urls = ['https', 'http'].flatMap((scheme) =>
      URL.canParse(`${scheme}://${place}`) ? [new URL(`${scheme}://${place}`)] : [],
    );
    firstOf(guard, urls).then(
      ({ address }) => {
        const port = Number(/:(\d+)$/.exec(place)?.[1] ?? 443);
        const upstream = connect({ host: address, port }, () => {
          client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
          upstream.write(head);
          upstream.pipe(client);
          client.pipe(upstream);
        });
        sockets.add(upstream);
        upstream.on('error', () => client.destroy());
        upstream.on('close', () => {
          sockets.delete(upstream);
          client.destroy();
        });
        client.on('close', () => upstream.destroy());
      },
      (error: unknown) => {
        refuse(place, error);
        client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      },
    );
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return listenOnLoopback(server, () => {
    for (const socket of sockets) socket.destroy();
  });
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
