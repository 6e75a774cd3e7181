import { expect, it } from 'vitest';
import { judgeLeft } from '../../../src/recorder/esup-runner/judge-left.js';
import type { ManagerTask, RunRequest } from '../../../src/recorder/esup-runner/protocol.js';

const request: RunRequest = {
  task_id: 'mine',
  etab_name: 'univ',
  app_name: 'bbb2pod',
  task_type: 'bbb_presentation',
  source_url: 'https://bbb.univ.fr/playback/presentation/2.3/x',
  parameters: { job: 'lecture', attempt: '2' },
};
const task = (more: Partial<ManagerTask> = {}): ManagerTask => ({
  task_id: 'mine',
  runner_id: 'r',
  status: 'running',
  parameters: { job: 'lecture', attempt: '2' },
  ...more,
});

it('goes on with what the manager still has as running, next to older tries and other conversions', () => {
  const tasks = [
    task({ task_id: 'older', status: 'failed', parameters: { job: 'lecture', attempt: '1' } }),
    task(),
    task({ task_id: 'other', parameters: { job: 'another lecture', attempt: '9' } }),
    task({ task_id: 'encoding', parameters: null }),
  ];
  expect(judgeLeft({ request, resumed: 0 }, tasks, 3)).toBeNull();
  expect(judgeLeft({ request, resumed: 2 }, tasks, 3)).toBeNull();
});

it.each(['completed', 'failed', 'timeout', 'warning'])('drops one that is %s, and tells nobody', (status) => {
  expect(judgeLeft({ request, resumed: 0 }, [task({ status })], 3)).toEqual({
    error_message: expect.stringMatching(/^task-superseded: /) as string,
    told: true,
  });
});

it('drops one that the manager forgot', () => {
  expect(judgeLeft({ request, resumed: 0 }, [task({ task_id: 'other' })], 3)).toMatchObject({ told: true });
});

it('ends one whose conversion was given anew meanwhile, counted as a number', () => {
  const anew = task({ task_id: 'newer', parameters: { job: 'lecture', attempt: '10' } });
  expect(judgeLeft({ request, resumed: 0 }, [task(), anew], 3)).toEqual({
    error_message: expect.stringMatching(/^task-superseded: /) as string,
    told: false,
  });
});

it('gives up one that killed its worker too often', () => {
  expect(judgeLeft({ request, resumed: 3 }, [task()], 3)).toEqual({
    error_message: expect.stringMatching(/^conversion-kills-workers: .*4 times/) as string,
    told: false,
  });
});
