import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { QUEUE_NAME, QUEUE_PREFIX } from '../../../src/recorder/adapters/queue/open-queue-redis.js';
import { queuedConversion } from '../../../src/recorder/queue/conversion-queue.js';
import { signJob } from '../../../src/recorder/queue/sign-job.js';
import { fixtures, testOptions } from '../../support/presentations.js';
import { startCli, startQueueRedis } from '../../support/queue-bench.js';
import { until } from '../../support/live/until.js';
import { MARKER, type Attack } from './attack.js';

/* A queue job can do only what a conversion does: jobs that somebody with the Redis alone, or an enqueuer, puts there. */

const options = { ...testOptions, cores: undefined };

/** Puts one job into a real queue with a worker of the built command; a file of the worker must stay as it is. */
async function forge(target: (site: string) => string, key: string | null): Promise<string | null> {
  const site = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  const redis = await startQueueRedis(path.join(site, 'redis'), false);
  writeFileSync(
    path.join(site, 'bbb2pod.toml'),
    `state_dir = "${site}/state"\n[recorder]\nqueue = "${redis.url}"\nqueue_key = "key"\noutput = "${site}/out"\n`,
  );
  const victim = target(site);
  if (!existsSync(victim) && path.dirname(victim) === site) writeFileSync(victim, MARKER);
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue(QUEUE_NAME, { connection, prefix: QUEUE_PREFIX });
  const worker = startCli(['recorder', 'worker', '--json'], site);
  try {
    const source = { folder: path.join(fixtures, 'classic') };
    const job = queuedConversion({
      source,
      label: '\u001b]0;evil\u0007\u001b[2J',
      outputPath: victim,
      options: { ...options, toMs: 1000, allowMissing: true },
      force: true,
      claim: null,
    });
    const data = key === null ? job : { ...job, signature: signJob(job, key) };
    await queue.add('convert', data, { jobId: job.id });
    await until('the job is set aside', async () => (await queue.getFailedCount()) === 1);
    return readFileSync(victim, 'utf8') === MARKER ? null : `${victim} was written over`;
  } finally {
    worker.process.kill('SIGKILL');
    await queue.close();
    connection.disconnect();
    await redis.kill();
    rmSync(site, { recursive: true, force: true });
  }
}

const ofWorker = (site: string): string => path.join(site, 'journal.sqlite3');
const video = (site: string): string => path.join(site, 'other.mp4');

export const attacks: readonly Attack[] = [
  { name: 'an unsigned job over a file of the worker', run: () => forge(ofWorker, null) },
  { name: 'a job signed with another key', run: () => forge(video, 'guessed') },
  { name: 'a signed job over a file of the worker', run: () => forge(ofWorker, 'key') },
  { name: 'a signed job over a video outside of the output', run: () => forge(video, 'key') },
];
