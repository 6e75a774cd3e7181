import http from 'node:http';
import { createReadStream, statSync } from 'node:fs';
import { messageOf } from '../../../kit/errors/operator-error.js';
import { runnerTexts } from '../../esup-runner/texts.js';
import type { RunnerReply, RunnerRequest } from '../../esup-runner/answer-manager.js';

/** A task is a few hundred bytes. */
const MAX_BODY = 65_536;
/** A film is hundreds of megabytes. */
const READ_BYTES = 1_048_576;

export interface RunnerListener {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens for the manager: short requests, JSON answers, files streamed as they lie.
 * @throws OperatorError runner-address-unusable
 */
export async function listenForManager(
  { host, port }: { host: string; port: number },
  answer: (request: RunnerRequest) => Promise<RunnerReply>,
  onTrouble: (text: string) => void,
): Promise<RunnerListener> {
  const server = http.createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 8192 },
    (request, response) => {
      receive(request, answer)
        .then((reply) => send(reply, response, request.method === 'HEAD'))
        .catch((error: unknown) => {
          onTrouble(`runner ${request.url ?? ''}: ${messageOf(error)}`);
          if (response.headersSent) response.destroy();
          else send({ status: 500, body: { detail: 'Internal error' } }, response, false);
        });
    },
  );
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(runnerTexts.runnerAddressUnusable({ address: `${host}:${port}`, detail: messageOf(error) })),
    );
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function receive(
  request: http.IncomingMessage,
  answer: (request: RunnerRequest) => Promise<RunnerReply>,
): Promise<RunnerReply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return { status: 413, body: { detail: 'Too large' } };
    chunks.push(chunk);
  }
  const at = request.url ?? '/';
  const path = URL.canParse(at, 'http://runner') ? new URL(at, 'http://runner').pathname : '/';
  const given = request.headers['x-api-token'];
  const [, bearer] = /^bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return answer({
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    path: decoded(path.replace(/(.)\/+$/, '$1')),
    token: (typeof given === 'string' ? given : undefined) ?? bearer ?? null,
    body: Buffer.concat(chunks).toString('utf8'),
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/';
  }
}

function send(reply: RunnerReply, response: http.ServerResponse, headOnly: boolean): void {
  if ('file' in reply) {
    const { size } = statSync(reply.file);
    response.writeHead(200, {
      'content-type': reply.file.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'content-length': size,
    });
    if (headOnly) response.end();
    else
      createReadStream(reply.file, { highWaterMark: READ_BYTES })
        .on('error', () => response.destroy())
        .pipe(response);
    return;
  }
  const text = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(reply.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(headOnly ? undefined : text);
}
