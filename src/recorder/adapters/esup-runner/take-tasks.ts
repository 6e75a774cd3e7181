import { pause } from '../../../kit/pause.js';
import type { Secret } from '../../../kit/config/secret.js';
import { asOperatorError, messageOf, type OperatorError } from '../../../kit/errors/operator-error.js';
import { systemTexts } from '../../../kit/errors/system.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import { answerManager, type OwnTask, type RunnerDesk } from '../../esup-runner/answer-manager.js';
import { judgeLeft } from '../../esup-runner/judge-left.js';
import { CANCELLED, renderError, type RunRequest } from '../../esup-runner/protocol.js';
import { readTask, type TaskRules } from '../../esup-runner/task-parameters.js';
import { queueTexts } from '../../queue-texts.js';
import type { JobEnd, TakeJobs } from '../../queue/work-on-queue.js';
import type { ManagerClient } from './manager-client.js';
import { watchRoom, type RoomSettings } from './disk-room.js';
import { listenForManager } from './runner-listener.js';
import { tellEnds, type TellingBeats } from './tell-ends.js';
import { awaitEnds } from './await-ends.js';
import { stayRegistered, type RunnerBeats } from './stay-registered.js';
import { openTaskStore, type StoredTask } from './task-store.js';

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
  readonly beats: RunnerBeats;
  readonly telling: TellingBeats;
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
    let running: Running | null = null;
    let tellChange = (): void => undefined;
    let work: Promise<void> = Promise.resolve();
    const left = store.all().filter(({ status }) => status === 'running');
    const closing = new AbortController();
    const room = await watchRoom(settings.room, closing.signal, (failure) => {
      if (failure !== null) settings.onTrouble(`${failure.code}: ${failure.message} ${failure.remedy}`);
      tellChange();
    });
    const isFree = (): boolean => running === null && left.length === 0 && room.has() && !signal.aborted;
    const met = (error: unknown): OperatorError => {
      const failure = asOperatorError(error);
      if (failure.code === 'disk-full') room.lacks(failure);
      return failure;
    };

    const finish = async (task: StoredTask, end: JobEnd, stopped: boolean): Promise<void> => {
      const ended = await describeEnd(task, end, stopped);
      await store.save({ ...ended, endedAt: Date.now() }).catch((error: unknown) => {
        // A full disk must not keep the end from the manager.
        settings.onTrouble(messageOf(error));
        task.status = 'failed';
        task.error_message = ended.error_message ?? renderError(met(error));
      });
      teller.tell();
    };
    const describeEnd = async (task: StoredTask, end: JobEnd, stopped: boolean): Promise<StoredTask> => {
      const failed = (error_message: string): StoredTask => ({ ...task, status: 'failed', error_message });
      if (stopped) return failed(CANCELLED);
      if (end.end === 'handed-back' || end.end === 'later') {
        const back = renderError(queueTexts.conversionHandedBack());
        return failed(
          end.end === 'later' || end.because === undefined ? back : `${back}\n${renderError(end.because)}`,
        );
      }
      if (end.end !== 'done') return failed(renderError(end.error));
      const { file } = end;
      try {
        if (file !== undefined) await store.describe(task.request.task_id, file);
      } catch (error) {
        return failed(renderError(met(error)));
      }
      const said =
        file === undefined
          ? 'made before'
          : `${renderDuration(file.durationMs)}, ${renderBytes(file.sizeBytes)}${file.missing === '' ? '' : `; missing: ${file.missing}`}`;
      return { ...task, status: 'completed', error_message: null, script_output: said };
    };
    const carryOut = async (task: StoredTask): Promise<void> => {
      const { task_id: id } = task.request;
      const current: Running = { task, stop: new AbortController(), progress: null };
      running = current;
      try {
        const job = readTask(task.request, store.output(id), settings.rules);
        let end: JobEnd;
        do {
          end = await handle({
            job,
            progress: ({ step, fraction }) => (current.progress = { step, fraction }),
            isOurs: () => Promise.resolve(true),
            stopped: current.stop.signal,
          });
          if (end.end === 'later') await pause(settings.retryAfterMs, signal, UNHELD);
        } while (end.end === 'later' && !signal.aborted && !current.stop.signal.aborted);
        await finish(current.task, end, current.stop.signal.aborted);
      } catch (error) {
        await finish(current.task, { end: 'failed', error: asOperatorError(error) }, false);
      } finally {
        running = null;
        registered.tell();
      }
    };
    const goOn = async (): Promise<void> => {
      while (left.length > 0 && !signal.aborted) {
        const [task] = left;
        if (task === undefined) return;
        try {
          const verdict = judgeLeft(task, await manager.tasks(), settings.takeovers);
          if (verdict === null) {
            const resumed = { ...task, resumed: task.resumed + 1 };
            await store.save(resumed);
            left.shift();
            await carryOut(resumed);
            continue;
          }
          await store.save({ ...task, ...verdict, status: 'failed', endedAt: Date.now() });
          left.shift();
          teller.tell();
        } catch (error) {
          settings.onTrouble(`task ${task.request.task_id}: ${messageOf(error)}`);
          await pause(settings.beats.registerMs, signal, UNHELD);
        }
      }
      registered.tell();
    };
    const ends = awaitEnds((id) => {
      const task = store.find(id);
      return task === null || task.told;
    }, closing.signal);
    const desk: RunnerDesk = {
      id: settings.id,
      port: settings.listen.port,
      managerUrl: manager.url,
      taskTypes: [settings.rules.taskType],
      registered: () => registered.is(),
      available: isFree,
      find: (id) => {
        const task = store.find(id);
        return task === null ? null : shown(task, running);
      },
      running: () => (running === null ? null : shown(running.task, running)),
      begin: async (request: RunRequest) => {
        readTask(request, store.output(request.task_id), settings.rules);
        const task = begun(request);
        // Taken before the first wait: a second request must find us busy.
        left.push(task);
        try {
          await store.save(task);
          await store.prepare(request.task_id);
        } catch (error) {
          await store.remove(request.task_id).catch(() => undefined);
          throw met(error);
        } finally {
          left.splice(left.indexOf(task), 1);
        }
        if (signal.aborted) throw queueTexts.conversionHandedBack();
        work = carryOut(task);
      },
      ended: (id) => ends.wait(id),
      stop: (id) => {
        const current = running;
        if (current?.task.request.task_id === id)
          current.stop.abort(systemTexts.interrupted({ signal: 'task/stop' }));
      },
      files: (id) => store.files(id),
      place: (id, name) => `${store.output(id)}/${name}`,
      remove: (id) => store.remove(id),
      disk: () => store.disk(),
    };
    const teller = tellEnds(manager, store, settings.telling, closing.signal, settings.onTrouble, () =>
      ends.look(),
    );
    const token = settings.token.reveal();
    const listener = await listenForManager(
      settings.listen,
      (request) => answerManager(request, desk, token, new Date()),
      settings.onTrouble,
    );
    const registered = stayRegistered(
      manager,
      () => ({
        id: settings.id,
        url: settings.url,
        task_types: [settings.rules.taskType],
        availability: isFree() ? 'available' : 'busy',
      }),
      settings.beats,
      closing.signal,
      () => {
        settings.onRegistered?.();
        teller.tell();
      },
      settings.onTrouble,
    );
    tellChange = () => registered.tell();
    const sweeping = setInterval(() => void store.sweep(settings.keepMs).catch(() => undefined), 3_600_000);
    try {
      await store.sweep(settings.keepMs);
      work = goOn();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      registered.tell();
      await Promise.race([work, pause(settings.stopTimeoutMs, undefined, UNHELD)]);
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
  };
}

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
