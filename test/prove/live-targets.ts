import path from 'node:path';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { startChild } from '../../src/kit/adapters/process/start-child.js';
import { openLiveBench } from '../support/live/bench.js';
import { onAir } from '../support/live/watch-lives.js';
import type { Expect } from './live-ends.js';

const FRAMERATE = 10;

/** Two targets beside the main one, one of them dead all the time: what a viewer of the living one lost. */
export async function proveTargets(expect: Expect, seconds: number): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  try {
    bench.configure(
      { framerate: FRAMERATE },
      `also = ["${bench.nginx.rtmpUrl}more-{name}", "rtmp://127.0.0.1:9/live/{name}"]`,
    );
    bench.bbb.createMeeting({ meetingId: 'm', name: 'Chimie', toneHz: 440, colour: '#c00000' });
    const id = `bbb-${bench.pod.addLive({ meetingId: 'm', name: 'Chimie' })}`;
    await bench.run('live', 'run');
    await onAir(bench, id);
    const status = () => bench.store.status(id);
    const name = bench.store.list()[0]?.job.streamName ?? '';
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const file = path.join(bench.directory, 'more.flv');
    const viewer = await startChild({
      file: 'ffmpeg',
      args: [
        ...['-nostdin', '-v', 'error', '-i', `${bench.nginx.rtmpUrl}more-${name}`, '-t', String(seconds)],
        ...['-c', 'copy', file],
      ],
      diesWithParent: true,
    });
    await viewer.exited;
    const { frames, lost } = await framesOf(file);
    const dead = status()?.targets.find(({ shown }) => shown.includes(':9/'))?.state;
    expect(
      `the living target: ${frames} frames in ${seconds} s, ${lost} lost, encoder dropped ${status()?.progress?.dropped ?? '?'}, repairs ${status()?.repairs ?? '?'}; the dead one: ${dead ?? '?'}`,
      lost === 0 &&
        frames >= (seconds - 3) * FRAMERATE &&
        status()?.progress?.dropped === 0 &&
        status()?.repairs === 0 &&
        dead === 'rtmp-unreachable',
    );
  } finally {
    await bench.stop();
  }
}

/** Pictures of a file, and how many are missing between them: the encoder gives a constant rate. */
async function framesOf(file: string): Promise<{ frames: number; lost: number }> {
  const { stdout } = await runToEnd({
    file: 'ffprobe',
    args: [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file],
    ],
  });
  const times = stdout
    .toString()
    .split('\n')
    .map(Number.parseFloat)
    .filter((time) => Number.isFinite(time))
    .sort((a, b) => a - b);
  const lost = times
    .slice(1)
    .reduce((sum, time, i) => sum + Math.max(0, Math.round((time - times[i]!) * FRAMERATE) - 1), 0);
  return { frames: times.length, lost };
}
