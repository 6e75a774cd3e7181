import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { decodeMedia, probeMedia } from '../../../src/recorder/adapters/ffmpeg/probe-media.js';
import { runFfmpeg } from '../../../src/recorder/adapters/ffmpeg/run-ffmpeg.js';
import { planAudio } from '../../../src/recorder/encoding/plan-file.js';
import { planVideo } from '../../../src/recorder/encoding/plan-video.js';
import { planWhiteCheck, planWhiteGlance } from '../../../src/recorder/encoding/white-check.js';
import type { FfmpegPlan } from '../../../src/recorder/ports.js';
import { MEDIA_NAMES, playlistsOf } from '../../support/hostile/playlists.js';
import { testOptions } from '../../support/presentations.js';
import type { Attack } from './attack.js';

/* Media are media: lists of other media in files that are called videos. */

const signal = new AbortController().signal;

/** Opens one hostile file in every way a conversion or a claim opens a medium. */
async function openEverywhere(file: string, directory: string): Promise<string | null> {
  const facts = { durationMs: 10_000, video: null, audio: null };
  const plans: Record<string, FfmpegPlan> = {
    sound: planAudio({ file, channels: 1 }, { seconds: 1, format: 'mp4', offsetMs: 0, output: 'out.m4a' }),
    copy: planVideo(file, facts, testOptions, 'out.mp4'),
    glance: planWhiteGlance(file, 0, 'out.gray'),
    check: planWhiteCheck(file, 'out.gray'),
  };
  const taken: string[] = [];
  const probed = await probeMedia('/usr/bin/ffprobe', file, { signal }).catch(() => null);
  if (probed !== null) taken.push('probe');
  await decodeMedia('/usr/bin/ffmpeg', file, 'sound', signal).then(
    () => taken.push('decode'),
    () => undefined,
  );
  for (const [name, plan] of Object.entries(plans)) {
    const output = path.join(directory, plan.output);
    rmSync(output, { force: true });
    const ran = runFfmpeg(plan, { ffmpeg: '/usr/bin/ffmpeg', directory, signal, silenceMs: 20_000 });
    await ran.catch(() => undefined);
    if (existsSync(output) && statSync(output).size > 0) taken.push(name);
  }
  return taken.length === 0 ? null : `${path.basename(file)} was taken by ${taken.join(', ')}`;
}

/** Lists that name a private film of this machine, and an address of it that counts who comes. */
async function lists(): Promise<string | null> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-attack-'));
  let calls = 0;
  const server = createServer((_, response) => {
    calls++;
    response.end('secret');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const film = path.join(directory, 'exam.ts');
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x64:d=1', '-f', 'lavfi', '-i', 'sine=d=1'],
      ...['-c:v', 'libx264', '-c:a', 'aac', '-f', 'mpegts', film],
    ]);
    const targets = [`file://${film}`, film, 'exam.ts', `http://127.0.0.1:${port}/x.ts`];
    const found: string[] = [];
    let i = 0;
    for (const target of targets)
      for (const { kind, text } of playlistsOf(target)) {
        const file = path.join(directory, `${kind}-${i}-${MEDIA_NAMES[i % MEDIA_NAMES.length] ?? ''}`);
        writeFileSync(file, i % 3 === 0 ? `\uFEFF${text}` : text);
        i++;
        found.push(...[await openEverywhere(file, directory)].filter((one) => one !== null));
      }
    if (calls > 0) found.push(`${calls} requests reached the private address`);
    return found.length === 0 ? null : found.slice(0, 5).join('; ');
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

export const attacks: readonly Attack[] = [
  { name: 'lists of other media under the names of media', run: lists },
];
