import { plural } from '../../kit/output/localized.js';
import { refuseBelowPlan, type Direction, type DrainTarget } from './drain-plan.js';
import { applyServer, type BalancerPort } from './apply-server.js';
import { notSettled, until, type ApplyOptions } from './settle.js';
import { applyRunner, type RunnerPort } from './apply-runner.js';
import { clusterOperationTexts } from '../texts/operation.js';
import { words } from './words.js';

export interface BridgePort {
  setDrain(on: boolean): Promise<void>;
  /** Participants of its own, and whether it drains. */
  read(): Promise<{ readonly participants: number; readonly draining: boolean }>;
}

export interface WorkerPort {
  /** Names of all that answer, with what they consume and hold. */
  read(): Promise<
    readonly {
      readonly node: string;
      readonly queues: readonly string[];
      readonly active: number;
      readonly reserved: number;
    }[]
  >;
  setConsuming(on: boolean): Promise<{ readonly ok: boolean; readonly answer: string }>;
}

export type { ApplyOptions } from './settle.js';

export interface DrainPorts {
  readonly balancers: readonly BalancerPort[];
  readonly bridge: BridgePort | null;
  readonly worker: WorkerPort | null;
  readonly runner: RunnerPort | null;
  /** Bridges that would stay. */
  readonly otherBridges: number;
}

/** Takes the node out or back, waits, and looks again. Refusals come before anything is changed. */
export async function applyDrain(
  target: DrainTarget,
  direction: Direction,
  ports: DrainPorts,
  options: ApplyOptions,
): Promise<void> {
  if (target.kind === 'server') return applyServer(target, direction, ports.balancers, options);
  if (target.kind === 'jvb' && ports.bridge !== null)
    return applyBridge(target, direction, ports.bridge, ports.otherBridges, options);
  if (target.kind === 'runner' && ports.runner !== null)
    return applyRunner(target, direction, ports.runner, options);
  if (target.kind === 'worker' && ports.worker !== null)
    return applyWorker(target, direction, ports.worker, options);
  throw new TypeError(`no port for ${target.kind}`);
}

async function applyBridge(
  target: DrainTarget,
  direction: Direction,
  port: BridgePort,
  others: number,
  options: ApplyOptions,
): Promise<void> {
  if (direction === 'drain' && !options.belowPlan) refuseBelowPlan(target, others, options.limits);
  await port.setDrain(direction === 'drain');
  options.say(
    direction === 'drain'
      ? words.drainEnabled({ name: target.name })
      : words.drainDisabled({ name: target.name }),
  );
  let last = await port.read();
  const settled = await until(options, options.waitMs, async () => {
    last = await port.read();
    return direction === 'drain' ? last.draining && last.participants === 0 : !last.draining;
  });
  if (!settled)
    throw notSettled(
      target,
      direction,
      direction === 'drain' ? words.empty() : words.ready(),
      `${last.participants} ${plural(last.participants, 'participant', 'participants')}, drain ${last.draining ? words.on() : words.off()}`,
      options,
    );
  options.say(
    direction === 'drain'
      ? words.bridgeEmpty({ name: target.name })
      : words.bridgeBack({ name: target.name }),
  );
}

async function applyWorker(
  target: {
    readonly kind: 'worker';
    readonly name: string;
    readonly celeryName: string;
    readonly queue: string;
  },
  direction: Direction,
  port: WorkerPort,
  options: ApplyOptions,
): Promise<void> {
  const all = await port.read();
  const own = all.filter(({ node }) => node === target.celeryName);
  if (own.length === 0)
    throw clusterOperationTexts.clusterWorkerSilent({
      name: target.celeryName,
      names: all.map(({ node }) => node).join(', ') || words.none(),
    });
  if (own.length > 1)
    throw clusterOperationTexts.clusterNameShared({
      count: own.length,
      name: target.celeryName,
      queue: target.queue,
    });
  const others = all.filter(
    ({ node, queues }) => node !== target.celeryName && queues.includes(target.queue),
  ).length;
  if (direction === 'drain' && !options.belowPlan) refuseBelowPlan(target, others, options.limits);
  const { ok, answer } = await port.setConsuming(direction === 'ready');
  options.say(`${target.celeryName}: ${answer}`);
  if (!ok)
    throw clusterOperationTexts.clusterCommandRefused({
      target: target.celeryName,
      command: direction === 'drain' ? 'cancel_consumer' : 'add_consumer',
      detail: answer,
    });
  let state = own[0];
  if (direction === 'drain' && (state?.reserved ?? 0) > 0)
    options.say(
      words.goesOnWithPrefetched({
        celeryName: target.celeryName,
        reserved: state?.reserved ?? 0,
        queue: target.queue,
      }),
    );
  const settled = await until(options, options.waitMs, async () => {
    state = (await port.read()).find(({ node }) => node === target.celeryName) ?? state;
    if (state === undefined) return false;
    const consumes = state.queues.includes(target.queue);
    // What it prefetched goes back to the queue when it is stopped: only the current job is waited for.
    return direction === 'ready' ? consumes : !consumes && state.active === 0;
  });
  if (!settled)
    throw notSettled(
      target,
      direction,
      direction === 'drain' ? words.idle() : words.consuming(),
      words.activeReserved({ active: state?.active ?? 0, reserved: state?.reserved ?? 0 }),
      options,
    );
  options.say(
    direction === 'drain'
      ? workerIdle(target, state?.reserved ?? 0)
      : words.workerBack({ celeryName: target.celeryName, queue: target.queue }),
  );
}

/** An idle worker may hold prefetched tasks. */
const workerIdle = (
  { celeryName, queue }: { readonly celeryName: string; readonly queue: string },
  reserved: number,
): string =>
  reserved > 0
    ? words.workerIdleWithTasks({ celeryName, queue, reserved })
    : words.workerIdle({ celeryName, queue });
