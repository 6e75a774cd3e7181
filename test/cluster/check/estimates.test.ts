import { expect, it } from 'vitest';
import { resultsOf } from '../../../src/cluster/check/cluster-result.js';
import type { PodTargets } from '../../../src/cluster/check/targets.js';
import { checkQueues } from '../../../src/cluster/pod/queue-checks.js';
import type { PodFacts, QueuedFile } from '../../../src/cluster/pod/run-facts.js';

/** Thirty jobs in one queue, before one worker of four cores. */
const judge = (files: readonly QueuedFile[] | null) => {
  const facts = {
    at: 0,
    files,
    brokers: [
      {
        ...{ broker: 'redis://r:6379/5', host: 'r', database: 5, queues: ['encoding'], workers: null },
        contents: {
          ok: true,
          ms: 1,
          value: {
            queues: [{ name: 'encoding', waiting: 30, next: [] }],
            strangers: [],
            unacked: { count: 0, oldestAtSeconds: null, messages: [] },
          },
        },
      },
    ],
  } as unknown as PodFacts;
  const targets = {
    queues: [{ queue: 'encoding', kind: 'encoding' }],
    coresPerWorker: 4,
    encodingFactor: 4,
    thresholds: { backlogWarningMinutes: 60, backlogCriticalMinutes: 360, redeliveryMinutes: 45 },
  } as unknown as PodTargets;
  return checkQueues(facts, targets, resultsOf('encoding')).filter(({ check }) => check === 'P09');
};
const file = (durationSeconds: number | null): QueuedFile => ({
  ...{ path: '/media/1.mp4', queue: 'encoding', videoId: '1', exists: true },
  durationSeconds,
});

it('gives the time to the end of a queue only where files were measured', () => {
  const [measured] = judge([file(3600)]);
  expect(measured).toMatchObject({ code: 'P09-long', status: 'critical', parameters: { eta: 2000 } });
  expect(measured?.measures.map(({ label }) => label)).toContain('backlog_encoding_min');
  expect(judge([file(60)])[0]).toMatchObject({ code: 'P09', status: 'ok' });
  for (const unread of [null, [file(null)]]) {
    const [assumed] = judge(unread);
    expect(assumed).toMatchObject({ code: 'P09-assumed', status: 'warning' });
    expect(assumed?.measures.map(({ label }) => label)).toEqual(['waiting_encoding']);
  }
});
