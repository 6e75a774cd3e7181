import { createServer, type Server } from 'node:http';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { evaluate, frameCaptureOf, navigate, openPage } from '../../src/chromium/frame-capture.js';
import { startDrawingBrowser } from '../../src/chromium/start-drawing-browser.js';

const size = { width: 320, height: 180 };
const servers: Server[] = [];
const temporary = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-drawing-'));
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(temporary, { recursive: true, force: true });
});

async function serve(): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.setHeader('content-type', 'text/html');
    response.setHeader('access-control-allow-origin', '*');
    response.end('<p>fed</p>');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

it('draws what its feeder gives, reaches nothing else, and leaves nothing', async () => {
  const [feeder, other] = [await serve(), await serve()];
  const browser = await startDrawingBrowser({
    executable: '/usr/bin/chromium',
    sandbox: 'on',
    reach: { loopbackPorts: [feeder.port] },
    size,
    beginFrame: true,
  });
  const line = readFileSync(`/proc/${browser.processGroup}/cmdline`, 'latin1');
  const profile = /--user-data-dir=([^\s\0]+)\/profile/.exec(line)?.[1] ?? '';
  expect(existsSync(profile)).toBe(true);
  try {
    const page = await openPage(browser, size);
    const capture = frameCaptureOf(browser, page);
    await capture.during(navigate(page, `http://127.0.0.1:${feeder.port}/`));
    expect((await capture.take()).subarray(1, 4).toString()).toBe('PNG');
    const urls = [
      `http://127.0.0.1:${other.port}/`,
      `http://localhost:${other.port}/`,
      'http://example.org/',
      'file:///etc/passwd',
    ];
    const tried = `Promise.all(${JSON.stringify(urls)}.map((url) => fetch(url).then(() => 'reached', () => 'refused')))`;
    expect(await capture.during(evaluate(page, tried))).toEqual(urls.map(() => 'refused'));
    expect(other.hits()).toBe(0);
  } finally {
    await browser.close();
  }
  expect(existsSync(profile)).toBe(false);
  expect(existsSync(`/proc/${browser.processGroup}/exe`)).toBe(false);
});

it('says of a program that is no browser that it did not start, and leaves no profile', async () => {
  await expect(
    startDrawingBrowser({
      executable: '/bin/false',
      sandbox: 'on',
      reach: { loopbackPorts: [] },
      size,
      temporaryDirectory: temporary,
    }),
  ).rejects.toMatchObject({ code: 'chromium-start' });
  expect(readdirSync(temporary)).toEqual([]);
});
