import type { OperatorError } from '../../kit/errors/operator-error.js';
import {
  BACKENDS,
  refuseBelowPlan,
  runtimeCommands,
  type Direction,
  type DrainTarget,
} from './drain-plan.js';
import { applyRunner, type RunnerDoor } from './apply-runner.js';
import { clusterOperationTexts } from '../texts/operation.js';

/** A server as one balancer sees it. */
export interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly status: string;
  readonly sessions: number;
}

export interface BalancerDoor {
  readonly name: string;
  readStates(): Promise<readonly ServerState[]>;
  /** One runtime command; HAProxy answers nothing when it obeys. */
  command(text: string): Promise<string>;
}

export interface BridgeDoor {
  setDrain(on: boolean): Promise<void>;
  /** Participants of its own, and whether it drains. */
  read(): Promise<{ readonly participants: number; readonly draining: boolean }>;
}

export interface WorkerDoor {
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

export interface DrainDoors {
  readonly balancers: readonly BalancerDoor[];
  readonly bridge: BridgeDoor | null;
  readonly worker: WorkerDoor | null;
  readonly runner: RunnerDoor | null;
  /** Bridges that would stay. */
  readonly otherBridges: number;
}

export interface ApplyOptions {
  /** How long viewers, participants or jobs may take to leave. */
  readonly waitMs: number;
  readonly pollMs: number;
  readonly limits: { readonly minimum: number; readonly demand: string };
  /** The operator knows that too few are left. */
  readonly belowPlan: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly pause: (ms: number) => Promise<void>;
}

/** Takes the node out or back, waits, and looks again. Refusals come before anything is changed. */
export async function applyDrain(
  target: DrainTarget,
  direction: Direction,
  doors: DrainDoors,
  options: ApplyOptions,
): Promise<void> {
  if (target.kind === 'server') return applyServer(target, direction, doors, options);
  if (target.kind === 'jvb' && doors.bridge !== null)
    return applyBridge(target, direction, doors.bridge, doors.otherBridges, options);
  if (target.kind === 'runner' && doors.runner !== null)
    return applyRunner(target, direction, doors.runner, options);
  if (target.kind === 'worker' && doors.worker !== null)
    return applyWorker(target, direction, doors.worker, options);
  throw new TypeError(`no door for ${target.kind}`);
}

async function until(options: ApplyOptions, waitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += options.pollMs) {
    options.signal.throwIfAborted();
    if (await holds()) return true;
    if (waitedMs >= waitMs) return false;
    await options.pause(options.pollMs);
  }
}

const notSettled = (
  target: DrainTarget,
  direction: Direction,
  wanted: string,
  state: string,
  { waitMs }: ApplyOptions,
): OperatorError =>
  clusterOperationTexts.clusterNotSettled({
    node: target.name,
    wanted,
    seconds: Math.round(waitMs / 1000),
    state,
    command: direction,
    more: Math.round((waitMs * 3) / 1000),
  });

async function applyServer(
  target: { readonly kind: 'server'; readonly name: string; readonly address: string | null },
  direction: Direction,
  { balancers }: DrainDoors,
  options: ApplyOptions,
): Promise<void> {
  const known = await Promise.all(balancers.map(async (door) => ({ door, states: await door.readStates() })));
  for (const { door, states } of known) {
    if (!states.some(({ server }) => server === target.name))
      throw clusterOperationTexts.clusterServerAbsent({ balancer: door.name, node: target.name });
    if (direction === 'drain' && !options.belowPlan)
      refuseBelowPlan(target, othersUp(states, target.name), options.limits);
  }
  const backendsOf = (states: readonly ServerState[]): string[] =>
    BACKENDS.filter((backend) =>
      states.some((state) => state.backend === backend && state.server === target.name),
    );
  const tell = async (state: 'drain' | 'maint' | 'ready'): Promise<void> => {
    for (const { door, states } of known)
      for (const command of runtimeCommands(target, backendsOf(states), state)) {
        options.say(`${door.name}: ${command}`);
        const answer = (await door.command(command)).trim();
        // Address changes are confirmed in words; anything else said is a refusal.
        if (answer !== '' && !/^(?:IP changed|port changed|no need to change)/i.test(answer))
          throw clusterOperationTexts.clusterCommandRefused({ target: door.name, command, detail: answer });
      }
  };
  const read = async (): Promise<ServerState[]> =>
    (await Promise.all(balancers.map((door) => door.readStates())))
      .flat()
      .filter(({ server, backend }) => server === target.name && BACKENDS.includes(backend));
  if (direction === 'ready') {
    await tell('ready');
    const up = await until(options, options.waitMs, async () =>
      (await read()).every(({ status }) => /^UP(?: |$)|^no check/.test(status)),
    );
    if (!up) throw notSettled(target, direction, 'up', describe(await read()), options);
    options.say(`${target.name} is up on ${balancers.length} balancer(s)`);
    return;
  }
  await tell('drain');
  await until(options, options.waitMs, async () => (await read()).every(({ sessions }) => sessions === 0));
  // Viewers hold their cookie: they leave only when the server is out; their next request goes elsewhere.
  await tell('maint');
  const empty = await until(options, options.waitMs, async () =>
    (await read()).every(({ status, sessions }) => status.startsWith('MAINT') && sessions === 0),
  );
  if (!empty) throw notSettled(target, direction, 'empty', describe(await read()), options);
  options.say(`${target.name} is out and empty on ${balancers.length} balancer(s)`);
}

/** Servers of the first backend that would go on working. */
const othersUp = (states: readonly ServerState[], name: string): number =>
  new Set(
    states
      .filter(
        ({ backend, server, status }) =>
          BACKENDS.includes(backend) && server !== name && status.startsWith('UP'),
      )
      .map(({ server }) => server),
  ).size;

const describe = (states: readonly ServerState[]): string =>
  states.map(({ backend, status, sessions }) => `${backend} ${status}, ${sessions} session(s)`).join('; ');

async function applyBridge(
  target: DrainTarget,
  direction: Direction,
  door: BridgeDoor,
  others: number,
  options: ApplyOptions,
): Promise<void> {
  if (direction === 'drain' && !options.belowPlan) refuseBelowPlan(target, others, options.limits);
  await door.setDrain(direction === 'drain');
  options.say(`${target.name}: drain ${direction === 'drain' ? 'enabled' : 'disabled'}`);
  let last = await door.read();
  const settled = await until(options, options.waitMs, async () => {
    last = await door.read();
    return direction === 'drain' ? last.draining && last.participants === 0 : !last.draining;
  });
  if (!settled)
    throw notSettled(
      target,
      direction,
      direction === 'drain' ? 'empty' : 'ready',
      `${last.participants} participant(s), drain ${last.draining ? 'on' : 'off'}`,
      options,
    );
  options.say(
    direction === 'drain'
      ? `${target.name} is empty: systemctl stop jitsi-videobridge2`
      : `${target.name} takes conferences again`,
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
  door: WorkerDoor,
  options: ApplyOptions,
): Promise<void> {
  const all = await door.read();
  const own = all.filter(({ node }) => node === target.celeryName);
  if (own.length === 0)
    throw clusterOperationTexts.clusterWorkerSilent({
      name: target.celeryName,
      names: all.map(({ node }) => node).join(', ') || 'none',
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
  const { ok, answer } = await door.setConsuming(direction === 'ready');
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
      `${target.celeryName} goes on with ${state?.reserved ?? 0} prefetched task(s); systemctl stop celery-${target.queue} would end the current one and give the others back`,
    );
  const settled = await until(options, options.waitMs, async () => {
    state = (await door.read()).find(({ node }) => node === target.celeryName) ?? state;
    if (state === undefined) return false;
    const consumes = state.queues.includes(target.queue);
    // What it prefetched goes back to the queue when it is stopped: only the current job is waited for.
    return direction === 'ready' ? consumes : !consumes && state.active === 0;
  });
  if (!settled)
    throw notSettled(
      target,
      direction,
      direction === 'drain' ? 'idle' : 'consuming',
      `${state?.active ?? 0} active, ${state?.reserved ?? 0} reserved`,
      options,
    );
  options.say(
    direction === 'drain'
      ? `${target.celeryName} is idle${(state?.reserved ?? 0) > 0 ? `; ${state?.reserved ?? 0} prefetched task(s) go back when it is stopped` : ''}: systemctl stop celery-${target.queue}`
      : `${target.celeryName} takes jobs of ${target.queue} again`,
  );
}
