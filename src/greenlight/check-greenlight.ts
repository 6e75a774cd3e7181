import { checkResult, type CheckResult } from '../kit/checks/check-result.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { GreenlightOptions } from '../owners/greenlight-facts.js';
import type { RoomOwner } from '../owners/greenlight-logins.js';
import { describeGreenlight } from './describe-greenlight.js';
import { LOCAL_PART, readPopulation } from './population.js';
import { findUnread, type Unread } from './rights.js';
import { SECRET_COLUMNS } from './tables.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { probeColumns } from '../kit/adapters/sql/probe-columns.js';
import { rowsOf, type GreenlightDescription, type GreenlightSite } from './site.js';
import { keyText, shortText } from './short-text.js';
import { tomlKey } from '../kit/config/toml-key.js';

/** More than these are counted, not named. */
const NAMED = 10;
/** Room owners who are looked up in Pod. */
const SAMPLE = 500;

export interface GreenlightFindings {
  readonly results: readonly CheckResult[];
  /** Owners of rooms, to be looked for in Pod; at most 500. */
  readonly owners: readonly RoomOwner[];
}

/**
 * doctor's look at one Greenlight: version, rights on every column read (and none too many), tenants, meetingIDs that
 * several rooms hold, and local parts that several people share. Throws an OperatorError when it cannot be reached.
 */
export async function checkGreenlight(
  site: GreenlightSite,
  options: GreenlightOptions,
): Promise<GreenlightFindings> {
  const subject = `greenlight.${site.name}`;
  const server = await site.sql.serverVersion().catch((error: unknown) => {
    if (error instanceof OperatorError && error.code === 'database-right-missing') return null;
    throw error;
  });
  // An account without any right is not let in.
  if (server === null)
    return { results: [rightMissing(site, subject, await findUnread(site, null), 'critical')], owners: [] };
  const answers = checkResult('greenlight-database-answers', subject, {
    server,
    database: site.sql.settings.label,
  });
  let description: GreenlightDescription;
  try {
    description = await describeGreenlight(site);
  } catch (error) {
    if (!(error instanceof OperatorError) || !error.code.startsWith('greenlight-')) throw error;
    return { results: [answers, checkResult(error.code, subject, error.parameters)], owners: [] };
  }
  const { version, schema } = description;
  const known = checkResult('greenlight-version', subject, { version, schema: schema || '-' });
  const missing = await rightResults(site, subject, description);
  if (missing.some(({ status }) => status === 'critical'))
    return { results: [answers, known, ...missing], owners: [] };
  return {
    results: [
      answers,
      known,
      ...missing,
      ...(await widthResults(site, subject)),
      ...(await tenantResults(site, subject, description, options)),
      ...(await doubledResults(site, subject, description)),
      ...(await localPartResults(site, subject, description, options)),
    ],
    owners: await readOwners(site, description),
  };
}

/** Tables that can be done without and cannot be read: less is known then, and that is said. */
async function rightResults(
  site: GreenlightSite,
  subject: string,
  { version }: GreenlightDescription,
): Promise<CheckResult[]> {
  const unread = await findUnread(site, version);
  const { tables, absent } = unread;
  if (absent !== null)
    return [
      checkResult('greenlight-column-missing', subject, {
        columns: absent.columns.join(', '),
        table: absent.table,
      }),
    ];
  return tables.length === 0 ? [] : [rightMissing(site, subject, unread, 'warning')];
}

const rightMissing = (
  site: GreenlightSite,
  subject: string,
  { tables, grants }: Unread,
  status: 'critical' | 'warning',
): CheckResult =>
  checkResult(
    'greenlight-right-missing',
    subject,
    {
      section: tomlKey(site.name),
      database: site.sql.settings.label,
      tables: tables.join(', '),
      grants: grants.join(' '),
    },
    { status },
  );

/** The account may read password hashes: it was given whole tables. */
async function widthResults(site: GreenlightSite, subject: string): Promise<CheckResult[]> {
  const { table, columns } = SECRET_COLUMNS;
  if (site.sql.engine === 'sqlite' || (await probeColumns(site.sql, table, columns)) !== 'yes') return [];
  return [checkResult('greenlight-rights-wide', subject, { columns: columns.join(', '), table })];
}

async function tenantResults(
  site: GreenlightSite,
  subject: string,
  description: GreenlightDescription,
  { provider }: GreenlightOptions,
): Promise<CheckResult[]> {
  if (description.version === 2 && provider === null) return [];
  const tenants = [...new Set((await readPopulation(site, description)).map((one) => one.provider))].sort();
  if (provider !== null)
    return tenants.includes(provider)
      ? []
      : [
          checkResult('greenlight-tenant-unknown', subject, {
            section: tomlKey(site.name),
            tenant: provider,
            tenants: named(tenants) || '-',
          }),
        ];
  if (tenants.length < 2) return [];
  return [
    checkResult('greenlight-tenants', subject, { section: tomlKey(site.name), tenants: named(tenants) }),
  ];
}

/** Greenlight 2: rooms.bbb_id is not unique, and a rake task that renews doubles exists because they happen. */
async function doubledResults(
  { sql }: GreenlightSite,
  subject: string,
  { version }: GreenlightDescription,
): Promise<CheckResult[]> {
  if (version === 3) return [];
  const rows = await sql.read((query) =>
    rowsOf(
      query('rooms')
        .select('bbb_id')
        .whereNotNull('bbb_id')
        .groupBy('bbb_id')
        .havingRaw('count(DISTINCT user_id) > 1'),
    ),
  );
  return rows.length === 0
    ? []
    : [
        checkResult('greenlight-rooms-doubled', subject, {
          count: rows.length,
          ids: named(rows.map((row) => asText(row['bbb_id']))),
        }),
      ];
}

/** The same local part at two domains is two people: then only whole addresses and user names count. */
async function localPartResults(
  { sql }: GreenlightSite,
  subject: string,
  { deletes }: GreenlightDescription,
  { provider }: GreenlightOptions,
): Promise<CheckResult[]> {
  const rows = await sql.read((query) => {
    const part = LOCAL_PART[sql.engine];
    const users = query('users')
      .select(query.raw(`${part} AS part`))
      .where('email', 'like', '%@%')
      .groupByRaw(part)
      .havingRaw('count(DISTINCT lower(email)) > 1');
    if (deletes.users) users.where('deleted', false);
    if (provider !== null) users.where('provider', provider);
    return rowsOf(users);
  });
  return rows.length === 0
    ? []
    : [
        checkResult('greenlight-local-parts', subject, {
          count: rows.length,
          parts: named(rows.map((row) => asText(row['part']))),
        }),
      ];
}

async function readOwners(
  { sql }: GreenlightSite,
  { version, deletes }: GreenlightDescription,
): Promise<GreenlightFindings['owners']> {
  const logins = version === 3 ? ['external_id'] : ['username', 'social_uid'];
  const columns = ['name', 'email', 'provider', ...logins];
  const rows = await sql.read((query) => {
    const users = query('users')
      .select(columns)
      .whereIn('id', query('rooms').select('user_id'))
      .limit(SAMPLE);
    return rowsOf(deletes.users ? users.where('deleted', false) : users);
  });
  return rows.map((row) => ({
    name: shortText(row['name']),
    email: keyText(row['email']),
    provider: asText(row['provider']),
    username: keyText(row['username']),
    externalId: keyText(row[version === 3 ? 'external_id' : 'social_uid']),
  }));
}

const named = (values: readonly string[]): string =>
  `${values.slice(0, NAMED).map(shortText).join(', ')}${values.length > NAMED ? ', …' : ''}`;
