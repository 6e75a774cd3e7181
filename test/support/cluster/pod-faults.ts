import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { controlWorkers } from '../../../src/cluster/adapters/celery/control.js';
import { reachOf } from '../../../src/cluster/pod/broker-checks.js';
import type { ClusterBench } from './cluster-bench.js';
import type { RuntimeFault } from './faults.js';
import { run } from './processes.js';
import { encodingMessage, REDIS_PASSWORD, type WorkerOptions } from './pod-bench.js';

const inventory = (change: (text: string, bench: ClusterBench) => string) => ({
  inject: (bench: ClusterBench) => bench.writeInventory((text) => change(text, bench)),
  heal: (bench: ClusterBench) => bench.writeInventory(),
});

/** Runs commands on the broker, and others to take them back. */
const redis = (broken: string[][], sound: string[][]) => ({
  inject: (bench: ClusterBench) => send(bench, broken),
  heal: (bench: ClusterBench) => send(bench, sound),
});

async function send({ pod }: ClusterBench, commands: string[][]): Promise<void> {
  const client = pod.client(5);
  for (const [name = '', ...args] of commands) await client.call(name, ...args);
  client.disconnect();
}

async function replaceWorker(
  { pod }: ClusterBench,
  name: string,
  options: Partial<WorkerOptions>,
): Promise<void> {
  await pod.workers.get(name)?.celery.stop('SIGKILL');
  pod.startWorker({ name, ...base[name], ...options });
  await pod.waitForSubscribers(5, 3);
}

const base: Record<string, Partial<WorkerOptions>> = {
  transcript1: { app: 'pod.video_encode_transcript.transcripting_tasks', queue: 'transcripting' },
  xapi1: { app: 'pod.xapi.xapi_tasks', queue: 'xapi', database: 6 },
};

/** Restarts the encoders and empties their queues. */
async function freshEncoders(bench: ClusterBench): Promise<void> {
  for (const name of ['encode1', 'encode2']) await bench.pod.workers.get(name)?.celery.stop('SIGKILL');
  await send(bench, [['del', 'encoding', 'unacked', 'unacked_index']]);
  for (const name of ['encode1', 'encode2']) bench.pod.startWorker({ name });
  await bench.pod.waitForSubscribers(5, 3);
}

const worker = (name: string) => ({
  stop: ({ pod }: ClusterBench) => pod.workers.get(name)?.celery.stop('SIGKILL'),
  start: (bench: ClusterBench) => replaceWorker(bench, name, {}),
});

/** A backlog that alarms nobody, for faults that need waiting jobs. */
const patient = (text: string): string =>
  text.replace(
    '[encoding.brokers.main]',
    '[encoding.thresholds]\nbacklog_warning_hours = 100\nbacklog_critical_hours = 200\n[encoding.brokers.main]',
  );

/** Stops or starts the consumer of one worker, which goes on answering. */
async function consume({ pod }: ClusterBench, name: string, on: boolean): Promise<void> {
  const client = pod.client(5);
  const [reply] = await controlWorkers(
    client,
    {
      method: on ? 'add_consumer' : 'cancel_consumer',
      arguments: { queue: 'encoding' },
      destination: [`${name}@${os.hostname()}`],
    },
    { database: 5, waitMs: 5000 },
  );
  client.disconnect();
  if (reply?.ok !== true) throw new Error(`${name} did not obey: ${reply?.answer ?? 'no answer'}`);
}

/** An address of this machine that other machines see; a machine without any network has its loopback alone. */
const OWN_ADDRESS =
  Object.values(os.networkInterfaces())
    .flat()
    .find((one) => one?.internal === false && one.family === 'IPv4')?.address ?? '0.0.0.0';
const OWN_REACH = reachOf(OWN_ADDRESS);

/** Redis listens everywhere without a password, and the inventory reaches it by `host`. */
async function openRedis(bench: ClusterBench, host: string): Promise<void> {
  await send(bench, [
    ['config', 'set', 'protected-mode', 'no'],
    ['config', 'set', 'bind', '0.0.0.0'],
    ['config', 'set', 'requirepass', ''],
  ]);
  const { redisPort } = bench.pod;
  bench.writeInventory((text) =>
    text.replaceAll(/redis:\/\/[^"]*@127\.0\.0\.1:\d+\//g, `redis://${host}:${redisPort}/`),
  );
}

async function closeRedis(bench: ClusterBench): Promise<void> {
  const client = new Redis({ host: '127.0.0.1', port: bench.pod.redisPort, retryStrategy: () => null });
  await client.config('SET', 'requirepass', REDIS_PASSWORD);
  await client.call('AUTH', REDIS_PASSWORD);
  await client.config('SET', 'bind', '127.0.0.1');
  await client.config('SET', 'protected-mode', 'yes');
  client.disconnect();
  bench.writeInventory();
}

export const podFaults: readonly RuntimeFault[] = [
  {
    name: 'Pod’s REST redirects to another address',
    system: 'encoding',
    family: true,
    inject: ({ pod }) =>
      void Object.assign(pod.pod, { status: 301, location: 'https://pod.bench.test/rest/' }),
    heal: ({ pod }) => void Object.assign(pod.pod, { status: 200, location: '' }),
    first: /^P16-redirects/,
    status: 'critical',
  },
  {
    name: 'Pod’s REST does not know the token',
    system: 'encoding',
    ...inventory((text) => text.replace('bench-pod-token', 'xxxx')),
    first: /^P16-unknown-token/,
    status: 'critical',
  },
  {
    name: 'the user of the token is not staff',
    system: 'encoding',
    inject: ({ pod }) => void (pod.pod.status = 403),
    heal: ({ pod }) => void (pod.pod.status = 200),
    first: /^P16-not-staff/,
    status: 'critical',
  },
  {
    name: 'Pod’s REST answers an error',
    system: 'encoding',
    inject: ({ pod }) => void (pod.pod.status = 502),
    heal: ({ pod }) => void (pod.pod.status = 200),
    first: /^P16-error/,
    status: 'critical',
  },
  {
    name: 'Pod’s REST is not there',
    system: 'encoding',
    ...inventory((text) =>
      text.replace(/pod_url = "http:\/\/127.0.0.1:\d+/, 'pod_url = "http://127.0.0.1:9'),
    ),
    first: /^P16-silent/,
    status: 'critical',
  },
  {
    name: 'the LRS refuses the account',
    system: 'encoding',
    ...inventory((text) => text.replace('lrs-secret', 'wrong')),
    first: /^P17-refused/,
    status: 'critical',
  },
  {
    name: 'the LRS answers an error',
    system: 'encoding',
    inject: ({ pod }) => void (pod.lrs.status = 503),
    heal: ({ pod }) => void (pod.lrs.status = 200),
    first: /^P17-error/,
    status: 'warning',
  },
  {
    name: 'the LRS is not there',
    system: 'encoding',
    ...inventory((text) =>
      text.replace(/lrs_url = "http:\/\/127.0.0.1:\d+/, 'lrs_url = "http://127.0.0.1:9'),
    ),
    first: /^P17-silent/,
    status: 'critical',
  },
  {
    name: 'a worker writes to its local disk instead of the share',
    system: 'encoding',
    family: true,
    inject: (bench) => {
      const other = path.join(bench.directory, 'local-disk');
      mkdirSync(other, { recursive: true });
      bench.writeInventory((text) =>
        text.replace(/(\[encoding\.workers\.transcript1\][\s\S]*?media_root = )"[^"]+"/, `$1"${other}"`),
      );
    },
    heal: (bench) => bench.writeInventory(),
    first: /^P14-split/,
    status: 'critical',
  },
  {
    name: 'the share is not mounted at all',
    system: 'encoding',
    ...inventory((text) =>
      text.replace(
        /(\[encoding\.workers\.transcript1\][\s\S]*?media_root = )"[^"]+"/,
        '$1"/srv/not-mounted"',
      ),
    ),
    first: /^P14-missing/,
    status: 'critical',
  },
  {
    name: 'the share is mounted read-only',
    system: 'encoding',
    inject: (bench) => {
      const mounted = path.join(bench.directory, 'read-only');
      mkdirSync(mounted, { recursive: true });
      run('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', mounted], bench.directory);
      bench.writeInventory((text) => text.replaceAll(`"${bench.pod.mediaRoot}"`, `"${mounted}"`));
    },
    heal: (bench) => {
      run('umount', [path.join(bench.directory, 'read-only')], bench.directory);
      bench.writeInventory();
    },
    first: /^P14-read-only/,
    status: 'critical',
  },
  {
    name: 'a program of the encoder is missing',
    system: 'encoding',
    inject: (bench) => rmSync(path.join(bench.binDirectory, 'ffmpegthumbnailer')),
    heal: (bench) => bench.addPrograms(['ffmpegthumbnailer']),
    first: /^P15-missing/,
    status: 'critical',
  },
  {
    name: 'Redis is full',
    system: 'encoding',
    family: true,
    ...redis([['config', 'set', 'maxmemory', '1mb']], [['config', 'set', 'maxmemory', '64mb']]),
    first: /^P02-full/,
    status: 'critical',
    explains: /^P07-unknown/,
  },
  {
    name: 'Redis evicts',
    system: 'encoding',
    ...redis(
      [['config', 'set', 'maxmemory-policy', 'allkeys-lru']],
      [['config', 'set', 'maxmemory-policy', 'noeviction']],
    ),
    first: /^P03-evicts/,
    status: 'warning',
  },
  {
    name: 'the last save of Redis failed',
    system: 'encoding',
    inject: async (bench) => {
      mkdirSync(path.join(bench.pod.directory, 'dump.rdb', 'in-the-way'), { recursive: true });
      await send(bench, [['config', 'set', 'save', '3600 1'], ['bgsave']]);
    },
    heal: async (bench) => {
      rmSync(path.join(bench.pod.directory, 'dump.rdb'), { recursive: true });
      await send(bench, [['bgsave']]);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await send(bench, [['config', 'set', 'save', '']]);
      // Workers that were refused a write meanwhile may have gone deaf: that is another fault.
      await allWorkersAnew(bench);
    },
    first: /^P02-save-failed/,
    status: 'critical',
  },
  {
    name: 'Redis is a replica',
    system: 'encoding',
    inject: (bench) => send(bench, [['replicaof', '127.0.0.1', '9']]),
    heal: async (bench) => {
      await send(bench, [['replicaof', 'no', 'one']]);
      await allWorkersAnew(bench);
    },
    first: /^P02-replica/,
    status: 'critical',
  },
  {
    name: 'Redis asks for another password',
    system: 'encoding',
    inject: (bench) => send(bench, [['config', 'set', 'requirepass', 'changed']]),
    heal: async ({ pod }) => {
      const client = pod.client(5, 'changed');
      await client.config('SET', 'requirepass', REDIS_PASSWORD);
      client.disconnect();
    },
    first: /^P01-denied/,
    status: 'critical',
  },
  {
    name: 'Redis hangs',
    system: 'encoding',
    inject: ({ pod }) => pod.redis.signal('SIGSTOP'),
    heal: ({ pod }) => pod.redis.signal('SIGCONT'),
    first: /^P01-silent/,
    status: 'critical',
  },
  {
    name: 'a worker hangs',
    system: 'encoding',
    family: true,
    inject: ({ pod }) => pod.workers.get('encode2')?.celery.signal('SIGSTOP'),
    heal: ({ pod }) => pod.workers.get('encode2')?.celery.signal('SIGCONT'),
    first: /^P07-hung/,
    status: 'critical',
    explains: /^P05-fewer/,
  },
  {
    name: 'a worker is killed',
    system: 'encoding',
    inject: worker('encode2').stop,
    heal: worker('encode2').start,
    first: /^P07-(deaf|absent)/,
    status: 'critical',
    explains: /^P05-fewer/,
  },
  {
    name: 'the only transcription worker is stopped',
    system: 'encoding',
    inject: worker('transcript1').stop,
    heal: worker('transcript1').start,
    first: /^P07-(deaf|absent)/,
    status: 'critical',
    explains: /^P05-none@transcripting/,
  },
  {
    name: 'heartbeats alone tell that a worker is gone (--passive)',
    system: 'encoding',
    inject: worker('encode1').stop,
    heal: worker('encode1').start,
    first: /^P07-absent/,
    status: 'critical',
    options: { passive: true },
  },
  {
    name: 'a worker consumes a misspelt queue',
    system: 'encoding',
    family: true,
    inject: (bench) => replaceWorker(bench, 'transcript1', { queue: 'transcriptng' }),
    heal: worker('transcript1').start,
    first: /^P06-stray/,
    status: 'critical',
    explains: /^P05-none@transcripting/,
  },
  {
    name: 'two encoders have one name',
    system: 'encoding',
    inject: (bench) => replaceWorker(bench, 'encode2', { nodeName: 'encode1@%h' }),
    heal: worker('encode2').start,
    first: /^P08-shared/,
    status: 'critical',
    explains: /^P07-/,
  },
  {
    name: 'a worker takes four jobs in advance',
    system: 'encoding',
    inject: (bench) => replaceWorker(bench, 'encode2', { prefetch: 4 }),
    heal: worker('encode2').start,
    first: /^P10-prefetch/,
    status: 'warning',
  },
  {
    name: 'a worker holds jobs while another is idle',
    system: 'encoding',
    inject: async (bench) => {
      bench.writeInventory(patient);
      await replaceWorker(bench, 'encode2', { prefetch: 4 });
      await consume(bench, 'encode1', false);
      for (let id = 1; id <= 3; id++) await bench.pod.enqueue(id, bench.pod.writeVideo(`hoarded-${id}.mp4`));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await consume(bench, 'encode1', true);
    },
    heal: async (bench) => {
      bench.writeInventory();
      await freshEncoders(bench);
    },
    first: /^P10-unfair/,
    status: 'warning',
  },
  {
    name: 'the workers run two versions of kombu',
    system: 'encoding',
    inject: (bench) => replaceWorker(bench, 'encode2', { kombu: '5.4.2' }),
    heal: worker('encode2').start,
    first: /^P13-differ/,
    status: 'warning',
  },
  {
    name: 'Redis lets the whole network in without a password',
    system: 'encoding',
    inject: (bench) => openRedis(bench, os.hostname()),
    heal: closeRedis,
    first: /^P04-open/,
    status: 'warning',
  },
  {
    name: 'Redis lets anybody in by an address of this machine',
    system: 'encoding',
    inject: (bench) => openRedis(bench, OWN_ADDRESS),
    heal: closeRedis,
    first: OWN_REACH === 'public' ? /^P04-public/ : /^P04-open/,
    status: OWN_REACH === 'public' ? 'critical' : 'warning',
  },
  {
    name: 'the settings of Pod name no broker',
    system: 'encoding',
    inject: (bench) => {
      const file = path.join(bench.directory, 'settings_local.py');
      writeFileSync(
        file,
        'USE_REMOTE_ENCODING_TRANSCODING = True\nPOD_API_URL = "https://pod.bench.test/rest/"\nPOD_API_TOKEN = "a-token"\nEMAIL_HOST = "smtp"\n',
      );
      bench.writeInventory((text) =>
        text.replace('[encoding]\n', '[encoding]\nsettings_file = "settings_local.py"\n'),
      );
    },
    heal: (bench) => bench.writeInventory(),
    first: /^P18-no-broker/,
    status: 'critical',
  },
  {
    name: 'a job of a worker that died is hidden in unacked',
    system: 'encoding',
    inject: async (bench) => {
      const message: unknown = JSON.parse(encodingMessage(77, bench.pod.writeVideo('lost.mp4'), 'encoding'));
      await send(bench, [
        ['hset', 'unacked', 'gone', JSON.stringify([message, '', 'encoding'])],
        ['zadd', 'unacked_index', String(Date.now() / 1000), 'gone'],
      ]);
    },
    heal: (bench) => send(bench, [['del', 'unacked', 'unacked_index']]),
    first: /^P11-orphans/,
    status: 'critical',
  },
  {
    name: 'a job has been held for 50 minutes',
    system: 'encoding',
    inject: async (bench) => {
      bench.writeInventory(patient);
      for (let id = 1; id <= 4; id++) await bench.pod.enqueue(id, bench.pod.writeVideo(`held-${id}.mp4`));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const client = bench.pod.client(5);
      for (const tag of await client.hkeys('unacked'))
        await client.zadd('unacked_index', Date.now() / 1000 - 3000, tag);
      client.disconnect();
    },
    heal: async (bench) => {
      bench.writeInventory();
      await freshEncoders(bench);
    },
    first: /^P11-redelivery/,
    status: 'warning',
  },
  {
    name: 'thirty jobs wait whose files cannot be measured',
    system: 'encoding',
    inject: async (bench) => {
      for (let id = 1; id <= 30; id++) await bench.pod.enqueue(id, bench.pod.writeVideo('waiting.mp4'));
    },
    heal: freshEncoders,
    first: /^P09-assumed/,
    status: 'warning',
  },
  {
    name: 'the file of a waiting job is not there',
    system: 'encoding',
    inject: async (bench) => {
      bench.writeInventory(patient);
      // Two run, two are held in advance, the fifth waits.
      for (let id = 1; id <= 4; id++) await bench.pod.enqueue(id, bench.pod.writeVideo(`busy-${id}.mp4`));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await bench.pod.enqueue(404, path.join(bench.pod.mediaRoot, 'videos', 'not-there.mp4'));
    },
    heal: async (bench) => {
      bench.writeInventory();
      await freshEncoders(bench);
    },
    first: /^P19-missing/,
    status: 'critical',
  },
  {
    name: 'messages lie in a queue that nobody knows',
    system: 'encoding',
    inject: (bench) =>
      send(bench, [
        ['sadd', '_kombu.binding.celery', 'celery\u0006\u0016\u0006\u0016celery'],
        ['lpush', 'celery', encodingMessage(1, '/x.mp4', 'celery')],
      ]),
    heal: (bench) => send(bench, [['del', 'celery', '_kombu.binding.celery']]),
    first: /^P06-filled/,
    status: 'warning',
  },
  {
    name: 'a job runs for longer than the limit',
    system: 'encoding',
    inject: async (bench) => {
      bench.writeInventory((text) =>
        text.replace(
          '[encoding.brokers.main]',
          '[encoding.thresholds]\ntask_hours = 0.0003\n[encoding.brokers.main]',
        ),
      );
      await bench.pod.enqueue(5, bench.pod.writeVideo('long.mp4'));
    },
    heal: async (bench) => {
      bench.writeInventory();
      await freshEncoders(bench);
    },
    first: /^P12-long/,
    status: 'warning',
  },
  {
    name: 'Redis is stopped',
    system: 'encoding',
    family: true,
    inject: ({ pod }) => pod.redis.stop('SIGKILL'),
    heal: async (bench) => {
      await bench.pod.startRedis();
      await allWorkersAnew(bench);
    },
    first: /^P01-silent/,
    status: 'critical',
  },
  {
    name: 'workers are deaf after a Redis restart',
    system: 'encoding',
    inject: async ({ pod }) => {
      await pod.redis.stop('SIGKILL');
      await pod.startRedis();
    },
    heal: allWorkersAnew,
    first: /^P07-|^P05-nobody/,
    status: 'critical',
  },
];

async function allWorkersAnew({ pod }: ClusterBench): Promise<void> {
  await Promise.all([...pod.workers.values()].map(({ celery }) => celery.stop('SIGKILL')));
  for (const name of ['encode1', 'encode2', 'transcript1', 'xapi1']) pod.startWorker({ name, ...base[name] });
  await pod.waitForSubscribers(5, 3);
  await pod.waitForSubscribers(6, 1);
}
