import { USER_COLUMNS } from './read-people.js';
import { identifier, whoAmI, type Account } from '../kit/adapters/sql/account.js';
import {
  findLacking,
  grantEntry,
  grantIfThere,
  grantOnMariadb,
  grantsOnPostgresql,
  type TableNeed,
} from '../kit/adapters/sql/rights.js';
import { table, type MoodleSite } from './site.js';

/** Every table read, with every column: rights are proven and granted for just these. */
export const READ_TABLES: readonly {
  readonly name: string;
  readonly columns: readonly string[];
  readonly optional?: true;
}[] = [
  {
    name: 'bigbluebuttonbn',
    columns: [
      'id',
      'type',
      'course',
      'name',
      'intro',
      'introformat',
      'meetingid',
      'participants',
      'timemodified',
    ],
  },
  {
    name: 'bigbluebuttonbn_logs',
    columns: ['id', 'courseid', 'bigbluebuttonbnid', 'userid', 'meetingid', 'log'],
  },
  {
    name: 'bigbluebuttonbn_recordings',
    columns: [
      'id',
      'courseid',
      'bigbluebuttonbnid',
      'groupid',
      'recordingid',
      'headless',
      'imported',
      'status',
    ],
    // Plugin 2.x has none.
    optional: true,
  },
  {
    name: 'course',
    columns: ['id', 'fullname', 'shortname', 'groupmode', 'groupmodeforce', 'lang', 'cacherev'],
  },
  // For --category alone; with the category of course, which stands among the columns of a whole table.
  { name: 'course_categories', columns: ['id', 'name', 'idnumber', 'parent'], optional: true },
  {
    name: 'course_modules',
    columns: [
      'id',
      'course',
      'module',
      'instance',
      'visible',
      'groupmode',
      'availability',
      'deletioninprogress',
    ],
  },
  { name: 'modules', columns: ['id', 'name'] },
  { name: 'context', columns: ['id', 'contextlevel', 'instanceid', 'path'] },
  { name: 'role', columns: ['id', 'shortname', 'archetype'] },
  { name: 'role_assignments', columns: ['roleid', 'contextid', 'userid'] },
  { name: 'user', columns: USER_COLUMNS },
  { name: 'enrol', columns: ['id', 'courseid', 'status'] },
  { name: 'user_enrolments', columns: ['enrolid', 'userid', 'status', 'timestart', 'timeend'] },
  { name: 'groups', columns: ['id', 'courseid'] },
  { name: 'groups_members', columns: ['groupid', 'userid'] },
  // Without it the archetypes say who sees every group.
  { name: 'role_capabilities', columns: ['roleid', 'contextid', 'capability', 'permission'], optional: true },
  { name: 'config', columns: ['name', 'value'] },
];

/** The table of recordings came with Moodle 4.0's own plugin; some sites have it earlier. */
const VARIES = 'bigbluebuttonbn_recordings';

/** What the reading account lacks, by full table names, with the statements that give just that. */
export interface MissingReads {
  readonly tables: readonly string[];
  readonly statements: readonly string[];
  /** Nothing fails without them: archetypes say who sees every group. */
  readonly optional: boolean;
}

/**
 * Compares what the reading account may with READ_TABLES.
 * @param hasRecordings whether this Moodle has the table of recordings; null when nobody could say.
 */
export async function findMissingReads(
  site: MoodleSite,
  hasRecordings: boolean | null,
): Promise<MissingReads> {
  const account = await whoAmI(site.sql);
  const needs = READ_TABLES.map((one) => ({
    table: table(site, one.name),
    columns: one.columns,
    rights: ['SELECT'] as const,
  }));
  const lacking = await findLacking(site.sql, needs, account.schema);
  const varying = table(site, VARIES);
  const sure = lacking.tables.filter((one) => one.table !== varying || hasRecordings === true);
  const optional = sure.every((one) =>
    READ_TABLES.some(
      ({ name, optional: may }) => may === true && table(site, name) === one.table && name !== VARIES,
    ),
  );
  if (sure.length === 0 && !lacking.schema) return { tables: [], statements: [], optional };
  const shown = hasRecordings === false ? sure : lacking.tables;
  return {
    tables: [...(lacking.schema ? [`schema ${account.schema}`] : []), ...sure.map((one) => one.table)],
    statements: readGrants(site, { account, needs: shown, schema: lacking.schema, sure }),
    optional: optional && !lacking.schema,
  };
}

/** For an account that may not even enter the database: all that reading needs. */
export async function readGrantsToEnter(site: MoodleSite): Promise<string[]> {
  const account = await whoAmI(site.sql);
  if (site.sql.engine === 'postgresql') return [grantEntry(site.sql.settings.name, account.account)];
  const needs = READ_TABLES.map(({ name, columns }) => ({
    table: table(site, name),
    columns,
    rights: ['SELECT'] as const,
  }));
  const sure = needs.filter((one) => one.table !== table(site, VARIES));
  return readGrants(site, { account, needs, schema: false, sure });
}

/** By table; the user table by column, for it holds password hashes. */
function readGrants(
  site: MoodleSite,
  given: {
    readonly account: Account;
    readonly needs: readonly TableNeed[];
    readonly schema: boolean;
    readonly sure: readonly TableNeed[];
  },
): string[] {
  const { account, schema } = given.account;
  const people = table(site, 'user');
  const others = given.needs.filter((one) => one.table !== people);
  const users = given.needs.filter((one) => one.table === people);
  const columns = USER_COLUMNS.join(', ');
  if (site.sql.engine === 'postgresql')
    return [
      ...grantsOnPostgresql({ tables: others, sequences: [], schema: given.schema }, given.account),
      ...users.map(
        (one) => `GRANT SELECT (${columns}) ON ${identifier(schema)}.${identifier(one.table)} TO ${account};`,
      ),
    ];
  const where = { database: site.sql.settings.name, account };
  const isSure = (one: TableNeed): boolean => given.sure.some(({ table: name }) => name === one.table);
  return [
    ...others.filter(isSure).map((one) => grantOnMariadb(one, where)),
    ...users.map(
      (one) => `GRANT SELECT (${columns}) ON \`${where.database}\`.\`${one.table}\` TO ${account};`,
    ),
    ...others.filter((one) => !isSure(one)).map((one) => grantIfThere(one, where)),
  ];
}
