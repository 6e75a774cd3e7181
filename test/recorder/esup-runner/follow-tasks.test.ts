import { expect, it } from 'vitest';
import { followTasks } from '../../../src/recorder/esup-runner/follow-tasks.js';
import type { FollowPorts } from '../../../src/recorder/esup-runner/follow-ports.js';
import type { QueuedConversion } from '../../../src/recorder/queue/conversion-queue.js';

const settings = {
  ...{ attempts: 3, takeovers: 3, retryAfterMs: 1000, lostAfterMs: 60_000, goneAfterMs: 60_000 },
  ...{ pollMs: 1000, longestPollMs: 15_000, busyMs: 1000, longestBusyMs: 60_000 },
};

it('asks a runner that holds no answer back once in a while, not again and again', async () => {
  let now = 0;
  let asked = 0;
  const runner = { id: 'r1', url: 'http://r1', online: true };
  const ports = {
    execute: async () => 't1',
    status: async () => ({ status: 'completed' }),
    look: async () => ({
      runners: [runner],
      tasks: new Map([['t1', { status: now < 20_000 ? 'running' : 'completed', runnerId: 'r1' }]]),
    }),
    tasks: async () => [],
    stop: async () => undefined,
    worksOn: async () => true,
    ended: async () => {
      // A macrotask, so that a client that never waits is seen.
      await new Promise((resolve) => setImmediate(resolve));
      if (++asked > 200) throw new Error('asked without a pause');
      return now >= 20_000;
    },
    deliver: async () => ({ missing: 'cursor: 404' }),
    ledger: { find: () => new Map(), save: () => undefined },
    now: () => now,
    wait: async (ms: number) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      now += ms;
    },
  } as unknown as FollowPorts;
  const job = { id: 'j1', label: 'one' } as QueuedConversion;
  const tally = await followTasks([job], ports, settings, new AbortController().signal, () => undefined);
  expect(tally).toEqual({ done: 1, incomplete: 1, setAside: 0 });
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(50);
});

it('lets a runner go on that the manager does not hear, as long as it is seen at work from here', async () => {
  let now = 0;
  const given: number[] = [];
  /** The manager forgets it after a minute and hears it again after ten; it ends its task a little later. */
  const isHeard = (): boolean => now < 60_000 || now >= 600_000;
  const runner = { id: 'r1', url: 'http://r1', online: true };
  const look = async (): Promise<unknown> => ({
    runners: isHeard() ? [runner] : [],
    tasks: new Map([['t1', { status: now < 630_000 ? 'running' : 'completed', runnerId: 'r1' }]]),
  });
  const follow = (worksOn: boolean | null): ReturnType<typeof followTasks> => {
    now = 0;
    given.length = 0;
    const ports = {
      execute: async (_job: QueuedConversion, submission: number) => {
        given.push(submission);
        return `t${submission}`;
      },
      status: async () => ({ status: 'running' }),
      look,
      tasks: async () => [],
      stop: async () => undefined,
      worksOn: async () => worksOn,
      ended: async () => null,
      deliver: async () => ({ missing: 'cursor: 404' }),
      ledger: { find: () => new Map(), save: () => undefined },
      now: () => now,
      wait: async (ms: number) => {
        now += ms;
        if (given.length > 1) throw new Error('given twice');
      },
    } as unknown as FollowPorts;
    const job = { id: 'j1', label: 'one' } as QueuedConversion;
    return followTasks([job], ports, settings, new AbortController().signal, () => undefined);
  };
  expect(await follow(true)).toEqual({ done: 1, incomplete: 1, setAside: 0 });
  expect(given).toEqual([1]);
  await expect(follow(false)).rejects.toThrow('given twice');
  await expect(follow(null)).rejects.toThrow('given twice');
});
