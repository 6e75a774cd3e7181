import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { launchChromium, type LaunchedChromium } from '../../src/chromium/launch-chromium.js';

const size = { width: 640, height: 360 };
let launched: LaunchedChromium | undefined;
const servers: Server[] = [];

async function serve(body: string): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.setHeader('content-type', 'text/html');
    response.setHeader('access-control-allow-origin', '*');
    response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

afterEach(async () => {
  await launched?.close();
  launched = undefined;
  for (const server of servers.splice(0)) server.close();
});

const launch = (loopbackPorts: number[]) =>
  launchChromium({ executable: '/usr/bin/chromium', sandbox: 'on', reach: { loopbackPorts }, size });

const processesOf = (group: number): string[] =>
  execFileSync('ps', ['-eo', 'pgid=,uid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${group} `) && !line.includes('<defunct>'));

describe('launchChromium', () => {
  it('reaches its feeder and nothing else, not even another loopback port', async () => {
    const feeder = await serve('<p>fed</p>');
    const other = await serve('secret');
    launched = await launch([feeder.port]);
    const page = await launched.browser.newPage();
    await page.goto(`http://127.0.0.1:${feeder.port}/`);
    const tried = await page.evaluate(
      async (urls: string[]) =>
        Promise.all(
          urls.map((url) =>
            fetch(url).then(
              () => 'reached',
              () => 'refused',
            ),
          ),
        ),
      [
        `http://127.0.0.1:${other.port}/`,
        `http://localhost:${other.port}/`,
        'http://example.org/',
        'file:///etc/passwd',
      ],
    );
    expect(tried).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(other.hits()).toBe(0);
    expect(feeder.hits()).toBeGreaterThan(0);
  });

  it('runs unprivileged with its sandbox, and leaves neither process nor profile', async () => {
    launched = await launch([]);
    const lines = processesOf(launched.processGroup);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => line.includes('--no-sandbox'))).toEqual([]);
    if (process.getuid?.() === 0) expect(lines.filter((line) => / 0 /.test(line.slice(0, 14)))).toEqual([]);
    const profile = /--user-data-dir=(\S+)\/profile/.exec(lines.join('\n'))?.[1] ?? '';
    expect(profile).not.toBe('');
    await launched.close();
    expect(processesOf(launched.processGroup)).toEqual([]);
    expect(readdirSync(os.tmpdir()).map((name) => `${os.tmpdir()}/${name}`)).not.toContain(profile);
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    launched = await launchChromium({
      executable: '/usr/bin/chromium',
      sandbox: 'on',
      reach: { loopbackPorts: [] },
      size,
      signal: controller.signal,
    });
    controller.abort();
    await launched.close();
    expect(processesOf(launched.processGroup)).toEqual([]);
  });

  it('names a browser that is not there', async () => {
    await expect(
      launchChromium({ executable: '/nowhere/chromium', sandbox: 'on', reach: { proxyPort: 9 }, size }),
    ).rejects.toMatchObject({ code: 'chromium-missing' });
  });
});
