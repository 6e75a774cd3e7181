import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limitBandwidth } from '../../../../src/kit/adapters/http/bandwidth.js';
import { CookieJar } from '../../../../src/kit/adapters/http/cookie-jar.js';
import { MENDED, decodeStream, decodeText } from '../../../../src/kit/adapters/http/decode-text.js';
import { download } from '../../../../src/kit/adapters/http/download.js';
import { openHttp } from '../../../../src/kit/adapters/http/open-http.js';
import { loopbackGuard } from '../../../support/loopback-guard.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler = () => undefined;
let server: Server;
let base = '';
const work = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-http-'));
const http = openHttp({ guard: loopbackGuard, retryDelayMs: 1, retries: 3, timeoutMs: 300, environment: {} });

beforeAll(async () => {
  server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  server.close();
  rmSync(work, { recursive: true, force: true });
});

const failure = async (promise: Promise<unknown>): Promise<Record<string, unknown>> =>
  promise.then(
    () => ({ code: 'none' }),
    (error: unknown) => error as Record<string, unknown>,
  );

describe('openHttp', () => {
  it('tries a busy server again, and waits what it asks', async () => {
    let calls = 0;
    handler = (_, response) => {
      calls++;
      if (calls < 3) response.writeHead(503, { 'retry-after': '0' }).end();
      else response.end('ok');
    };
    expect((await http.readText({ url: base })).text).toBe('ok');
    expect(calls).toBe(3);
  });

  it('does not insist on a refusal, and shows no query', async () => {
    let calls = 0;
    handler = (_, response) => {
      calls++;
      response.writeHead(404).end();
    };
    const error = await failure(http.readText({ url: `${base}/x?checksum=cafe&token=secret1` }));
    expect(error).toMatchObject({ code: 'http-status', status: 404 });
    expect(String(error['message'])).toContain(`${base}/x?…`);
    expect(calls).toBe(1);
  });

  it('ends a silent server by its limit', async () => {
    handler = () => undefined;
    expect(await failure(http.readText({ url: base, retries: 0, timeoutMs: 60 }))).toMatchObject({
      code: 'http-timeout',
    });
  });

  it('is cancelled by its signal, whatever it is doing', async () => {
    handler = () => undefined;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped by us')), 30);
    expect(String((await failure(http.readText({ url: base, signal: controller.signal })))['message'])).toBe(
      'stopped by us',
    );
  });

  it('names what cannot be reached', async () => {
    expect(await failure(http.readText({ url: 'http://127.0.0.1:1/', retries: 0 }))).toMatchObject({
      code: 'http-unreachable',
    });
    expect(await failure(http.readText({ url: 'http://no-such-host.invalid/', retries: 0 }))).toMatchObject({
      code: expect.stringMatching(/^http-(host-unknown|unreachable)$/) as string,
    });
    expect(await failure(http.readText({ url: 'not a url' }))).toMatchObject({ code: 'http-redirects' });
  });

  it('reads a compressed body, bounded after decompression', async () => {
    handler = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(5000)));
    expect((await http.readText({ url: base })).text.length).toBe(5000);
    expect(await failure(http.readText({ url: base }, 1000))).toMatchObject({ code: 'http-too-large' });
  });

  it('sends what proves who we are only to the host that was meant', async () => {
    const seen: (string | undefined)[] = [];
    handler = (request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === '/')
        response.writeHead(302, { location: base.replace('127.0.0.1', 'localhost') + '/b' }).end();
      else response.end('ok');
    };
    const local = await failure(
      http.readText({ url: base, headers: { authorization: 'Token t' }, retries: 0 }),
    );
    expect(seen[0]).toBe('Token t');
    if (local['code'] === 'none') expect(seen[1]).toBeUndefined();
  });

  it('refuses endless redirects, and those that leave the web', async () => {
    handler = (_, response) => response.writeHead(302, { location: '/' }).end();
    expect(await failure(http.readText({ url: base }))).toMatchObject({ code: 'http-redirects' });
    handler = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    expect(await failure(http.readText({ url: base }))).toMatchObject({ code: 'http-redirects' });
  });

  it('goes through the proxy of the environment, and past it where NO_PROXY says', async () => {
    const seen: string[] = [];
    handler = (request, response) => {
      seen.push(String(request.url));
      response.end('from the proxy');
    };
    const proxied = openHttp({
      guard: loopbackGuard,
      environment: { HTTP_PROXY: base, NO_PROXY: 'direct.invalid' },
      retries: 0,
    });
    expect((await proxied.readText({ url: 'http://bbb.invalid/x' })).text).toBe('from the proxy');
    expect(seen).toEqual(['http://bbb.invalid/x']);
    expect(await failure(proxied.readText({ url: 'http://direct.invalid/x' }))).toMatchObject({
      code: expect.stringMatching(/^http-/) as string,
    });
    expect(seen.length).toBe(1);
    await proxied.close();
  });

  it('says which ca_file it cannot read', async () => {
    const error = await failure((async () => openHttp({ caFile: '/dev/null/authority.pem' }))());
    expect(error).toMatchObject({ code: 'http-ca-unreadable' });
  });
});

describe('charsets', () => {
  it('text/xml without a charset is UTF-8', () => {
    expect(decodeText(Buffer.from('<name>Réunion</name>'), 'text/xml')).toContain('Réunion');
  });

  it('obeys byte order mark, Content-Type, then the XML declaration', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1');
    expect(decodeText(latin, 'text/xml')).toContain('é');
    expect(decodeText(Buffer.from('é', 'latin1'), 'text/plain; charset="iso-8859-1"')).toBe('é');
    expect(decodeText(Buffer.from('\ufeffé', 'utf16le'), undefined)).toBe('é');
  });

  it('keeps characters that span chunks, and marks bytes that are no UTF-8', async () => {
    const euro = Buffer.from('a€b');
    const collect = async (chunks: Buffer[]): Promise<string> => {
      let text = '';
      for await (const piece of decodeStream(
        (async function* () {
          yield* chunks;
        })(),
        'text/xml',
      ))
        text += piece;
      return text;
    };
    expect(await collect([euro.subarray(0, 2), euro.subarray(2)])).toBe('a€b');
    expect(await collect([Buffer.from('é', 'latin1')])).toBe(`${MENDED}é`);
    expect(await collect([Buffer.from('ab'), Buffer.from([0xc3])])).toBe(`ab${MENDED}Ã`);
  });
});

describe('CookieJar', () => {
  it('keeps a cookie to its host, path, scheme and age', () => {
    let now = 0;
    const jar = new CookieJar(() => now);
    const page = new URL('https://scalelite.example/recording/abc/presentation');
    jar.store(page, [
      'recording_presentation_abc=jwt; Path=/presentation/abc; Secure; HttpOnly; SameSite=None; Max-Age=60',
      'evil=1; Domain=other.example',
      'wide=1; Domain=example',
    ]);
    expect(jar.header(new URL('https://scalelite.example/presentation/abc/metadata.xml'))).toBe(
      'recording_presentation_abc=jwt',
    );
    expect(jar.header(new URL('https://scalelite.example/presentation/abcd/metadata.xml'))).toBeNull();
    expect(jar.header(new URL('http://scalelite.example/presentation/abc/x'))).toBeNull();
    expect(jar.header(new URL('https://other.example/presentation/abc/x'))).toBeNull();
    now = 61_000;
    expect(jar.header(new URL('https://scalelite.example/presentation/abc/x'))).toBeNull();
  });
});

describe('download', () => {
  const bytes = Buffer.from(Array.from({ length: 400_000 }, (_, i) => i % 251));
  const target = (name: string): string => path.join(work, name);
  /** A static file server that cuts the first `cuts` answers in their middle. */
  const serve = (cuts: number, options: { etag?: string; ranges?: string[] } = {}): Handler => {
    let left = cuts;
    return (request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      options.ranges?.push(request.headers.range ?? '-');
      const body = bytes.subarray(start);
      response.writeHead(start > 0 ? 206 : 200, {
        'content-type': 'video/mp4',
        'content-length': body.length,
        etag: options.etag ?? '"v1"',
        ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
      });
      if (left-- > 0) {
        response.write(body.subarray(0, 70_000), () => setTimeout(() => response.destroy(), 80));
      } else response.end(body);
    };
  };

  it('resumes cut connections as long as bytes come, more often than a dead server is tried', async () => {
    const ranges: string[] = [];
    handler = serve(5, { ranges });
    const progress: number[] = [];
    const { sizeBytes } = await download(http, {
      request: { url: `${base}/v.m4v` },
      file: target('a.m4v'),
      mode: 0o640,
      onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
    });
    expect(sizeBytes).toBe(bytes.length);
    expect(readFileSync(target('a.m4v')).equals(bytes)).toBe(true);
    expect(statSync(target('a.m4v')).mode & 0o777).toBe(0o640);
    expect(ranges[0]).toBe('-');
    expect(ranges.filter((range) => range.startsWith('bytes=')).length).toBeGreaterThanOrEqual(3);
    expect(existsSync(target('a.m4v.part')) || existsSync(target('a.m4v.part.offer'))).toBe(false);
    expect(progress.at(-1)).toBe(bytes.length);
  });

  it('goes on with the part of an earlier run, if it is of the same file', async () => {
    const ranges: string[] = [];
    writeFileSync(target('b.m4v.part'), bytes.subarray(0, 1000));
    writeFileSync(
      target('b.m4v.part.offer'),
      JSON.stringify({ etag: '"v1"', lastModified: null, totalBytes: bytes.length }),
    );
    handler = serve(0, { ranges });
    await download(http, { request: { url: base }, file: target('b.m4v') });
    expect(ranges).toEqual(['bytes=1000-']);
    expect(readFileSync(target('b.m4v')).equals(bytes)).toBe(true);
  });

  it('begins anew when the part is of unknown origin or the file changed', async () => {
    const ranges: string[] = [];
    writeFileSync(target('c.m4v.part'), 'something else');
    handler = serve(0, { ranges });
    await download(http, { request: { url: base }, file: target('c.m4v') });
    expect(ranges).toEqual(['-']);
    writeFileSync(target('d.m4v.part'), 'x'.repeat(100));
    writeFileSync(
      target('d.m4v.part.offer'),
      JSON.stringify({ etag: null, lastModified: null, totalBytes: 5 }),
    );
    await download(http, { request: { url: base }, file: target('d.m4v') });
    expect(readFileSync(target('d.m4v')).equals(bytes)).toBe(true);
  });

  it('a short, empty or page answer never takes the final name', async () => {
    const quick = openHttp({
      guard: loopbackGuard,
      retryDelayMs: 1,
      retries: 0,
      timeoutMs: 200,
      environment: {},
    });
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('only this');
      setTimeout(() => response.destroy(), 20);
    };
    const cut = await failure(download(quick, { request: { url: base, retries: 0 }, file: target('e.m4v') }));
    expect(cut).toMatchObject({ code: 'http-cut' });
    handler = (_, response) => response.writeHead(200, { 'content-length': '0' }).end();
    expect(await failure(download(http, { request: { url: base }, file: target('f.m4v') }))).toMatchObject({
      code: 'download-empty',
    });
    handler = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login');
    expect(await failure(download(http, { request: { url: base }, file: target('g.m4v') }))).toMatchObject({
      code: 'download-not-media',
    });
    expect(['e', 'f', 'g'].filter((name) => existsSync(target(`${name}.m4v`)))).toEqual([]);
    await quick.close();
  });

  it('decodes a body that is compressed against our will', async () => {
    handler = (_, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'video/mp4' })
        .end(gzipSync(bytes));
    await download(http, { request: { url: base }, file: target('h.m4v') });
    expect(readFileSync(target('h.m4v')).equals(bytes)).toBe(true);
  });

  it('says disk-full when the disk is full', async () => {
    symlinkSync('/dev/full', target('i.m4v.part'));
    handler = serve(0);
    expect(await failure(download(http, { request: { url: base }, file: target('i.m4v') }))).toMatchObject({
      code: 'disk-full',
    });
    expect(
      await failure(
        download(http, {
          request: { url: base },
          file: target('j.m4v'),
          minFreeBytes: Number.MAX_SAFE_INTEGER,
        }),
      ),
    ).toMatchObject({ code: 'min-free-reached' });
  });

  it('paces what shares a bandwidth', async () => {
    handler = serve(0);
    const startedAt = Date.now();
    await download(http, {
      request: { url: base },
      file: target('k.m4v'),
      bandwidth: limitBandwidth(2_000_000),
    });
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(180);
  });
});
