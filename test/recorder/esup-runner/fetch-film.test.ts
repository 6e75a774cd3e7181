import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTexts } from '../../../src/kit/errors/system.js';
import type { ManagerClient } from '../../../src/recorder/adapters/esup-runner/manager-client.js';
import { fetchFilm, type FetchSettings } from '../../../src/recorder/adapters/esup-runner/fetch-film.js';
import { texts } from '../../../src/recorder/texts.js';

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const result = (sum: string): string =>
  JSON.stringify({
    film: 'recording.mp4',
    durationMs: 1000,
    sizeBytes: 4,
    missing: '',
    sha256: { 'recording.mp4': sum },
  });
const managerOf = (files: Readonly<Record<string, string>>): ManagerClient =>
  ({
    files: async () => Object.keys(files),
    fetchFile: async (_task: string, name: string, to: string) => writeFileSync(to, files[name] ?? ''),
  }) as unknown as ManagerClient;

describe('a film from a runner', () => {
  let directory = '';
  beforeAll(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'fetch-film-'))));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const fetchIt = (
    name: string,
    probe: FetchSettings['probe'],
    sum = sumOf('film'),
  ): ReturnType<typeof fetchFilm> =>
    fetchFilm(
      managerOf({ 'result.json': result(sum), 'recording.mp4': 'film' }),
      'task',
      path.join(directory, name),
      { maxBytes: 100, probe },
    );

  it('is taken when it is what was made', async () => {
    const { film } = await fetchIt('whole', async () => ({ durationMs: 1000, hasSound: true }));
    expect(path.basename(film)).toBe('recording.mp4');
  });

  it('is removed when it is another one, whatever it looks like', async () => {
    const probe = async (file: string): Promise<never> => {
      throw texts.mediaBroken({ file, detail: 'no video' });
    };
    await expect(fetchIt('other', probe, sumOf('another'))).rejects.toMatchObject({
      code: 'result-broken',
      message: expect.stringContaining('another SHA-256') as string,
    });
    expect(readdirSync(path.join(directory, 'other'))).toEqual(['result.json']);
  });

  it('is broken when it cannot be played, when it has no sound, and when it is too short', async () => {
    const cannot = async (file: string): Promise<never> => {
      throw texts.mediaBroken({ file, detail: 'no video' });
    };
    await expect(fetchIt('unplayable', cannot)).rejects.toMatchObject({ code: 'result-broken' });
    for (const facts of [
      { durationMs: 1000, hasSound: false },
      { durationMs: 700, hasSound: true },
    ])
      await expect(fetchIt('poor', async () => facts)).rejects.toMatchObject({ code: 'result-broken' });
  });

  // A conversion would be made a second time because somebody pressed Ctrl-C.
  it('is not blamed for a run that is stopped, nor for a missing ffprobe', async () => {
    for (const failure of [
      systemTexts.interrupted({ signal: 'SIGINT' }),
      texts.ffmpegMissing({ path: '/usr/bin/ffprobe' }),
    ])
      await expect(fetchIt('stopped', async () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
