import { tomlKey } from '../../kit/config/toml-key.js';
import type { MoodleSection } from '../../kit/config/sections/moodle.js';
import type { MoodleDatabase } from '../../migrate/moodle-port.js';
import type { Context } from '../kit/context.js';
import { missingKey } from '../kit/missing-key.js';
import { hasDatabase, sqlOf } from './sql.js';

/** `[moodle.NAME]` sections by name, without a `default` that only says what the others inherit. */
export const moodleSections = ({ configuration: { moodle } }: Context): [string, MoodleSection][] => {
  const all = Object.entries(moodle);
  return all.filter(([name, section]) => name !== 'default' || all.length === 1 || hasDatabase(section));
};

/** Whether any `[moodle.NAME]` leads to a database. */
export const isMoodleConfigured = ({ configuration }: Context): boolean =>
  Object.values(configuration.moodle).some(hasDatabase);

/** Whether a section is the Moodle of `default` under another name: the same tables by the same accounts, written and counted once. */
export function isDefaultAgain({ configuration: { moodle } }: Context, name: string): boolean {
  const [own, first] = [moodle[name], moodle['default']];
  if (name === 'default' || own === undefined || first === undefined) return false;
  return tablesOf(own) === tablesOf(first);
}

const tablesOf = (section: MoodleSection): string => {
  const { database, engine, host, port, name, schema, prefix, annotate_database: writer } = section;
  return JSON.stringify([database?.reveal(), writer?.reveal(), engine, host, port, name, schema, prefix]);
};

/** `[moodle.NAME] aliases`, by section. */
export const moodleAliases = ({ configuration }: Context): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(configuration.moodle).map(([name, { aliases }]) => [name, aliases]));

/** Opens every configured Moodle, by section name. @throws OperatorError config-key-missing when there is none */
export async function moodlesOf(context: Context): Promise<Map<string, MoodleDatabase>> {
  const { migrate } = context.configuration;
  const sections = moodleSections(context);
  if (sections.length === 0) throw missingKey(context, 'moodle.default', 'database');
  const { openMoodleDatabase } = await import('../../moodle-site/database.js');
  const opened = new Map<string, MoodleDatabase>();
  for (const [name, section] of sections) {
    const sql = await sqlOf(context, `[moodle.${tomlKey(name)}]`, section);
    const database = openMoodleDatabase(sql, {
      prefix: section.prefix,
      name,
      allEnrolments: migrate.require_enrolment,
      moderatorDefault: section.moderator_default ?? null,
    });
    opened.set(name, database);
  }
  return opened;
}
