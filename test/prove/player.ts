import type { Page } from 'puppeteer';
import { launchChromium } from '../../src/chromium/launch-chromium.js';
import { testCardArguments } from '../../src/cluster/render/render-source.js';
import { startRehearsal, type Rehearsal } from '../../src/cli/cluster/demo.js';
import { startChild, type Child } from '../../src/kit/adapters/process/start-child.js';

// `npm run prove player [ROUNDS [WORD…]]`: the rendered player in a real Chromium comes back by itself after each of these
// outages, within 5 s of the moment when there is something to play. Ten rounds of each by default; words choose outages.
const [rounds = '10', ...words] = process.argv.slice(2);
const LIMIT_MS = 5000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Look {
  readonly frames: number;
  readonly time: number;
  readonly at: number;
}

const look = (page: Page): Promise<Look> =>
  page.$eval('video', (video) => {
    const player = video as unknown as {
      currentTime: number;
      getVideoPlaybackQuality(): { totalVideoFrames: number };
    };
    return {
      frames: player.getVideoPlaybackQuality().totalVideoFrames,
      time: player.currentTime,
      at: Date.now(),
    };
  });

/** Milliseconds until the picture moves at its own pace for half a second. */
async function untilMoving(page: Page, limitMs: number): Promise<number> {
  const startedAt = Date.now();
  while (Date.now() - startedAt < limitMs) {
    const before = await look(page);
    await pause(500);
    const after = await look(page);
    const moved = after.time - before.time;
    if (after.frames - before.frames >= 5 && moved > 0.3 && moved < 2) return before.at - startedAt;
  }
  return Infinity;
}

async function served(site: string, wanted: boolean): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const text = await fetch(`${site}hls/demo_low.m3u8`, { signal: AbortSignal.timeout(2000) })
      .then((answer) => (answer.ok ? answer.text() : ''))
      .catch(() => '');
    if (text.split('#EXTINF').length > 2 === wanted) return;
    await pause(100);
  }
  throw new Error(`the playlist is not ${wanted ? 'there' : 'gone'} after a minute`);
}

interface Outage {
  readonly name: string;
  /** Breaks and mends; returns at the moment when there is something to play. */
  run(): Promise<void>;
}

const rehearsal: Rehearsal = await startRehearsal({
  segmentSeconds: 1,
  copied: true,
  size: { width: 320, height: 180, frameRate: 25 },
});
let source: Child = rehearsal.source;
const { cluster, page: site, inventory } = rehearsal;
const balancerAway = (seconds: number): Outage => ({
  name: `balancer away ${seconds} s`,
  run: async () => {
    await cluster.stopNode('lb1', 'SIGKILL');
    await pause(seconds * 1000);
    await cluster.startNode('lb1');
    await served(site, true);
  },
});
const chromium = await launchChromium({
  executable: '/usr/bin/chromium',
  sandbox: 'on',
  reach: { loopbackPorts: [rehearsal.ports.http] },
  size: { width: 640, height: 360 },
});
let failed = 0;
try {
  if (!(await rehearsal.ready(90_000))) throw new Error('the rehearsal serves no playlist');
  const page = await chromium.browser.newPage();
  const outages: Outage[] = [
    balancerAway(12),
    balancerAway(15),
    balancerAway(60),
    {
      name: 'playlist frozen, then 404',
      run: async () => {
        await source.stop('SIGKILL');
        await served(site, false);
        await pause(12_000);
        if (inventory.streaming === undefined) throw new TypeError('the demo has a streaming cluster');
        source = await startChild({
          file: 'ffmpeg',
          args: testCardArguments(inventory.streaming, 'demo', { width: 320, height: 180, frameRate: 25 }),
          diesWithParent: true,
        });
        await served(site, true);
      },
    },
    {
      name: 'one node away',
      run: async () => {
        await cluster.stopNode('broadcast1', 'SIGKILL');
        await pause(8000);
      },
    },
    {
      name: 'network back',
      run: async () => {
        await page.setOfflineMode(true);
        await pause(15_000);
        await page.setOfflineMode(false);
      },
    },
  ].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  await page.goto(site);
  for (let round = 1; round <= Number(rounds); round++)
    for (const outage of outages) {
      if (!Number.isFinite(await untilMoving(page, 40_000))) throw new Error('it does not play before');
      await outage.run();
      const ms = await untilMoving(page, 30_000);
      if (ms > LIMIT_MS) failed++;
      process.stdout.write(
        `${ms > LIMIT_MS ? 'FAIL' : 'ok  '} ${round}/${rounds} ${outage.name}: plays after ${Math.round(ms / 100) / 10} s\n`,
      );
      if (!cluster.children.has('broadcast1')) await cluster.startNode('broadcast1');
    }
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await chromium.close();
  await source.stop();
  await rehearsal.stop();
}
