import { describe, expect, it } from 'vitest';
import { rehearse } from '../../src/recorder/adapters/ffmpeg/rehearse.js';
import { judgeRehearsal } from '../../src/recorder/encoding/rehearsal.js';

const signal = new AbortController().signal;

describe('the ffmpeg of this machine', () => {
  // Every option of ours that draws and encodes, before a suite of conversions is believed.
  it.each([
    { format: 'mp4', preset: 'fast' },
    { format: 'mp4', preset: 'balanced' },
    { format: 'mp4', preset: 'small' },
    { format: 'webm', preset: 'balanced' },
  ] as const)('draws every frame as it should: $format, $preset', async (codec) => {
    expect(await rehearse('/usr/bin/ffmpeg', codec, signal)).toEqual([]);
  });

  it('is told frame by frame where it draws otherwise', () => {
    expect(judgeRehearsal(Buffer.alloc(160 * 96 * 3 * 12))).toEqual(['12 frames, not 30']);
    const told = judgeRehearsal(Buffer.alloc(160 * 96 * 3 * 30, 255));
    expect(told).toContain('frame 15: slide white, not blue');
    expect(told).not.toContain('frame 10: part white, not white');
  });
});
