import { USER_COLUMNS } from './read-people.js';
import { accountOf, type MoodleSite } from './site.js';
import { table } from './site.js';

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

/** Statements that let the reading account read, by table; the user table by column, for it holds password hashes. */
export function readGrants(site: MoodleSite, tables: readonly string[]): string[] {
  const account = accountOf(site);
  const { settings, engine } = site.sql;
  const on = (name: string): string =>
    engine === 'mysql'
      ? `\`${settings.name}\`.\`${table(site, name)}\``
      : `${settings.schema ?? 'public'}.${table(site, name)}`;
  return READ_TABLES.filter(({ name }) => tables.includes(table(site, name))).map(({ name, columns }) =>
    name === 'user'
      ? `GRANT SELECT (${columns.join(', ')}) ON ${on(name)} TO ${account};`
      : `GRANT SELECT ON ${on(name)} TO ${account};`,
  );
}
