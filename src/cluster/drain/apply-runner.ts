import { localized, plural } from '../../kit/output/localized.js';
import { notSettled, until, type ApplyOptions } from './settle.js';
import { refuseBelowPlan, type Direction, type DrainTarget } from './drain-plan.js';

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
    if (!idle) throw notSettled(target, direction, localized('idle', 'inactif'), describe(last), options);
  }
  await port.setRunning(false);
  const stopped = await until(options, options.waitMs, async () => {
    last = await port.read();
    return last.instances.length === 0;
  });
  if (!stopped) throw notSettled(target, direction, localized('stopped', 'arrêté'), describe(last), options);
  options.say(
    localized(
      `${target.name} is stopped; results of its finished tasks are not to be fetched until it is back`,
      `${target.name} est arrêté ; les résultats de ses tâches finies ne se retirent pas avant son retour`,
    ),
  );
  if (last.tasks.length > 0)
    options.say(
      localized(
        `${last.tasks.join(', ')} slipped in before the stop: the runner takes it up again when it is ready; else Admin > Tasks > Restart selected`,
        `${last.tasks.join(', ')} s'est glissée avant l'arrêt : le runner la reprend à son retour ; sinon Admin > Tâches > Relancer la sélection`,
      ),
    );
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
  if (!back) throw notSettled(target, 'ready', localized('registered', 'inscrit'), describe(last), options);
  options.say(
    localized(
      `${target.name} is registered with ${instancesOf(last.instances.length)} and takes tasks again`,
      `${target.name} est inscrit avec ${instancesOf(last.instances.length)} et reprend des tâches`,
    ),
  );
}

const instancesOf = (count: number): string => `${count} ${plural(count, 'instance', 'instances')}`;

const describe = ({ instances, tasks, listed }: RunnerNodeState): string =>
  [
    localized(
      `${instances.length} of ${instancesOf(listed)} answering`,
      `${instances.length} de ${instancesOf(listed)} ${plural(instances.length, 'répond', 'répondent')}`,
    ),
    ...instances.map(
      ({ name, available, registered }) =>
        `${name} ${registered ? (available ? localized('free', 'libre') : localized('busy', 'occupé')) : localized('not registered', 'non inscrit')}`,
    ),
    ...tasks.map((task) => `${localized('task', 'tâche')} ${task}`),
  ].join(', ');
