import { podTask } from './runner-bench.js';
import { state, tables, type RunnerFault } from './runner-faults.js';

/** R27 to R38: Pod's side. */
export const runnerPodFaults: readonly RunnerFault[] = [
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
    name: 'Pod is called by figures',
    make: state((s) => (s.refusesLiteral = true)),
    first: /^R29-literal/,
    status: 'critical',
    probe: true,
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
