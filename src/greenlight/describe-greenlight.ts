import { asText } from '../kit/adapters/sql/as-text.js';
import { probeColumns } from '../kit/adapters/sql/probe-columns.js';
import { rowsOf, type GreenlightDescription, type GreenlightSite } from './site.js';
import { readGrants } from './tables.js';
import { texts } from './texts.js';
import { tomlKey } from '../kit/config/toml-key.js';

/**
 * Which Greenlight this is, by its columns: rooms.meeting_id is 3, rooms.bbb_id is 2 (db/schema.rb of both). Greenlight 1
 * had no rooms before May 2018: nothing to read.
 * @throws OperatorError greenlight-unknown, greenlight-right-missing
 */
export async function describeGreenlight(site: GreenlightSite): Promise<GreenlightDescription> {
  const version = await versionOf(site);
  const is = async (table: string, columns: readonly string[]): Promise<boolean> =>
    (await probeColumns(site.sql, table, columns)) === 'yes';
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
  const three = await probeColumns(site.sql, 'rooms', ['meeting_id']);
  if (three === 'yes') return 3;
  const two = three === 'absent' ? await probeColumns(site.sql, 'rooms', ['bbb_id']) : three;
  if (two === 'yes') return 2;
  if (two === 'absent')
    throw texts.greenlightUnknown({ section: tomlKey(site.name), database: site.sql.settings.label });
  throw texts.greenlightRightMissing({
    section: tomlKey(site.name),
    database: site.sql.settings.label,
    tables: 'rooms',
    grants: readGrants(site, three === 'refused' ? 3 : 2).join(' '),
  });
}

async function schemaOf(site: GreenlightSite): Promise<string> {
  if ((await probeColumns(site.sql, 'schema_migrations', ['version'])) !== 'yes') return '';
  const [row] = await site.sql.read((query) =>
    rowsOf(query('schema_migrations').max({ version: 'version' })),
  );
  return asText(row?.['version']);
}
