import type { PodRunnerTables } from '../../cluster/esup-runner/facts.js';
import type { Context } from '../kit/context.js';

/**
 * Reads Pod's own tables of esup-runner, by `[pod] database` of bbb2pod.toml; undefined when none is configured. The
 * database is opened with the first call and closed with the command.
 */
export function runnerTablesOf(context: Context): (() => Promise<PodRunnerTables>) | undefined {
  const { pod } = context.configuration;
  if (pod.database === undefined && pod.engine === undefined) return undefined;
  let opening: ReturnType<typeof open> | undefined;
  return async () => {
    const { sql, readRunnerTables } = await (opening ??= open(context));
    return readRunnerTables(sql, { siteId: pod.site_id, now: Date.now() });
  };
}

async function open(context: Context) {
  const [{ readRunnerTables }, { openDatabase }, { databaseSettings }] = await Promise.all([
    import('../../pod/database/runner-tables.js'),
    import('../../kit/adapters/sql/database.js'),
    import('../../kit/adapters/sql/settings.js'),
  ]);
  const sql = openDatabase(databaseSettings('[pod]', context.configuration.pod), {
    signal: context.signal,
    stateDirectory: context.stateDirectory,
  });
  context.closeWith(() => sql.close());
  return { sql, readRunnerTables };
}
