import { z } from 'zod';
import { bbbSection } from './sections/bbb.js';
import { clusterSection, logSection, mailSection } from './sections/general.js';
import { greenlightSection } from './sections/greenlight.js';
import { liveSection } from './sections/live.js';
import { migrateSection } from './sections/migrate.js';
import { moodleNoticeSection, moodleSection } from './sections/moodle.js';
import { podSection } from './sections/pod.js';
import { recorderSection } from './sections/recorder.js';
import { wordList } from './sections/values.js';

/** The whole of bbb2pod.toml, after named sections were gathered (`[bbb]` is `bbb.default`). */
export const configurationSchema = z.strictObject({
  state_dir: z.string().optional(),
  timezone: z.string().default('Europe/Paris').refine(isTimeZone, 'is not a time zone of the IANA database'),
  /** `host` or `host:port` of the inside that an answer of BBB may lead to. */
  allow_hosts: wordList().default([]),
  bbb: z.record(z.string(), bbbSection).default({}),
  pod: podSection.prefault({}),
  moodle: z.record(z.string(), moodleSection).default({}),
  greenlight: z.record(z.string(), greenlightSection).default({}),
  migrate: migrateSection.prefault({}),
  moodle_notice: moodleNoticeSection.prefault({}),
  recorder: recorderSection.prefault({}),
  live: liveSection.prefault({}),
  cluster: clusterSection.prefault({}),
  mail: mailSection.prefault({}),
  log: logSection.prefault({}),
});
export type Configuration = z.infer<typeof configurationSchema>;

/** Sections that may be named: `[bbb.old]`, `[moodle."moodle2.univ.fr"]`. */
export const namedSections: Record<string, z.ZodObject> = {
  bbb: bbbSection,
  moodle: moodleSection,
  greenlight: greenlightSection,
};

function isTimeZone(value: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
