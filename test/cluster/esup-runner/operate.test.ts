import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/cli/cluster/render.js';
import {
  applyRunner,
  type RunnerPort,
  type RunnerNodeState,
} from '../../../src/cluster/drain/apply-runner.js';
import { drainCommands, findTarget } from '../../../src/cluster/drain/drain-plan.js';
import { gatherEsupRunner } from '../../../src/cluster/esup-runner/gather.js';
import { readEnvironment } from '../../../src/cluster/esup-runner/read-environment.js';
import { loadInventory } from '../../../src/cluster/inventory/load.js';
import { compareWithInventory, sayComparison } from '../../../src/cluster/plan/compare.js';
import { demandsOf } from '../../../src/cluster/plan/demand.js';
import { measuredSpeed, planRunners } from '../../../src/cluster/plan/plan-runners.js';
import { renderRunnerQueue } from '../../../src/cluster/queue/render-runner-queue.js';
import { reportRunners } from '../../../src/cluster/queue/runner-report.js';
import { renderCluster } from '../../../src/cluster/render/render-cluster.js';
import type { OperatorError } from '../../../src/kit/errors/operator-error.js';
import { podTask, RunnerBench } from '../../support/cluster/runner-bench.js';

const EXAMPLE = readFileSync('config/cluster.example.toml', 'utf8');
const load = (change: (text: string) => string = (text) => text) =>
  loadInventory({ path: 'cluster.toml', text: change(EXAMPLE) }, () => 's3cret');

describe('cluster queue of esup-runner', () => {
  const look = async (prepare: (bench: RunnerBench) => void) => {
    const bench = new RunnerBench();
    await bench.start();
    try {
      const at = Date.now();
      prepare(bench);
      const facts = await gatherEsupRunner(bench.targets.runners!, { probe: false }, bench.ports);
      // By the clock of the preparation: how long the look takes is no age.
      return reportRunners({ ...facts, at }, 'http://manager.test');
    } finally {
      await bench.stop();
    }
  };
  const busy = (bench: RunnerBench): void => {
    const [first] = bench.standIn.state.runners;
    first!.available = false;
    bench.standIn.state.zoneHours = 2;
    const running = bench.standIn.addTask({ status: 'running', minutesAgo: 20, runner_id: first!.id });
    bench.standIn.addTask({
      status: 'failed',
      minutesAgo: 60,
      error: 'ffmpeg: Invalid data\ntrace',
      task_type: 'studio',
    });
    bench.standIn.addTask({ status: 'failed', minutesAgo: 3000 });
    bench.tables = {
      ...bench.tables!,
      tasks: [
        podTask({ status: 'running', taskId: running.task_id, minutesAgo: 20, videoId: 12 }),
        podTask({ id: 2, status: 'pending', videoId: 13, minutesAgo: 45, rank: 2 }),
        podTask({ id: 3, status: 'pending', videoId: 14, minutesAgo: 5, rank: 1 }),
      ],
    };
  };

  it('tells what runs, waits and failed, since when, per type and runner', async () => {
    const queue = await look(busy);
    // A busy machine may take a second from one line to the next.
    const minutes = (seconds: number | null): number | null =>
      seconds === null ? null : Math.round(seconds / 60);
    expect(
      queue.types.map((type) => ({ ...type, oldestWaitSeconds: minutes(type.oldestWaitSeconds) })),
    ).toEqual([
      { type: 'encoding', running: 1, waiting: 2, failed: 0, oldestWaitSeconds: 45, runners: 2 },
      { type: 'studio', running: 0, waiting: 0, failed: 1, oldestWaitSeconds: null, runners: 2 },
    ]);
    expect(
      queue.runners.map(({ name, state, sinceSeconds }) => [name, state, minutes(sinceSeconds)]),
    ).toEqual([
      ['runner1', 'busy', 20],
      ['runner2', 'free', null],
    ]);
    // Pod's rank orders what waits; an ending of the day before yesterday is history.
    expect(queue.tasks.map(({ state, videoId, runner, reason }) => [state, videoId, runner, reason])).toEqual(
      [
        ['running', 12, 'runner1', ''],
        ['waiting', 14, null, ''],
        ['waiting', 13, null, ''],
        ['failed', null, 'runner1', 'ffmpeg: Invalid data'],
      ],
    );
    const text = renderRunnerQueue(queue, 30);
    expect(text).toMatch(/^encoding +1 +2 +0 +45 min 00 s +2$/m);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('says what it could not ask instead of 0', async () => {
    const queue = await look((bench) => {
      busy(bench);
      bench.tables = null;
      bench.edit = (text) => text.replace(/token = .*/, '');
    });
    expect(queue.types[0]).toMatchObject({ waiting: null });
    expect(renderRunnerQueue(queue, 30)).toMatch(/^encoding +0 +\?/m);
    expect(queue.remarks).toHaveLength(2);
  });
});

describe('cluster plan of esup-runner', () => {
  it('counts instances from hours per day and speed, with one to spare', () => {
    const plan = planRunners({ hoursPerDay: 40, busyHours: 10, speed: 1.8, speedBy: 'given' });
    // 40 / (10 x 1.8 x 0.7) = 3.17
    expect(plan.instances).toBe(5);
    expect(plan.hoursNeeded).toBeCloseTo(40 / (1.8 * 4));
    expect(planRunners({ ...plan, hoursPerDay: 12.6 }).instances).toBe(2);
  });
  it('takes the speed that was given, else measured, else that of the cores of an instance', () => {
    const inventory = load();
    expect(demandsOf({ speed: 2 }, inventory).runners).toMatchObject({ speed: 2, speedBy: 'given' });
    expect(demandsOf({ measuredSpeed: 1.5 }, inventory).runners).toMatchObject({
      speed: 1.5,
      speedBy: 'measured',
    });
    // runner1 has 16 cores for two instances: 8 x 0.9 / 4.
    expect(demandsOf({}, inventory).runners).toMatchObject({ speed: 1.8, speedBy: 'cores', hoursPerDay: 40 });
  });
  it('measures the speed on finished tasks whose length Pod knows', async () => {
    const bench = new RunnerBench();
    await bench.start();
    const { standIn } = bench;
    const done = [0, 1, 2].map(() => standIn.addTask({ minutesAgo: 60 }));
    for (const task of done)
      task.updated_at = new Date(Date.parse(`${task.created_at.slice(0, 23)}Z`) + 600_000)
        .toISOString()
        .slice(0, -1);
    bench.tables = {
      ...bench.tables!,
      tasks: done.map(({ task_id }, i) => podTask({ id: i, taskId: task_id, durationSeconds: 1200 })),
    };
    const facts = await gatherEsupRunner(bench.targets.runners!, { probe: false }, bench.ports);
    await bench.stop();
    expect(measuredSpeed(facts)).toBe(2);
    expect(measuredSpeed({ ...facts, pod: null })).toBeNull();
  });
  it('compares with what is listed, and with what answers', () => {
    const inventory = load();
    const runners = planRunners(demandsOf({}, inventory).runners!);
    const plans = { streaming: null, jitsi: null, encoding: null, runners };
    const [listed] = compareWithInventory(plans, inventory);
    expect(listed).toMatchObject({ system: 'esup-runner', present: 3, needed: 5, spare: -2 });
    expect(sayComparison(listed!)).toContain('two runner instances short for 40 h of video per day');
  });
});

describe('cluster render of esup-runner', () => {
  const files = renderCluster(
    load((text) =>
      text
        .replaceAll(/^#((?:runner_)?token_file = "\/etc\/bbb2pod\/(?:runners|manager))/gm, '$1')
        .replace('#url = "https://runners', 'url = "https://runners'),
    ),
    loadTemplates(),
  );
  const file = (node: string, path: string) => files.find((one) => one.node === node && one.path === path);

  it('gives .env that esup-runner reads, for its owner alone', () => {
    const manager = file('manager', 'opt/esup-runner/manager/.env');
    expect(manager?.mode).toBe(0o600);
    expect(readEnvironment(manager?.text ?? '')).toMatchObject({
      MANAGER_HOST: 'runners.univ.example',
      MANAGER_BIND_HOST: '0.0.0.0',
      MANAGER_PUBLIC_URL: 'https://runners.univ.example',
      ENVIRONMENT: 'production',
      AUTHORIZED_TOKENS__pod: 's3cret',
      AUTHORIZED_TOKENS__runners: 's3cret',
      NOTIFY_URL_ALLOWED_HOSTS: 'pod.univ.example',
    });
    const runner = readEnvironment(file('runner1', 'opt/esup-runner/runner/.env')?.text ?? '');
    expect(runner).toMatchObject({
      RUNNER_HOST: 'runner1.univ.example',
      RUNNER_TASK_TYPES: '[2x(encoding,studio)]',
      RUNNER_INSTANCES: '2',
      MANAGER_URL: 'http://runners.univ.example:8081',
      RUNNER_TOKEN: 's3cret',
      STORAGE_DIR: '/srv/esup-runner',
      ENCODING_TYPE: 'CPU',
    });
    expect(readEnvironment(file('runner2', 'opt/esup-runner/runner/.env')?.text ?? '')['ENCODING_TYPE']).toBe(
      'GPU',
    );
  });
  it('gives units of the user, nginx, Pod’s settings, its cron line and runbooks', () => {
    for (const [node, path, words] of [
      [
        'manager',
        'home/esup-runner/.config/systemd/user/esup-runner-manager.service',
        'WantedBy=default.target',
      ],
      [
        'runner1',
        'home/esup-runner/.config/systemd/user/esup-runner-runner.service',
        'uv run esup-runner-runner',
      ],
      ['manager', 'etc/nginx/sites-available/esup-runner-manager.conf', 'proxy_pass http://127.0.0.1:8081;'],
      ['pod-runner', 'settings_local.py', 'USE_RUNNER_MANAGER = True'],
      ['pod-runner', 'etc/cron.d/pod-process-tasks', 'manage.py process_tasks'],
      ['pod-runner', 'etc/nginx/snippets/pod-runner.conf', 'location /runner/notify_task_end/'],
      ['manager', 'RUNBOOK.md', 'loginctl enable-linger esup-runner'],
      ['runner2', 'RUNBOOK.md', 'check_gpu.py'],
      ['runner1', 'RUNBOOK.md', 'tcp dport 8082-8083 accept'],
      ['runbooks', 'add-runner.md', 'bbb2pod cluster check'],
      ['runbooks', 'remove-runner.md', 'bbb2pod cluster drain NAME --apply'],
    ] as const)
      expect(file(node, path)?.text, `${node} ${path}`).toContain(words);
  });
  it('never runs with a token that everybody knows, and says how one is made', () => {
    const bare = renderCluster(load(), loadTemplates());
    const text = (node: string, path: string) =>
      bare.find((one) => one.node === node && one.path === path)?.text ?? '';
    // esup-runner refuses to start with its own CHANGE_ME_ words (manager/docs/PARAMETERS.md, 1.7).
    expect(text('manager', 'opt/esup-runner/manager/.env')).toMatch(/TOKENS__pod=CHANGE_ME_/);
    expect(text('manager', 'RUNBOOK.md')).toContain('openssl rand -hex 24');
    expect(text('runner1', 'RUNBOOK.md')).toContain('RUNNER_TOKEN=');
  });
});

describe('cluster drain and ready of a runner', () => {
  const node = (change: Partial<RunnerNodeState> = {}): RunnerNodeState => ({
    instances: [
      { name: 'runner1:8082', available: true, registered: true },
      { name: 'runner1:8083', available: true, registered: true },
    ],
    tasks: [],
    others: 1,
    listed: 2,
    ...change,
  });
  const play = async (direction: 'drain' | 'ready', states: RunnerNodeState[], belowPlan = false) => {
    const said: string[] = [];
    const did: string[] = [];
    const port: RunnerPort = {
      read: () => Promise.resolve(states.length > 1 ? states.shift()! : states[0]!),
      setRunning: (on) => Promise.resolve(void did.push(on ? 'start' : 'stop')),
    };
    let outcome = 'done';
    try {
      await applyRunner({ kind: 'runner', name: 'runner1' }, direction, port, {
        waitMs: 50,
        quietSeconds: 1,
        pollMs: 1,
        limits: { minimum: 1, demand: 'the service' },
        belowPlan,
        signal: new AbortController().signal,
        say: (line) => said.push(line),
        pause: () => Promise.resolve(),
      });
    } catch (error) {
      outcome = (error as OperatorError).code;
    }
    return { outcome, did, said: said.join(' ') };
  };
  const busy = node({
    instances: [{ name: 'runner1:8082', available: false, registered: true }],
    tasks: ['t1'],
  });

  it('waits for an idle instant of all instances, stops, and sees it stopped', async () => {
    expect(await play('drain', [busy, busy, node(), node({ instances: [] })])).toMatchObject({
      outcome: 'done',
      did: ['stop'],
    });
  });
  it('never stops one that works on, and fails', async () => {
    expect(await play('drain', [busy])).toMatchObject({ outcome: 'cluster-not-settled', did: [] });
    // Free by its ping, and the manager has just sent it a task.
    expect(await play('drain', [node({ tasks: ['t2'] })])).toMatchObject({
      outcome: 'cluster-not-settled',
      did: [],
    });
  });
  it('tells a task that slipped in', async () => {
    const { said } = await play('drain', [node(), node(), node({ instances: [], tasks: ['t3'] })]);
    expect(said).toContain('t3');
  });
  it('fails when the unit goes on answering', async () => {
    expect(await play('drain', [node()])).toMatchObject({ outcome: 'cluster-not-settled', did: ['stop'] });
  });
  it('refuses the last one of a type, unless told otherwise', async () => {
    expect(await play('drain', [node({ others: 0 })])).toMatchObject({
      outcome: 'cluster-below-plan',
      did: [],
    });
    expect(await play('drain', [node({ others: 0 }), node(), node({ instances: [] })], true)).toMatchObject({
      outcome: 'done',
    });
  });
  it('takes it back when all its instances are registered', async () => {
    const one = node({ instances: [{ name: 'runner1:8082', available: true, registered: true }] });
    expect(await play('ready', [node({ instances: [] }), one, node()])).toMatchObject({
      outcome: 'done',
      did: ['start'],
    });
    expect(await play('ready', [one])).toMatchObject({ outcome: 'cluster-not-settled' });
  });
  it('prints the commands, by ssh where the inventory has it', () => {
    const inventory = load();
    const commands = drainCommands(findTarget(inventory, 'runner1', null), 'drain', inventory).join('\n');
    expect(commands).toContain('curl -s http://runner1.univ.example:8083/runner/ping');
    expect(commands).toContain(
      "ssh root@runner1.univ.example 'systemctl --user -M esup-runner@.host stop esup-runner-runner'",
    );
    expect(drainCommands(findTarget(inventory, 'runner2', null), 'ready', inventory)[0]).toBe(
      'systemctl --user -M esup-runner@.host start esup-runner-runner',
    );
    expect(() => findTarget(inventory, 'manager', null)).toThrow(/not drained/);
  });
});
