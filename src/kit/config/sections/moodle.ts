import { z } from 'zod';
import { databaseKeys, flag, positiveInteger, secret, wordList } from './values.js';

/** One Moodle; `default` serves every origin server that has no section of its own. */
export const moodleSection = z.strictObject({
  ...databaseKeys,
  prefix: z
    .string()
    .regex(/^[a-z0-9_]*$/, 'must have small letters, digits and _ alone')
    .default('mdl_'),
  /** Other names under which this Moodle appears in bbb-origin-server-name. */
  aliases: wordList().default([]),
  moderator_scope: z.enum(['course', 'moodle']).default('course'),
  /** In separate groups: `own` gives a group's recordings to those moderators whom Moodle shows them. */
  group_teachers: z.enum(['all', 'own']).default('own'),
  /** What config.php may set and the database does not show: `0` (the creator) and role ids or short names. */
  moderator_default: z.string().optional(),
  /** The account that may write, never silently the reader's. */
  annotate_database: secret().optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  site_id: positiveInteger().optional(),
});
export type MoodleSection = z.infer<typeof moodleSection>;

export const moodleNoticeSection = z.strictObject({
  campaign: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must have small letters, digits and - alone')
    .default('bbb2pod'),
  file: z.string().optional(),
  files: z.record(z.enum(['fr', 'en']), z.string()).optional(),
  language: z.enum(['course', 'fr', 'en']).default('course'),
  contact: z.string().optional(),
  /** Playback links in notices, where Moodle itself shows the recording to every member; they need no login. */
  links: flag().default(false),
});
