import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromiumArguments } from '../../src/chromium/chromium-arguments.js';
import { findChromium } from '../../src/chromium/find-chromium.js';
import { until } from '../support/live/until.js';
import type { Expect } from './live-ends.js';

const TELLS = '--optimization-guide-performance-class=1';
/** Chromium's own delay is three minutes; both browsers get this one. */
const DELAY_S = 5;
/** Without our word the service starts after the delay; with it, not within so many times as long as that took. */
const TIMES = 3;

/** The service of on-device models: started by a browser that is not told its class of performance, by ours never. */
export async function proveBrowser(expect: Expect): Promise<void> {
  const without = await openBrowser((argument) => argument !== TELLS);
  const startedAt = Date.now();
  try {
    await until('the service starts without our word', () => without.hasModelService(), 60_000);
  } finally {
    without.stop();
  }
  const tookMs = Date.now() - startedAt;
  const ours = await openBrowser(() => true);
  try {
    const end = Date.now() + TIMES * tookMs;
    let seen = false;
    while (!seen && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      seen = ours.hasModelService();
    }
    expect(
      `no service of on-device models within ${Math.round((TIMES * tookMs) / 1000)} s (${Math.round(tookMs / 1000)} s without our word)`,
      !seen && ours.isAlive(),
    );
  } finally {
    ours.stop();
  }
}

async function openBrowser(keeps: (argument: string) => boolean) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-prove-browser-'));
  const given = chromiumArguments({
    headlessShell: false,
    headless: true,
    sandbox: process.getuid?.() !== 0,
    beginFrame: false,
    sound: true,
    profile,
    reach: { proxyPort: 9 },
    size: { width: 640, height: 360 },
    more: [
      '--remote-debugging-port=0',
      `--enable-features=LogOnDeviceMetricsOnStartup:on_device_startup_metric_delay/${DELAY_S}s`,
    ],
  }).filter(keeps);
  const child = spawn(findChromium('/usr/bin/chromium', false).path, given, {
    stdio: 'ignore',
    detached: true,
  });
  let alive = true;
  child.once('exit', () => (alive = false));
  return {
    isAlive: () => alive,
    /** Its children carry the profile in their arguments. */
    hasModelService: () =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => readArguments(pid))
        .some((line) => line.includes(profile) && line.includes('on_device_model')),
    stop: () => {
      if (alive && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function readArguments(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
