import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunnerTables } from '../../src/pod/database/runner-tables.js';
import { createPod, ENGINES, type TestPod } from '../support/pod.js';

const NOW = Date.parse('2026-08-01T10:00:00Z');
const ago = (hours: number): Date => new Date(NOW - hours * 3_600_000);

// Columns as Esup-Pod 4.2 to 4.4 declare them: pod/video_encode_transcript/models.py.
describe.each(ENGINES)('Pod’s tables of esup-runner on %s', (engine) => {
  let pod: TestPod;
  beforeAll(async () => {
    pod = await createPod({ engine, version: '4.1.0' });
  });
  afterAll(() => pod.drop());

  it('are missed in a Pod before 4.2, without an error', async () => {
    const { adapter } = pod.open();
    expect(await readRunnerTables(adapter, { siteId: 1, now: NOW })).toMatchObject({
      present: false,
      siteDomain: expect.any(String) as string,
      tasks: [],
    });
  });

  it('tell managers, what waits and runs, and the last day', async () => {
    const { admin } = pod;
    await admin.schema.createTable('runner_manager', (table) => {
      table.increments('id');
      table.string('name', 250);
      table.integer('priority');
      table.string('url', 250);
      table.string('token', 50);
      table.integer('site_id');
      table.boolean('is_active');
    });
    await admin.schema.createTable('runner_manager_task', (table) => {
      table.increments('id');
      table.string('type', 20);
      table.string('status', 20);
      table.string('task_id', 100).nullable();
      table.integer('video_id').nullable();
      table.integer('recording_id').nullable();
      table.integer('runner_manager_id').nullable();
      table.datetime('date_added', { precision: 6 });
      table.integer('rank').nullable();
      table.text('script_output').nullable();
    });
    const { adapter } = pod.open();
    const at = (hours: number): string => adapter.encodeInstant(ago(hours).getTime());
    const manager = { priority: 1, token: 'a-secret-token', site_id: 1 };
    await admin('runner_manager').insert([
      { ...manager, name: 'one', url: 'https://m1.test/', is_active: true },
      { ...manager, name: 'two', url: 'https://m2.test', is_active: false },
    ]);
    const task = {
      type: 'encoding',
      task_id: null,
      video_id: null,
      recording_id: null,
      runner_manager_id: 1,
      rank: null,
      script_output: null,
    };
    await admin('runner_manager_task').insert([
      { ...task, status: 'pending', date_added: at(100), rank: 1, runner_manager_id: null },
      { ...task, status: 'running', date_added: at(3), task_id: 'abc', type: 'studio', recording_id: 4 },
      { ...task, status: 'completed', date_added: at(2), video_id: 9 },
      { ...task, status: 'completed', date_added: at(30) },
      { ...task, status: 'failed', date_added: at(1), script_output: 'first\nlast words\n\n' },
    ]);
    const told = await readRunnerTables(adapter, { siteId: 1, now: NOW });
    expect(told.present).toBe(true);
    expect(told.managers.map(({ name, url, active }) => [name, url, active])).toEqual([
      ['one', 'https://m1.test', true],
      ['two', 'https://m2.test', false],
    ]);
    expect(JSON.stringify(told)).not.toContain('a-secret-token');
    expect(
      told.tasks.map(({ status, taskId, recordingId, lastLine }) => [status, taskId, recordingId, lastLine]),
    ).toEqual([
      ['pending', null, null, ''],
      ['running', 'abc', 4, ''],
      ['completed', null, null, ''],
      ['failed', null, null, 'last words'],
    ]);
    expect(told.tasks.map(({ addedAt }) => addedAt)).toEqual(
      [100, 3, 2, 1].map((hours) => ago(hours).getTime()),
    );
  });
});
