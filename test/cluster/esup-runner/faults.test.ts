import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../src/cluster/check/verdict.js';
import { RunnerBench } from '../../support/cluster/runner-bench.js';
import { runnerFaults } from '../../support/cluster/runner-faults.js';
import { runnerPodFaults } from '../../support/cluster/runner-pod-faults.js';
import { proveRunnerFault, say } from '../../support/cluster/prove-runner-fault.js';

describe('a healthy esup-runner', () => {
  const healthy = async (prepare: (bench: RunnerBench) => void, probe = false): Promise<string> => {
    const bench = new RunnerBench();
    await bench.start();
    try {
      prepare(bench);
      const { results } = await bench.check({ probe });
      return findingsOf(results).length === 0 ? '' : say(findingsOf(results));
    } finally {
      await bench.stop();
    }
  };
  it.each<[string, (bench: RunnerBench) => void]>([
    ['idle', () => undefined],
    [
      'at work, with a manager in another time zone, and a long queue while all are busy',
      (bench) => {
        bench.standIn.state.zoneHours = 2;
        for (const runner of bench.standIn.state.runners) {
          runner.available = false;
          bench.standIn.addTask({ status: 'running', runner_id: runner.id });
        }
        bench.standIn.addTask({ status: 'warning', minutesAgo: 3 * 1440 });
        bench.tables = { ...bench.tables!, tasks: [pending(90), pending(3)] };
      },
    ],
    [
      'without token and without database',
      (bench) => {
        bench.tables = null;
        bench.edit = (text) => text.replace(/token = .*/, '');
      },
    ],
    ['a newer manager with /api/health', (bench) => (bench.standIn.state.healthPath = '/api/health')],
    [
      'seen from another machine',
      (bench) => {
        bench.local = () => false;
        bench.edit = (text) => text;
      },
    ],
  ])('%s gives no finding', async (_, prepare) => {
    expect(await healthy(prepare)).toBe('');
  });

  it('says nothing of files where esup-runner is not installed', async () => {
    expect(await healthy((bench) => bench.remove('opt'))).toBe('');
  });

  it('leaves no task at the manager when it is probed', async () => {
    const bench = new RunnerBench();
    await bench.start();
    const { contacts } = await bench.check({ probe: true });
    const { executed } = bench.standIn.state;
    await bench.stop();
    expect(executed).toEqual([]);
    expect(contacts.filter(({ writes }) => writes !== null)).toHaveLength(1);
  });
});

const pending = (minutesAgo: number) => ({
  id: minutesAgo,
  type: 'encoding',
  status: 'pending',
  taskId: null,
  videoId: minutesAgo,
  recordingId: null,
  managerId: null,
  addedAt: Date.now() - minutesAgo * 60_000,
  rank: 1,
  lastLine: '',
  durationSeconds: null,
});

describe('each fault of esup-runner is told with its cause first', () => {
  it.each([...runnerFaults, ...runnerPodFaults].map((fault) => [fault.name, fault] as const))(
    '%s',
    async (_, fault) => {
      expect(await proveRunnerFault(fault)).toBe('');
    },
  );
});
