import path from 'node:path';
import { Secret } from '../../../src/kit/config/secret.js';
import type { PodRunnerTables } from '../../../src/cluster/esup-runner/facts.js';
import type { RunnerBench } from './runner-bench.js';
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

export const state = (change: (state: RunnerBench['standIn']['state']) => void) => (bench: RunnerBench) =>
  change(bench.standIn.state);
const runner = (i: number, change: (one: StandInRunner) => void) => (bench: RunnerBench) => {
  const one = bench.standIn.state.runners[i];
  if (one !== undefined) change(one);
};
export const tables =
  (change: (tables: PodRunnerTables) => Partial<PodRunnerTables>) => (bench: RunnerBench) => {
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

/** R01 to R26 of the stand-in, one or more faults each. */
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
];
