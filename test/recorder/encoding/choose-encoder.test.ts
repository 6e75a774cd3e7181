import { describe, expect, it } from 'vitest';
import {
  chooseEncoder,
  planEncoderTest,
  type EncoderBench,
  type HardwareName,
} from '../../../src/recorder/encoding/choose-encoder.js';
import { planSegmentEncode } from '../../../src/recorder/encoding/plan-segment-encode.js';
import { planSegments } from '../../../src/recorder/encoding/plan-segments.js';
import { planCodec } from '../../../src/recorder/encoding/video-codec.js';

/** A machine with these devices, of which those work. */
function bench(devices: readonly HardwareName[], working: readonly HardwareName[]) {
  const tried: string[] = [];
  const machine: EncoderBench = {
    findDevice: (name) => (devices.includes(name) ? `/dev/${name}` : null),
    encodeSecond: async ({ name }) => {
      tried.push(name);
      if (!(working as readonly string[]).includes(name)) throw new Error('Cannot load libcuda.so.1');
    },
  };
  return { machine, tried };
}

describe('chooseEncoder', () => {
  it('takes the first device that encodes a second, and says so', async () => {
    const { machine, tried } = bench(['nvenc', 'vaapi'], ['vaapi']);
    expect(await chooseEncoder('auto', 'mp4', machine)).toEqual({
      encoder: { name: 'vaapi', device: '/dev/vaapi' },
      note: 'encoding by vaapi (tested)',
    });
    expect(tried).toEqual(['nvenc', 'vaapi']);
  });

  it('falls back to software in one line that names the reason', async () => {
    const { machine } = bench(['nvenc'], []);
    expect(await chooseEncoder('auto', 'mp4', machine)).toEqual({
      encoder: { name: 'software' },
      note: 'encoding in software: nvenc does not work: Cannot load libcuda.so.1',
    });
  });

  it('says nothing where there is nothing to say, and names what was asked for in vain', async () => {
    const { machine, tried } = bench([], []);
    expect(await chooseEncoder('auto', 'mp4', machine)).toEqual({
      encoder: { name: 'software' },
      note: null,
    });
    expect((await chooseEncoder('qsv', 'mp4', machine)).note).toBe(
      'encoding in software: no device for qsv here',
    );
    expect(tried).toEqual([]);
  });

  it('asks no device for WebM, nor when software was asked for', async () => {
    const { machine, tried } = bench(['nvenc'], ['nvenc']);
    expect((await chooseEncoder('auto', 'webm', machine)).encoder.name).toBe('software');
    expect((await chooseEncoder('software', 'mp4', machine)).encoder.name).toBe('software');
    expect((await chooseEncoder('nvenc', 'webm', machine)).note).toContain('makes no WebM');
    expect(tried).toEqual([]);
  });
});

describe('hardware encoders as arguments', () => {
  const encoder = { name: 'vaapi', device: '/dev/dri/renderD128' } as const;
  const codec = planCodec({
    format: 'mp4',
    preset: 'balanced',
    crf: null,
    bitrateKbps: 900,
    threads: 1,
    encoder,
  });

  it('opens the device before the first input and hands the last picture over', () => {
    const [segment] = planSegments([], [], { fps: 15, firstFrame: 0, frames: 900, cores: 1 });
    const plan = planSegmentEncode(segment!, {
      fps: 15,
      size: { width: 1280, height: 720 },
      stills: { file: 's0-stills.png', starts: [0, 900] },
      webcam: { file: 'cam', place: { x: 0, y: 0, width: 320, height: 240 } },
      share: null,
      parts: null,
      cursor: null,
      changes: [],
      codec,
      output: 'out.mp4',
    });
    expect(plan.inputs[0]?.options.slice(0, 2)).toEqual(['-init_hw_device', 'vaapi=gpu:/dev/dri/renderD128']);
    const graph = plan.options[plan.options.indexOf('-filter_complex') + 1] ?? '';
    expect(graph.endsWith('[webcam-laid]format=nv12,hwupload[handed]')).toBe(true);
    expect(plan.options[plan.options.indexOf('-map') + 1]).toBe('[handed]');
    expect(plan.options).not.toContain('yuv420p');
  });

  it('keeps a bitrate that was asked for, and tests what it will use', () => {
    expect(codec.options).toContain('900k');
    const test = planEncoderTest(encoder, 't.mp4');
    expect(test.inputs[0]?.options).toContain('-init_hw_device');
    expect(test.options).toContain('h264_vaapi');
  });
});
