import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { GENERATIONS } from '../support/live/join-page.js';
import { onAir, shows } from '../support/live/watch-lives.js';

/* The client of every generation, without chat, at once: each scene of a live on each of them. */
describe('a live on every generation of the client', () => {
  let bench: LiveBench;
  const lives = new Map<string, number>();
  const id = (generation: string) => `bbb-${lives.get(generation)}`;
  const all = () => GENERATIONS.map(id);
  const status = (generation: string) => bench.store.status(id(generation));
  const meeting = (generation: string) => bench.bbb.meeting(`m-${generation}`);
  const hls = (generation: string) =>
    `${bench.nginx.hlsUrl}${bench.store.list().find(({ job }) => job.id === id(generation))?.job.streamName}.m3u8`;
  const joins = () => bench.bbb.calls.filter(({ call }) => call === 'join').length;
  const incidents = (generation: string) => (status(generation)?.incidents ?? []).map(({ code }) => code);

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'bbb' });
    bench.configure({ lives: GENERATIONS.length, size: '320x180', framerate: 10, stall: 20, rejoin: 2 });
    const media = { '2.5': 'share', '3.0': 'video', '4.0': 'nothing' } as const;
    for (const generation of GENERATIONS) {
      const name = `Chimie ${generation}`;
      bench.bbb.createMeeting({
        ...{ meetingId: `m-${generation}`, name, toneHz: 440, colour: '#c00000', generation },
        media: generation in media ? media[generation as keyof typeof media] : 'slides',
      });
      lives.set(generation, bench.pod.addLive({ meetingId: `m-${generation}`, name }));
    }
    // One of each kind of lobby.
    for (const generation of ['2.7', '3.0']) meeting(generation).guestPolicy = 'ASK_MODERATOR';
    await bench.run('live', 'run');
  });
  afterAll(() => bench.stop());

  it('tells of the lobby, static or of the client, and goes in when a moderator says so', async () => {
    for (const generation of ['2.7', '3.0']) {
      await until(`${generation} waits`, () => incidents(generation).includes('waiting-for-moderator'));
      expect(status(generation)?.phase).toBe('starting');
      bench.bbb.admit(`m-${generation}`);
    }
    await onAir(bench, ...all());
    for (const generation of ['2.7', '3.0'])
      expect(incidents(generation)).not.toContain('waiting-for-moderator');
  });

  it('films the meeting and none of the furniture; silence with LiveKit is no missing audio', async () => {
    for (const generation of GENERATIONS) {
      await shows(hls(generation), 'red, no green', ({ r, g, b }) => r > b + 80 && g < 60);
      await shows(
        hls(generation),
        'yellow lowest lines',
        ({ r, g, b }) => r > 150 && g > 150 && b < 110,
        'bottom',
      );
      await until(`${generation}: audio`, () => status(generation)?.audio === 'joined');
    }
  });

  it('comes back when it is removed; viewers never see that page', async () => {
    const before = joins();
    for (const generation of GENERATIONS) bench.bbb.eject(`m-${generation}`);
    await until('each is told', () =>
      GENERATIONS.every((generation) => incidents(generation).includes('removed-from-meeting')),
    );
    await until('each knocks again', () => joins() >= before + GENERATIONS.length, 150_000);
    await onAir(bench, ...all());
    for (const generation of GENERATIONS)
      await shows(hls(generation), 'red, no green', ({ r, g, b }) => r > b + 80 && g < 60);
  });

  it('ends with the meeting', async () => {
    for (const generation of GENERATIONS) bench.bbb.endMeeting(`m-${generation}`);
    await until('each ended', () =>
      GENERATIONS.every((generation) => status(generation)?.endReason === 'meeting-ended'),
    );
  });
});
