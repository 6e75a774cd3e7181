import { describe, expect, it } from 'vitest';
import { answerManager, type OwnRunner } from '../../../src/recorder/esup-runner/answer-manager.js';
import { judgeAnswer, type Asked } from '../../../src/recorder/esup-runner/judge-answer.js';
import { afterFailure, afterLoss } from '../../../src/recorder/esup-runner/judge-task.js';
import { readError, renderError } from '../../../src/recorder/esup-runner/protocol.js';
import { newRecord } from '../../../src/recorder/esup-runner/task-record.js';
import { runnerTexts } from '../../../src/recorder/esup-runner/texts.js';

const judged = (status: number, detail: string, asked: Asked): string | undefined =>
  judgeAnswer({ url: 'https://m.univ.fr/x', status, text: JSON.stringify({ detail }) }, asked)?.code;

describe('what a manager refuses', () => {
  it.each([
    [401, 'Missing authentication token', 'api', 'manager-token-refused'],
    [403, 'Token not authorized for this runner', 'runner', 'manager-forbidden'],
    [404, 'Runner not found', 'runner', 'manager-forbidden'],
    [404, 'Task not found', 'task', 'task-unknown'],
    [404, 'Error fetching result from runner', 'result', 'task-unknown'],
    [404, 'Not Found', 'api', 'manager-not-one'],
    [409, 'Version mismatch: Runner version 1.6.0', 'runner', 'manager-version-differs'],
    [409, 'Task not running', 'stop', 'task-not-running'],
    [400, 'notify_url is empty', 'execute', 'manager-request-refused'],
    [400, 'Task failed: x', 'result', 'task-failed'],
    [425, 'Task not completed. Status: running', 'result', 'task-not-finished'],
    [503, 'No runners available', 'execute', 'manager-no-runner'],
    [
      503,
      'Non-priority domain rejected: maximum other-domain task quota reached',
      'execute',
      'manager-quota',
    ],
    [500, 'Runner not available', 'result', 'runner-gone'],
    [502, 'Error contacting runner: x', 'result', 'runner-gone'],
    [504, 'Runner request timed out', 'result', 'runner-gone'],
    [500, 'Manager version is invalid', 'runner', 'manager-failing'],
  ] as const)('%i %s is a message of its own', (status, detail, asked, code) => {
    expect(judged(status, detail, asked)).toBe(code);
  });

  it('is told apart from a proxy, a rate limit and a validation', () => {
    const page = (status: number) =>
      judgeAnswer({ url: 'https://m.univ.fr/x', status, text: '<html>' }, 'api')?.code;
    expect([page(200), page(404), page(502)]).toEqual([
      'manager-not-one',
      'manager-not-one',
      'manager-failing',
    ]);
    const limited = JSON.stringify({ error: 'Rate limit exceeded: 120 per 1 minute' });
    expect(judgeAnswer({ url: 'https://m', status: 429, text: limited }, 'api')).toMatchObject({
      code: 'manager-rate-limited',
      parameters: { detail: 'Rate limit exceeded: 120 per 1 minute' },
    });
    const detail = [
      { type: 'value_error', loc: ['body', 'source_url'], msg: 'must not point to a private address' },
    ];
    expect(
      judgeAnswer({ url: 'https://m', status: 422, text: JSON.stringify({ detail }) }, 'execute'),
    ).toMatchObject({
      code: 'manager-request-refused',
      parameters: { detail: 'source_url: must not point to a private address' },
    });
  });
});

describe('a failure that a manager keeps', () => {
  const rules = { attempts: 3, takeovers: 1, retryAfterMs: 1000 };
  it('is read again, also inside the manager’s own words', () => {
    const failure = { code: 'playback-gone', message: 'It is gone.', remedy: 'Look' };
    expect(readError(renderError(failure))).toEqual(failure);
    expect(readError(`Runner returned status 422: {"detail":"${renderError(failure)}"}`)).toEqual(failure);
    expect(readError('All connection attempts failed')).toBeNull();
  });

  it('decides what becomes of the conversion', () => {
    const record = { ...newRecord(), state: 'running' as const, task: 't' };
    const after = (status: string, error: string) => afterFailure(record, status, error, rules, 5000);
    expect(after('failed', 'http-timeout: slow')).toMatchObject({
      state: 'waiting',
      attempts: 1,
      submission: 2,
      notBefore: 6000,
    });
    expect(after('failed', 'playback-gone: gone')).toMatchObject({ state: 'set-aside' });
    expect(after('failed', 'task-host-refused: no')).toMatchObject({ state: 'set-aside' });
    expect(after('failed', 'conversion-handed-back: stops')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(after('failed', 'Cancelled by user.')).toMatchObject({
      state: 'set-aside',
      failure: { code: 'task-stopped' },
    });
    expect(after('failed', 'All connection attempts failed')).toMatchObject({ attempts: 0, misses: 1 });
    expect(after('timeout', 'Task timeout after 24 hours')).toMatchObject({ attempts: 1 });
    const lost = afterLoss(record, 'r', rules, 0);
    expect(lost).toMatchObject({ state: 'waiting', takeovers: 1 });
    expect(afterLoss(lost, 'r', rules, 0)).toMatchObject({
      state: 'set-aside',
      failure: { code: 'conversion-kills-workers' },
    });
  });
});

describe('our runner', () => {
  const begun: string[] = [];
  const runner = (more: Partial<OwnRunner> = {}): OwnRunner => ({
    id: 'bbb2pod-h-8092',
    port: 8092,
    managerUrl: 'https://m.univ.fr',
    taskTypes: ['bbb_presentation'],
    registered: () => true,
    available: () => true,
    find: (id) =>
      id === 'known'
        ? { task_id: id, status: 'running', error_message: null, script_output: null, progress: null }
        : null,
    running: () => null,
    begin: async ({ task_id: id }) => void begun.push(id),
    stop: () => undefined,
    ended: (id) => Promise.resolve(id === 'done'),
    files: (id) => (id === 'done' ? ['recording.mp4', 'result.json'] : null),
    place: (id, name) => `/r/${id}/output/${name}`,
    remove: async () => undefined,
    disk: async () => ({ path: '/r', totalBytes: 100, freeBytes: 20 }),
    ...more,
  });
  const ask = (
    method: string,
    path: string,
    { token = 'T', body = '', of = runner() }: { token?: string | null; body?: string; of?: OwnRunner } = {},
  ) => answerManager({ method, path, token, body }, of, 'T', new Date(0));
  const task = JSON.stringify({
    task_id: 'new',
    task_type: 'bbb_presentation',
    source_url: 'https://bbb.univ.fr/x',
    parameters: {},
  });

  it('tells the end of a task without a token', async () => {
    expect(await ask('GET', '/runner/ended/done', { token: null })).toEqual({
      status: 200,
      body: { task_id: 'done', ended: true },
    });
    expect(await ask('GET', '/runner/ended/..%2F', { token: null })).toMatchObject({ status: 404 });
  });

  it('answers ping, health and status without a token, the rest with it alone', async () => {
    for (const path of ['/runner/ping', '/runner/health', '/runner/status'])
      expect(await ask('GET', path, { token: null })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/runner/status')).toMatchObject({
      body: { disk_usage: { status: 'orange', directories: { STORAGE_DIR: { used_percent: 80 } } } },
    });
    for (const [method, path] of [
      ['POST', '/task/run'],
      ['GET', '/task/status/known'],
      ['GET', '/task/result/done/file/recording.mp4'],
      ['DELETE', '/task/delete/done'],
    ] as const) {
      expect(await ask(method, path, { token: null })).toMatchObject({ status: 401 });
      expect(await ask(method, path, { token: 'other' })).toMatchObject({ status: 401 });
    }
  });

  it('takes a task when it is free, and says why not otherwise', async () => {
    expect(await ask('POST', '/task/run', { body: task })).toEqual({
      status: 200,
      body: { status: 'started', task_id: 'new' },
    });
    expect(begun).toEqual(['new']);
    const busy = runner({ available: () => false });
    expect(await ask('POST', '/task/run', { body: task, of: busy })).toMatchObject({ status: 400 });
    const unknown = runner({ registered: () => false });
    expect(await ask('POST', '/task/run', { body: task, of: unknown })).toMatchObject({ status: 503 });
    expect(await ask('POST', '/task/run', { body: '{' })).toMatchObject({ status: 422 });
    expect(await ask('POST', '/task/run', { body: '{"task_id":"../x"}' })).toMatchObject({ status: 422 });
    const refusing = runner({ begin: () => Promise.reject(runnerTexts.taskHostRefused({ host: 'evil' })) });
    expect(await ask('POST', '/task/run', { body: task, of: refusing })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('task-host-refused: ') as string },
    });
  });

  it('gives its own results by their names, and nothing else of its disk', async () => {
    expect(await ask('GET', '/task/result/done/file/recording.mp4')).toEqual({
      status: 200,
      file: '/r/done/output/recording.mp4',
    });
    for (const path of [
      '/task/result/done/file/../task.json',
      '/task/result/done/file/.hidden',
      '/task/result/done/file/task.json',
      '/task/result/../file/recording.mp4',
      '/task/result/known/file/recording.mp4',
      '/task/result/done/file/sub/recording.mp4',
    ])
      expect(await ask('GET', path)).toMatchObject({ status: 404 });
    expect(await ask('GET', '/task/status/nobody')).toMatchObject({ body: { status: 'not_found' } });
    expect(await ask('POST', '/task/stop/known')).toMatchObject({ status: 202 });
    expect(await ask('POST', '/task/stop/nobody')).toMatchObject({ status: 404 });
    expect(await ask('DELETE', '/task/delete/known')).toMatchObject({ status: 409 });
    expect(await ask('DELETE', '/task/delete/done')).toMatchObject({ body: { status: 'deleted' } });
  });
});
