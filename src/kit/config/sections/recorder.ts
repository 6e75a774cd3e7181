import { z } from 'zod';
import { positiveInteger, seconds, secret, size, wordList } from './values.js';

/** What may be shown, and where (src/recorder/scenes/layout.ts). */
export const layoutNames = ['presentation', 'player', 'slides', 'webcams'] as const;
/** What encodes H.264: software, or a device of the machine. */
export const encoderNames = ['auto', 'software', 'nvenc', 'qsv', 'vaapi'] as const;

/** Conversion of presentations to video files. */
export const recorderSection = z.strictObject({
  size: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/, 'must be written as 1280x720 is')
    .default('1280x720'),
  layout: z.enum(layoutNames).default('presentation'),
  jobs: positiveInteger().default(1),
  threads: positiveInteger().optional(),
  encoder: z.enum(encoderNames).default('auto'),
  encoder_test: seconds().default(20),
  queue: secret().optional(),
  /** Signs the jobs of the queue; the same on every server. */
  queue_key: secret().optional(),
  /** Attempts before a queued conversion that keeps failing is set aside. */
  queue_attempts: positiveInteger().default(3),
  /** Before the second attempt; doubled for each further one. */
  queue_retry_after: seconds().default(60),
  /** A job whose worker was silent for so long goes to another one. */
  queue_heartbeat: z.coerce.number().positive().default(30),
  /** A job that lost more workers than that is set aside. */
  queue_takeovers: positiveInteger().default(2),
  /** A worker told to stop lets its conversions end for so long, then hands them back. */
  stop_after: seconds().default(20),
  /** Which of both engines does the conversions of `--queue`, where both are configured. */
  engine: z.enum(['bullmq', 'esup-runner']).optional(),
  /** Manager of esup-runner, and a token of its AUTHORIZED_TOKENS. */
  manager: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+$/, 'must be a URL such as https://HOST')
    .optional(),
  manager_token: secret().optional(),
  manager_ca_file: z.string().optional(),
  /** Least time between two looks at the tasks. */
  manager_poll: z.coerce.number().positive().default(2),
  task_type: z
    .string()
    .regex(/^[a-z0-9_]{1,50}$/, 'must have small letters, digits and _ alone')
    .default('bbb_presentation'),
  /** Who asks, in the dashboard; `[pod] establishment` by default. */
  etab_name: z.string().optional(),
  /** What the manager reaches this worker by, and where it listens if that is another place. */
  runner_url: z
    .string()
    .regex(/^https?:\/\/[^\s/?#]+\/?$/, 'must be a URL such as http://HOST:8092')
    .optional(),
  runner_listen: z
    .string()
    .regex(/^\S+:\d+$/, 'is written address:port')
    .optional(),
  /** Where its tasks and results stand; a folder of the state directory by default. */
  runner_directory: z.string().optional(),
  runner_keep_days: positiveInteger().default(7),
  /** Less than that free on a worker's disks, and it takes no task. */
  runner_min_free: size().default('500M'),
  runner_heartbeat: z.coerce.number().positive().default(15),
  /** Servers besides those of [bbb] whose recordings a task may name. */
  task_hosts: wordList().default([]),
  output: z.string().optional(),
  work_dir: z.string().optional(),
  chromium: z.string().default('/usr/bin/chromium'),
  ffmpeg: z.string().default('/usr/bin/ffmpeg'),
  ffprobe: z.string().default('/usr/bin/ffprobe'),
  sandbox: z.enum(['on', 'off']).default('on'),
  /** Largest files of a recording that are taken. */
  max_picture: size().default('64M'),
  /** Width times height: a picture of a few kilobytes may be gigabytes when it is drawn. */
  max_pixels: size().default('100M'),
  max_text: size().default('256M'),
  max_media: size().default('20G'),
  /** A download slower than that over a minute is given up, in bytes a second. */
  least_rate: size().default('1k'),
  /** Longest time that one file, and all files of one recording, may take. */
  file_deadline: seconds().default(21_600),
  fetch_deadline: seconds().default(43_200),
  timeout: seconds().default(600),
  page_timeout: seconds().default(60),
});
