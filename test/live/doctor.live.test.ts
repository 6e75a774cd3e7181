import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { freePort } from '../support/live/free-port.js';
import { openLiveBench, type LiveBench } from '../support/live/bench.js';
import { withoutEngine } from '../support/live/no-engine.js';
import { startRedis } from '../support/live/redis.js';
import { startSmtpServer, type SmtpServer } from '../support/smtp-server.js';

interface Finding {
  readonly subject: string;
  readonly code: string;
  readonly status: string;
  readonly text: string;
  readonly remedy: string;
}

describe('doctor on a site that goes live', () => {
  let bench: LiveBench;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let smtp: SmtpServer;
  const examine = async (only: string, live: Record<string, string | number> = {}, more = '') => {
    bench.configure(live, more);
    const { code, stdout } = await bench.run('doctor', '--json', '--only', only);
    const { results } = JSON.parse(stdout) as { results: Finding[] };
    return { code, results, codes: results.map((result) => result.code) };
  };

  beforeAll(async () => {
    bench = await openLiveBench({ generation: 'both' });
    redis = await startRedis(bench.directory);
    smtp = await startSmtpServer('starttls', 'auth');
  });
  afterAll(async () => {
    await Promise.all([redis.stop(), smtp.stop()]);
    await bench.stop();
  });

  it('publishes a second and reads it back, asks Pod and Redis, and tries screen and directories', async () => {
    const { code, results } = await examine('live', { backend: 'x11', redis: redis.url });
    expect(results.map(({ subject, code: found, status }) => [subject, found, status])).toEqual([
      ['live.rtmp_url', 'doctor-live-stream', 'ok'],
      ['live.pod', 'doctor-live-pod', 'ok'],
      ['live.building_id', 'doctor-live-building', 'ok'],
      ['live.redis', 'doctor-live-redis-loopback', 'warning'],
      // A warning on a machine that is short of disk.
      ['live.work_dir', expect.stringMatching(/^doctor-d/), expect.stringMatching(/^(ok|warning)$/)],
      ['live.recordings_path', 'doctor-directory', 'ok'],
      ['live.recordings_path.user', expect.stringMatching(/^doctor-pod-user/), expect.any(String)],
      ['live.setpriv', 'doctor-program', 'ok'],
      ['live.screen', 'doctor-live-screen', 'ok'],
      ['live.ffmpeg', 'doctor-program', 'ok'],
    ]);
    expect(code).toBe(0);
    expect(results[0]?.text).toContain(bench.nginx.rtmpUrl);
    expect(bench.pod.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('tells a server that is not there, one that refuses, and one whose HLS is elsewhere', async () => {
    const gone = `rtmp://127.0.0.1:${await freePort()}/live/`;
    const denied = bench.nginx.rtmpUrl.replace('/live/', '/denied/').replace('rtmp://', 'rtmp://user:word@');
    const elsewhere = bench.nginx.hlsUrl.replace('/hls/', '/nowhere/');
    expect((await examine('live.rtmp_url', { rtmp_url: gone })).codes).toEqual([
      'doctor-live-rtmp-unreachable',
    ]);
    const refused = await examine('live.rtmp_url', { rtmp_url: denied });
    expect([refused.codes, refused.code]).toEqual([['doctor-live-rtmp-refused'], 1]);
    expect(JSON.stringify(refused.results)).not.toContain('word');
    expect(refused.results[0]?.remedy).toContain('allow publish');
    const lost = await examine('live.rtmp_url', { hls_url: elsewhere, start_wait: 2 });
    expect(lost.codes).toEqual(['doctor-live-not-played']);
    expect(lost.results[0]?.text).toContain('status 404');
  });

  it('tells a token that Pod does not know, one without rights, a missing building, and no Pod', async () => {
    expect((await examine('live', { building_id: 99 })).codes).toContain('doctor-live-building-missing');
    for (const [mode, code] of [
      ['unknown', 'doctor-live-pod-token'],
      ['student', 'doctor-live-pod-staff'],
      ['down', 'live-pod-unreachable'],
    ] as const) {
      bench.pod.mode = mode;
      expect((await examine('live.pod')).codes).toEqual([code]);
    }
    bench.pod.mode = 'ok';
  });

  it('tells a Redis that Pod could not use, missing directories, and no engine', async () => {
    await redis.cli('config', 'set', 'requirepass', 'secret');
    const withPassword = redis.url.replace('redis://', 'redis://:secret@');
    expect((await examine('live.redis', { redis: withPassword })).codes).toEqual([
      'doctor-live-redis-password',
    ]);
    const gone = `redis://127.0.0.1:${await freePort()}/0`;
    expect((await examine('live.redis', { redis: gone })).codes).toEqual(['doctor-live-redis-unreachable']);
    const restore = withoutEngine(bench.directory);
    const { codes } = await examine('live', {
      backend: 'container',
      recordings_path: path.join(bench.directory, 'nowhere'),
    });
    restore();
    expect(codes).toContain('doctor-directory-missing');
    expect(codes).toContain('doctor-live-engine');
  });

  it('joins a meeting for a while, and tells what it knows of its page', async () => {
    bench.configure({ size: '320x180' });
    const join = async (meetingId: string) => {
      const { stdout } = await bench.run('doctor', '--json', '--join', meetingId);
      return (JSON.parse(stdout) as { results: Finding[] }).results;
    };
    const facts = { name: 'Chimie', toneHz: 440, colour: '#c00000' };
    bench.bbb.createMeeting({ meetingId: 'm', ...facts, generation: '4.0' });
    const results = await join('m');
    expect(results.map(({ code, status }) => [code, status])).toEqual([
      ['doctor-live-join-frame', 'ok'],
      ['doctor-live-join-attendance', 'ok'],
      ['doctor-live-join-style', 'ok'],
      ['doctor-live-join-audio', 'ok'],
      ['doctor-live-join-chat', 'ok'],
    ]);
    expect(results[2]?.text).toContain('navigationSidebarContainer');
    bench.bbb.meeting('m').refuses = 'maxParticipantsReached';
    const [refused] = await join('m');
    expect(refused).toMatchObject({ code: 'doctor-live-join-refused', status: 'critical' });
    expect(refused?.text).toContain('maxParticipantsReached');
    expect((await join('nobody'))[0]?.text).toContain('does not run');
  });

  it('greets the mail server and logs in, and sends nothing', async () => {
    const mail = (word: string) =>
      `[mail]\nto = "admin@univ.fr"\nsmtp = "smtp://bbb2pod:${word}@127.0.0.1:${smtp.port}"`;
    expect((await examine('mail', {}, mail('p%40ss%3Aw'))).codes).toEqual(['doctor-mail']);
    const wrong = await examine('mail', {}, mail('wrong-word'));
    expect(wrong.codes).toEqual(['doctor-mail-refused']);
    expect(wrong.results[0]?.text).toContain('535');
    expect(JSON.stringify(wrong.results)).not.toContain('wrong-word');
    expect(smtp.taken).toEqual([]);
  });
});
