/* A worker that a job kills: `poison-child.ts REDIS_URL` dies by SIGKILL as soon as it has taken one. */
import { openLastingRedis } from '../../src/recorder/adapters/queue/open-queue-redis.js';
import { openTakeJobs } from '../../src/recorder/adapters/queue/take-jobs.js';
import { Secret } from '../../src/kit/config/secret.js';

const never = new AbortController().signal;
const redis = await openLastingRedis(new Secret(process.argv[2] ?? ''), never);
const takeJobs = await openTakeJobs(redis, {
  name: `poisoned/${process.pid}`,
  jobs: 1,
  key: 'key',
  heartbeatMs: 300,
  takeovers: 1,
  retryAfterMs: 100,
  stopTimeoutMs: 1000,
  onTrouble: () => undefined,
});
await takeJobs(() => {
  process.kill(process.pid, 'SIGKILL');
  return Promise.resolve({ end: 'done' });
}, never);
