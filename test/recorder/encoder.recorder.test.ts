import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertRecording } from '../../src/recorder/convert-recording.js';
import { type RecordingPorts } from '../../src/recorder/recording-ports.js';
import { findMedia, surveyMedia } from '../../src/recorder/survey-media.js';
import { openPublishedFolder } from '../../src/recorder/adapters/published-folder.js';
import type { Presentation } from '../../src/recorder/timeline/presentation.js';
import { publishFixture, realPorts, testOptions } from '../support/presentations.js';

/* No machine of the tests has a device: what is real here is ffmpeg, which refuses, and what follows. */

const signal = new AbortController().signal;
let directory = '';
let folder = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-encoder-'));
  folder = publishFixture('classic', directory, ['webcams']);
  const file = path.join(folder, 'metadata.xml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/<duration>\d+</, '<duration>2000<'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function convert(name: string, change: (ports: RecordingPorts) => RecordingPorts) {
  const notes: string[] = [];
  const output = path.join(directory, `${name}.mp4`);
  const options = { ...testOptions, size: { width: 640, height: 360 } };
  const ports = change(realPorts(directory));
  const onProgress = ({ note }: { note?: string }): void => {
    if (note !== undefined) notes.push(note);
  };
  const result = await convertRecording({ folder }, output, { options, ports, signal, onProgress });
  const codec = execFileSync(
    'ffprobe',
    ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', output],
    { encoding: 'utf8' },
  );
  return { notes, result, codec: codec.trim().replace(/,$/, '') };
}

describe('encoders of a machine', () => {
  it('encodes in software when the devices that are there do not work', async () => {
    const { notes, result, codec } = await convert('broken', (ports) => ({
      ...ports,
      media: { ...ports.media, findDevice: (name) => (name === 'qsv' ? null : '/dev/null') },
    }));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^encoding in software: nvenc does not work: .+; vaapi does not work: ffmpeg failed/,
    );
    expect(codec).toBe('h264');
    expect(result.durationMs).toBe(2000);
  });

  it('begins again in software when a device fails after its test', async () => {
    const { notes, codec } = await convert('failing', (ports) => ({
      ...ports,
      media: {
        ...ports.media,
        findDevice: (name) => (name === 'nvenc' ? '/dev/null' : null),
        run: async (plan, ...rest) => {
          if (plan.output !== 'encoder-test.mp4') await ports.media.run(plan, ...rest);
        },
      },
    }));
    expect(notes).toEqual(['encoding by nvenc (tested)', 'nvenc failed on the way: again in software']);
    expect(codec).toBe('h264');
  });
});

describe('a webcam that shows nothing', () => {
  const survey = async (picture: string) => {
    const at = path.join(directory, 'white');
    rmSync(at, { recursive: true, force: true });
    const published = publishFixture('classic', at, []);
    const video = path.join(published, 'video');
    execFileSync('mkdir', ['-p', video]);
    execFileSync('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', picture, '-t', '20', '-g', '20', '-c:v', 'libvpx'],
      ...['-deadline', 'realtime', '-cpu-used', '8', path.join(video, 'webcams.webm')],
    ]);
    const ports = realPorts(at);
    const work = await ports.openWork(path.join(at, 'x.mp4'));
    const presentation = { shares: [], generation: 'classic' } as unknown as Presentation;
    try {
      const found = await findMedia(openPublishedFolder(published), ports.media, ports.limits, signal);
      return await surveyMedia(found, presentation, ports.media, work, signal);
    } finally {
      await work.discard();
    }
  };

  it('is told from one that shows somebody, be it for a few seconds', async () => {
    const white = 'color=white:s=320x240:r=10';
    expect((await survey(white)).webcam).toBeNull();
    expect((await survey(`${white},drawbox=c=red:t=fill`)).webcam).not.toBeNull();
    // Between two of the moments that are looked at first.
    const late = `${white},drawbox=c=red:t=fill:enable='between(t,7.5,9)'`;
    expect((await survey(late)).webcam).not.toBeNull();
  });
});
