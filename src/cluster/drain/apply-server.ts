import { plural } from '../../kit/output/localized.js';
import { workingServers } from '../streaming/servers.js';
import { clusterOperationTexts } from '../texts/operation.js';
import {
  isServerOf,
  refuseBelowPlan,
  runtimeCommands,
  type Direction,
  type ServerTarget,
} from './drain-plan.js';
import { notSettled, until, type ApplyOptions } from './settle.js';
import { words } from './words.js';

/** A server as one balancer sees it: a row of `show stat`. */
export interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly status: string;
  /** Connections of this moment; viewers of HLS have none between two requests. */
  readonly sessions: number;
  /** Seconds since the last request; null: none yet (`lastsess`). */
  readonly lastRequestSeconds: number | null;
  /** `ADDRESS:PORT`, or empty where the balancer does not tell. */
  readonly address: string;
}

export interface BalancerPort {
  readonly name: string;
  readStates(): Promise<readonly ServerState[]>;
  /** Entries of the backend's stick table that lead to the server; 0 without a table. */
  countStuck(backend: string, server: string): Promise<number>;
  /** One runtime command; HAProxy answers nothing when it obeys. */
  command(text: string): Promise<string>;
}

interface Known {
  readonly port: BalancerPort;
  readonly states: readonly ServerState[];
  readonly held: readonly ServerState[];
}

/** Address changes are confirmed in words; anything else said is a refusal. */
const CONFIRMATION = /^(?:IP changed|port changed|no need to change)/i;
const UP = /^UP(?: |$)|^no check/;

/**
 * Takes a broadcast node out of every backend of every balancer, or back, and looks again.
 * @throws OperatorError cluster-server-absent, cluster-below-plan (before anything is changed),
 * cluster-command-refused, cluster-not-settled.
 */
export async function applyServer(
  target: ServerTarget,
  direction: Direction,
  balancers: readonly BalancerPort[],
  options: ApplyOptions,
): Promise<void> {
  const known = await Promise.all(balancers.map((port) => lookAt(port, target)));
  if (known.length === 0) throw clusterOperationTexts.clusterNoBalancer({ node: target.name });
  for (const balancer of known) {
    if (balancer.held.length === 0)
      throw clusterOperationTexts.clusterServerAbsent({ balancer: balancer.port.name, node: target.name });
    if (direction === 'drain' && !options.belowPlan)
      refuseBelowPlan(target, othersUp(balancer), options.limits);
  }
  return direction === 'ready' ? takeBack(target, known, options) : takeOut(target, known, options);
}

async function lookAt(port: BalancerPort, target: ServerTarget): Promise<Known> {
  const states = await port.readStates();
  return { port, states, held: states.filter(isServerOf(target)) };
}

async function takeBack(target: ServerTarget, known: readonly Known[], options: ApplyOptions): Promise<void> {
  if (known.every(({ held }) => held.every(({ status }) => UP.test(status))) && target.address === null)
    options.say(words.wasUpAlready({ name: target.name }));
  await tell(target, known, 'ready', options);
  const read = (): Promise<Seen[]> => readAll(known);
  const up = await until(options, options.waitMs, async () =>
    (await read()).every(({ status }) => UP.test(status)),
  );
  if (!up) throw notSettled(target, 'ready', words.up(), describe(await read()), options);
  options.say(words.upOnBalancers({ name: target.name, known: known.length }));
}

async function takeOut(target: ServerTarget, known: readonly Known[], options: ApplyOptions): Promise<void> {
  for (const { port, states, held } of known)
    for (const { backend } of held)
      if (!states.some((other) => other.backend === backend && !held.includes(other)))
        options.say(words.noOtherServer({ name: port.name, backend, node: target.name }));
  await tell(target, known, 'drain', options);
  const read = (): Promise<Seen[]> => readAll(known);
  const isQuiet = ({ sessions, lastRequestSeconds, stuck }: Seen): boolean =>
    sessions === 0 &&
    stuck === 0 &&
    (lastRequestSeconds === null || lastRequestSeconds >= options.quietSeconds);
  let last: Seen[] = [];
  const quiet = await until(options, options.waitMs, async () => {
    last = await read();
    return last.every(isQuiet);
  });
  // Viewers hold their cookie: they leave only when the server is out; their next request goes elsewhere.
  if (!quiet)
    options.say(
      words.stillHasViewers({
        name: target.name,
        viewers: describe(last.filter((one) => !isQuiet(one))),
      }),
    );
  await tell(target, known, 'maint', options);
  const empty = await until(options, options.waitMs, async () =>
    (await read()).every(({ status, sessions }) => status.startsWith('MAINT') && sessions === 0),
  );
  if (!empty) throw notSettled(target, 'drain', words.empty(), describe(await read()), options);
  options.say(words.outAndEmpty({ name: target.name, known: known.length }));
}

async function tell(
  target: ServerTarget,
  known: readonly Known[],
  state: 'drain' | 'maint' | 'ready',
  { say }: ApplyOptions,
): Promise<void> {
  for (const { port, held } of known)
    for (const command of runtimeCommands(target, held, state)) {
      say(`${port.name}: ${command}`);
      const answer = (await port.command(command)).trim();
      if (answer !== '' && !CONFIRMATION.test(answer))
        throw clusterOperationTexts.clusterCommandRefused({ target: port.name, command, detail: answer });
    }
}

interface Seen extends ServerState {
  readonly balancer: string;
  readonly stuck: number;
}

/** The servers that were found at first, as they are now: a slot's address may have changed meanwhile. */
async function readAll(known: readonly Known[]): Promise<Seen[]> {
  const all = await Promise.all(
    known.map(async ({ port, held }) => {
      const now = await port.readStates();
      return Promise.all(
        held.map(async (before) => {
          const state = now.find(
            ({ backend, server }) => backend === before.backend && server === before.server,
          );
          return {
            ...(state ?? { ...before, status: 'gone' }),
            balancer: port.name,
            stuck: await port.countStuck(before.backend, before.server),
          };
        }),
      );
    }),
  );
  return all.flat();
}

/** Other servers that would go on, as this balancer itself calls them up, in the backends that hold the node. */
function othersUp({ states, held }: Known): number {
  const backends = new Set(held.map(({ backend }) => backend));
  const own = new Set(held.map(({ server }) => server));
  const others = states.filter(({ backend, server }) => backends.has(backend) && !own.has(server));
  return workingServers(others).size;
}

const describe = (states: readonly Seen[]): string =>
  states
    .map(
      ({ balancer, backend, status, sessions, lastRequestSeconds, stuck }) =>
        `${balancer} ${backend}: ${status}, ${sessions} ${plural(sessions, 'session', 'sessions')}` +
        (lastRequestSeconds === null ? '' : words.lastRequest({ lastRequestSeconds })) +
        (stuck === 0 ? '' : words.inStickTable({ stuck })),
    )
    .join('; ');
