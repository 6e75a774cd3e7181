import { z } from 'zod';
import { encoderNames, layoutNames } from '../kit/config/sections/recorder.js';

const size = z.number().int().min(16).max(8192);
const part = z.number().nonnegative().nullable();

/**
 * What may be asked of one conversion, as it stands in a queued job too. What we do not know is refused: a worker of an
 * older version must not make another film than was asked for. A new option has a default here, for jobs that were
 * enqueued before it was.
 */
export const convertOptionsSchema = z.strictObject({
  /** Drawn from the published files, or filmed from the player's page. */
  engine: z.enum(['files', 'player']),
  layout: z.enum(layoutNames),
  size: z.object({ width: size, height: size }),
  background: z.enum(['light', 'dark']),
  chat: z.boolean(),
  anonymous: z.boolean(),
  audioOnly: z.boolean(),
  /** Made also when pictures or sound of the recording are missing, with a mark. */
  allowMissing: z.boolean().default(false),
  preset: z.enum(['fast', 'balanced', 'small']),
  format: z.enum(['mp4', 'webm']),
  crf: z.number().int().min(0).max(63).nullable(),
  bitrateKbps: z.number().int().min(50).nullable(),
  /** What encodes H.264: a device of this machine, or software. */
  encoder: z.enum(encoderNames),
  audioOffsetMs: z.number().int(),
  /** ISO 639 code of the spoken language, for the sound track. */
  language: z.string().max(35).nullable(),
  /** Captions (.vtt) and a poster (.jpg) beside the file. */
  extras: z.boolean(),
  /** Only this part of the recording; null for its ends. */
  fromMs: part,
  toMs: part,
});

export type ConvertOptions = Readonly<z.infer<typeof convertOptionsSchema>> & {
  /** Encoders and browsers side by side: of each machine, never of a queued job. */
  readonly cores: number;
};

/** Of a conversion of which nothing was said. */
export const plainConversion = {
  engine: 'files',
  background: 'light',
  chat: false,
  anonymous: false,
  audioOnly: false,
  allowMissing: false,
  preset: 'balanced',
  format: 'mp4',
  crf: null,
  bitrateKbps: null,
  audioOffsetMs: 0,
  language: null,
  extras: false,
  fromMs: null,
  toMs: null,
} as const satisfies Partial<ConvertOptions>;
