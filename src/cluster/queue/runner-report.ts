import { greatest } from '../../kit/extremes.js';
import { valueOf } from '../../kit/outcome.js';
import type { EsupRunnerFacts, ManagerTask, PodRunnerTask } from '../esup-runner/facts.js';
import { words } from './words.js';

/** `waiting` is Pod's word alone: the manager keeps no queue. */
export type RunnerTaskState = 'running' | 'waiting' | 'failed' | 'warning';

export interface RunnerQueueTask {
  readonly state: RunnerTaskState;
  readonly type: string;
  readonly videoId: number | null;
  readonly recordingId: number | null;
  /** Name of the instance, while it runs. */
  readonly runner: string | null;
  readonly taskId: string | null;
  /** Since it was sent (running), came to wait (waiting) or ended (failed, warning). */
  readonly ageSeconds: number | null;
  readonly durationSeconds: number | null;
  /** Who sent it, when it was another application than Pod. */
  readonly application: string | null;
  readonly reason: string;
}

export interface RunnerTypeSummary {
  readonly type: string;
  readonly running: number;
  /** Null: Pod's tables were not read. */
  readonly waiting: number | null;
  /** In the last day. */
  readonly failed: number;
  readonly oldestWaitSeconds: number | null;
  /** Registered instances that answer and serve it. */
  readonly runners: number;
}

export interface RunnerLine {
  readonly name: string;
  /** `busy` and `free` by its ping; `absent` when it does not answer, `unregistered` when the manager has it not. */
  readonly state: 'busy' | 'free' | 'absent' | 'unregistered';
  readonly types: readonly string[];
  readonly taskId: string | null;
  readonly sinceSeconds: number | null;
}

export interface RunnerQueue {
  readonly manager: string;
  readonly types: readonly RunnerTypeSummary[];
  readonly runners: readonly RunnerLine[];
  readonly tasks: readonly RunnerQueueTask[];
  /** What could not be asked, and how it can be. */
  readonly remarks: readonly string[];
}

const DAY_MS = 86_400_000;
const TYPES = ['encoding', 'studio', 'transcription'];

/** What runs, waits and failed, per type and runner, of one look at the manager, its runners and Pod's tables. Pure. */
export function reportRunners(facts: EsupRunnerFacts, managerUrl: string): RunnerQueue {
  const { at, runners } = facts;
  const known = valueOf(facts.manager.tasks);
  const pod = valueOf(facts.pod);
  const podTasks = pod?.present === true ? pod.tasks : null;
  const byTask = new Map(
    (podTasks ?? []).flatMap((task) => (task.taskId === null ? [] : [[task.taskId, task]])),
  );
  const names = new Map(
    runners.flatMap(({ name, registered, ping }) => {
      const id = registered?.id ?? (ping.ok ? ping.value.id : null);
      return id === null ? [] : [[id, name] as const];
    }),
  );
  const seconds = (since: number | null): number | null =>
    since === null ? null : Math.max(0, Math.round((at - since) / 1000));
  const ofManager = (task: ManagerTask): RunnerQueueTask[] => {
    const state = stateOf(task, at);
    if (state === null) return [];
    const own = byTask.get(task.id);
    return [
      {
        state,
        type: task.type ?? own?.type ?? '?',
        videoId: own?.videoId ?? null,
        recordingId: own?.recordingId ?? null,
        runner: names.get(task.runnerId) ?? (task.runnerId === '' ? null : task.runnerId),
        taskId: task.id,
        ageSeconds: seconds(state === 'running' ? task.createdAt : (task.updatedAt ?? task.createdAt)),
        durationSeconds: own?.durationSeconds ?? null,
        application: task.application,
        reason: task.error?.split('\n')[0] ?? '',
      },
    ];
  };
  const ofPod = (task: PodRunnerTask): RunnerQueueTask => ({
    state: 'waiting',
    type: task.type,
    videoId: task.videoId,
    recordingId: task.recordingId,
    runner: null,
    taskId: null,
    ageSeconds: seconds(task.addedAt),
    durationSeconds: task.durationSeconds,
    application: null,
    reason: '',
  });
  const waiting = (podTasks ?? [])
    .filter(({ status }) => status === 'pending')
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || (a.addedAt ?? 0) - (b.addedAt ?? 0))
    .map(ofPod);
  const told = (known ?? []).flatMap(ofManager);
  const tasks = [
    ...told.filter(({ state }) => state === 'running'),
    ...waiting,
    ...told.filter(({ state }) => state !== 'running'),
  ];
  return {
    manager: managerUrl,
    types: summarise(tasks, facts, podTasks !== null),
    runners: runners.map((runner) => lineOf(runner, told)),
    tasks,
    remarks: remarksOf(facts),
  };
}

/** Old endings are history, not the queue. */
function stateOf({ status, updatedAt, createdAt }: ManagerTask, at: number): RunnerTaskState | null {
  if (status === 'running' || status === 'pending') return 'running';
  const ended = updatedAt ?? createdAt;
  if (ended !== null && at - ended > DAY_MS) return null;
  if (status === 'failed' || status === 'timeout' || status === 'error') return 'failed';
  return status === 'warning' ? 'warning' : null;
}

function summarise(
  tasks: readonly RunnerQueueTask[],
  { runners }: EsupRunnerFacts,
  podKnown: boolean,
): RunnerTypeSummary[] {
  const served = runners.flatMap(({ ping }) =>
    ping.ok && ping.value.registered ? ping.value.taskTypes : [],
  );
  const types = [...new Set([...TYPES, ...served, ...tasks.map(({ type }) => type)])];
  return types
    .map((type) => {
      const own = tasks.filter((task) => task.type === type);
      const waits = own.filter(({ state }) => state === 'waiting');
      const ages = waits.flatMap(({ ageSeconds }) => (ageSeconds === null ? [] : [ageSeconds]));
      return {
        type,
        running: own.filter(({ state }) => state === 'running').length,
        waiting: podKnown ? waits.length : null,
        failed: own.filter(({ state }) => state === 'failed').length,
        oldestWaitSeconds: ages.length === 0 ? null : greatest(ages),
        runners: served.filter((one) => one === type).length,
      };
    })
    .filter(({ type, runners: count, running, waiting, failed }) =>
      count + running + (waiting ?? 0) + failed > 0 ? true : TYPES.slice(0, 2).includes(type),
    );
}

function lineOf(
  { name, ping, registered }: EsupRunnerFacts['runners'][number],
  tasks: readonly RunnerQueueTask[],
): RunnerLine {
  const current = tasks.find((task) => task.state === 'running' && task.runner === name);
  const state = !ping.ok
    ? 'absent'
    : !ping.value.registered && registered === null
      ? 'unregistered'
      : ping.value.available
        ? 'free'
        : 'busy';
  return {
    name,
    state,
    types: ping.ok ? ping.value.taskTypes : [],
    taskId: current?.taskId ?? null,
    sinceSeconds: current?.ageSeconds ?? null,
  };
}

function remarksOf({ manager, pod }: EsupRunnerFacts): string[] {
  return [
    ...(manager.tasks === null
      ? [words.noToken()]
      : manager.tasks.ok
        ? []
        : [words.tasksNotTold({ detail: manager.tasks.detail })]),
    ...(pod === null
      ? [words.podNotRead()]
      : pod.ok
        ? pod.value.present
          ? []
          : [words.podTooOld()]
        : [words.podFailed({ detail: pod.detail })]),
  ];
}
