import { renderTable } from '../../kit/output/table.js';
import { renderDuration } from '../../kit/output/units.js';
import { wrap } from '../check/render-table.js';
import { stateWord } from './state-words.js';
import type { RunnerLine, RunnerQueue, RunnerQueueTask } from './runner-report.js';
import { words } from './words.js';

const seconds = (value: number | null): string => (value === null ? '-' : renderDuration(value * 1000));

/** esup-runner's part of `cluster queue` in 80 columns; what is not known is `?`, never 0. */
export function renderRunnerQueue(queue: RunnerQueue, limit: number): string {
  const types = renderTable(
    [
      { title: 'TYPE' },
      ...[words.running(), words.waiting(), words.failedToday(), words.oldestWait(), 'RUNNERS'].map(
        (title) => ({
          title,
          align: 'right' as const,
        }),
      ),
    ],
    queue.types.map(({ type, running, waiting, failed, oldestWaitSeconds, runners }) => [
      type,
      String(running),
      waiting === null ? '?' : String(waiting),
      String(failed),
      waiting === null ? '?' : seconds(oldestWaitSeconds),
      String(runners),
    ]),
  );
  const runners = renderTable(
    [
      { title: 'RUNNER' },
      { title: words.state() },
      { title: words.since(), align: 'right' },
      { title: 'TYPES', shrinks: true },
    ],
    queue.runners.map((runner) => [
      runner.name,
      stateWord(runner.state),
      since(runner),
      runner.types.join(', '),
    ]),
  );
  const shown = queue.tasks.slice(0, limit);
  const tasks = renderTable(
    [
      { title: words.state() },
      { title: 'TYPE' },
      { title: words.what() },
      { title: words.since(), align: 'right' },
      { title: words.length(), align: 'right' },
      { title: words.runnerOrReason(), shrinks: true },
    ],
    shown.map((task) => [
      stateWord(task.state),
      task.type,
      whatOf(task),
      seconds(task.ageSeconds),
      seconds(task.durationSeconds),
      task.state === 'running' || task.state === 'waiting' ? (task.runner ?? '') : task.reason,
    ]),
  );
  return [
    `ESUP-RUNNER ${queue.manager}`,
    types,
    ...(queue.runners.length === 0 ? [] : ['', runners]),
    ...(shown.length === 0 ? [] : ['', tasks]),
    ...(queue.tasks.length > shown.length
      ? [words.moreTasks({ tasks: queue.tasks.length - shown.length })]
      : []),
    ...queue.remarks.map((line) => `\n${wrap(`! ${line}`, 2)}`),
  ].join('\n');
}

/** A runner that is busy with nothing that the manager knows has no age. */
const since = ({ state, sinceSeconds }: RunnerLine): string =>
  state === 'busy' ? (sinceSeconds === null ? '?' : seconds(sinceSeconds)) : '-';

function whatOf({ videoId, recordingId, application, taskId }: RunnerQueueTask): string {
  if (videoId !== null) return `${words.videoKind()} ${videoId}`;
  if (recordingId !== null) return `${words.recording()} ${recordingId}`;
  return application ?? taskId?.slice(0, 8) ?? '?';
}
