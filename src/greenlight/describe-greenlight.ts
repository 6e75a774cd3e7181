import { asText } from '../kit/adapters/sql/as-text.js';
import { rowsOf, type GreenlightDescription, type GreenlightSite } from './site.js';
import { findUnread, readable, type Readable, type Unread } from './rights.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { texts } from './texts.js';
import { tomlKey } from '../kit/config/toml-key.js';

/**
 * Which Greenlight this is, by its columns: rooms.meeting_id is 3, rooms.bbb_id is 2 (db/schema.rb of both). Greenlight 1
 * had no rooms before May 2018: nothing to read.
 * @throws OperatorError greenlight-unknown, greenlight-right-missing
 */
export async function describeGreenlight(site: GreenlightSite): Promise<GreenlightDescription> {
  const version = await versionOf(site);
  const unread = await findUnread(site, version);
  if (!unread.optional) throw rightMissing(site, unread);
  const is = async (table: string, columns: readonly string[]): Promise<boolean> =>
    (await readable(site, { table, columns })) === 'yes';
  const isTwo = version === 2;
  return {
    version,
    schema: await schemaOf(site),
    deletes: {
      users: isTwo && (await is('users', ['deleted'])),
      rooms: isTwo && (await is('rooms', ['deleted'])),
    },
    hasShares: await is('shared_accesses', ['room_id', 'user_id']),
    hasStatus: !isTwo && (await is('users', ['status'])),
    hasRecordings: !isTwo && (await is('recordings', ['room_id', 'record_id'])),
  };
}

async function versionOf(site: GreenlightSite): Promise<2 | 3> {
  const state = (table: string, column: string): Promise<Readable> =>
    readable(site, { table, columns: [column] });
  const [three, two] = await sayingWhatIsMissing(site, async () => [
    await state('rooms', 'meeting_id'),
    await state('rooms', 'bbb_id'),
  ]);
  // PostgreSQL tells a column that may not be read from one that is not there.
  if (three === 'yes' || (three === 'refused' && two === 'absent')) return 3;
  if (two === 'yes' || (two === 'refused' && three === 'absent')) return 2;
  if (three === 'absent' && two === 'absent')
    throw texts.greenlightUnknown({ section: tomlKey(site.name), database: site.sql.settings.label });
  // MariaDB hides the whole table: that of the people tells the two apart as well.
  if ((await state('users', 'external_id')) === 'yes') return 3;
  if ((await state('users', 'social_uid')) === 'yes') return 2;
  throw rightMissing(site, await findUnread(site, null));
}

/** An account that may not enter the database is told what lets it. */
async function sayingWhatIsMissing<T>(site: GreenlightSite, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'database-right-missing') throw error;
    throw rightMissing(site, await findUnread(site, null));
  }
}

const rightMissing = (site: GreenlightSite, { tables, grants }: Unread): OperatorError =>
  texts.greenlightRightMissing({
    section: tomlKey(site.name),
    database: site.sql.settings.label,
    tables: tables.join(', '),
    grants: grants.join(' '),
  });

async function schemaOf(site: GreenlightSite): Promise<string> {
  if ((await readable(site, { table: 'schema_migrations', columns: ['version'] })) !== 'yes') return '';
  const [row] = await site.sql.read((query) =>
    rowsOf(query('schema_migrations').max({ version: 'version' })),
  );
  return asText(row?.['version']);
}
