import { plural } from '../../kit/output/localized.js';
import { notSettled, until, type ApplyOptions } from './settle.js';
import { refuseBelowPlan, type Direction, type DrainTarget } from './drain-plan.js';
import { words } from './words.js';

/** A runner's node as its own ping and the manager tell it. */
export interface RunnerNodeState {
  /** Its instances that answer. */
  readonly instances: readonly {
    readonly name: string;
    readonly available: boolean;
    readonly registered: boolean;
  }[];
  /** Tasks that the manager has running there. */
  readonly tasks: readonly string[];
  /** Fewest instances of other nodes that serve one of its types. */
  readonly others: number;
  /** Instances that the inventory gives it. */
  readonly listed: number;
}

export interface RunnerPort {
  read(): Promise<RunnerNodeState>;
  /** Stops or starts its unit. */
  setRunning(on: boolean): Promise<void>;
}

/**
 * esup-runner has no way to refuse new tasks only: a stopped unit kills its task, and a firewall would cut the results
 * off. So an idle instant of all instances is waited for, and the unit stopped in it; what slipped in meanwhile is told,
 * and taken up again by the runner's own retry when it comes back.
 */
export async function applyRunner(
  target: Extract<DrainTarget, { kind: 'runner' }>,
  direction: Direction,
  port: RunnerPort,
  options: ApplyOptions,
): Promise<void> {
  const before = await port.read();
  if (direction === 'ready') return takeBack(target, before, port, options);
  if (!options.belowPlan) refuseBelowPlan(target, before.others, options.limits);
  let last = before;
  if (last.instances.length > 0) {
    const idle = await until(options, options.waitMs, async () => {
      last = await port.read();
      return last.tasks.length === 0 && last.instances.every(({ available }) => available);
    });
    if (!idle) throw notSettled(target, direction, words.idle(), describe(last), options);
  }
  await port.setRunning(false);
  const stopped = await until(options, options.waitMs, async () => {
    last = await port.read();
    return last.instances.length === 0;
  });
  if (!stopped) throw notSettled(target, direction, words.stopped(), describe(last), options);
  options.say(words.runnerStopped({ name: target.name }));
  if (last.tasks.length > 0) options.say(words.slippedIn({ tasks: last.tasks.join(', ') }));
}

async function takeBack(
  target: Extract<DrainTarget, { kind: 'runner' }>,
  before: RunnerNodeState,
  port: RunnerPort,
  options: ApplyOptions,
): Promise<void> {
  let last = before;
  await port.setRunning(true);
  const back = await until(options, options.waitMs, async () => {
    last = await port.read();
    return last.instances.length >= last.listed && last.instances.every(({ registered }) => registered);
  });
  if (!back) throw notSettled(target, 'ready', words.registered(), describe(last), options);
  options.say(words.runnerBack({ name: target.name, instances: instancesOf(last.instances.length) }));
}

const instancesOf = (count: number): string => `${count} ${plural(count, 'instance', 'instances')}`;

const describe = ({ instances, tasks, listed }: RunnerNodeState): string =>
  [
    words.answering({ instances: instances.length, listed: instancesOf(listed) }),
    ...instances.map(
      ({ name, available, registered }) =>
        `${name} ${registered ? (available ? words.free() : words.busy()) : words.notRegistered()}`,
    ),
    ...tasks.map((task) => `${words.task()} ${task}`),
  ].join(', ');
