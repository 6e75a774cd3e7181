import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHttp, type HttpSettings } from '../../../../src/kit/adapters/http/open-http.js';
import { loopbackGuard } from '../../../support/loopback-guard.js';

/* A server whose certificate its own authority signed, as universities have them, and a proxy in front of it. */
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-tls-'));
const caFile = path.join(work, 'cert.pem');
const tunnels: string[] = [];
let server: ReturnType<typeof createServer>;
let proxy: Server;
let port = 0;

const listen = async (one: Server | ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return (one.address() as AddressInfo).port;
};

beforeAll(async () => {
  const key = path.join(work, 'key.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=bbb.test',
      '-addext',
      'subjectAltName=DNS:localhost,DNS:bbb.test',
      '-keyout',
      key,
      '-out',
      caFile,
    ],
    { stdio: 'ignore' },
  );
  server = createServer({ key: readFileSync(key), cert: readFileSync(caFile) }, (_, response) =>
    response.end('private'),
  );
  port = await listen(server);
  proxy = createProxy();
  proxy.on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  proxy.closeAllConnections();
  proxy.close();
  rmSync(work, { recursive: true, force: true });
});

async function ask(url: string, settings: HttpSettings): Promise<string> {
  const http = openHttp({ guard: loopbackGuard, environment: {}, retries: 0, ...settings });
  try {
    return (await http.readText({ url })).text;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  } finally {
    await http.close();
  }
}

describe('a server with an authority of its own', () => {
  it('is refused with its name, trusted by ca_file, or taken as it is on an explicit word', async () => {
    const url = `https://localhost:${port}/`;
    expect(await ask(url, {})).toBe('http-certificate');
    expect(await ask(url, { caFile })).toBe('private');
    expect(await ask(url, { caFile: [caFile] })).toBe('private');
    expect(await ask(url, { caFile: [] })).toBe('http-certificate');
    expect(await ask(url, { insecure: true })).toBe('private');
    expect(await ask(`https://127.0.0.1:${port}/`, { caFile })).toBe('http-certificate');
  });

  it('is reached and judged alike through a proxy', async () => {
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const url = 'https://bbb.test/x';
    expect(await ask(url, { environment, caFile })).toBe('private');
    expect(await ask(url, { environment })).toBe('http-certificate');
    expect(await ask(url, { environment, insecure: true })).toBe('private');
    expect(tunnels).toEqual(['bbb.test:443', 'bbb.test:443', 'bbb.test:443']);
  });
});
