import { openMoodleReader } from '../../moodle-site/reader.js';
import { newWriterGrants, openMoodleWriter } from '../../moodle-site/writer.js';
import { checkMoodleSite } from '../../moodle-site/check-moodle.js';
import type { MoodleSite } from '../../moodle-site/site.js';
import { openDatabase } from '../../kit/adapters/sql/database.js';
import { databaseSettings } from '../../kit/adapters/sql/settings.js';
import type { MoodleSection } from '../../kit/config/sections/moodle.js';
import type { CheckMoodleDatabase } from '../../doctor/ports.js';
import type { MoodleReader, MoodleWriter } from '../../moodle/ports.js';
import { tomlKey } from '../../kit/config/toml-key.js';
import type { Context } from '../kit/context.js';
import { texts as moodleTexts } from '../../moodle/texts.js';

export interface OpenedMoodle {
  readonly name: string;
  readonly section: MoodleSection;
  readonly reader: MoodleReader;
  /** Opens the writing account; throws when there is none. */
  readonly openWriter: () => MoodleWriter;
}

/** Opens the Moodles of the configuration, or one of them; nothing is contacted yet. */
export function openMoodles(context: Context, only: string | undefined): OpenedMoodle[] {
  const sections = Object.entries(context.configuration.moodle).filter(
    ([name, section]) =>
      (only === undefined || name === only) &&
      (section.database !== undefined || section.engine !== undefined),
  );
  if (sections.length === 0) throw moodleTexts.moodleSectionMissing({ section: tomlKey(only ?? 'default') });
  return sections.map(([name, section]) => openMoodle(context, name, section));
}

function openMoodle(context: Context, name: string, section: MoodleSection): OpenedMoodle {
  const sql = openDatabase(databaseSettings(`[moodle.${tomlKey(name)}]`, section), {
    signal: context.signal,
  });
  const reader = openMoodleReader(sql, {
    prefix: section.prefix,
    name,
    moderatorDefault: section.moderator_default ?? null,
    allEnrolments: context.configuration.migrate.require_enrolment,
  });
  context.closeWith(() => sql.close());
  return { name, section, reader, openWriter: () => openWriter(context, name, section, sql) };
}

function openWriter(
  context: Context,
  name: string,
  section: MoodleSection,
  reading: ReturnType<typeof openDatabase>,
): MoodleWriter {
  if (section.annotate_database === undefined) {
    const site = { sql: reading, prefix: section.prefix, name };
    throw moodleTexts.annotateDatabaseMissing({
      section: tomlKey(name),
      grants: newWriterGrants(site, 'bbb2pod_annotate').join(' '),
    });
  }
  const settings = databaseSettings(`[moodle.${tomlKey(name)}] annotate_database`, {
    ...section,
    database: section.annotate_database,
  });
  const sql = openDatabase(settings, { signal: context.signal });
  context.closeWith(() => sql.close());
  return openMoodleWriter({ sql, prefix: section.prefix, name });
}

/** doctor's check of each configured Moodle. */
export const moodleChecker =
  (context: Context): CheckMoodleDatabase =>
  async (name, signal) => {
    const section = context.configuration.moodle[name];
    if (section === undefined) throw moodleTexts.moodleSectionMissing({ section: tomlKey(name) });
    const open = (settings: ReturnType<typeof databaseSettings>): MoodleSite => {
      const sql = openDatabase(settings, { signal });
      context.closeWith(() => sql.close());
      return { sql, prefix: section.prefix, name };
    };
    const writing = section.annotate_database;
    return checkMoodleSite(
      open(databaseSettings(`[moodle.${tomlKey(name)}]`, section)),
      writing === undefined
        ? null
        : open(
            databaseSettings(`[moodle.${tomlKey(name)}] annotate_database`, {
              ...section,
              database: writing,
            }),
          ),
    );
  };
