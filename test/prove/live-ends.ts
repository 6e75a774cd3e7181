import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { colourOf, playlist, probe } from '../support/live/media.js';
import { readMail, startSmtpServer } from '../support/smtp-server.js';

/** Says whether a promise was kept. */
export type Expect = (promise: string, kept: boolean) => void;

/** What ends a live, what must not, and what a refusing RTMP server or a frozen keeper come to: the whole keeper. */
export async function proveEnds(expect: Expect, only: string | undefined): Promise<void> {
  const scenes = {
    'max-duration': maxDuration,
    denied,
    'name-in-use': nameInUse,
    frozen: frozenKeeper,
    killed: killedKeeperRecording,
  };
  for (const [name, scene] of Object.entries(scenes))
    if (only === undefined || only === name) await scene(expect);
}

interface Stage {
  readonly bench: LiveBench;
  readonly id: number;
  readonly live: () => ReturnType<LiveBench['store']['list']>[number] | undefined;
  readonly told: (code: string) => boolean;
}

/** One recorded live of the bbb app, not started yet. */
async function stage(
  settings: Record<string, string | number>,
  play: (stage: Stage) => Promise<void>,
  more: (bench: LiveBench) => string | Promise<string> = () => '',
): Promise<void> {
  const bench = await openLiveBench({ generation: 'bbb' });
  try {
    bench.configure(settings, await more(bench));
    const { internalMeetingId } = bench.bbb.createMeeting({
      meetingId: 'm',
      name: 'Chimie',
      toneHz: 440,
      colour: '#c00000',
    });
    const id = bench.pod.addLive({ meetingId: 'm', name: 'Chimie', internalMeetingId, download: true });
    const live = () => bench.store.list().find(({ job }) => job.podId === id);
    const told = (code: string) => (live()?.status?.incidents ?? []).some((i) => i.code === code);
    await play({ bench, id, live, told });
  } finally {
    await bench.stop();
  }
}

const onAir = ({ live }: Stage) => until('on air', () => live()?.status?.phase === 'on-air');
const ended = ({ live }: Stage) => until('it ended', () => live()?.keeperAlive === false);
const keeperOf = ({ bench, id }: Stage) => {
  const keeper = bench.store.keeper(`bbb-${id}`);
  if (keeper === null) throw new Error(`bbb-${id} has no keeper`);
  return keeper;
};
const recordedSeconds = async ({ bench }: Stage): Promise<number> => {
  const [file] = readdirSync(bench.recordings);
  return file === undefined ? 0 : (await probe(`${bench.recordings}/${file}`)).seconds;
};

const maxDuration = (expect: Expect) =>
  stage({ max_duration: 20 }, async (scene) => {
    const { bench, id, live } = scene;
    await bench.run('live', 'run');
    await onAir(scene);
    await ended(scene);
    const encoded = (live()?.status?.progress?.outMs ?? 0) / 1000;
    const reason = live()?.status?.endReason;
    await bench.run('live', 'run');
    const again = (await bench.run('live', 'run')).stdout.trim();
    const seconds = await recordedSeconds(scene);
    expect(
      `maximum duration: ends (${reason}), row closed, not started again, recording whole (${seconds.toFixed(1)} s)`,
      reason === 'max-duration' &&
        bench.pod.livestreams.get(id)?.['status'] === 2 &&
        again === 'Nothing to do.' &&
        Math.abs(seconds - encoded) < 1,
    );
  });

async function denied(expect: Expect): Promise<void> {
  const smtp = await startSmtpServer('plain', 'open');
  const mail = `[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://127.0.0.1:${smtp.port}"`;
  try {
    await stage({ start_wait: 3 }, async (scene) => {
      const { bench, id, live, told } = scene;
      bench.configure({ start_wait: 3, rtmp_url: bench.nginx.rtmpUrl.replace('/live/', '/denied/') }, mail);
      await bench.run('live', 'run');
      await until('the refusal is told', () => told('rtmp-refused'));
      for (let i = 0; i < 3; i++) await bench.run('live', 'run');
      const before = live()?.status?.progress?.outMs ?? 0;
      await until('it moves on', () => (live()?.status?.progress?.outMs ?? 0) > before + 2000);
      const [row, repairs] = [bench.pod.livestreams.get(id)?.['status'], live()?.status?.repairs];
      expect(
        `RTMP denied: told as refused, Pod is not told "on air" (status ${String(row)}), the recording goes on, nothing restarts (${repairs} repairs)`,
        row === 0 && repairs === 0,
      );
      const mails = smtp.taken.filter((taken) => readMail(taken).text.includes('refuses the stream'));
      expect(`RTMP denied: one mail in four passes (${mails.length})`, mails.length === 1);
      bench.bbb.endMeeting('m');
      await ended(scene);
      await bench.run('live', 'run');
      expect('RTMP denied: what was recorded is in place', (await recordedSeconds(scene)) > 2);
    });
  } finally {
    await smtp.stop();
  }
}

const nameInUse = (expect: Expect) =>
  stage({ start_wait: 3 }, async (scene) => {
    const { bench, id, live, told } = scene;
    const name = `bbb-${id}-chimie`;
    const source = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10', '-c:v', 'libx264'];
    const rest = ['-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10', '-f', 'flv'];
    const intruder = spawn('ffmpeg', [
      '-nostdin',
      '-v',
      'error',
      ...source,
      ...rest,
      bench.nginx.rtmpUrl + name,
    ]);
    try {
      await until(
        'the intruder plays',
        async () => ((await playlist(`${bench.nginx.hlsUrl}${name}.m3u8`))?.segments ?? 0) > 0,
      );
      await bench.run('live', 'run');
      await until('it is told', () => told('rtmp-name-in-use'));
      expect(
        'stream name in use: told by that name, Pod not told "on air"',
        live()?.job.streamName === name && bench.pod.livestreams.get(id)?.['status'] === 0,
      );
    } finally {
      intruder.kill('SIGKILL');
    }
    await onAir(scene);
    await until('the incident is over', () => live()?.status?.rtmp === 'ok');
    await bench.run('live', 'run');
    expect(
      'stream name in use: on air by itself once the other left, without a repair',
      live()?.status?.repairs === 0 && bench.pod.livestreams.get(id)?.['status'] === 1,
    );
  });

const frozenKeeper = (expect: Expect) =>
  stage({ keeper_silence: 6 }, async (scene) => {
    const { bench, id } = scene;
    await bench.run('live', 'run');
    await onAir(scene);
    const before = keeperOf(scene);
    const children = bench.store.children(`bbb-${id}`);
    process.kill(before.pid, 'SIGSTOP');
    const at = Date.now();
    await until('it is replaced', async () => (await bench.run('live', 'run')).stdout.includes('restart'));
    const seconds = (Date.now() - at) / 1000;
    await onAir(scene);
    const now = bench.store.keeper(`bbb-${id}`);
    const left = bench.store.children(`bbb-${id}`).filter(({ pid }) => children.some((c) => c.pid === pid));
    expect(
      `keeper frozen (SIGSTOP): replaced after ${seconds.toFixed(0)} s of silence, nothing of the old one left`,
      now?.pid !== before.pid && left.length === 0,
    );
  });

/** kill -9 of the keeper costs the recording a second at most, also while nginx is gone. */
const killedKeeperRecording = (expect: Expect) =>
  stage({}, async (scene) => {
    const { bench, id, live, told } = scene;
    await bench.run('live', 'run');
    await onAir(scene);
    await bench.nginx.stop();
    await until('the outage is told', () => told('rtmp-unreachable'));
    const first = (live()?.status?.progress?.outMs ?? 0) / 1000;
    process.kill(keeperOf(scene).pid, 'SIGKILL');
    await until('its children died with it', () => bench.store.children(`bbb-${id}`).length === 0, 10_000);
    await bench.nginx.start();
    await bench.run('live', 'run');
    await onAir(scene);
    bench.bbb.endMeeting('m');
    await ended(scene);
    const second = (live()?.status?.progress?.outMs ?? 0) / 1000;
    await bench.run('live', 'run');
    const seconds = await recordedSeconds(scene);
    const [file = ''] = readdirSync(bench.recordings);
    const bottom = await colourOf(`${bench.recordings}/${file}`, 1, 'bottom');
    expect('the picture is whole to its lowest lines', bottom.g > 150 && bottom.b < 110);
    expect(
      `keeper killed -9 while nginx is gone: its ffmpeg dies too, the recording of both halves is ${seconds.toFixed(1)} s of ${(first + second).toFixed(1)} s`,
      seconds > first + second - 2 && seconds < first + second + 3,
    );
  });
