import { describe, expect, it } from 'vitest';
import type { PublishedFolder } from '../../src/recorder/ports.js';
import { readyVideo } from '../../src/recorder/ready-video.js';

const folder = (format: string | null, ...files: string[]): PublishedFolder => ({
  path: '/published/ID',
  readText: (name) =>
    Promise.resolve(
      name === 'metadata.xml' && format !== null
        ? `<recording><playback><format>${format}</format></playback></recording>`
        : null,
    ),
  look: (name) =>
    Promise.resolve(files.includes(name) ? { state: 'outside' as const } : { state: 'absent' as const }),
  findFile: (names) => Promise.resolve(names.find((name) => files.includes(name)) ?? null),
});

describe('the published folder of another format', () => {
  it('is its film, the first of several, for the format video', async () => {
    expect(await readyVideo(folder('video', 'video-0.m4v'))).toBe('video-0.m4v');
    expect(await readyVideo(folder('video', 'video-1.mp4', 'video-0.webm'))).toBe('video-0.webm');
    expect(await readyVideo(folder(null, 'video-0.m4v'))).toBe('video-0.m4v');
  });

  it('is none for a presentation, whole or not', async () => {
    expect(await readyVideo(folder('presentation', 'shapes.svg', 'video-0.m4v'))).toBeNull();
    expect(await readyVideo(folder('presentation'))).toBeNull();
    expect(await readyVideo(folder(null, 'shapes.svg'))).toBeNull();
    expect(await readyVideo(folder(null))).toBeNull();
  });

  it.each(['podcast', 'screenshare', 'notes'])('is refused by name for %s', async (format) => {
    await expect(readyVideo(folder(format, 'audio.ogg'))).rejects.toMatchObject({
      code: 'folder-format-other',
      parameters: { folder: '/published/ID', format },
    });
  });
});
