import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerCompose } from '../../src/live/adapters/compose.js';
import { claimRedis } from '../../src/live/adapters/claim-redis.js';
import { openLiveRedis } from '../../src/live/adapters/live-redis.js';
import { runToEnd } from '../../src/kit/adapters/process/run-to-end.js';
import { Secret } from '../../src/kit/config/secret.js';
import {
  containerEnvironment,
  renderComposeFile,
  type ComposeFacts,
} from '../../src/live/backends/compose-file.js';
import { eventually, openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { playlist, probe } from '../support/live/media.js';
import { withoutEngine } from '../support/live/no-engine.js';
import { startRedis } from '../support/live/redis.js';
import { goesOn } from '../support/live/watch-lives.js';

const HOSTILE = `$(touch x)"'/& \${HOME} #:{}\n\\ é`;

describe('several servers, full disks, lobbies, chat, by hand', () => {
  let bench: LiveBench;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'bbb', broadcasterField: 'url' });
    redis = await startRedis(bench.directory);
  });
  afterAll(async () => {
    await redis.stop();
    await bench.stop();
  });
  const meeting = (id: string) =>
    bench.bbb.createMeeting({ meetingId: id, name: 'Un titre', toneHz: 660, colour: '#808000' });

  it('lets twelve of thirteen wait when one slot is free, and says so', async () => {
    bench.configure({ lives: 1 });
    for (let i = 0; i < 13; i++) {
      meeting(`many-${i}`);
      bench.pod.addLive({ meetingId: `many-${i}`, name: 'Un titre' });
    }
    const { stdout } = await bench.run('live', 'run', '--dry');
    expect(stdout.match(/^start/gm)).toHaveLength(1);
    expect(stdout.match(/no-free-slot/g)).toHaveLength(12);
    for (const row of bench.pod.livestreams.values()) row['status'] = 2;
  });

  it('gives a live to exactly one of two servers that race, and to the other when its server dies', async () => {
    const shared = { servers: 2, claims_path: path.join(bench.directory, 'claims'), lives: 2 };
    const one = bench.configure({ ...shared, server: 1 }, '', 'one');
    const two = bench.configure({ ...shared, server: 2 }, '', 'two');
    meeting('race');
    const id = bench.pod.addLive({ meetingId: 'race', name: 'Un titre' });
    await Promise.all([bench.run('live', 'run', '--config', one), bench.run('live', 'run', '--config', two)]);
    const stores = [bench.storeOf('one'), bench.storeOf('two')];
    expect(stores.map((store) => store.list().length).sort()).toEqual([0, 1]);
    const holder = stores.findIndex((store) => store.list().length === 1);
    const serverIs = (server: number, config: string) =>
      eventually(
        `Pod is told of server ${server}`,
        async () => {
          if (bench.pod.livestreams.get(id)!['server'] !== `${server}/1`)
            await bench.run('live', 'run', '--config', config);
          return bench.pod.livestreams.get(id)!;
        },
        (row) => row['status'] === 1 && row['server'] === `${server}/1`,
        150_000,
      );
    const [its, other] = holder === 0 ? [one, two] : [two, one];
    await serverIs(holder + 1, its);
    const keeper = stores[holder]!.keeper(`bbb-${id}`)!;
    process.kill(keeper.pid, 'SIGKILL');
    await until('the other server takes it over', async () =>
      (await bench.run('live', 'run', '--config', other)).stdout.includes('start'),
    );
    await serverIs(2 - holder, other);
    // The dead server comes back: the claim is another's, its own traces go, Pod's row stays.
    await bench.run('live', 'run', '--config', its);
    expect(stores[holder]!.list()).toEqual([]);
    expect(bench.pod.livestreams.get(id)).toMatchObject({ status: 1 });
    bench.pod.livestreams.get(id)!['status'] = 2;
    await bench.run('live', 'run', '--config', other);
    await until('it stopped', () => stores[1 - holder]!.list()[0]?.keeperAlive === false);
    await bench.run('live', 'run', '--config', other);
    expect(readdirSync(shared.claims_path)).toEqual([]);
  });

  it('keeps claims in Redis too: one taker, one holder', async () => {
    const connection = await openLiveRedis(new Secret(redis.url));
    const place = claimRedis(async () => connection, 1000);
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, i) => place.place('bbb-1', `server ${i}`)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    const text = (await place.read('bbb-1')) ?? '';
    expect([
      await place.replace('bbb-1', 'other', 'x'),
      await place.replace('bbb-1', text, 'new'),
      await place.remove('bbb-1', 'new'),
      await place.read('bbb-1'),
    ]).toEqual([false, true, true, null]);
    connection.disconnect();
  });

  it('streams on when the disk of the recording is full, takes chat from Redis, and tells a lobby', async () => {
    bench.configure({ redis: redis.url, lives: 1, work_dir: path.join(bench.directory, 'work') });
    const m = meeting('full');
    m.guestPolicy = 'ASK_MODERATOR';
    const id = bench.pod.addLive({
      meetingId: 'full',
      name: 'Un titre',
      download: true,
      chat: true,
      internalMeetingId: m.internalMeetingId,
    });
    const parts = path.join(bench.directory, 'work', 'recordings', `bbb-${id}`);
    mkdirSync(parts, { recursive: true });
    symlinkSync('/dev/full', path.join(parts, 'part-0002.mkv'));
    const store = bench.store;
    bench.configure({
      redis: redis.url,
      lives: 1,
      work_dir: path.join(bench.directory, 'work'),
      start_wait: 1,
    });
    await bench.run('live', 'run');
    const status = () => store.status(`bbb-${id}`);
    await until(
      'the lobby is told',
      () => status()?.incidents.some(({ code }) => code === 'waiting-for-moderator') ?? false,
    );
    m.guestPolicy = 'ALWAYS_ACCEPT';
    process.kill(status()!.children['browser'] ?? bench.store.keeper(`bbb-${id}`)!.pid, 'SIGKILL');
    await until(
      'on air',
      async () => {
        if (status()?.phase === 'on-air') return true;
        await bench.run('live', 'run');
        return false;
      },
      150_000,
    );
    await until(
      'the full disk is told',
      () => status()?.incidents.some(({ code }) => code === 'recording-disk-full') ?? false,
    );
    await goesOn(bench, `bbb-${id}`, 'without its recording');
    const row = bench.pod.livestreams.get(id)!;
    await until('Pod is told', async () => row['status'] === 1 || (await bench.run('live', 'run'), false));
    expect(row).toMatchObject({ status: 1, redis_port: Number(new URL(redis.url).port) });
    await redis.cli('publish', String(row['redis_channel']), '(Ada Lovelace) bonjour');
    await until('the chat arrives in BBB', () =>
      m.chat.some(({ text }) => text === '(Ada Lovelace) bonjour'),
    );
    m.humans = 0;
    bench.bbb.endMeeting('full');
    await until('it ended', () => store.list()[0]?.keeperAlive === false);
    const { code } = await bench.run('live', 'run');
    expect([code, store.list().length, bench.pod.livestreams.get(id)!['status']]).toEqual([0, 0, 2]);
  });

  it('takes one meeting by hand, without Pod, into a file and a stream', async () => {
    bench.configure({});
    meeting('hand');
    const file = path.join(bench.directory, 'hand.mkv');
    const child = await bench.start(
      'live',
      'run',
      '--meeting',
      'hand',
      '--record',
      file,
      '--rtmp',
      `${bench.nginx.rtmpUrl}hand`,
    );
    await until(
      'it plays',
      async () => ((await playlist(`${bench.nginx.hlsUrl}hand.m3u8`))?.segments ?? 0) >= 2,
      150_000,
    );
    bench.bbb.endMeeting('hand');
    expect((await child.exited).code).toBe(0);
    const { kinds, seconds } = await probe(file);
    expect(kinds).toEqual(['audio', 'video']);
    expect(seconds).toBeGreaterThan(2);
    expect((await bench.run('live', 'run', '--meeting', 'nobody')).stderr).toContain('live-not-running');
  });
});

describe('the container backend', () => {
  const facts: ComposeFacts = {
    slot: 2,
    image: 'aauzid/bigbluebutton-livestreaming',
    bbbUrl: 'https://bbb.univ.fr/bigbluebutton/api',
    bbbSecret: 'se$cret',
    meetingId: HOSTILE,
    meetingTitle: HOSTILE,
    attendeePassword: 'ap',
    moderatorPassword: 'mp',
    record: true,
    streamUrl: 'rtmp://u:w@live.univ.fr/live/bbb-1?a=b&c=$d',
    size: '1280x720',
    bitrateKbps: 3000,
    threads: 0,
    chat: true,
    showChat: false,
    botName: 'Live',
    timezone: 'Europe/Paris',
    redisHost: 'live1.univ.fr',
    redisChannel: 'c',
    more: { BBB_INTRO: 'https://univ.fr/intro.mp4', BBB_HIDE_MEETING_TITLE: '1' },
  };

  const configured = async (wanted: ComposeFacts) => {
    const { stdout } = await runToEnd({
      file: 'docker-compose',
      args: ['-f', '-', 'config'],
      input: renderComposeFile(wanted),
      timeLimitMs: 60_000,
    });
    const { stdout: json } = await runToEnd({
      file: 'python3',
      args: ['-c', 'import sys,json,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))'],
      input: stdout,
    });
    const service = (
      JSON.parse(json.toString()) as {
        services: Record<string, { environment: Record<string, string>; container_name: string }>;
      }
    ).services['bbb-streamer']!;
    // `config` doubles every $ again, so that its output can be fed back.
    const read = Object.fromEntries(
      Object.entries(service.environment).map(([k, v]) => [k, v.replaceAll('$$', '$')]),
    );
    return { read, name: service.container_name };
  };

  it.each<[string, Partial<ComposeFacts>]>([
    ['every option', {}],
    ['nothing but a stream', { record: false, chat: false, showChat: true, redisHost: '', more: {} }],
    ['nothing but a recording', { streamUrl: null, threads: 4, bitrateKbps: 800, size: '1920x1080' }],
    ['empty passwords, another zone', { attendeePassword: '', moderatorPassword: '', timezone: 'UTC' }],
    ['hostile words everywhere', { botName: HOSTILE, bbbSecret: HOSTILE, redisChannel: HOSTILE, slot: 12 }],
  ])("writes a file that Debian's docker-compose reads back to the very values: %s", async (_, some) => {
    const wanted = { ...facts, ...some };
    const { read, name } = await configured(wanted);
    expect(read).toEqual(containerEnvironment(wanted));
    expect(read['BBB_MEETING_TITLE']).toBe(HOSTILE);
    expect([name, existsSync('x')]).toEqual([`liveStreaming${wanted.slot}`, false]);
  });

  it('says plainly that no engine answers', async () => {
    const directory = path.join(process.env['TMPDIR'] ?? '/tmp', `bbb2pod-compose-${process.pid}`);
    mkdirSync(directory);
    const restore = withoutEngine(directory);
    const compose = dockerCompose({
      directory,
      text: renderComposeFile(facts),
      nextRecordingFile: () => null,
      log: () => undefined,
    });
    await expect(compose.up(new AbortController().signal)).rejects.toMatchObject({
      code: 'live-compose-failed',
      parameters: { what: 'up' },
    });
    restore();
    expect(readFileSync(path.join(directory, 'docker-compose.yml'), 'utf8')).toContain('liveStreaming2');
    await runToEnd({ file: 'rm', args: ['-r', directory] });
  });
});
