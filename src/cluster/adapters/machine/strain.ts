import os from 'node:os';
import type { Strain } from '../../check/excuse-timeouts.js';

const LOOK_MS = 50;

/** Watches how much this machine lags behind while a check runs: what answers late here may be this machine's fault. */
export function watchStrain(): { read(): Strain; stop(): void } {
  let lateMs = 0;
  let expectedAt = performance.now() + LOOK_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    lateMs = Math.max(lateMs, now - expectedAt);
    expectedAt = now + LOOK_MS;
  }, LOOK_MS);
  timer.unref();
  return {
    read: () => ({
      load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
      cores: os.availableParallelism(),
      lateMs: Math.round(lateMs),
    }),
    stop: () => {
      clearInterval(timer);
    },
  };
}
