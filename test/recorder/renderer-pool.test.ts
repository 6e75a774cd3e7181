import { expect, it, vi } from 'vitest';
import type { SceneRenderer } from '../../src/recorder/ports.js';
import { RendererPool } from '../../src/recorder/renderer-pool.js';

/** A session whose renderers are numbers, and how many are open. */
function session(fails: readonly number[] = []) {
  const facts = { opened: 0, closed: 0 };
  const openRenderer = (): Promise<SceneRenderer> => {
    if (fails.includes(++facts.opened)) return Promise.reject(new Error('no browser'));
    const close = async (): Promise<void> => {
      facts.closed++;
    };
    return Promise.resolve({ close } as SceneRenderer);
  };
  return { facts, openRenderer };
}
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('draws one after the other with one renderer while nobody waits long', async () => {
  const { facts, openRenderer } = session();
  const pool = new RendererPool({ openRenderer }, { most: 4, patienceMs: 10_000 });
  let [atOnce, most] = [0, 0];
  const draw = (): Promise<void> =>
    pool.use(async () => {
      most = Math.max(most, ++atOnce);
      await soon(1);
      atOnce--;
    });
  await Promise.all([draw(), draw(), draw()]);
  await draw();
  pool.end();
  expect({ ...facts, most }).toEqual({ opened: 1, closed: 1, most: 1 });
});

it('opens another for who has waited, never more than it may, and closes those in use when they come free', async () => {
  const { facts, openRenderer } = session();
  const pool = new RendererPool({ openRenderer }, { most: 2, patienceMs: 1 });
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let atWork = 0;
  const draws = Array.from({ length: 4 }, () =>
    pool.use(async () => {
      atWork++;
      await released;
    }),
  );
  await expect.poll(() => atWork).toBe(2);
  await soon(20);
  expect({ ...facts, atWork }).toEqual({ opened: 2, closed: 0, atWork: 2 });
  release();
  await Promise.all(draws);
  const last = pool.use(() => soon(5));
  pool.end();
  await last;
  expect(facts).toEqual({ opened: 2, closed: 2 });
});

it('opens one at a time, however many wait', async () => {
  vi.useFakeTimers();
  try {
    const { facts, openRenderer } = session();
    const pool = new RendererPool({ openRenderer }, { most: 6, patienceMs: 2000 });
    const draws = Array.from({ length: 6 }, () => pool.use(() => soon(60_000)));
    for (const opened of [1, 2, 3]) {
      expect(facts.opened).toBe(opened);
      await vi.advanceTimersByTimeAsync(2000);
    }
    await vi.runAllTimersAsync();
    await Promise.all(draws);
  } finally {
    vi.useRealTimers();
  }
});

it('goes on with what it has where another cannot start, and refuses everybody without any', async () => {
  const one = session([2]);
  const pool = new RendererPool({ openRenderer: one.openRenderer }, { most: 2, patienceMs: 1 });
  await Promise.all([pool.use(() => soon(20)), pool.use(() => soon(1))]);
  expect(one.facts.opened).toBeGreaterThan(1);
  const none = new RendererPool(session([1]), { most: 2, patienceMs: 10_000 });
  const refused = await Promise.allSettled([none.use(() => soon(1)), none.use(() => soon(1))]);
  expect(refused.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  expect(refused[1]).toMatchObject({ reason: { message: 'no browser' } });
});

it('refuses who still waits when it ends', async () => {
  const pool = new RendererPool(session(), { most: 1, patienceMs: 10_000 });
  const first = pool.use(() => soon(20));
  const second = pool.use(() => soon(1));
  await soon(5);
  pool.end();
  await expect(second).rejects.toThrow('no picture is drawn any more');
  await first;
});
