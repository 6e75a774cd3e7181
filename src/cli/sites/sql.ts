import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import type { DatabaseSection } from '../../kit/adapters/sql/settings.js';
import type { Context } from '../kit/context.js';

/** Whether a section of the configuration leads to a database. */
export const hasDatabase = ({ database, engine }: DatabaseSection): boolean =>
  database !== undefined || engine !== undefined;

/**
 * Opens the database that a section of the configuration names, closed with the command; nothing is contacted before the
 * first question.
 * @param heading of the section, as failures name it: `[pod]`
 * @throws OperatorError database-settings-invalid
 */
export async function sqlOf(
  context: Context,
  heading: string,
  section: DatabaseSection,
  signal: AbortSignal = context.signal,
): Promise<SqlDatabase> {
  const [{ openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const { stateDirectory } = context;
  const sql = openDatabase(databaseSettings(heading, section), { signal, stateDirectory });
  context.closeWith(() => sql.close());
  return sql;
}
