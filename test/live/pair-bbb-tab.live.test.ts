import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/adapters/process/identity.js';
import { startDaemon } from '../../src/adapters/process/start-daemon.js';
import { openLiveBench, until, type LiveBench } from '../support/live/bench.js';
import { readMail, startSmtpServer, type SmtpServer } from '../support/smtp-server.js';
import { colourOf, movingFrames, playlist, probe, toneOf } from '../support/live/media.js';

const TONES = [440, 660, 880];
const HOSTILE = `$(touch x)"'/& <b>`;

/* Pod's bbb app of 3.1 to 3.8.1 (filters ignored) with the `tab` backend: two meetings, then what goes wrong. */
describe('two lives of the bbb app, filmed in tabs', () => {
  let bench: LiveBench;
  let smtp: SmtpServer;
  let chemistry: number;
  let hostile: number;
  const stored = (podId: number) => bench.store.list().find(({ job }) => job.podId === podId);
  const hls = (podId: number) => `${bench.nginx.hlsUrl}${stored(podId)?.job.streamName}.m3u8`;
  const outMs = (podId: number) => stored(podId)?.status?.progress?.outMs ?? 0;
  const moves = async (podId: number, what: string) => {
    const before = outMs(podId);
    await until(`${what}: the stream moves on`, () => outMs(podId) > before + 800);
  };

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'bbb', ignoresFilters: true });
    smtp = await startSmtpServer('plain', 'open');
    bench.configure({ lives: 2 }, `[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://127.0.0.1:${smtp.port}"`);
    const one = bench.bbb.createMeeting({ meetingId: 'm-1', name: 'Chimie', toneHz: 440, colour: '#c00000' });
    const two = bench.bbb.createMeeting({
      meetingId: 'm-2',
      name: HOSTILE,
      toneHz: 880,
      colour: '#0000c0',
      audio: 'join-audio',
    });
    for (let i = 0; i < 13; i++)
      bench.pod.livestreams.get(bench.pod.addLive({ meetingId: `old-${i}`, name: 'old' }))!['status'] = 2;
    chemistry = bench.pod.addLive({
      meetingId: 'm-1',
      name: 'Chimie',
      internalMeetingId: one.internalMeetingId,
      download: true,
      chat: true,
    });
    hostile = bench.pod.addLive({
      meetingId: 'm-2',
      name: HOSTILE,
      internalMeetingId: two.internalMeetingId,
      restricted: true,
    });
  });
  afterAll(async () => {
    await bench.stop();
    await smtp.stop();
  });

  it('plans both and writes nothing', async () => {
    const { code, stdout } = await bench.run('live', 'run', '--dry', '--json');
    expect(code).toBe(0);
    expect(
      (JSON.parse(stdout) as { actions: { kind: string; id: string; slot: number }[] }).actions.map((a) => [
        a.kind,
        a.id,
        a.slot,
      ]),
    ).toEqual([
      ['start', `bbb-${chemistry}`, 1],
      ['start', `bbb-${hostile}`, 2],
    ]);
    expect(bench.store.list()).toEqual([]);
    expect(bench.pod.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('brings both on air in one pass, and tells Pod', async () => {
    const { code, stdout, stderr } = await bench.run('live', 'run');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('start');
    await until('both are on air', () =>
      [chemistry, hostile].every((id) => stored(id)?.status?.phase === 'on-air'),
    );
    await bench.run('live', 'run');
    expect(bench.pod.livestreams.get(chemistry)).toMatchObject({ status: 1, server: '1/1' });
    expect(bench.pod.livestreams.get(hostile)).toMatchObject({ status: 1, server: '1/2' });
    const restricted = [...bench.pod.broadcasters.values()].map((b) => [
      b['broadcaster_url'],
      b['is_restricted'],
      b['status'],
    ]);
    expect(restricted).toEqual([
      [hls(chemistry), false, true],
      [hls(hostile), true, true],
    ]);
    expect(existsSync('x')).toBe(false);
  });

  it('plays each with its own tone and its own moving picture', async () => {
    for (const id of [chemistry, hostile])
      await until('three segments', async () => ((await playlist(hls(id)))?.segments ?? 0) >= 3, 30_000);
    expect(await toneOf(hls(chemistry), TONES)).toBe(440);
    expect(await toneOf(hls(hostile), TONES)).toBe(880);
    const [red, blue] = [await colourOf(hls(chemistry)), await colourOf(hls(hostile))];
    expect(red.r).toBeGreaterThan(red.b + 80);
    expect(blue.b).toBeGreaterThan(blue.r + 80);
    expect(await movingFrames(hls(chemistry))).toBeGreaterThan(8);
    const bottom = await colourOf(hls(chemistry), 1, 'bottom');
    expect([bottom.r > 150, bottom.g > 150, bottom.b < 110]).toEqual([true, true, true]);
  });

  it('shows them, with people, audio and viewers', async () => {
    const { lives } = JSON.parse((await bench.run('live', 'status', '--json')).stdout) as {
      lives: Record<string, unknown>[];
    };
    expect(lives.map((l) => [l['id'], l['state'], l['audio'], l['people'], l['viewers'], l['slot']])).toEqual(
      [
        [`bbb-${chemistry}`, 'on-air', 'joined', 1, 0, 1],
        [`bbb-${hostile}`, 'on-air', 'joined', 1, 0, 2],
      ],
    );
    const { stdout } = await bench.run('live', 'status');
    expect(stdout).toContain('Chimie');
  });

  it('gives no secret to the process table, and keeps its files to itself', async () => {
    const commandLines = readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
    expect(commandLines.some((line) => line.includes('live\0keep'))).toBe(true);
    expect(
      commandLines.filter(
        (line) =>
          line.includes(bench.bbb.secret) || line.includes('checksum=') || line.includes(bench.pod.token),
      ),
    ).toEqual([]);
  });

  it('goes on through three passes without BBB, and a pass without Pod', async () => {
    bench.bbb.mode = 'down';
    for (let i = 0; i < 2; i++) expect((await bench.run('live', 'run')).code).toBe(3);
    bench.bbb.mode = 'failed';
    expect((await bench.run('live', 'run')).stdout).toContain('BigBlueButton refuses');
    bench.bbb.mode = 'ok';
    bench.pod.mode = 'down';
    expect((await bench.run('live', 'run')).stdout).toContain('Pod does not answer');
    bench.pod.mode = 'ok';
    expect([chemistry, hostile].map((id) => stored(id)?.status?.phase)).toEqual(['on-air', 'on-air']);
    await moves(chemistry, 'after the outages');
  });

  it('mailed each of these incidents once, with what to do, whatever the number of passes', async () => {
    const mails = smtp.taken.map(readMail).map(({ text }) => text);
    for (const incident of ['BigBlueButton does not answer', 'BigBlueButton refuses', 'Pod does not answer'])
      expect([incident, mails.filter((text) => text.includes(incident)).length]).toEqual([incident, 1]);
    expect(mails.join()).toContain('bbb2pod doctor');
    expect(mails.join()).not.toContain(bench.bbb.secret);
    expect(smtp.taken.every(({ to }) => to.join() === 'admin@univ.fr')).toBe(true);
  });

  it('repairs a killed browser, a killed and a frozen encoder within seconds', async () => {
    const child = (name: string) => stored(hostile)?.status?.children[name] ?? 0;
    for (const [name, signal] of [
      ['encoder', 'SIGKILL'],
      ['browser', 'SIGKILL'],
      ['encoder', 'SIGSTOP'],
    ] as const) {
      await until('on air', () => stored(hostile)?.status?.phase === 'on-air');
      const before = child(name);
      const repairs = stored(hostile)?.status?.repairs ?? 0;
      process.kill(before, signal);
      const at = Date.now();
      await until(`${name} after ${signal} noticed`, () => stored(hostile)?.status?.phase !== 'on-air', 8000);
      expect(Date.now() - at).toBeLessThan(6000);
      await until(
        `${name} after ${signal} replaced`,
        () =>
          (stored(hostile)?.status?.repairs ?? 0) > repairs && stored(hostile)?.status?.phase === 'on-air',
        30_000,
      );
      expect(child(name)).not.toBe(before);
    }
    expect(stored(chemistry)?.status?.repairs).toBe(0);
  });

  it('starts a keeper again that was killed -9 while nginx is gone; nothing of it stays behind', async () => {
    const keeper = bench.store.keeper(`bbb-${hostile}`)!;
    const other = bench.store.keeper(`bbb-${chemistry}`)!;
    await bench.nginx.stop();
    await until('the outage is told', () =>
      [chemistry, hostile].every((id) =>
        stored(id)?.status?.incidents.some(({ code }) => code === 'rtmp-unreachable'),
      ),
    );
    // Its ffmpeg now reconnects for ever, and would ignore SIGTERM.
    const children = bench.store.children(`bbb-${hostile}`);
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.kill(keeper.pid, 'SIGKILL');
    await until('its children died with it', () => bench.store.children(`bbb-${hostile}`).length === 0, 3000);
    // One that did not: as if setpriv were missing. The next pass ends it before it starts another keeper.
    const deaf = await startDaemon({
      file: 'sh',
      args: ['-c', 'trap "" TERM; sleep 300'],
      logFile: path.join(bench.directory, 'deaf.log'),
    });
    writeFileSync(
      path.join(bench.store.root, 'lives', `bbb-${hostile}`, 'children.json'),
      JSON.stringify([deaf]),
    );
    const { stdout } = await bench.run('live', 'run');
    expect(stdout).toContain(`restart  bbb-${hostile}`);
    expect(isAlive(deaf.pid, deaf.startTime)).toBe(false);
    expect(isAlive(other.pid, other.startTime)).toBe(true);
  });

  it('survives a restart of nginx: the stream comes back by itself, the recording never stops', async () => {
    await moves(chemistry, 'while nginx is down');
    await bench.nginx.start();
    await until(
      'both streams are back',
      () =>
        [chemistry, hostile].every((id) => {
          const status = stored(id)?.status;
          return status?.phase === 'on-air' && status.rtmp === 'ok';
        }),
      40_000,
    );
    expect(stored(chemistry)?.status?.repairs).toBe(0);
    expect(bench.pod.broadcasters.size).toBe(2);
  });

  it('ends the one that ended, and only that one; its recording is whole and in place', async () => {
    const name = stored(chemistry)?.job.streamName;
    const onAirAt = stored(chemistry)?.status?.onAirAt ?? 0;
    bench.bbb.endMeeting('m-1');
    const endedAt = Date.now();
    await until(
      'it ended',
      () => stored(chemistry)?.status?.phase === 'ended' && stored(chemistry)?.keeperAlive === false,
    );
    const expected = (endedAt - onAirAt) / 1000;
    const encodedMs = outMs(chemistry);
    await bench.run('live', 'run');
    expect(stored(chemistry)).toBeUndefined();
    expect(bench.pod.livestreams.get(chemistry)).toMatchObject({ status: 2 });
    expect(bench.pod.livestreams.get(chemistry)!['end_date']).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
    );
    expect([...bench.pod.broadcasters.values()].map((b) => b['is_restricted'])).toEqual([true]);
    expect([...bench.pod.meetings.values()].find((m) => m['meeting_id'] === 'm-1')).toMatchObject({
      encoding_step: 3,
      encoded_by: expect.stringContaining('/rest/users/7/'),
    });
    expect((await playlist(`${bench.nginx.hlsUrl}${name}.m3u8`))?.ended).toBe(true);
    const files = readdirSync(bench.recordings);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^[0-9a-f]{40}-\d{13}\.mkv$/);
    const recording = path.join(bench.recordings, files[0]!);
    const { seconds, kinds, size } = await probe(recording);
    expect([kinds, size]).toEqual([['audio', 'video'], '640x360']);
    // Whole to the last picture that its encoder counted, and as long as the meeting was on air; the encoder
    // starts a moment before "on air" is noted, and works through what the browser had filmed meanwhile.
    expect(Math.abs(seconds - encodedMs / 1000)).toBeLessThan(1);
    expect(seconds).toBeGreaterThan(expected - 1);
    expect(seconds).toBeLessThan(expected + 6);
    expect(await toneOf(recording, TONES)).toBe(440);
  });

  it('leaves the other on air until Pod says stop', async () => {
    expect(stored(hostile)?.status?.phase).toBe('on-air');
    await moves(hostile, 'the other');
    bench.pod.livestreams.get(hostile)!['status'] = 2;
    expect((await bench.run('live', 'run')).stdout).toContain('pod-stopped');
    await until('it stopped', () => stored(hostile)?.keeperAlive === false);
    await bench.run('live', 'run');
    expect(bench.store.list()).toEqual([]);
    expect(bench.pod.broadcasters.size).toBe(0);
    expect(readdirSync(bench.recordings)).toHaveLength(1);
  });
});
