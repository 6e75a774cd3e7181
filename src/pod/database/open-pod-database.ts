import type { Secret } from '../../kit/config/secret.js';
import type { HighestIds, PodDatabase, PodDescription } from '../../migrate/pod-port.js';
import type { SqlDatabase } from '../../kit/adapters/sql/database.js';
import { findClaimPaths, findRecorder, registerClaim, removeClaimRegistration } from './claims.js';
import {
  findRecordings,
  giveRecordingsBack,
  pagesOfRecordings,
  RECORDINGS,
  removeRecordings,
  restoreRecordings,
} from './external-recordings.js';
import {
  findAttendeeModerators,
  findInternalRecordings,
  findMeetings,
  findSessionCreators,
} from './meetings.js';
import type { ImportContext } from './import-rows.js';
import { findDoubledAccounts } from './doubled-accounts.js';
import { OwnRows } from './own-rows.js';
import { removeCreatedUsers } from './remove-users.js';
import { lastGivenIds } from './last-given-ids.js';
import { readSchema, type PodSchema, type PodTables } from './schema.js';
import { TABLES } from './tables.js';
import {
  findNamesTakenFor,
  findUsersByEmail,
  findUsersById,
  findUsersByUsername,
  readNamesakes,
} from './users.js';
import { recoverImports } from './recover-imports.js';
import { writeImports } from './write-imports.js';
import { texts } from '../texts.js';

export interface PodDatabaseOptions {
  readonly siteId: number;
  /** Pod's SECRET_KEY, for owners' hash keys. */
  readonly secretKey?: Secret | undefined;
}

const LOCK = 'migrate';

/** Pod's database behind the port of src/migrate. The catalogue is read with the first call that needs it. */
export function openPodDatabase(database: SqlDatabase, options: PodDatabaseOptions): PodDatabase {
  let reading: Promise<PodSchema> | undefined;
  const schema = (): Promise<PodSchema> => (reading ??= readSchema(database));
  let counting: Promise<ReadonlySet<string>> | undefined;
  const namesakes = (): Promise<ReadonlySet<string>> => (counting ??= readNamesakes(database));
  const own = new OwnRows();
  const tables = async (): Promise<PodTables> => ({ database, schema: await schema() });
  const context = async (): Promise<ImportContext> => ({
    database,
    schema: await schema(),
    secretKey: options.secretKey,
    namesakes: await namesakes(),
    own,
  });
  return {
    describe: async () => describe(database, await schema(), options.siteId),
    findSite: async (id) => (await listSites(database)).find((site) => site.id === id) ?? null,
    listSites: () => listSites(database),
    findRecorder: (id) => findRecorder(database, id),
    findUsersByUsername: async (names) => findUsersByUsername(database, names, await namesakes()),
    findNamesTakenFor: (names) => findNamesTakenFor(database, names),
    findUsersByEmail: (emails) => findUsersByEmail(database, emails),
    findUsersById: (ids) => findUsersById(database, ids),
    findDoubledAccounts: () => findDoubledAccounts(database),
    findMeetings: async (ids) => findMeetings(database, await schema(), ids),
    findInternalRecordings: async (ids) => findInternalRecordings(database, await schema(), ids),
    findAttendeeModerators: async (ids) => findAttendeeModerators(database, await schema(), ids),
    findSessionCreators: async (ids) => findSessionCreators(database, await schema(), ids),
    bbbIds: () => bbbIds(database, schema),
    externalRecordings: async function* (afterId) {
      yield* pagesOfRecordings(await tables(), afterId);
    },
    findExternalRecordings: async (ids) => findRecordings(await tables(), ids),
    findClaimPaths: (paths) => findClaimPaths(database, paths),
    writeImports: async (writes, knownUpToId) => writeImports(await context(), writes, knownUpToId),
    highestIds: () => highestIds(database),
    lastGivenIds: () => lastGivenIds(database),
    recoverImports: async (writes, above) => recoverImports(await context(), writes, above),
    giveBack: async (rows) => giveRecordingsBack(await tables(), rows),
    registerClaim: async (claim) => registerClaim(database, await schema(), claim),
    removeExternalRecordings: async (rows) => removeRecordings(await tables(), rows),
    restoreExternalRecordings: async (rows) => restoreRecordings(await tables(), rows),
    removeClaimRegistration: (file) => removeClaimRegistration(database, file),
    removeCreatedUsers: async (users) => removeCreatedUsers(await context(), users),
    lock: () => database.tryLock(LOCK),
    close: () => database.close(),
  };
}

async function describe(database: SqlDatabase, schema: PodSchema, siteId: number): Promise<PodDescription> {
  const site = (await listSites(database)).find(({ id }) => id === siteId);
  if (site === undefined) throw texts.podSiteMissing({ id: siteId });
  return {
    engine: database.engine,
    version: schema.version(),
    siteDomain: site.domain,
    target: `pod:${site.domain}#${siteId}`,
    claimPathLength: Math.min(
      schema.lengthOf('recorder_recordingfiletreatment', 'file'),
      schema.lengthOf('recorder_recording', 'source_file'),
    ),
    storesAllCharacters: schema.storesAllCharacters(),
    hasSessionLog: schema.has('meeting_meetingsessionlog'),
    hasBbbAttendee: schema.has('bbb_attendee') && schema.has('bbb_bbb_meeting'),
    unknownColumns: schema.unexpected(TABLES.filter(({ table }) => table === RECORDINGS)),
  };
}

const listSites = (database: SqlDatabase): Promise<{ id: number; domain: string; name: string }[]> =>
  database.read(async (query) => {
    const rows = (await query('django_site').select('id', 'domain', 'name').orderBy('id')) as {
      id: unknown;
      domain: string;
      name: string;
    }[];
    return rows.map(({ id, domain, name }) => ({ id: Number(id), domain, name }));
  });

const highestIds = (database: SqlDatabase): Promise<HighestIds> =>
  database.read(async (query) => {
    const highest = async (table: string): Promise<number> => {
      const [row] = await query(table).max<{ id: unknown }[]>({ id: 'id' });
      return Number(row?.id ?? 0);
    };
    return { externalRecording: await highest(RECORDINGS), user: await highest('auth_user') };
  });

const PAGE = 2000;

/** Where Pod keeps ids of BBB: its meetings, the recordings imported from them, and Pod 3's own BBB module. */
const PLACES = [
  ['meeting', 'meeting_id'],
  ['meeting_internalrecording', 'recording_id'],
  ['bbb_bbb_meeting', 'internal_meeting_id'],
] as const;

/** meetingIDs and recordIDs (BBB's internal meeting ids) that Pod knows, in pages. */
export async function* bbbIds(
  database: SqlDatabase,
  readSchema: () => Promise<PodSchema>,
): AsyncGenerator<string[]> {
  const schema = await readSchema();
  for (const [table, column] of PLACES) {
    if (!schema.has(table)) continue;
    let after = 0;
    for (;;) {
      const rows = await database.read<{ id: unknown; known: unknown }[]>((query) =>
        query(table).select('id', `${column} as known`).where('id', '>', after).orderBy('id').limit(PAGE),
      );
      if (rows.length === 0) break;
      yield rows.flatMap(({ known }) => (typeof known === 'string' && known !== '' ? [known] : []));
      after = Number(rows.at(-1)?.id);
    }
  }
}
