import { z } from 'zod';

const size = z.number().int().min(16).max(8192);
const part = z.number().nonnegative().nullable();
/**
 * Options of a conversion as they come from another machine. What we do not know is refused: a worker of an older version
 * must not make another film than was asked for.
 */
export const optionsSchema = z.strictObject({
  engine: z.enum(['files', 'player']),
  layout: z.enum(['presentation', 'slides', 'webcams', 'player']),
  size: z.object({ width: size, height: size }),
  background: z.enum(['light', 'dark']),
  chat: z.boolean(),
  anonymous: z.boolean(),
  audioOnly: z.boolean(),
  allowMissing: z.boolean().default(false),
  preset: z.enum(['fast', 'balanced', 'small']),
  format: z.enum(['mp4', 'webm']),
  crf: z.number().int().min(0).max(63).nullable(),
  bitrateKbps: z.number().int().min(50).nullable(),
  encoder: z.enum(['auto', 'software', 'nvenc', 'qsv', 'vaapi']),
  audioOffsetMs: z.number().int(),
  language: z.string().max(35).nullable(),
  extras: z.boolean(),
  fromMs: part,
  toMs: part,
});
