import { openMoodleReader } from '../../moodle-site/reader.js';
import { newWriterGrants, openMoodleWriter } from '../../moodle-site/writer.js';
import { checkMoodleSite } from '../../moodle-site/check-moodle.js';
import type { MoodleSite } from '../../moodle-site/site.js';
import type { MoodleSection } from '../../kit/config/sections/moodle.js';
import type { CheckMoodleDatabase } from '../../doctor/ports.js';
import type { MoodleReader, MoodleWriter } from '../../moodle/ports.js';
import { tomlKey } from '../../kit/config/toml-key.js';
import type { Context } from '../kit/context.js';
import { texts as moodleTexts } from '../../moodle/texts.js';
import { isDefaultAgain, moodleSections } from './moodle-sites.js';
import { hasDatabase, sqlOf } from './sql.js';

export interface OpenedMoodle {
  readonly name: string;
  readonly section: MoodleSection;
  readonly reader: MoodleReader;
  /** Opens the writing account; throws when there is none. */
  readonly openWriter: () => Promise<MoodleWriter>;
}

/** Opens the Moodles of the configuration, or one of them; nothing is contacted yet. */
export async function openMoodles(context: Context, only: string | undefined): Promise<OpenedMoodle[]> {
  const sections = moodleSections(context).filter(([name]) => only === undefined || name === only);
  if (!sections.some(([, section]) => hasDatabase(section)))
    throw moodleTexts.moodleSectionMissing({ section: tomlKey(only ?? 'default') });
  return Promise.all(sections.map(([name, section]) => openMoodle(context, name, section)));
}

/** The same, each Moodle once, whatever names it goes by. */
export const openMoodlesOnce = async (context: Context, only: string | undefined): Promise<OpenedMoodle[]> =>
  (await openMoodles(context, only)).filter(
    ({ name }) => only !== undefined || !isDefaultAgain(context, name),
  );

async function openMoodle(context: Context, name: string, section: MoodleSection): Promise<OpenedMoodle> {
  const site = await readSiteOf(context, name, section);
  const reader = openMoodleReader(site.sql, {
    prefix: section.prefix,
    name,
    moderatorDefault: section.moderator_default ?? null,
    allEnrolments: context.configuration.migrate.require_enrolment,
  });
  const openWriter = async (): Promise<MoodleWriter> => {
    const writing = await writeSiteOf(context, name, section);
    if (writing !== null) return openMoodleWriter(writing);
    throw moodleTexts.annotateDatabaseMissing({
      section: tomlKey(name),
      grants: newWriterGrants(site, 'bbb2pod_annotate').join(' '),
    });
  };
  return { name, section, reader, openWriter };
}

/** One Moodle through the account that reads. */
async function readSiteOf(
  context: Context,
  name: string,
  section: MoodleSection,
  signal?: AbortSignal,
): Promise<MoodleSite> {
  const sql = await sqlOf(context, `[moodle.${tomlKey(name)}]`, section, signal);
  return { sql, prefix: section.prefix, name };
}

/** The same through the account that writes notices; null when none is configured. */
async function writeSiteOf(
  context: Context,
  name: string,
  section: MoodleSection,
  signal?: AbortSignal,
): Promise<MoodleSite | null> {
  const database = section.annotate_database;
  if (database === undefined) return null;
  const heading = `[moodle.${tomlKey(name)}] annotate_database`;
  const sql = await sqlOf(context, heading, { ...section, database }, signal);
  return { sql, prefix: section.prefix, name };
}

/** doctor's check of each configured Moodle. */
export const moodleChecker =
  (context: Context): CheckMoodleDatabase =>
  async (name, signal) => {
    const section = context.configuration.moodle[name];
    if (section === undefined) throw moodleTexts.moodleSectionMissing({ section: tomlKey(name) });
    return checkMoodleSite(
      await readSiteOf(context, name, section, signal),
      await writeSiteOf(context, name, section, signal),
    );
  };
