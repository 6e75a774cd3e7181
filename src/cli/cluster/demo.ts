import { pause } from '../../kit/pause.js';
import { makeOwnDirectory, removeDirectory } from '../../kit/adapters/files/own-directory.js';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import os from 'node:os';
import path from 'node:path';
import { startChild, type Child } from '../../kit/adapters/process/start-child.js';
import { freePorts } from '../../kit/adapters/network/free-ports.js';
import {
  loopbackLayout,
  startRenderedStreaming,
  type RunningCluster,
} from '../../cluster/adapters/rendered-cluster/start-streaming.js';
import {
  DEMO_PORT_COUNT,
  demoInventory,
  demoPorts,
  type DemoPorts,
} from '../../cluster/demo/demo-inventory.js';
import type { Inventory } from '../../cluster/inventory/schema.js';
import { renderCluster } from '../../cluster/render/render-cluster.js';
import { testCardArguments } from '../../cluster/render/render-source.js';
import type { Context } from '../kit/context.js';
import { loadTemplates } from './render.js';
import { clusterOperationTexts } from '../../cluster/texts/operation.js';
import { words } from './words.js';

export interface RehearsalOptions {
  readonly segmentSeconds?: number;
  readonly copied?: boolean;
  readonly signal?: AbortSignal;
  readonly onLine?: (node: string, line: string) => void;
  /** Size of the test card. */
  readonly size?: { readonly width: number; readonly height: number; readonly frameRate: number };
}

/** The rendered streaming cluster at work on loopback, with its test card. */
export interface Rehearsal {
  readonly directory: string;
  readonly inventory: Inventory;
  /** The same as a file, for the other commands. */
  readonly inventoryFile: string;
  readonly ports: DemoPorts;
  readonly cluster: RunningCluster;
  readonly source: Child;
  /** The page to watch. */
  readonly page: string;
  /** Resolves when the balancer serves a playlist of every rendition. */
  ready(timeoutMs?: number): Promise<boolean>;
  /** Stops everything and removes the files. */
  stop(): Promise<void>;
}

/** Renders the demo's inventory and starts it: nothing but what `cluster render` writes. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const directory = makeOwnDirectory(os.tmpdir(), 'bbb2pod-demo');
  const ports = demoPorts(await freePorts(DEMO_PORT_COUNT));
  const { inventory, text } = demoInventory(ports, options);
  const inventoryFile = path.join(directory, 'cluster.toml');
  await writeAtomically(inventoryFile, text);
  const { streaming } = inventory;
  if (streaming === undefined) throw new TypeError('the demo has a streaming cluster');
  const roles = {
    balancers: Object.keys(streaming.balancers),
    ingests: Object.keys(streaming.ingests),
    broadcasts: Object.keys(streaming.broadcasts),
  };
  const templates = loadTemplates();
  const files = Object.values(roles)
    .flat()
    .flatMap((node) =>
      renderCluster(inventory, templates, loopbackLayout(directory, node)).filter(
        (file) => file.node === node,
      ),
    );
  const { signal, onLine } = options;
  const cluster = await startRenderedStreaming(files, roles, {
    directory,
    ...(signal === undefined ? {} : { signal }),
    ...(onLine === undefined ? {} : { onLine }),
  });
  const source = await startChild({
    file: 'ffmpeg',
    args: testCardArguments(streaming, 'demo', options.size ?? { width: 640, height: 360, frameRate: 25 }),
    diesWithParent: true,
    killDelayMs: 1000,
    ...(signal === undefined ? {} : { signal }),
    onStderrLine: (line) => onLine?.('source', line),
  });
  const page = `http://127.0.0.1:${ports.http}/`;
  return {
    directory,
    inventory,
    inventoryFile,
    ports,
    cluster,
    source,
    page,
    ready: (timeoutMs = 60_000) =>
      waitForPlaylists(
        page,
        streaming.ladder.map(({ name }) => name),
        timeoutMs,
        signal,
      ),
    stop: async () => {
      await source.stop();
      await cluster.stop();
      removeDirectory(directory);
    },
  };
}

async function waitForPlaylists(
  page: string,
  renditions: readonly string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const [{ openHttp }, { guardAddresses }] = await Promise.all([
    import('../../kit/adapters/http/open-http.js'),
    import('../../kit/adapters/http/address-guard.js'),
  ]);
  // The rehearsal runs on this machine alone.
  const http = openHttp({ guard: guardAddresses({ allowHosts: ['127.0.0.1'] }) });
  const deadline = Date.now() + timeoutMs;
  const segments = async (name: string): Promise<number> => {
    try {
      const { text } = await http.readText({
        url: `${page}hls/demo_${name}.m3u8`,
        timeoutMs: 3000,
        retries: 0,
      });
      return text.split('#EXTINF').length - 1;
    } catch {
      return 0;
    }
  };
  try {
    while (Date.now() < deadline) {
      signal?.throwIfAborted();
      const counts = await Promise.all(renditions.map(segments));
      if (counts.every((count) => count >= 3)) return true;
      await pause(250);
    }
    return false;
  } finally {
    await http.close();
  }
}

export interface DemoFlags {
  readonly copied: boolean;
  /** Null: until Ctrl-C. */
  readonly seconds: number | null;
  readonly show: (text: string, page: string) => void;
  readonly say: (line: string) => void;
}

const READY_SECONDS = 60;

/**
 * `cluster demo`: starts the rehearsal, says where to look, and stops it. Ctrl-C is its ordinary end.
 * @throws OperatorError cluster-demo-silent.
 */
export async function runDemo(context: Context, flags: DemoFlags): Promise<void> {
  const complaints: string[] = [];
  const rehearsal = await startRehearsal({
    copied: flags.copied,
    onLine: (node, line) => {
      if (/alert|emerg|error/i.test(line)) complaints.push(`${node}: ${line}`);
    },
  });
  context.closeWith(() => rehearsal.stop());
  flags.say(words.startingRehearsal());
  const interrupted = (): boolean => context.signal.aborted;
  const ready = await Promise.race([rehearsal.ready(READY_SECONDS * 1000), ended(context.signal)]);
  if (interrupted()) return;
  if (ready !== true)
    throw clusterOperationTexts.clusterDemoSilent({
      seconds: READY_SECONDS,
      detail: complaints.slice(0, 3).join(' | ') || words.noReasonGiven(),
    });
  flags.show(
    [
      `${words.watch()} ${rehearsal.page}`,
      `${words.statistics()} http://127.0.0.1:${rehearsal.ports.stats}/haproxy?stats`,
      `${words.files()} ${rehearsal.directory}`,
      `${words.health()} bbb2pod cluster check --inventory ${rehearsal.inventoryFile}`,
      words.tryIt(),
    ].join('\n'),
    rehearsal.page,
  );
  await Promise.race([
    ended(context.signal),
    ...(flags.seconds === null ? [] : [pause(flags.seconds * 1000)]),
  ]);
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
