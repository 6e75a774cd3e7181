import { z } from 'zod';
import { positiveInteger, seconds, secret } from './values.js';

/** Conversion of presentations to video files. */
export const recorderSection = z.strictObject({
  size: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/)
    .default('1280x720'),
  layout: z.enum(['presentation', 'slides', 'webcams', 'player']).default('presentation'),
  jobs: positiveInteger().default(1),
  threads: positiveInteger().optional(),
  queue: secret().optional(),
  output: z.string().optional(),
  work_dir: z.string().optional(),
  chromium: z.string().default('/usr/bin/chromium'),
  ffmpeg: z.string().default('/usr/bin/ffmpeg'),
  ffprobe: z.string().default('/usr/bin/ffprobe'),
  sandbox: z.enum(['on', 'off']).default('on'),
  timeout: seconds().default(600),
});
