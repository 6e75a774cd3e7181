import type { FfmpegPlan } from '../ports.js';
import { planCodec, type Encoder, type EncoderName, type FileFormat } from './video-codec.js';

export const encoderChoices = ['auto', 'software', 'nvenc', 'qsv', 'vaapi'] as const;
export type EncoderChoice = (typeof encoderChoices)[number];

export type HardwareName = Exclude<EncoderName, 'software'>;

/** What a machine has to encode with, and how an encode is tried there. */
export interface EncoderBench {
  /** Device file of an encoder, null when there is none. */
  readonly findDevice: (name: HardwareName) => string | null;
  /** @throws Error when the second cannot be encoded */
  readonly encodeSecond: (encoder: Encoder) => Promise<void>;
}

/** NVENC first: it takes pictures as they are. */
const HARDWARE = ['nvenc', 'qsv', 'vaapi'] as const;
const SOFTWARE: Encoder = { name: 'software' };

/**
 * The encoder of one conversion: a device that has just encoded a second, else software. WebM is always software.
 * @returns `note`: one line for the operator when a device is used, does not work, or was asked for in vain.
 */
export async function chooseEncoder(
  choice: EncoderChoice,
  format: FileFormat,
  { findDevice, encodeSecond }: EncoderBench,
): Promise<{ readonly encoder: Encoder; readonly note: string | null }> {
  if (choice === 'software' || (choice === 'auto' && format === 'webm'))
    return { encoder: SOFTWARE, note: null };
  if (format === 'webm') return { encoder: SOFTWARE, note: `encoding in software: ${choice} makes no WebM` };
  const faults: string[] = [];
  for (const name of choice === 'auto' ? HARDWARE : [choice]) {
    const device = findDevice(name);
    if (device === null) {
      if (choice !== 'auto') faults.push(`no device for ${name} here`);
      continue;
    }
    const encoder: Encoder = name === 'vaapi' ? { name, device } : { name };
    try {
      await encodeSecond(encoder);
      return { encoder, note: `encoding by ${name} (tested)` };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      faults.push(`${name} does not work: ${detail.slice(0, 160)}`);
    }
  }
  return {
    encoder: SOFTWARE,
    note: faults.length === 0 ? null : `encoding in software: ${faults.join('; ')}`,
  };
}

/** One second of a moving picture through the encoder, as segments will ask of it. */
export const planEncoderTest = (encoder: Encoder, output: string): FfmpegPlan => {
  const codec = planCodec({
    format: 'mp4',
    preset: 'balanced',
    crf: null,
    bitrateKbps: null,
    threads: 1,
    encoder,
  });
  return {
    inputs: [
      {
        options: [...codec.deviceOptions, '-f', 'lavfi'],
        source: 'testsrc2=size=1280x720:rate=15:duration=1',
      },
    ],
    options: [
      ...['-filter_complex', `[0:v]format=yuv420p${codec.filter}[out]`, '-map', '[out]'],
      ...[...codec.options, '-f', codec.segmentFormat],
    ],
    output,
  };
};
