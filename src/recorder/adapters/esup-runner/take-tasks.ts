import { pause } from '../../../kit/pause.js';
import type { Secret } from '../../../kit/config/secret.js';
import { asOperatorError, messageOf, type OperatorError } from '../../../kit/errors/operator-error.js';
import { systemTexts } from '../../../kit/errors/system.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import { answerManager, type OwnRunner, type OwnTask } from '../../esup-runner/answer-manager.js';
import { judgeLeft } from '../../esup-runner/judge-left.js';
import { CANCELLED, renderError, type RunRequest } from '../../esup-runner/protocol.js';
import { readTask, type TaskRules } from '../../esup-runner/task-parameters.js';
import { queueTexts } from '../../queue-texts.js';
import type { JobEnd, TakeJobs, TakenJob } from '../../queue/work-on-queue.js';
import type { ConvertedFile } from '../../recording-ports.js';
import type { ManagerClient, Registration } from './manager-client.js';
import { watchRoom, type DiskRoom, type RoomSettings } from './disk-room.js';
import { listenForManager } from './runner-listener.js';
import { tellEnds, type EndTeller, type TellingIntervals } from './tell-ends.js';
import { awaitEnds, type EndWaiters } from './await-ends.js';
import { stayRegistered, type Registered, type RunnerIntervals } from './stay-registered.js';
import { openTaskStore, type StoredTask, type TaskStore } from './task-store.js';

export interface RunnerSettings {
  /** Stable over restarts: the manager finds our tasks by it. */
  readonly id: string;
  /** What the manager reaches us by: scheme, host and port alone. */
  readonly url: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly directory: string;
  /** Where room is looked for before a task is offered one; `directory` among them. */
  readonly room: RoomSettings;
  readonly token: Secret;
  readonly rules: TaskRules;
  /** A task that lost so many workers is given up: it may be what kills them. */
  readonly takeovers: number;
  /** Results stay that long after their end. */
  readonly keepMs: number;
  readonly retryAfterMs: number;
  readonly stopTimeoutMs: number;
  readonly intervals: RunnerIntervals;
  readonly telling: TellingIntervals;
  readonly onTrouble: (text: string) => void;
  readonly onRegistered?: () => void;
}

interface Running {
  task: StoredTask;
  readonly stop: AbortController;
  progress: OwnTask['progress'];
}

/**
 * Takes conversions as a runner of esup-runner: one at a time, handed over by the manager.
 * @throws OperatorError manager-…, runner-address-unusable, disk-full
 */
export async function openTakeTasks(manager: ManagerClient, settings: RunnerSettings): Promise<TakeJobs> {
  const store = await openTaskStore(settings.directory);
  // A wrong address or token is told now; what comes later is waited out.
  await manager.version();
  return async (handle, signal) => {
    const closing = new AbortController();
    let runner: TaskRunner | null = null;
    const room = await watchRoom(settings.room, closing.signal, (failure) => {
      if (failure !== null) settings.onTrouble(`${failure.code}: ${failure.message} ${failure.remedy}`);
      runner?.tellAvailability();
    });
    runner = new TaskRunner({ manager, settings, store, room, handle, signal, closing });
    await runner.run();
  };
}

interface RunnerParts {
  readonly manager: ManagerClient;
  readonly settings: RunnerSettings;
  readonly store: TaskStore;
  readonly room: DiskRoom;
  readonly handle: (taken: TakenJob) => Promise<JobEnd>;
  /** Stops it: what is at work is handed back. */
  readonly signal: AbortSignal;
  /** Aborted by `run` when nothing is left to do. */
  readonly closing: AbortController;
}

/** One runner from its start to its end. */
class TaskRunner {
  readonly #parts: RunnerParts;
  /** Begun by a worker that died, oldest first: they come before anything new. */
  readonly #left: StoredTask[];
  readonly #ends: EndWaiters;
  #running: Running | null = null;
  #work: Promise<void> = Promise.resolve();
  #teller: EndTeller | null = null;
  #registered: Registered | null = null;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    const { store, closing } = parts;
    this.#left = store.all().filter(({ status }) => status === 'running');
    // One that it does not know yet: the manager says that it runs before it is written down here.
    this.#ends = awaitEnds((id) => store.find(id)?.told ?? false, closing.signal);
  }

  /** Tells the manager at once whether it may send a task. */
  tellAvailability(): void {
    this.#registered?.tell();
  }

  /** Resolves once the signal stopped it and what it held has ended, or took too long to. */
  async run(): Promise<void> {
    const { manager, settings, store, signal, closing } = this.#parts;
    const { onTrouble } = settings;
    const teller = tellEnds(manager, store, {
      ...{ intervals: settings.telling, signal: closing.signal, onTrouble },
      onTold: () => this.#ends.look(),
    });
    this.#teller = teller;
    const [own, token] = [this.#describe(), settings.token.reveal()];
    const listener = await listenForManager(
      settings.listen,
      (request) => answerManager(request, own, token, new Date()),
      onTrouble,
    );
    const registered = stayRegistered(manager, () => this.#registration(), {
      ...{ intervals: settings.intervals, signal: closing.signal, onTrouble },
      onRegistered: () => {
        settings.onRegistered?.();
        teller.tell();
      },
    });
    this.#registered = registered;
    const sweeping = setInterval(() => void store.sweep(settings.keepMs).catch(() => undefined), 3_600_000);
    try {
      await store.sweep(settings.keepMs);
      this.#work = this.#goOn();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      registered.tell();
      await Promise.race([this.#work, pause(settings.stopTimeoutMs, undefined, UNHELD)]);
      teller.tell();
    } finally {
      clearInterval(sweeping);
      closing.abort();
      await Promise.race([
        Promise.all([teller.ended, registered.ended]),
        pause(settings.stopTimeoutMs, undefined, UNHELD),
      ]);
      await listener.close();
    }
  }

  #isFree(): boolean {
    const { room, signal } = this.#parts;
    return this.#running === null && this.#left.length === 0 && room.has() && !signal.aborted;
  }

  #registration(): Registration {
    const { id, url, rules } = this.#parts.settings;
    return { id, url, task_types: [rules.taskType], availability: this.#isFree() ? 'available' : 'busy' };
  }

  /** What the manager and its clients are answered from. */
  #describe(): OwnRunner {
    const { manager, settings, store } = this.#parts;
    return {
      id: settings.id,
      port: settings.listen.port,
      managerUrl: manager.url,
      taskTypes: [settings.rules.taskType],
      registered: () => this.#registered?.is() ?? false,
      available: () => this.#isFree(),
      find: (id) => {
        const task = store.find(id);
        return task === null ? null : shown(task, this.#running);
      },
      running: () => (this.#running === null ? null : shown(this.#running.task, this.#running)),
      begin: (request) => this.#begin(request),
      ended: (id) => this.#ends.wait(id),
      stop: (id) => {
        if (this.#running?.task.request.task_id === id)
          this.#running.stop.abort(systemTexts.interrupted({ signal: 'task/stop' }));
      },
      files: (id) => store.files(id),
      place: (id, name) => `${store.output(id)}/${name}`,
      remove: (id) => store.remove(id),
      disk: () => store.disk(),
    };
  }

  async #begin(request: RunRequest): Promise<void> {
    const { settings, store, signal } = this.#parts;
    readTask(request, store.output(request.task_id), settings.rules);
    const task = begun(request);
    // Taken before the first wait: a second request must find us busy.
    this.#left.push(task);
    try {
      await store.save(task);
      await store.prepare(request.task_id);
    } catch (error) {
      await store.remove(request.task_id).catch(() => undefined);
      throw this.#met(error);
    } finally {
      this.#left.splice(this.#left.indexOf(task), 1);
    }
    if (signal.aborted) throw queueTexts.conversionHandedBack();
    this.#work = this.#carryOut(task);
  }

  /** Tasks of a worker that died: gone on with, or given up as the manager's own list has it. */
  async #goOn(): Promise<void> {
    const { manager, settings, store, signal } = this.#parts;
    while (this.#left.length > 0 && !signal.aborted) {
      const [task] = this.#left;
      if (task === undefined) return;
      try {
        const verdict = judgeLeft(task, await manager.tasks(), settings.takeovers);
        if (verdict === null) {
          const resumed = { ...task, resumed: task.resumed + 1 };
          await store.save(resumed);
          this.#left.shift();
          await this.#carryOut(resumed);
          continue;
        }
        await store.save({ ...task, ...verdict, status: 'failed', endedAt: Date.now() });
        this.#left.shift();
        this.#teller?.tell();
      } catch (error) {
        settings.onTrouble(`task ${task.request.task_id}: ${messageOf(error)}`);
        await pause(settings.intervals.registerMs, signal, UNHELD);
      }
    }
    this.tellAvailability();
  }

  async #carryOut(task: StoredTask): Promise<void> {
    const { settings, store, handle, signal } = this.#parts;
    const current: Running = { task, stop: new AbortController(), progress: null };
    this.#running = current;
    const stopped = current.stop.signal;
    try {
      const job = readTask(task.request, store.output(task.request.task_id), settings.rules);
      let end: JobEnd;
      do {
        end = await handle({
          job,
          progress: ({ step, fraction }) => (current.progress = { step, fraction }),
          isOurs: () => Promise.resolve(true),
          stopped,
        });
        if (end.end === 'later') await pause(settings.retryAfterMs, signal, UNHELD);
      } while (end.end === 'later' && !signal.aborted && !stopped.aborted);
      await this.#finish(task, end, stopped.aborted);
    } catch (error) {
      await this.#finish(task, { end: 'failed', error: asOperatorError(error) }, false);
    } finally {
      this.#running = null;
      this.tellAvailability();
    }
  }

  async #finish(task: StoredTask, end: JobEnd, isStopped: boolean): Promise<void> {
    const { settings, store } = this.#parts;
    const ended = await this.#describeEnd(task, end, isStopped);
    await store.save({ ...ended, endedAt: Date.now() }).catch((error: unknown) => {
      // A full disk must not keep the end from the manager.
      settings.onTrouble(messageOf(error));
      task.status = 'failed';
      task.error_message = ended.error_message ?? renderError(this.#met(error));
    });
    this.#teller?.tell();
  }

  async #describeEnd(task: StoredTask, end: JobEnd, isStopped: boolean): Promise<StoredTask> {
    const failed = (error_message: string): StoredTask => ({ ...task, status: 'failed', error_message });
    if (isStopped) return failed(CANCELLED);
    if (end.end === 'handed-back' || end.end === 'later') {
      const back = renderError(queueTexts.conversionHandedBack());
      const because = end.end === 'later' ? undefined : end.because;
      return failed(because === undefined ? back : `${back}\n${renderError(because)}`);
    }
    if (end.end !== 'done') return failed(renderError(end.error));
    const { file } = end;
    try {
      if (file !== undefined) await this.#parts.store.describe(task.request.task_id, file);
    } catch (error) {
      return failed(renderError(this.#met(error)));
    }
    return { ...task, status: 'completed', error_message: null, script_output: madeLine(file) };
  }

  /** A failure as it is told; a full disk keeps other tasks away, too. */
  #met(error: unknown): OperatorError {
    const failure = asOperatorError(error);
    if (failure.code === 'disk-full') this.#parts.room.lacks(failure);
    return failure;
  }
}

const madeLine = (file: ConvertedFile | undefined): string =>
  file === undefined
    ? 'made before'
    : `${renderDuration(file.durationMs)}, ${renderBytes(file.sizeBytes)}${file.missing === '' ? '' : `; missing: ${file.missing}`}`;

/** Its listener keeps the worker alive, not its waiting. */
const UNHELD = { ref: false };

const begun = (request: RunRequest): StoredTask => ({
  request,
  status: 'running',
  error_message: null,
  script_output: null,
  told: false,
  resumed: 0,
  endedAt: null,
});

const shown = (task: StoredTask, running: Running | null): OwnTask => ({
  task_id: task.request.task_id,
  status: task.status,
  error_message: task.error_message,
  script_output: task.script_output,
  progress: running?.task.request.task_id === task.request.task_id ? running.progress : null,
});
