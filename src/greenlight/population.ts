import type { GreenlightFacts } from '../owners/greenlight-facts.js';
import type { Engine } from '../kit/adapters/sql/settings.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { rowsOf, type GreenlightDescription, type GreenlightSite } from './site.js';

/** What stands behind the @, in each engine's words. */
const DOMAIN: Readonly<Record<Engine, string>> = {
  postgresql: "split_part(lower(email), '@', 2)",
  mysql: "substring_index(lower(email), '@', -1)",
  sqlite: "substr(lower(email), instr(email, '@') + 1)",
};

/** What stands before the @. */
export const LOCAL_PART: Readonly<Record<Engine, string>> = {
  postgresql: "split_part(lower(email), '@', 1)",
  mysql: "substring_index(lower(email), '@', 1)",
  sqlite: "substr(lower(email), 1, instr(email, '@') - 1)",
};

/** Tenants and mail domains of all accounts that are not deleted: whether a local part names one person. */
export async function readPopulation(
  { sql }: GreenlightSite,
  { deletes }: Pick<GreenlightDescription, 'deletes'>,
): Promise<GreenlightFacts['population']> {
  return sql.read(async (query) => {
    const domain = query.raw(DOMAIN[sql.engine]);
    const all = query('users')
      .distinct('provider', query.raw('? as domain', [domain]))
      .where('email', 'like', '%@%');
    const rows = await rowsOf(deletes.users ? all.where('deleted', false) : all);
    return rows.map((row) => ({ provider: asText(row['provider']), domain: asText(row['domain']) }));
  });
}
