import { asOperatorError, OperatorError } from '../../kit/errors/operator-error.js';
import { endsAll } from '../convert-batch.js';
import type { QueuedConversion } from '../queue/conversion-queue.js';
import type { FollowEvent, FollowPorts, FollowSettings, FollowTally } from './follow-ports.js';
import { afterAttempt, afterFailure, afterLoss, failureOf } from './judge-task.js';
import type { ManagerLook } from './protocol.js';
import { newRecord, type TaskRecord } from './task-record.js';

interface Followed {
  readonly job: QueuedConversion;
  record: TaskRecord;
  silentSince: number | null;
  /** Where the manager last said that its runner is. */
  runnerUrl: string | null;
  idleSeen: number;
  goneSince: number | null;
  deliverAfter: number;
  /** It may have been given although no answer came. */
  unsure: boolean;
  /** Whether its runner itself tells the end: `heard` once it did, `deaf` where it cannot. */
  ear: 'none' | 'listens' | 'heard' | 'deaf';
}

/** Waited out, the same request once more. */
const PASSING = new Set([
  'manager-unreachable',
  'manager-failing',
  'manager-rate-limited',
  'manager-version-differs',
  'manager-no-runner',
  'manager-quota',
]);
/** The last: another run brings the same film. */
const RESULT_LATER = new Set([...PASSING, 'runner-gone', 'task-not-finished', 'conversion-running']);
/** Looks in a row at which a runner says that it does not work on its task, before that counts as forgotten. */
const IDLE_LOOKS = 3;

/**
 * Gives conversions to the manager as its runners come free, follows them and brings their films, until all are done or set
 * aside. The ledger has each step before and after it is taken, so that whoever goes on gives nothing twice.
 * @throws OperatorError what ends all: the token is refused, no manager is there, the disk is full; the signal's reason
 */
export async function followTasks(
  jobs: Iterable<QueuedConversion>,
  ports: FollowPorts,
  settings: FollowSettings,
  signal: AbortSignal,
  onEvent: (event: FollowEvent) => void,
): Promise<FollowTally> {
  const following = new Following(jobs, ports, settings, onEvent);
  await following.run(signal);
  return following.tally;
}

class Following {
  readonly tally: FollowTally = { done: 0, incomplete: 0, setAside: 0 };
  readonly #open = new Map<string, Followed>();
  readonly #deliveries = new Map<string, Promise<void>>();
  readonly #ports: FollowPorts;
  readonly #settings: FollowSettings;
  readonly #tell: (event: FollowEvent) => void;
  #blockedUntil = 0;
  #pauseMs: number;
  #toldWait = '';
  #online = 0;
  #fatal: OperatorError | null = null;
  #ring: () => void = () => undefined;
  /** Ends what still listens. */
  readonly #closing = new AbortController();

  constructor(
    jobs: Iterable<QueuedConversion>,
    ports: FollowPorts,
    settings: FollowSettings,
    tell: (event: FollowEvent) => void,
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#tell = tell;
    this.#pauseMs = settings.busyMs;
    const all = [...jobs];
    const known = ports.ledger.find(all.map(({ id }) => id));
    for (const job of all) {
      const record = known.get(job.id)?.record ?? newRecord();
      if (record.state === 'done' || record.state === 'set-aside') continue;
      this.#open.set(job.id, {
        job,
        record,
        silentSince: null,
        runnerUrl: null,
        idleSeen: 0,
        goneSince: null,
        deliverAfter: 0,
        unsure: record.task === null,
        ear: 'none',
      });
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    try {
      while (this.#open.size > 0) {
        signal.throwIfAborted();
        if (this.#fatal !== null) throw this.#fatal;
        await this.#round(signal);
        if (this.#open.size === 0) return;
        const rung = new Promise<void>((resolve) => (this.#ring = resolve));
        await this.#ports.wait(this.#pollMs(), Promise.race([stopped, rung, ...this.#deliveries.values()]));
      }
    } finally {
      this.#closing.abort();
      await Promise.all(this.#deliveries.values());
    }
    if (this.#fatal !== null) throw this.#fatal;
  }

  async #round(signal: AbortSignal): Promise<void> {
    const look = await this.#attempt(() => this.#ports.look());
    if (look === null) return;
    if (this.#blockedUntil === 0) this.#toldWait = '';
    const online = look.runners.filter((runner) => runner.online).length;
    if (online > this.#online) this.#free();
    this.#online = online;
    await this.#adopt();
    for (const one of [...this.#open.values()]) {
      signal.throwIfAborted();
      if (one.record.state === 'running' && !this.#deliveries.has(one.job.id)) await this.#judge(one, look);
    }
    await this.#give(signal);
  }

  /** Tasks that were given although nobody heard: by a run that was killed, or whose answer was lost. */
  async #adopt(): Promise<void> {
    const unsure = [...this.#open.values()].filter((one) => one.unsure);
    if (unsure.length === 0) return;
    const tasks = await this.#attempt(() => this.#ports.tasks());
    if (tasks === null) return;
    for (const one of unsure) {
      const mine = tasks
        .filter(({ parameters }) => parameters?.['job'] === one.job.id)
        .sort((a, b) => Number(b.parameters?.['attempt']) - Number(a.parameters?.['attempt']));
      const [newest] = mine;
      one.unsure = false;
      if (newest === undefined) continue;
      const submission = Number(newest.parameters?.['attempt']);
      const isLive = ['running', 'pending', 'completed', 'warning'].includes(newest.status);
      if (!(submission >= one.record.submission)) continue;
      if (isLive) this.#isGiven(one, newest.task_id, submission);
      else one.record = { ...one.record, submission: submission + 1 };
    }
  }

  async #judge(one: Followed, look: ManagerLook): Promise<void> {
    const { task } = one.record;
    if (task === null) return;
    const seen = look.tasks.get(task);
    const now = this.#ports.now();
    switch (seen?.status) {
      case 'completed':
      case 'warning':
        if (now >= one.deliverAfter) this.#bring(one, task, seen.runnerId);
        return;
      case 'failed':
      case 'timeout': {
        const told = await this.#attempt(() => this.#ports.status(task));
        if (told !== null)
          this.#settle(one, afterFailure(one.record, told.status, told.error ?? '', this.#settings, now));
        return;
      }
      case undefined:
        return this.#lookForForgotten(one, task, now);
      default:
        return this.#watchRunner(one, seen?.runnerId ?? '', look, now);
    }
  }

  /** Not in the list: a manager with several processes shows some of its tasks only now and then. */
  async #lookForForgotten(one: Followed, task: string, now: number): Promise<void> {
    try {
      await this.#ports.status(task);
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'task-unknown')
        this.#settle(one, afterLoss(one.record, 'manager', this.#settings, now));
      else this.#waits(error);
    }
  }

  async #watchRunner(one: Followed, runnerId: string, look: ManagerLook, now: number): Promise<void> {
    const { task } = one.record;
    if (task === null) return;
    const runner = look.runners.find(({ id }) => id === runnerId);
    if (runner !== undefined) one.runnerUrl = runner.url;
    if (runner?.online === true) {
      one.silentSince = null;
      this.#listen(one, runner.url);
      const age = now - (one.record.startedAt ?? now);
      if (age < this.#settings.lostAfterMs) return;
      one.idleSeen = (await this.#ports.worksOn(runner.url, task)) === false ? one.idleSeen + 1 : 0;
      if (one.idleSeen < IDLE_LOOKS) return;
    } else {
      one.silentSince ??= now;
      if (now - one.silentSince < this.#settings.lostAfterMs) return;
      // The manager does not hear it; as long as it is seen at work from here, nobody else converts the same.
      if (one.runnerUrl !== null && (await this.#ports.worksOn(one.runnerUrl, task)) === true) return;
    }
    // Should it live all the same, it is told; the manager mostly cannot any more.
    await this.#ports.stop(task).catch(() => undefined);
    this.#settle(one, afterLoss(one.record, runnerId, this.#settings, now));
  }

  /** Asks the runner itself to say when the task has ended, so that its film waits for no next look. */
  #listen(one: Followed, runnerUrl: string): void {
    const { task } = one.record;
    if (one.ear !== 'none' || task === null) return;
    one.ear = 'listens';
    void this.#hear(one, task, runnerUrl).then((ended) => {
      if (one.record.task !== task) return;
      one.ear = ended === null ? 'deaf' : 'heard';
      this.#ring();
    });
  }

  /** A runner holds its answer back; one that cannot (it stops, or too many wait there) is not asked without a pause. */
  async #hear(one: Followed, task: string, runnerUrl: string): Promise<boolean | null> {
    const { signal } = this.#closing;
    const closed = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    for (;;) {
      const askedAt = this.#ports.now();
      const ended = await this.#ports.ended(runnerUrl, task, signal);
      if (ended !== false || one.record.task !== task || signal.aborted) return ended;
      const pauseMs = this.#settings.pollMs - (this.#ports.now() - askedAt);
      if (pauseMs > 0) await this.#ports.wait(pauseMs, closed);
    }
  }

  #bring(one: Followed, task: string, runnerId: string): void {
    const { job } = one;
    // Its runner is free before its film is here.
    this.#free();
    const bringing = this.#ports
      .deliver(job, task)
      .then(
        ({ missing }) => {
          this.#save(one, { ...one.record, state: 'done', failure: null });
          this.#open.delete(job.id);
          this.tally.done++;
          if (missing !== '') this.tally.incomplete++;
          this.#free();
          this.#tell({ kind: 'done', job, task, missing });
        },
        (error: unknown) => this.#notBrought(one, runnerId, asOperatorError(error)),
      )
      .catch((error: unknown) => {
        this.#fatal ??= asOperatorError(error);
      })
      .finally(() => this.#deliveries.delete(job.id));
    this.#deliveries.set(job.id, bringing);
  }

  #notBrought(one: Followed, runnerId: string, error: OperatorError): void {
    const now = this.#ports.now();
    if (RESULT_LATER.has(error.code)) {
      one.goneSince ??= now;
      one.deliverAfter = now + this.#settings.busyMs;
      if (now - one.goneSince >= this.#settings.goneAfterMs)
        this.#settle(one, afterLoss(one.record, runnerId, this.#settings, now));
      else this.#waits(error);
    } else if (error.code === 'task-unknown')
      this.#settle(one, afterLoss(one.record, runnerId, this.#settings, now));
    else if (error.code === 'result-broken')
      this.#settle(one, afterAttempt(one.record, failureOf(error), this.#settings, now));
    // What this machine cannot write it could not write for the others either; the films wait on their runners.
    else this.#fatal ??= error;
  }

  async #give(signal: AbortSignal): Promise<void> {
    for (const one of [...this.#open.values()]) {
      const now = this.#ports.now();
      if (now < this.#blockedUntil) return;
      if (one.record.state !== 'waiting' || one.unsure || now < one.record.notBefore) continue;
      signal.throwIfAborted();
      // Before it is given: whoever goes on after a kill knows under which number to look for it.
      this.#save(one, one.record);
      try {
        const task = await this.#ports.execute(one.job, one.record.submission);
        this.#isGiven(one, task, one.record.submission);
        this.#free();
      } catch (error) {
        if (error instanceof OperatorError && error.code === 'manager-request-refused')
          this.#settle(one, { ...one.record, state: 'set-aside', failure: failureOf(error) });
        else {
          one.unsure = error instanceof OperatorError && error.code === 'manager-unreachable';
          this.#waits(error);
          return;
        }
      }
    }
  }

  #isGiven(one: Followed, task: string, submission: number): void {
    one.silentSince = null;
    one.goneSince = null;
    one.idleSeen = 0;
    one.ear = 'none';
    const startedAt = this.#ports.now();
    this.#save(one, { ...one.record, state: 'running', task, submission, startedAt });
    this.#tell({ kind: 'given', job: one.job, task });
  }

  #settle(one: Followed, record: TaskRecord): void {
    this.#save(one, record);
    const { job } = one;
    const { failure } = record;
    this.#free();
    if (record.state !== 'set-aside') {
      this.#tell({ kind: 'again', job, failure });
      return;
    }
    this.#open.delete(job.id);
    this.tally.setAside++;
    this.#tell({ kind: 'set-aside', job, failure });
  }

  #save(one: Followed, record: TaskRecord): void {
    one.record = record;
    this.#ports.ledger.save(one.job, record);
  }

  /** A runner came free: what waits is offered at once. */
  #free(): void {
    this.#blockedUntil = 0;
    this.#pauseMs = this.#settings.busyMs;
  }

  async #attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      this.#waits(error);
      return null;
    }
  }

  /** @throws what waiting does not mend */
  #waits(error: unknown): void {
    if (!(error instanceof OperatorError) || !RESULT_LATER.has(error.code) || endsAll(error)) throw error;
    if (PASSING.has(error.code)) {
      this.#blockedUntil = this.#ports.now() + this.#pauseMs;
      this.#pauseMs = Math.min(this.#pauseMs * 2, this.#settings.longestBusyMs);
    }
    // Our own tasks keep the runners busy: nothing to tell.
    const isOurs = [...this.#open.values()].some(({ record }) => record.state === 'running');
    if (this.#toldWait === error.code || (error.code === 'manager-no-runner' && isOurs)) return;
    this.#toldWait = error.code;
    this.#tell({ kind: 'waits', error });
  }

  #pollMs(): number {
    const now = this.#ports.now();
    const { pollMs, longestPollMs } = this.#settings;
    const running = [...this.#open.values()].flatMap(({ job, record, ear }) =>
      record.state === 'running' && record.startedAt !== null
        ? [ear === 'listens' || this.#deliveries.has(job.id) ? Infinity : now - record.startedAt]
        : [],
    );
    const youngest = running.length === 0 ? 0 : Math.min(...running);
    const due = this.#blockedUntil > now && running.length === 0 ? this.#blockedUntil - now : 0;
    return Math.max(pollMs, Math.min(longestPollMs, Math.max(youngest / 100, due)));
  }
}
