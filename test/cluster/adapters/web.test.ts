import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askWeb } from '../../../src/cluster/adapters/network/web.js';

const TEXT = '#EXTM3U\n#EXT-X-TARGETDURATION:4\n';
const BODIES: Readonly<Record<string, { encoding: string; body: Buffer }>> = {
  '/gzip': { encoding: 'gzip', body: gzipSync(TEXT) },
  '/br': { encoding: 'br', body: brotliCompressSync(TEXT) },
  '/deflate': { encoding: 'deflate', body: deflateSync(TEXT) },
  // A storage that names an encoding of files that are not packed.
  '/not-packed': { encoding: 'gzip', body: Buffer.from(TEXT) },
};

describe('an answer that is packed without being asked for it', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const found = BODIES[request.url ?? ''];
      response.writeHead(200, { 'content-encoding': found?.encoding ?? '' }).end(found?.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(Object.keys(BODIES))('%s is read', async (path) => {
    const { port } = server.address() as AddressInfo;
    const answer = await askWeb({ url: `http://127.0.0.1:${port}${path}` }, AbortSignal.timeout(30_000));
    expect(answer.body.toString('utf8')).toBe(TEXT);
    expect(answer.totalBytes).toBe(BODIES[path]?.body.length);
  });

  it('at an inside address that another answer named is asked only where the operator names it', async () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/br`;
    const ask = (namedBy: string[], allowHosts: string[] = []) =>
      askWeb({ url, namedBy }, AbortSignal.timeout(30_000), allowHosts);
    await expect(ask(['http://192.0.2.1'])).rejects.toMatchObject({ fault: 'guarded' });
    expect((await ask(['http://192.0.2.1', `http://127.0.0.1:${port}`])).status).toBe(200);
    expect((await ask(['http://192.0.2.1'], [`127.0.0.1:${port}`])).status).toBe(200);
  });
});
