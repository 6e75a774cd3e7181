import type { MoodleFacts } from '../owners/moodle-facts.js';
import type { MoodleCategory, MoodleDatabase, MoodleQuestion } from '../migrate/moodle-port.js';
import type { SqlDatabase } from '../kit/adapters/sql/database.js';
import { findCategories } from './categories.js';
import { meetingIdPage, strayRecordIdPage } from './meeting-ids.js';
import { gatherFacts, type GatherOptions } from './gather-facts.js';
import { chunksOf, describeSite, type MoodleSite, type SiteDescription } from './site.js';

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

  /**
   * Every form a meetingID of these activities can have: with and without group, as logged, as recorded; then the
   * recordIDs to which no activity leads.
   */
  async *meetingIds(): AsyncIterable<string[]> {
    const { hasRecordingsTable } = await this.#describe();
    let after: number | null = 0;
    while (after !== null) {
      const from: number = after;
      const page = await this.#site.sql.read((query) =>
        meetingIdPage(query, this.#site, from, hasRecordingsTable),
      );
      for (const chunk of chunksOf(page.meetingIds)) yield chunk;
      after = page.last;
    }
    if (!hasRecordingsTable) return;
    after = 0;
    while (after !== null) {
      const from: number = after;
      const page = await this.#site.sql.read((query) => strayRecordIdPage(query, this.#site, from));
      yield page.recordIds;
      after = page.last;
    }
  }

  findCategories(wanted: string): Promise<MoodleCategory[]> {
    return this.#site.sql.read((query) => findCategories(query, this.#site, wanted));
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
