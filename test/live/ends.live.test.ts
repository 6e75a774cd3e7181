import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { onAir } from '../support/live/watch-lives.js';

/* How lives end, and what does not end them: what `npm run prove live ends` does at length. */
describe('a live whose bot is sent out, then left alone', () => {
  let bench: LiveBench;
  let id: number;
  const live = () => bench.store.list().find(({ job }) => job.podId === id);

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'bbb' });
    bench.configure({ empty_minutes: 0.05 });
    bench.bbb.createMeeting({ meetingId: 'm', name: 'Chimie', toneHz: 440, colour: '#c00000' });
    id = bench.pod.addLive({ meetingId: 'm', name: 'Chimie' });
    await bench.run('live', 'run');
    await onAir(bench, `bbb-${id}`);
  });
  afterAll(() => bench.stop());

  it('joins again after a moderator removed the bot, and says so', async () => {
    const joins = () => bench.bbb.calls.filter(({ call }) => call === 'join').length;
    const before = joins();
    bench.bbb.eject('m');
    await until('it is told', () =>
      (live()?.status?.incidents ?? []).some(({ code }) => code === 'removed-from-meeting'),
    );
    await until('it comes back', () => joins() > before);
    await onAir(bench, `bbb-${id}`);
    expect(live()?.status?.endReason).toBeNull();
    expect(live()?.status?.repairs).toBeGreaterThan(0);
  });

  it('is shown again and again by status --watch, until Ctrl-C', async () => {
    const lines: string[] = [];
    const watcher = await bench.listen((line) => lines.push(line), 'live', 'status', '--watch');
    await until('two tables', () => lines.filter((line) => line.includes('Chimie')).length >= 2);
    expect(lines.some((line) => /^live +slot +state/.test(line))).toBe(true);
    process.kill(watcher.pid, 'SIGINT');
    expect((await watcher.exited).code).toBe(0);
  });

  it('ends when only bots are left, and is not started again', async () => {
    bench.bbb.meeting('m').humans = 0;
    await until('it ended', () => live()?.status?.phase === 'ended' && live()?.keeperAlive === false);
    expect(live()?.status?.endReason).toBe('only-bots-left');
    await bench.run('live', 'run');
    expect(bench.pod.livestreams.get(id)).toMatchObject({ status: 2 });
    expect((await bench.run('live', 'run')).stdout.trim()).toBe('Nothing to do.');
    expect(bench.pod.broadcasters.size).toBe(0);
  });

  it('warns when a finished recording waits for more than ten minutes for the job of Pod', async () => {
    const [late, fresh, taken] = ['late.mkv', 'fresh.mkv', 'taken.mkv'].map((name) =>
      path.join(bench.recordings, name),
    ) as [string, string, string];
    for (const file of [late, fresh]) writeFileSync(file, '');
    const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
    bench.store.remember({
      ...bench.store.memory(),
      handedOver: [
        { path: late, at: minutesAgo(11) },
        { path: fresh, at: minutesAgo(9) },
        { path: taken, at: minutesAgo(60) },
      ],
    });
    const { stdout } = await bench.run('live', 'status');
    expect(stdout).toMatch(/waits for Pod's job since 11 min: \S*late\.mkv -> .*manage\.py bbb main/);
    expect(stdout).not.toMatch(/fresh|taken/);
  });
});
