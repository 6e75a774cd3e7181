import path from 'node:path';
import { Secret } from '../../../src/kit/config/secret.js';
import type { PodRunnerTables } from '../../../src/cluster/esup-runner/facts.js';
import { podTask, type RunnerBench } from './runner-bench.js';
import type { StandInRunner } from './runner-stand-in.js';

/** One fault of esup-runner: how it is made, and what must stand first. */
export interface RunnerFault {
  readonly name: string;
  readonly make: (bench: RunnerBench) => void;
  readonly first: RegExp;
  readonly status: 'critical' | 'warning' | 'ok';
  /** Codes that must be folded under the first. */
  readonly explains?: RegExp;
  /** It cannot be made alone on one machine: it need not stand first. */
  readonly amongOthers?: true;
  readonly probe?: true;
  /** A second check after that many minutes, by the memory of the first. */
  readonly againAfterMinutes?: number;
}

const state = (change: (state: RunnerBench['standIn']['state']) => void) => (bench: RunnerBench) =>
  change(bench.standIn.state);
const runner = (i: number, change: (one: StandInRunner) => void) => (bench: RunnerBench) => {
  const one = bench.standIn.state.runners[i];
  if (one !== undefined) change(one);
};
const tables = (change: (tables: PodRunnerTables) => Partial<PodRunnerTables>) => (bench: RunnerBench) => {
  if (bench.tables !== null) bench.tables = { ...bench.tables, ...change(bench.tables) };
};
/** Runners on other machines than the manager. */
const apart = (bench: RunnerBench): void => {
  bench.edit = (text) =>
    text.replace(
      '[esup_runner.manager]\naddress = "127.0.0.1"',
      '[esup_runner.manager]\naddress = "manager.test"',
    );
  bench.local = (host) => host === 'manager.test';
};

/** R01 to R38 of the stand-in, one or more faults each. */
export const runnerFaults: readonly RunnerFault[] = [
  {
    name: 'manager down',
    make: state((s) => (s.manager = 'down')),
    first: /^R01-silent/,
    status: 'critical',
    explains: /^R06-unknown/,
  },
  {
    name: 'manager behind a proxy that finds nobody',
    make: state((s) => (s.manager = 'bad-gateway')),
    first: /^R01-silent/,
    status: 'critical',
  },
  {
    name: 'a maintenance page at the manager',
    make: state((s) => (s.manager = 'html')),
    first: /^R02-other/,
    status: 'critical',
  },
  {
    name: 'a redirect at the manager',
    make: state((s) => (s.manager = 'redirect')),
    first: /^R02-other/,
    status: 'critical',
  },
  {
    name: 'token refused',
    make: state((s) => (s.token = 'another')),
    first: /^R04-refused/,
    status: 'critical',
    explains: /^R06-unknown/,
  },
  {
    name: 'Pod’s own token refused',
    make: tables(({ managers }) => ({
      managers: managers.map((one) => ({ ...one, token: new Secret('old') })),
    })),
    first: /^R04-pod/,
    status: 'critical',
  },
  {
    name: 'manager unhealthy',
    make: state((s) => (s.health = 'degraded')),
    first: /^R05-unhealthy/,
    status: 'critical',
  },
  {
    name: 'no runner registered',
    make: state((s) => s.runners.forEach((one) => ((one.known = false), (one.registered = false)))),
    first: /^R06-none/,
    status: 'critical',
    explains: /^R11-unregistered/,
  },
  {
    name: 'an instance is gone',
    make: runner(1, (one) => ((one.known = false), (one.dead = true))),
    first: /^R07-fewer/,
    status: 'warning',
    explains: /^R15-single/,
  },
  { name: 'heartbeat late', make: runner(1, (one) => (one.age = 45)), first: /^R08-late/, status: 'warning' },
  {
    name: 'heartbeat lost',
    make: runner(1, (one) => (one.age = 300)),
    first: /^R08-late/,
    status: 'critical',
  },
  { name: 'clocks differ', make: state((s) => (s.skewSeconds = 95)), first: /^R08-clock/, status: 'warning' },
  {
    name: 'versions differ',
    make: state((s) => {
      s.docs = true;
      const [, second] = s.runners;
      if (second !== undefined) Object.assign(second, { version: '1.6.2', known: false, registered: false });
    }),
    first: /^R09-differ/,
    status: 'critical',
    explains: /^R11-unregistered/,
  },
  {
    name: 'runner unreachable',
    make: runner(0, (one) => (one.dead = true)),
    first: /^R10-unreachable/,
    status: 'critical',
  },
  {
    name: 'runner not registered',
    make: runner(0, (one) => ((one.registered = false), (one.known = false))),
    first: /^R11-unregistered/,
    status: 'critical',
  },
  {
    name: 'loopback advertised by a runner elsewhere',
    make: (bench) => {
      apart(bench);
      bench.edit = (
        (before) => (text: string) =>
          before(text).replaceAll(/(runners\.runner\d\]\naddress = )"127\.0\.0\.1"/g, '$1"127.0.0.9"')
      )(bench.edit);
    },
    first: /^R12-loopback/,
    status: 'critical',
  },
  {
    name: 'port moved',
    make: (bench) => {
      const [one] = bench.standIn.state.runners;
      bench.edit = (text) =>
        text.replace(`base_port = ${one?.port ?? 0}`, `base_port = ${(one?.port ?? 0) + 1000}`);
    },
    first: /^R13-moved/,
    status: 'warning',
    explains: /^R07-fewer|^R10-unknown/,
  },
  {
    name: 'a type that nobody serves',
    make: state((s) => s.runners.forEach((one) => (one.types = ['encoding']))),
    first: /^R14-nobody/,
    status: 'critical',
  },
  {
    name: 'one runner for a type',
    make: runner(0, (one) => (one.types = ['encoding'])),
    first: /^R15-single/,
    status: 'warning',
  },
  {
    name: 'busy with nothing',
    make: runner(0, (one) => (one.available = false)),
    first: /^R16-stuck/,
    status: 'critical',
    againAfterMinutes: 11,
  },
  { name: 'disk full', make: runner(0, (one) => (one.disk = 93)), first: /^R17-full/, status: 'critical' },
  {
    name: 'disk filling',
    make: runner(0, (one) => (one.disk = 80)),
    first: /^R17-filling/,
    status: 'warning',
  },
  {
    name: 'runners open to the world',
    make: (bench) =>
      (bench.edit = (text) => text.replace('kind = "esup-runner"', 'kind = "esup-runner"\noutside = true')),
    first: /^R18-open/,
    status: 'warning',
  },
  { name: 'documentation public', make: state((s) => (s.docs = true)), first: /^R19-public/, status: 'ok' },
  {
    name: 'MANAGER_HOST is every address',
    make: (bench) => {
      apart(bench);
      bench.setVariable('manager', 'MANAGER_HOST', '0.0.0.0');
    },
    first: /^R20-loopback/,
    status: 'critical',
    amongOthers: true,
  },
  {
    name: 'development with four workers',
    make: (bench) => bench.setVariable('manager', 'ENVIRONMENT', 'development'),
    first: /^R21-development/,
    status: 'critical',
  },
  {
    name: 'no linger',
    make: (bench) => bench.remove('var/lib/systemd/linger/esup-runner'),
    first: /^R22-no-linger/,
    status: 'critical',
  },
  {
    name: 'two units',
    make: (bench) => bench.write('etc/systemd/system/esup-runner-runner.service', '[Unit]\n'),
    first: /^R23-two/,
    status: 'warning',
  },
  {
    name: '.env readable by others',
    make: (bench) => bench.mode('opt/manager/.env', 0o644),
    first: /^R24-readable/,
    status: 'warning',
  },
  {
    name: 'data readable by others',
    make: (bench) => bench.mode('opt/manager/data', 0o755),
    first: /^R24-readable/,
    status: 'warning',
  },
  {
    name: 'storage below /tmp',
    make: (bench) => bench.setVariable('runner', 'STORAGE_DIR', '/tmp/esup-runner'),
    first: /^R25-tmp/,
    status: 'warning',
  },
  {
    name: 'storage of the manager is another directory',
    make: (bench) => {
      bench.setVariable('manager', 'RUNNERS_STORAGE_ENABLED', 'True');
      bench.setVariable('manager', 'RUNNERS_STORAGE_DIR', path.join(bench.directory, 'etc'));
    },
    first: /^R25-share/,
    status: 'critical',
  },
  {
    name: 'a GPU that is not there',
    make: (bench) => bench.setVariable('runner', 'ENCODING_TYPE', 'GPU'),
    first: /^R26-gpu/,
    status: 'critical',
  },
  {
    name: 'no webhook',
    make: state((s) => (s.webhook = 'missing')),
    first: /^R27-missing/,
    status: 'critical',
  },
  {
    name: 'maintenance page at the webhook',
    make: state((s) => (s.webhook = 'maintenance')),
    first: /^R27-missing/,
    status: 'critical',
  },
  {
    name: 'Pod silent',
    make: state((s) => (s.webhook = 'silent')),
    first: /^R27-silent/,
    status: 'critical',
  },
  {
    name: 'webhook redirected',
    make: state((s) => (s.webhook = 'redirect')),
    first: /^R28-redirected/,
    status: 'critical',
    explains: /^R27-unknown/,
  },
  {
    name: 'webhook redirected at the URL that Pod builds',
    make: ({ standIn }) =>
      void standIn.addTask({ notify_url: `http://127.0.0.1:${standIn.podHttpPort}/runner/notify_task_end/` }),
    first: /^R28-redirected/,
    status: 'critical',
  },
  {
    name: 'the manager refuses a private Pod',
    make: state((s) => (s.refusesNotify = true)),
    first: /^R29-refused/,
    status: 'critical',
    probe: true,
  },
  {
    name: 'the manager’s .env refuses a private Pod',
    make: (bench) => bench.setVariable('manager', 'NOTIFY_URL_ALLOW_PRIVATE_NETWORKS', 'false'),
    first: /^R29-refused/,
    status: 'critical',
  },
  {
    name: 'site without its name',
    make: tables(() => ({ siteDomain: 'example.com' })),
    first: /^R30-domain/,
    status: 'critical',
  },
  {
    name: 'no manager in Pod',
    make: tables(() => ({ managers: [] })),
    first: /^R31-none/,
    status: 'critical',
  },
  {
    name: 'manager of Pod inactive',
    make: tables(({ managers }) => ({ managers: managers.map((one) => ({ ...one, active: false })) })),
    first: /^R31-none/,
    status: 'critical',
  },
  {
    name: 'Pod sends elsewhere',
    make: tables(({ managers }) => ({
      managers: managers.map((one) => ({ ...one, url: 'https://other.test' })),
    })),
    first: /^R31-other/,
    status: 'warning',
  },
  {
    name: 'nobody sends what waits',
    make: tables(() => ({ tasks: [podTask({ status: 'pending', minutesAgo: 40 })] })),
    first: /^R32-waiting/,
    status: 'critical',
  },
  {
    name: 'running in Pod, failed at the manager',
    make: (bench) => {
      const { task_id } = bench.standIn.addTask({
        status: 'failed',
        minutesAgo: 200,
        error: 'ffmpeg: Invalid data',
      });
      bench.tables = {
        ...bench.tables!,
        tasks: [podTask({ status: 'running', taskId: task_id, minutesAgo: 200 })],
      };
    },
    first: /^R33-lost/,
    status: 'critical',
  },
  {
    name: 'running in Pod, unknown to the manager',
    make: tables(() => ({ tasks: [podTask({ status: 'running', taskId: 'gone', minutesAgo: 200 })] })),
    first: /^R33-lost/,
    status: 'critical',
  },
  {
    name: 'many fail',
    make: tables(() => ({
      tasks: [
        ...Array.from({ length: 6 }, (_, i) => podTask({ id: i })),
        ...[1, 2].map((i) =>
          podTask({ id: 10 + i, status: 'failed', lastLine: 'ffmpeg: Invalid data found' }),
        ),
      ],
    })),
    first: /^R34-failures/,
    status: 'warning',
  },
  {
    name: 'finished and not taken',
    make: (bench) =>
      void bench.standIn.addTask({ status: 'warning', error: 'Notify URL callback failed: 301' }),
    first: /^R35-warnings/,
    status: 'critical',
  },
  {
    name: 'studio hangs',
    make: tables(() => ({
      tasks: [podTask({ type: 'studio', status: 'running', minutesAgo: 500, videoId: null, recordingId: 3 })],
    })),
    first: /^R36-studio/,
    status: 'critical',
  },
  {
    name: 'quota starves Pod',
    make: (bench) => {
      bench.setVariable('manager', 'PRIORITIES_ENABLED', 'true');
      bench.setVariable('manager', 'PRIORITY_DOMAIN', 'univ-a.test');
      bench.setVariable('manager', 'MAX_OTHER_DOMAIN_TASK_PERCENT', '50');
    },
    first: /^R37-starved/,
    status: 'warning',
  },
  {
    name: 'media refused',
    make: (bench) => {
      bench.standIn.state.media = 403;
      bench.standIn.addTask({ status: 'completed' });
    },
    first: /^R38-refused/,
    status: 'critical',
  },
];
