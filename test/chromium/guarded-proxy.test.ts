import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startGuardedProxy } from '../../src/chromium/guarded-proxy.js';
import type { LoopbackServer } from '../../src/chromium/loopback-server.js';
import { guardAddresses } from '../../src/kit/adapters/http/address-guard.js';

let meeting: Server;
let inside: Server;
let asked = 0;
let proxy: LoopbackServer;
const refused: string[] = [];

const listen = (answer: string): Promise<Server> => {
  const server = createServer((_, response) => {
    asked++;
    response.end(answer);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  [meeting, inside, asked] = [await listen('client'), await listen('secret'), 0];
  refused.length = 0;
  // The configured [bbb] alone; and a name of the outside that leads to this machine.
  const guard = guardAddresses({
    origins: [`http://127.0.0.1:${portOf(meeting)}`],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  proxy = await startGuardedProxy(guard, (message) => refused.push(message));
});
afterEach(async () => {
  await proxy.close();
  meeting.close();
  inside.close();
});

const get = (url: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    request({ port: proxy.port, path: url, headers: { host: 'x' } }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
const tunnel = (place: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(proxy.port, '127.0.0.1', () => socket.write(`CONNECT ${place} HTTP/1.1\r\n\r\n`));
    socket.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });

it('leads to the configured server, plain and in a tunnel (its web socket)', async () => {
  expect(await get(`http://127.0.0.1:${portOf(meeting)}/html5client`)).toEqual({
    status: 200,
    body: 'client',
  });
  expect(await tunnel(`127.0.0.1:${portOf(meeting)}`)).toContain(' 200 ');
});

it.each(['127.0.0.1', 'localhost', 'video.example', '[::ffff:127.0.0.1]', '2130706433'])(
  'leads nowhere inside when a meeting names %s, and says so once',
  async (host) => {
    const place = `${host}:${portOf(inside)}`;
    expect((await get(`http://${place}/latest/meta-data`)).status).toBe(403);
    expect(await tunnel(place)).toContain(' 403 ');
    expect(asked).toBe(0);
    expect(refused.length).toBeGreaterThan(0);
  },
);
