import { createServer as createHttp, request as send, type IncomingMessage } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';

export interface EchoServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server whose error page quotes all it was told: address, headers, body. `status` may change per request. */
export const startEchoingHttp = (status: (path: string) => number): Promise<EchoServer> =>
  listen(
    createHttp((request, response) => {
      void readAll(request).then((body) => {
        const code = status(request.url ?? '/');
        const page = `<html><body>${code} ${request.method ?? ''} ${request.url ?? ''} ${JSON.stringify(request.headers)} ${body.toString()}</body></html>`;
        const where = code === 302 ? { location: `/elsewhere${request.url ?? ''}` } : {};
        response.writeHead(code, { 'content-type': 'text/html', ...where }).end(page);
      });
    }),
  );

/** A server of no protocol: says back whatever it hears, and hangs up. */
export const startEchoingTcp = (): Promise<EchoServer> =>
  listen(
    createTcp((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (heard) => socket.end(Buffer.concat([Buffer.from('-ERR '), heard])));
    }),
  );

/** A mail server that refuses every login and quotes it. */
export const startRefusingSmtp = (): Promise<EchoServer> =>
  listen(
    createTcp((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 mail.univ.example ESMTP\r\n');
      socket.on('data', (heard) => {
        const line = heard.toString();
        if (/^EHLO/i.test(line)) socket.write('250-mail.univ.example\r\n250 AUTH PLAIN LOGIN\r\n');
        else socket.write(`535 5.7.8 refused: ${line.trim()} ${decode(line)}\r\n`);
      });
    }),
  );

/** A proxy that remembers every checksum, token and cookie that passes, for a search of them afterwards. */
export function startListeningProxy(
  target: () => string,
  heard: (word: string, place: string) => void,
): Promise<EchoServer> {
  const listenTo = (text: string): void => {
    for (const [, name = '', value = ''] of text.matchAll(/[?&;](checksum|token|sessionToken)=([\w-]{8,})/g))
      heard(value, `a ${name} in a URL`);
  };
  return listen(
    createHttp((request, response) => {
      void readAll(request).then((body) => {
        listenTo(request.url ?? '');
        const upstream = send(
          new URL(request.url ?? '/', target()),
          { method: request.method ?? 'GET', headers: request.headers },
          (answer) => {
            void readAll(answer).then((content) => {
              if (/xml|html/.test(answer.headers['content-type'] ?? '')) listenTo(content.toString());
              for (const cookie of answer.headers['set-cookie'] ?? [])
                heard(cookie.split(';')[0]?.split('=')[1] ?? '', 'a playback cookie');
              response.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
            });
          },
        );
        upstream.on('error', () => response.destroy());
        upstream.end(body);
      });
    }),
  );
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const decode = (line: string): string => Buffer.from(line.split(' ').at(-1) ?? '', 'base64').toString();

const listen = (server: Server): Promise<EchoServer> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise<void>((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server)
              (server as { closeAllConnections(): void }).closeAllConnections();
          }),
      }),
    );
  });
