import type { PodRunnerTables } from '../../cluster/esup-runner/facts.js';
import type { Context } from '../kit/context.js';
import { sqlOf } from '../sites/sql.js';

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
  const [{ readRunnerTables }, sql] = await Promise.all([
    import('../../pod/database/runner-tables.js'),
    sqlOf(context, '[pod]', context.configuration.pod),
  ]);
  return { sql, readRunnerTables };
}
