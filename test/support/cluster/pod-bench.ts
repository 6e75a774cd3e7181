import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePorts } from '../../../src/kit/adapters/network/free-ports.js';
import { BenchProcess, portAnswers, waitFor } from './processes.js';

const WORKERS = path.join(import.meta.dirname, 'workers');
export const REDIS_PASSWORD = 'b@nch#broker';
export const POD_TOKEN = 'bench-pod-token';

export interface BenchWorker {
  name: string;
  /** The process. */
  celery: BenchProcess;
}

/** What a worker is started with; Pod's applications and queues. */
export interface WorkerOptions {
  name: string;
  app?: string;
  queue?: string;
  database?: number;
  nodeName?: string;
  prefetch?: number;
  jobSeconds?: number;
  /** The version of kombu that the worker reports: Debian has one only. */
  kombu?: string;
}

const ENCODING = 'pod.video_encode_transcript.encoding_tasks';

/** Redis, Celery workers with Pod's names, a shared media directory, and stand-ins for Pod's REST and the LRS. */
export class PodBench {
  redisPort = 0;
  redis!: BenchProcess;
  readonly workers = new Map<string, BenchWorker>();
  readonly mediaRoot: string;
  pod = { port: 0, status: 200, location: '' };
  lrs = { port: 0, status: 200 };
  #servers: Server[] = [];

  constructor(readonly directory: string) {
    this.mediaRoot = path.join(directory, 'media');
    mkdirSync(path.join(this.mediaRoot, 'videos'), { recursive: true });
  }

  brokerUrl(database: number, password = REDIS_PASSWORD): string {
    return `redis://:${encodeURIComponent(password)}@127.0.0.1:${this.redisPort}/${database}`;
  }

  async start(): Promise<void> {
    const [redisPort = 0, podPort = 0, lrsPort = 0] = await freePorts(3);
    this.redisPort = redisPort;
    await this.startRedis();
    this.startWorker({ name: 'encode1' });
    this.startWorker({ name: 'encode2' });
    this.startWorker({
      name: 'transcript1',
      app: 'pod.video_encode_transcript.transcripting_tasks',
      queue: 'transcripting',
    });
    this.startWorker({ name: 'xapi1', app: 'pod.xapi.xapi_tasks', queue: 'xapi', database: 6 });
    this.pod.port = podPort;
    this.lrs.port = lrsPort;
    await this.#startStandIns();
  }

  async ready(): Promise<void> {
    const client = this.client(5);
    const xapi = this.client(6);
    try {
      await waitFor(
        'four workers',
        async () => (await subscribers(client, 5)) >= 3 && (await subscribers(xapi, 6)) >= 1,
        60_000,
      );
    } finally {
      client.disconnect();
      xapi.disconnect();
    }
  }

  async startRedis(extra: string[] = []): Promise<void> {
    this.redis = new BenchProcess('redis', {
      file: '/usr/bin/redis-server',
      args: ['--port', String(this.redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes']
        .concat([
          '--requirepass',
          REDIS_PASSWORD,
          '--dir',
          this.directory,
          '--maxmemory',
          '64mb',
          '--maxmemory-policy',
          'noeviction',
        ])
        .concat(extra),
      cwd: this.directory,
    });
    this.redis.start();
    await waitFor('redis', () => portAnswers(this.redisPort));
  }

  startWorker(options: WorkerOptions): BenchWorker {
    const {
      name,
      app = ENCODING,
      queue = 'encoding',
      database = 5,
      nodeName = `${name}@%h`,
      prefetch = 1,
    } = options;
    const celery = new BenchProcess(`worker-${name}`, {
      file: '/usr/bin/python3',
      args: ['-m', 'celery', '-A', app, 'worker', '-l', 'WARNING', '-Q', queue, '--concurrency', '1'].concat([
        '--prefetch-multiplier',
        String(prefetch),
        '-n',
        nodeName,
      ]),
      cwd: this.directory,
      env: {
        PYTHONPATH: WORKERS,
        PYTHONDONTWRITEBYTECODE: '1',
        C_FORCE_ROOT: '1',
        BENCH_BROKER: this.brokerUrl(database),
        BENCH_JOB_SECONDS: String(options.jobSeconds ?? 60),
        ...(options.kombu === undefined ? {} : { BENCH_KOMBU: options.kombu }),
      },
    });
    celery.start();
    const worker = { name, celery };
    this.workers.set(name, worker);
    return worker;
  }

  async waitForSubscribers(database: number, count: number): Promise<void> {
    const client = this.client(database);
    try {
      await waitFor(
        `${count} workers on database ${database}`,
        async () => (await subscribers(client, database)) === count,
        40_000,
      );
    } finally {
      client.disconnect();
    }
  }

  client(database: number, password = REDIS_PASSWORD): Redis {
    const client = new Redis({
      host: '127.0.0.1',
      port: this.redisPort,
      password,
      db: database,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    return client;
  }

  /** Puts an encoding into a queue, as Pod's backend does. */
  async enqueue(videoId: number, videoPath: string, queue = 'encoding', database = 5): Promise<void> {
    const client = this.client(database);
    await client.lpush(queue, encodingMessage(videoId, videoPath, queue));
    client.disconnect();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].map(({ celery }) => celery.stop('SIGKILL')));
    await this.redis.stop('SIGKILL');
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #startStandIns(): Promise<void> {
    const pod = createServer((request, response) => {
      const authorised = request.headers.authorization === `Token ${POD_TOKEN}`;
      const { status, location } = this.pod;
      response.statusCode = status === 200 && !authorised ? 401 : status;
      if (location !== '') response.setHeader('location', location);
      response.setHeader('content-type', 'application/json');
      response.end(status === 200 && authorised ? '{"videos":"rest/videos/"}' : '{"detail":"refused"}');
    });
    const lrs = createServer((request, response) => {
      const open = request.url?.includes('/about') === true;
      const authorised =
        request.headers.authorization === `Basic ${Buffer.from('pod:lrs-secret').toString('base64')}`;
      response.statusCode = this.lrs.status !== 200 ? this.lrs.status : open || authorised ? 200 : 401;
      response.setHeader('content-type', 'application/json');
      response.end(open ? '{"version":["1.0.3"]}' : '{"statements":[]}');
    });
    this.#servers = [pod, lrs];
    await Promise.all([
      new Promise<void>((resolve) => pod.listen(this.pod.port, '127.0.0.1', resolve)),
      new Promise<void>((resolve) => lrs.listen(this.lrs.port, '127.0.0.1', resolve)),
    ]);
  }

  writeVideo(name: string): string {
    const file = path.join(this.mediaRoot, 'videos', name);
    writeFileSync(file, 'a video');
    return file;
  }
}

/** A job as celery 5 puts it on Redis. */
export function encodingMessage(videoId: number, videoPath: string, queue: string): string {
  const id = randomUUID();
  const body = [
    [videoId, videoPath, 0, 0],
    { json_dressing: null, dressing_input: '' },
    { callbacks: null, errbacks: null, chain: null, chord: null },
  ];
  return JSON.stringify({
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task: `${ENCODING}.start_encoding_task`,
      id,
      root_id: id,
      parent_id: null,
      group: null,
      retries: 0,
      timelimit: [null, null],
      eta: null,
      expires: null,
      origin: 'bench',
    },
    properties: {
      correlation_id: id,
      reply_to: randomUUID(),
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: queue },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  });
}

/** Nobody answers a message without a ticket; PUBLISH still counts those who hear it. */
async function subscribers(client: Redis, database: number): Promise<number> {
  const message = JSON.stringify({
    body: Buffer.from(
      JSON.stringify({ method: 'heartbeat', arguments: {}, destination: ['nobody'] }),
    ).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { clock: 1 },
    properties: {
      delivery_mode: 2,
      delivery_info: { exchange: 'celery.pidbox', routing_key: '' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  });
  return client.publish(`/${database}.celery.pidbox`, message).catch(() => 0);
}
