import type { Knex } from 'knex';
import type { MoodleActivity } from '../owners/moodle-facts.js';
import type { Query } from '../kit/adapters/sql/database.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { asFlag, asNumber, table, type MoodleSite, type Row } from './site.js';

/** Columns of an activity, its course, its course module and its contexts, under names that cannot collide. */
export const ACTIVITY_COLUMNS = [
  'b.id as activity_id',
  'b.course as activity_course',
  'b.name as activity_name',
  'b.meetingid as activity_seed',
  'b.participants as activity_participants',
  'c.fullname as course_name',
  'c.shortname as course_shortname',
  'cm.id as cm_id',
  'cm.visible as cm_visible',
  'cm.deletioninprogress as cm_deletion',
  'cm.groupmode as cm_groupmode',
  'c.groupmode as course_groupmode',
  'c.groupmodeforce as course_groupforce',
  'x.path as module_path',
  'cx.id as course_context',
  'cx.path as course_path',
];

/** Adds course, course module and contexts of the activity `b`. One look at bigbluebuttonbn's module id, whatever it is. */
export function joinActivity(query: Knex.QueryBuilder, site: MoodleSite): Knex.QueryBuilder {
  return query
    .leftJoin(`${table(site, 'course')} as c`, 'c.id', 'b.course')
    .leftJoin(`${table(site, 'modules')} as m`, (on) => on.onVal('m.name', '=', 'bigbluebuttonbn'))
    .leftJoin(`${table(site, 'course_modules')} as cm`, (on) =>
      on.on('cm.module', 'm.id').andOn('cm.instance', 'b.id').andOn('cm.course', 'b.course'),
    )
    .leftJoin(`${table(site, 'context')} as x`, (on) =>
      on.on('x.instanceid', 'cm.id').andOnVal('x.contextlevel', '=', 70),
    )
    .leftJoin(`${table(site, 'context')} as cx`, (on) =>
      on.on('cx.instanceid', 'b.course').andOnVal('cx.contextlevel', '=', 50),
    );
}

/** Activities by a condition on `b`. */
export const selectActivities = (query: Query, site: MoodleSite): Knex.QueryBuilder =>
  joinActivity(query.select(ACTIVITY_COLUMNS).from(`${table(site, 'bigbluebuttonbn')} as b`), site);

/** Reads an activity from a row of either query; null when the row has none (its activity is gone). */
export function asActivity(row: Row): MoodleActivity | null {
  if (row['activity_id'] === null || row['activity_id'] === undefined) return null;
  return {
    id: asNumber(row['activity_id']),
    courseId: asNumber(row['activity_course']),
    name: asText(row['activity_name']),
    courseName: asText(row['course_name']),
    courseShortName: asText(row['course_shortname']),
    seed: asText(row['activity_seed']),
    participants: row['activity_participants'] === null ? null : asText(row['activity_participants']),
    courseModuleId: row['cm_id'] === null ? null : asNumber(row['cm_id']),
    visible: asFlag(row['cm_visible']),
    deletionInProgress: asFlag(row['cm_deletion']),
    groupMode: asNumber(row[asFlag(row['course_groupforce']) ? 'course_groupmode' : 'cm_groupmode']),
    contextPath: contextPath(row),
  };
}

/** A module's path may not be built yet: then the course's, then the course's context alone. */
export function contextPath(row: Row): number[] {
  const path = asText(row['module_path']) || asText(row['course_path']);
  const ids = path
    .split('/')
    .filter((id) => id !== '')
    .map(Number);
  if (ids.length > 0) return ids;
  return row['course_context'] === null ? [] : [asNumber(row['course_context'])];
}
