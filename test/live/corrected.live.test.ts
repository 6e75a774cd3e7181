import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';

let bench: LiveBench;
beforeAll(async () => {
  bench = await openLiveBench({ generation: 'bbb' });
});
afterAll(() => bench.stop());

it('a restarted supervisor brings what was put right to a live that could not start, and disturbs no other', async () => {
  bench.configure({ lives: 2 });
  const add = (meetingId: string): string => {
    bench.bbb.createMeeting({ meetingId, name: meetingId, toneHz: 660, colour: '#808000' });
    return `bbb-${bench.pod.addLive({ meetingId, name: meetingId })}`;
  };
  const phase = (id: string): string | undefined => bench.store.status(id)?.phase;
  const well = add('well');
  const first = await bench.start('live', 'run', '--watch');
  await until('the first is on air', () => phase(well) === 'on-air');
  await first.stop('SIGTERM');
  const keeper = bench.store.keeper(well);

  bench.configure({ lives: 2 }, '[recorder]\nchromium = "/bin/false"');
  const ill = add('ill');
  const second = await bench.start('live', 'run', '--watch');
  await until('the second fails', () => (bench.store.status(ill)?.incidents.length ?? 0) > 0);
  await second.stop('SIGTERM');

  bench.configure({ lives: 2 });
  await bench.start('live', 'run', '--watch');
  await until('the second is on air', () => phase(ill) === 'on-air');
  expect([phase(well), bench.store.keeper(well)]).toEqual(['on-air', keeper]);
});
