import { tomlKey } from '../../kit/config/toml-key.js';
import type { MoodleDatabase } from '../../migrate/moodle-port.js';
import type { Context } from '../kit/context.js';
import { missingKey } from '../kit/missing-key.js';
import { sqlOf } from './sql.js';

/** Whether any `[moodle.NAME]` leads to a database. */
export const isMoodleConfigured = ({ configuration }: Context): boolean =>
  Object.values(configuration.moodle).some(
    ({ database, engine }) => database !== undefined || engine !== undefined,
  );

/** `[moodle.NAME] aliases`, by section. */
export const moodleAliases = ({ configuration }: Context): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(configuration.moodle).map(([name, { aliases }]) => [name, aliases]));

/** Opens every configured Moodle, by section name. @throws OperatorError config-key-missing when there is none */
export async function moodlesOf(context: Context): Promise<Map<string, MoodleDatabase>> {
  const { moodle, migrate } = context.configuration;
  if (Object.keys(moodle).length === 0) throw missingKey(context, 'moodle.default', 'database');
  const { openMoodleDatabase } = await import('../../moodle-site/database.js');
  const opened = new Map<string, MoodleDatabase>();
  for (const [name, section] of Object.entries(moodle)) {
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
