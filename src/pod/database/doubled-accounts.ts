import type { DoubledAccounts } from '../../migrate/pod-port.js';
import type { Query, SqlDatabase } from '../../kit/adapters/sql/database.js';
import { append } from '../../kit/groups.js';

/**
 * Accounts that share an address, or a name but for its case, whoever made them: an earlier run, the old script, Pod.
 * Two passes over auth_user, whatever its size; sorted, so that two looks tell the same.
 */
export const findDoubledAccounts = (database: SqlDatabase): Promise<DoubledAccounts[]> =>
  database.read(async (query) => [...(await sharing(query, 'email')), ...(await sharing(query, 'username'))]);

async function sharing(query: Query, column: 'email' | 'username'): Promise<DoubledAccounts[]> {
  const shared = query('auth_user')
    .select(query.raw('LOWER(??)', [column]))
    .whereNot(column, '')
    .groupByRaw('LOWER(??)', [column])
    .havingRaw('COUNT(*) > 1');
  const rows = (await query('auth_user')
    .select('id', 'username', 'email')
    .whereRaw('LOWER(??) IN (?)', [column, shared])
    .orderBy('id')) as { id: unknown; username: string; email: string }[];
  const groups = new Map<string, { id: number; username: string }[]>();
  for (const { id, username, email } of rows) {
    const value = (column === 'email' ? email : username).toLowerCase();
    append(groups, value, { id: Number(id), username });
  }
  // MariaDB takes accents for nothing; a mail server does not.
  return [...groups]
    .filter(([, accounts]) => accounts.length > 1)
    .map(([value, accounts]) => ({ by: column, value, accounts }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** `a@univ.fr (adurand, a.durand); …`: who has several accounts, as a sentence can hold it. The rest is counted. */
export function namesOfDoubled(doubled: readonly DoubledAccounts[], most: number): string {
  const named = doubled
    .slice(0, most)
    .map(({ value, accounts }) => `${value} (${accounts.map(({ username }) => username).join(', ')})`);
  const rest = doubled.length - named.length;
  return [...named, ...(rest > 0 ? [`+ ${rest}`] : [])].join('; ');
}
