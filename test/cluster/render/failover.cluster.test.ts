import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type LaunchedChromium } from '../../../src/chromium/launch-chromium.js';
import { startRehearsal, type Rehearsal } from '../../../src/cli/cluster/demo.js';
import { prepareCheck } from '../../../src/cli/cluster/check.js';
import { Context } from '../../../src/cli/kit/context.js';
import { prepareDrain } from '../../../src/cli/cluster/drain.js';

/** The rendered cluster with real programs, watched by hls.js in a real browser. */
describe('the rendered streaming cluster', () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-failover-'));
  let rehearsal: Rehearsal;
  let chromium: LaunchedChromium;
  let page: Page;
  /** What the player asked for: told when the picture does not move. */
  const log: string[] = [];

  beforeAll(async () => {
    rehearsal = await startRehearsal({
      segmentSeconds: 1,
      copied: true,
      size: { width: 320, height: 180, frameRate: 25 },
    });
    chromium = await launchChromium({
      executable: '/usr/bin/chromium',
      sandbox: 'on',
      reach: { loopbackPorts: [rehearsal.ports.http] },
      size: { width: 640, height: 360 },
    });
    expect(await rehearsal.ready(40_000)).toBe(true);
    page = await chromium.browser.newPage();
    page.on('response', (answer) =>
      log.push(
        `${Date.now() % 100_000} ${answer.status()} ${answer.headers()['x-node'] ?? '?'} ${new URL(answer.url()).pathname}`,
      ),
    );
    page.on('requestfailed', (request) =>
      log.push(`failed ${request.url()} ${request.failure()?.errorText ?? ''}`),
    );
    const { http, runtime } = rehearsal.ports;
    writeFileSync(
      path.join(home, 'cluster.toml'),
      [
        '[streaming]\npublic_name = "127.0.0.1"\nspare_slots = 1',
        `[streaming.balancers.lb1]\naddress = "127.0.0.1"\nhttp_port = ${http}\nsocket = "127.0.0.1:${runtime}"`,
        '[streaming.broadcasts.broadcast1]\naddress = "127.0.0.1"\n[streaming.broadcasts.broadcast2]\naddress = "127.0.0.1"',
      ].join('\n'),
    );
  });
  afterAll(async () => {
    await chromium.close();
    await rehearsal.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Frames that the decoder gave and the clock of the picture: both must grow for a moving picture. */
  const look = (): Promise<{ frames: number; time: number }> =>
    page.$eval('video', (video) => {
      const player = video as unknown as Video;
      return { frames: player.getVideoPlaybackQuality().totalVideoFrames, time: player.currentTime };
    });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  /** Milliseconds until half a second of picture was played after the frames stood still or jumped. */
  async function untilMoving(limitMs: number): Promise<number> {
    const startedAt = Date.now();
    while (Date.now() - startedAt < limitMs) {
      const before = await look();
      await pause(500);
      const after = await look();
      if (after.frames - before.frames >= 5 && after.time - before.time > 0.3 && after.time - before.time < 2)
        return Date.now() - startedAt;
    }
    throw new Error(
      `no moving picture after ${limitMs} ms: ${JSON.stringify(await look())}\n${log.slice(-30).join('\n')}`,
    );
  }

  it('is healthy for cluster check, but for what one machine without a certificate cannot have', async () => {
    writeFileSync(path.join(home, 'bbb2pod.toml'), `state_dir = ${JSON.stringify(home)}\n`);
    const context = new Context({
      configFile: path.join(home, 'bbb2pod.toml'),
      configurationRequired: true,
      logLevel: 'error',
      logFile: undefined,
      signal: new AbortController().signal,
    });
    const look = async (): Promise<string[]> => {
      const check = prepareCheck(context, {
        inventory: rehearsal.inventoryFile,
        only: [],
        passive: false,
        probe: false,
        timeoutMs: 15_000,
      });
      const { results } = await check.run();
      expect(results.length).toBeGreaterThan(30);
      const told = results.filter(({ status }) => status !== 'ok');
      const known = /^S0[13]-/;
      return [
        ...new Set(
          told.map(({ code, status, subject }) =>
            status === 'warning' && known.test(code)
              ? `${status} ${code.slice(0, 3)}`
              : `${status} ${code}@${subject}`,
          ),
        ),
      ].sort();
    };
    // On a loaded machine those who publish stand still themselves, for seconds: that is seen, and passes. No player takes
    // anything from them yet.
    await expect.poll(look, { timeout: 250_000, interval: 1000 }).toEqual(['warning S01', 'warning S03']);
  });

  it('plays in the browser', async () => {
    await page.goto(rehearsal.page);
    expect(await untilMoving(20_000)).toBeLessThan(20_000);
  });

  it('loses no segment of any viewer while a node is drained and taken back', async () => {
    const context = new Context({
      configFile: undefined,
      configurationRequired: false,
      logLevel: 'error',
      logFile: undefined,
      signal: new AbortController().signal,
    });
    const change = (direction: 'drain' | 'ready', node: string) =>
      prepareDrain(context, direction, {
        inventory: path.join(home, 'cluster.toml'),
        node,
        address: undefined,
        waitSeconds: 3,
        belowPlan: false,
        say: () => undefined,
      }).apply();
    // Of viewers that come while a node is away for the balancer, none would have to move.
    await expect
      .poll(() => nodesThatAnswer(rehearsal.page), { timeout: 60_000 })
      .toEqual(['broadcast1', 'broadcast2']);
    const stop = new AbortController();
    const viewers = Array.from({ length: 6 }, () => watchAsViewer(rehearsal.page, stop.signal));
    await pause(2000);
    await change('drain', 'broadcast1');
    await expect(change('drain', 'broadcast2')).rejects.toMatchObject({ code: 'cluster-below-plan' });
    await pause(2500);
    const nodesMeanwhile = await nodesThatAnswer(rehearsal.page);
    await change('ready', 'broadcast1');
    await pause(2500);
    stop.abort();
    const seen = await Promise.all(viewers);
    expect(nodesMeanwhile).toEqual(['broadcast2']);
    expect(await nodesThatAnswer(rehearsal.page)).toEqual(['broadcast1', 'broadcast2']);
    for (const viewer of seen) {
      expect(viewer.failures).toEqual([]);
      expect(viewer.segments).toBeGreaterThan(5);
      expect(viewer.gaps).toBe(0);
    }
    expect(seen.some(({ nodes }) => nodes.size > 1)).toBe(true);
  });

  it('refuses a node that HAProxy does not know, before anything is changed', async () => {
    const context = new Context({
      configFile: undefined,
      configurationRequired: false,
      logLevel: 'error',
      logFile: undefined,
      signal: new AbortController().signal,
    });
    const inventory = path.join(home, 'more.toml');
    writeFileSync(
      inventory,
      `[streaming]\npublic_name = "x"\n[streaming.balancers.lb1]\naddress = "127.0.0.1"\nsocket = "127.0.0.1:${rehearsal.ports.runtime}"\n[streaming.broadcasts.broadcast7]\naddress = "127.0.0.1"\n`,
    );
    const drain = prepareDrain(context, 'drain', {
      inventory,
      node: 'broadcast7',
      address: undefined,
      waitSeconds: 1,
      belowPlan: false,
      say: () => undefined,
    });
    await expect(drain.apply()).rejects.toMatchObject({ code: 'cluster-server-absent' });
  });

  it('makes a node of a spare slot without a reload', async () => {
    const context = new Context({
      configFile: undefined,
      configurationRequired: false,
      logLevel: 'error',
      logFile: undefined,
      signal: new AbortController().signal,
    });
    const inventory = path.join(home, 'cluster.toml');
    const say: string[] = [];
    const flags = {
      inventory,
      node: 'spare1',
      waitSeconds: 8,
      belowPlan: false,
      say: (line: string) => say.push(line),
    };
    await prepareDrain(context, 'ready', {
      ...flags,
      address: `127.0.0.1:${rehearsal.ports.broadcast[0]}`,
    }).apply();
    expect(say.at(-1)).toBe('spare1 is up on 1 balancer');
    await prepareDrain(context, 'drain', { ...flags, address: undefined }).apply();
    expect(say.at(-1)).toBe('spare1 is out and empty on 1 balancer');
  });

  it('shows moving pictures again within 10 s when ingest1 dies', async () => {
    expect(await untilMoving(10_000)).toBeLessThan(10_000);
    await rehearsal.cluster.stopNode('ingest1', 'SIGKILL');
    await pause(1500); // what the player had in its buffer is no proof
    const master = await fetch(`${rehearsal.page}hls/demo.m3u8`);
    expect([master.status, await master.text()]).toEqual([
      200,
      expect.stringContaining('/hls/ingest2/demo_low.m3u8'),
    ]);
    await drainBuffer();
    const ms = await untilMoving(10_000);
    expect(ms + 1500 + 3000).toBeLessThan(10_000);
  });

  it('goes on when ingest1 comes back, and when a broadcast node dies', async () => {
    await rehearsal.cluster.startNode('ingest1');
    await pause(4000);
    expect(await untilMoving(10_000)).toBeLessThan(10_000);
    await rehearsal.cluster.stopNode('broadcast2', 'SIGKILL');
    await pause(2000);
    expect(await untilMoving(10_000)).toBeLessThan(10_000);
    await rehearsal.cluster.startNode('broadcast2');
  });

  it('comes back by itself when the balancer was away for longer than its buffer', async () => {
    await rehearsal.cluster.stopNode('lb1', 'SIGKILL');
    await pause(12_000);
    await rehearsal.cluster.startNode('lb1');
    const ms = await untilMoving(30_000);
    // 5 s on a machine of its own; this one may be busy.
    expect(ms).toBeLessThan(15_000);
  });

  it('does not serve a playlist that stands still', async () => {
    await rehearsal.source.stop('SIGKILL');
    const startedAt = Date.now();
    let status = 200;
    while (status === 200 && Date.now() - startedAt < 15_000) {
      await pause(300);
      status = (await fetch(`${rehearsal.page}hls/demo_low.m3u8`)).status;
    }
    expect(status).toBeGreaterThanOrEqual(404);
    expect((await fetch(rehearsal.page)).status).toBe(200);
  });

  /** Plays what was buffered before: afterwards a moving picture comes from the other ingest. */
  const drainBuffer = (): Promise<void> => pause(3000);
});

/** What this file uses of the browser's HTMLVideoElement. */
interface Video {
  currentTime: number;
  getVideoPlaybackQuality(): { totalVideoFrames: number };
}

interface Viewer {
  segments: number;
  failures: string[];
  /** Segments of one ingest that left the playlist before they were fetched. */
  gaps: number;
  nodes: Set<string>;
}

/** Fetches playlists and every new segment with the balancer's cookie, as a player does. */
async function watchAsViewer(site: string, stop: AbortSignal): Promise<Viewer> {
  const viewer: Viewer = { segments: 0, failures: [], gaps: 0, nodes: new Set() };
  let cookie = '';
  let last = -1;
  const get = async (url: string): Promise<string> => {
    const answer = await fetch(url, { headers: cookie === '' ? {} : { cookie } });
    const set = answer.headers.get('set-cookie');
    if (set !== null) cookie = set.split(';')[0] ?? '';
    viewer.nodes.add(answer.headers.get('x-node') ?? '?');
    if (!answer.ok) viewer.failures.push(`${answer.status} ${url}`);
    return answer.text();
  };
  while (!stop.aborted) {
    const text = await get(`${site}hls/demo_low.m3u8`);
    const first = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1] ?? Number.NaN);
    const segments = text.split('\n').filter((line) => line.endsWith('.ts'));
    for (const [i, segment] of segments.entries()) {
      const number = first + i;
      if (last >= 0 && number > last + 1) viewer.gaps++;
      if (number <= last) continue;
      last = number;
      await get(new URL(segment, site).href);
      viewer.segments++;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return viewer;
}

async function nodesThatAnswer(site: string): Promise<string[]> {
  const nodes = new Set<string>();
  for (let i = 0; i < 8; i++) nodes.add((await fetch(`${site}hls/demo.m3u8`)).headers.get('x-node') ?? '?');
  return [...nodes].sort();
}
