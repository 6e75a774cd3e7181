import type { MoodleFacts } from '../../owners/moodle-facts.js';
import type { MoodleDatabase, MoodleQuestion } from '../../migrate/moodle-port.js';
import type { SqlDatabase } from '../sql/database.js';
import { selectActivities, asActivity } from './activity-query.js';
import { gatherFacts, type GatherOptions } from './gather-facts.js';
import {
  asNumber,
  asText,
  chunksOf,
  describeSite,
  rowsOf,
  table,
  type MoodleSite,
  type SiteDescription,
} from './site.js';

export interface MoodleDatabaseOptions extends Partial<GatherOptions> {
  readonly prefix: string;
  /** Name of the configuration section, for messages. */
  readonly name: string;
}

/** Opens one Moodle for reading: PostgreSQL or MariaDB/MySQL, any prefix, plugin 2.4 to Moodle 5.1. Contacts nothing yet. */
export const openMoodleDatabase = (sql: SqlDatabase, options: MoodleDatabaseOptions): MoodleDatabase =>
  new SqlMoodle({ sql, prefix: options.prefix, name: options.name }, options);

class SqlMoodle implements MoodleDatabase {
  readonly #site: MoodleSite;
  readonly #options: GatherOptions;
  #description: Promise<SiteDescription> | undefined;

  constructor(site: MoodleSite, options: Partial<GatherOptions>) {
    this.#site = site;
    this.#options = {
      allEnrolments: options.allEnrolments ?? false,
      moderatorDefault: options.moderatorDefault ?? null,
    };
  }

  async describe(): ReturnType<MoodleDatabase['describe']> {
    const { identifier, release, hasRecordingsTable } = await this.#describe();
    const engine = this.#site.sql.engine === 'mysql' ? 'mysql' : 'postgresql';
    return { target: `moodle:${identifier}`, engine, release, hasRecordingsTable };
  }

  async gatherFacts(questions: readonly MoodleQuestion[]): Promise<MoodleFacts> {
    const description = await this.#describe();
    return this.#site.sql.read((query) =>
      gatherFacts(query, this.#site, description, questions, this.#options),
    );
  }

  /** Every form a meetingID of these activities can have: with and without group, as logged, as recorded. */
  async *meetingIds(): AsyncIterable<string[]> {
    const { hasRecordingsTable } = await this.#describe();
    for (let after = 0; ;) {
      const page = await this.#site.sql.read(async (query) => {
        const rows = await rowsOf(
          selectActivities(query, this.#site).where('b.id', '>', after).orderBy('b.id').limit(500),
        );
        const activities = rows.map(asActivity).filter((activity) => activity !== null);
        const ids = activities.map((activity) => activity.id);
        const groups = hasRecordingsTable
          ? await rowsOf(
              query(table(this.#site, 'bigbluebuttonbn_recordings'))
                .distinct('bigbluebuttonbnid', 'groupid')
                .whereIn('bigbluebuttonbnid', ids),
            )
          : [];
        const logged = await rowsOf(
          query(table(this.#site, 'bigbluebuttonbn_logs'))
            .distinct('meetingid')
            .whereIn('courseid', [...new Set(activities.map((activity) => activity.courseId))])
            .whereIn('bigbluebuttonbnid', ids)
            .whereIn('log', ['Create', 'create-migrated', 'Join']),
        );
        return { activities, groups, logged, last: ids.at(-1) };
      });
      if (page.last === undefined) return;
      after = page.last;
      const found = new Set(page.logged.map((row) => asText(row['meetingid'])));
      for (const { seed, courseId, id } of page.activities) {
        found.add(`${seed}-${courseId}-${id}`).add(`${seed}-${courseId}-${id}[0]`);
        for (const row of page.groups)
          if (asNumber(row['bigbluebuttonbnid']) === id)
            found.add(`${seed}-${courseId}-${id}[${asNumber(row['groupid'])}]`);
      }
      for (const chunk of chunksOf([...found])) yield chunk;
    }
  }

  close(): Promise<void> {
    return this.#site.sql.close();
  }

  #describe(): Promise<SiteDescription> {
    this.#description ??= describeSite(this.#site).catch((error: unknown) => {
      this.#description = undefined;
      throw error;
    });
    return this.#description;
  }
}
