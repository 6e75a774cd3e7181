import path from 'node:path';
import pLimit from 'p-limit';
import { inspectWorkers } from '../../cluster/adapters/celery/inspect.js';
import { readQueues } from '../../cluster/adapters/celery/queues.js';
import { probeTaskFile } from '../../cluster/adapters/probe-task-file.js';
import { parseBrokerUrl, showBroker, type BrokerAddress } from '../../kit/adapters/redis/broker-url.js';
import { connectRedis } from '../../kit/adapters/redis/connect.js';
import { minutesPerHour } from '../../cluster/plan/formulas.js';
import type { EncodingInventory } from '../../cluster/pod/inventory.js';
import {
  filesOf,
  reportBroker,
  type BrokerFacts,
  type BrokerSummary,
  type FileFacts,
} from '../../cluster/queue/queue-report.js';
import { renderQueues } from '../../cluster/queue/render-queue.js';
import { renderRunnerQueue } from '../../cluster/queue/render-runner-queue.js';
import { reportRunners, type RunnerQueue } from '../../cluster/queue/runner-report.js';
import { minuteOf } from '../../kit/output/instants.js';
import { messageOf, OperatorError } from '../../kit/errors/operator-error.js';
import type { Context } from '../kit/context.js';
import { openInventory } from './inventory.js';
import { lookAtEsupRunner } from './runner-adapter.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import { words } from './words.js';

export interface QueueFlags {
  readonly inventory: string | undefined;
  /** How long a silent worker is waited for. */
  readonly waitMs: number;
  /** Messages opened per list. */
  readonly peek: number;
}

/** The worker's cores when the inventory does not say. */
const DEFAULT_CORES = 8;

/** What one look at the queues gives: Celery's brokers, and esup-runner when there is one. */
export interface Queues {
  readonly brokers: readonly BrokerSummary[];
  readonly runners: RunnerQueue | null;
}

/** `cluster queue`: one look at every broker of the inventory, and at esup-runner. */
export async function lookAtQueues(context: Context, flags: QueueFlags): Promise<Queues> {
  const { inventory, file } = openInventory(context, flags.inventory);
  const { encoding, esup_runner: esupRunner } = inventory;
  const hasBrokers = encoding !== undefined && Object.keys(encoding.brokers).length > 0;
  if (!hasBrokers && esupRunner === undefined) throw clusterOperationTexts.clusterNoBroker({ file });
  const [brokers, seen] = await Promise.all([
    encoding === undefined ? [] : readBrokers(context, encoding, flags),
    lookAtEsupRunner(context, inventory, path.dirname(file)),
  ]);
  return { brokers, runners: seen === null ? null : reportRunners(seen.facts, seen.managerUrl) };
}

async function readBrokers(
  context: Context,
  encoding: EncodingInventory,
  flags: QueueFlags,
): Promise<BrokerSummary[]> {
  return Promise.all(
    Object.entries(encoding.brokers).map(async ([name, { url, queues, sentinel_master: master }]) => {
      const facts = await readBroker(context, { name, url: url.reveal(), queues, master }, flags);
      const files = await probeAll(filesOf(facts), context.signal);
      return reportBroker(facts, { nowSeconds: Date.now() / 1000, files, pace: paceOf(encoding) });
    }),
  );
}

/**
 * Opens a broker of the inventory.
 * @throws OperatorError cluster-broker-unreachable.
 */
export async function openBroker(
  context: Context,
  { name, url, master }: { name: string; url: string; master: string },
): Promise<{ redis: Awaited<ReturnType<typeof connectRedis>>; address: BrokerAddress }> {
  const address = parseBrokerUrl(url);
  if (address === null)
    throw clusterOperationTexts.clusterBrokerUnreachable({
      name,
      broker: '?',
      detail: words.urlOfNoBroker(),
    });
  try {
    const redis = await connectRedis(address, {
      timeoutMs: 5000,
      signal: context.signal,
      sentinelMaster: master,
    });
    return { redis, address };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    context.signal.throwIfAborted();
    const detail = messageOf(error, words.noAnswer());
    throw clusterOperationTexts.clusterBrokerUnreachable({ name, broker: showBroker(address), detail });
  }
}

async function readBroker(
  context: Context,
  broker: { name: string; url: string; queues: readonly string[]; master: string },
  { waitMs, peek }: QueueFlags,
): Promise<BrokerFacts> {
  const { redis, address } = await openBroker(context, broker);
  try {
    // Workers first: a task that moves on meanwhile is then counted once, where it went.
    const inspect = await inspectWorkers(redis, {
      database: address.database,
      waitMs,
      methods: ['ping', 'stats', 'active_queues', 'active', 'reserved'],
    });
    const queues = await readQueues(redis, { queues: broker.queues, peek });
    return { name: broker.name, queues, inspect };
  } finally {
    redis.disconnect();
  }
}

const PROBED = 200;

async function probeAll(files: readonly string[], signal: AbortSignal): Promise<Map<string, FileFacts>> {
  const limit = pLimit(4);
  const facts = await Promise.all(
    files
      .slice(0, PROBED)
      .map((file) => limit(async () => [file, await probeTaskFile('ffprobe', file, signal)] as const)),
  );
  return new Map(facts);
}

/** For people, with instants on the configured clock. @param limit tasks listed */
export const renderLook = ({ configuration }: Context, { brokers, runners }: Queues, limit: number): string =>
  [
    ...(brokers.length === 0
      ? []
      : [
          renderQueues(brokers, {
            limit,
            clock: (atSeconds) => minuteOf(atSeconds * 1000, configuration.timezone).slice(-5),
          }),
        ]),
    ...(runners === null ? [] : [renderRunnerQueue(runners, limit)]),
  ].join('\n\n');

/** Seconds of encoding per second of media, from the workers' cores and the measured factor. */
const paceOf =
  (encoding: EncodingInventory) =>
  (queue: string): number | null => {
    if (queue !== 'encoding') return null;
    const cores = Object.values(encoding.workers)
      .filter((worker) => worker.queue === queue)
      .map((worker) => worker.cores ?? DEFAULT_CORES);
    return 60 / minutesPerHour(Math.min(...cores, DEFAULT_CORES), encoding.expected.core_minutes);
  };
