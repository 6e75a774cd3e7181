import { createHash } from 'node:crypto';
import type { SqlDatabase } from '../kit/adapters/sql/database.js';
import type { GreenlightDatabase, GreenlightQuestion } from '../migrate/greenlight-port.js';
import type { GreenlightFacts, GreenlightOptions } from '../owners/greenlight-facts.js';
import { gatherFacts, readNamedRooms, withoutNamedRoom } from './gather-facts.js';
import { describeGreenlight } from './describe-greenlight.js';
import { readPopulation } from './population.js';
import { asText } from '../kit/adapters/sql/as-text.js';
import { rowsOf, type GreenlightDescription, type GreenlightSite } from './site.js';
import { append } from '../kit/groups.js';

const PAGE = 5000;

/** Opens one Greenlight for reading, 2 or 3 by its columns. Contacts nothing yet. */
export const openGreenlightDatabase = (sql: SqlDatabase, options: GreenlightOptions): GreenlightDatabase =>
  new SqlGreenlight({ sql, name: options.section }, options);

class SqlGreenlight implements GreenlightDatabase {
  readonly options: GreenlightOptions;
  readonly #site: GreenlightSite;
  readonly #describe: () => Promise<GreenlightDescription>;
  readonly #population: () => Promise<GreenlightFacts['population']>;
  readonly #hashes: () => Promise<RoomHashes>;

  constructor(site: GreenlightSite, options: GreenlightOptions) {
    this.options = options;
    this.#site = site;
    this.#describe = once(() => describeGreenlight(site));
    this.#population = once(async () => readPopulation(site, await this.#describe()));
    this.#hashes = once(() => hashRooms(this.#rooms()));
  }

  async describe(): ReturnType<GreenlightDatabase['describe']> {
    const { version, schema } = await this.#describe();
    return { version, schema };
  }

  async gatherFacts(questions: readonly GreenlightQuestion[]): Promise<GreenlightFacts> {
    const description = await this.#describe();
    const population = await this.#population();
    const { sql } = this.#site;
    const named = await sql.read((query) => readNamedRooms(query, description, questions));
    const open = withoutNamedRoom(questions, named);
    const hashes = open.length === 0 ? null : await this.#hashes();
    const byHash = open.flatMap((recordId) =>
      (hashes?.roomIdsOf(recordId) ?? []).map((roomId) => ({ recordId, roomId })),
    );
    const facts = await sql.read((query) => gatherFacts(query, description, named, open, byHash));
    return { ...facts, population };
  }

  async *meetingIds(): AsyncGenerator<readonly string[]> {
    for await (const page of this.#rooms())
      yield page.map(({ meetingId }) => meetingId).filter((id) => id !== '');
  }

  close(): Promise<void> {
    return this.#site.sql.close();
  }

  /** Every room by id, page after page. */
  async *#rooms(): AsyncGenerator<{ id: string; meetingId: string }[]> {
    const { version } = await this.#describe();
    const column = version === 3 ? 'meeting_id' : 'bbb_id';
    let after: unknown = null;
    for (;;) {
      const rows = await this.#site.sql.read((query) => {
        const page = query('rooms').select('id', column).orderBy('id').limit(PAGE);
        return rowsOf(after === null ? page : page.where('id', '>', after as string));
      });
      if (rows.length > 0)
        yield rows.map((row) => ({ id: asText(row['id']), meetingId: asText(row[column]) }));
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.['id'] ?? null;
    }
  }
}

/** The first answer is kept; a failure is not. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    }));
}

/** Rooms by the hash of their meetingID. */
export interface RoomHashes {
  roomIdsOf(recordId: string): readonly string[];
}

/**
 * BigBlueButton's internal meeting id, which is the recordID, is sha1(meetingID)-createTime
 * (ParamsProcessorUtil.java, convertToInternalMeetingId): the room is found although the recording lost its meetingID.
 * Reckoned here, for not every database has pgcrypto, and not every account may use it.
 * @param pages rooms, read once.
 */
export async function hashRooms(
  pages: AsyncIterable<readonly { readonly id: string; readonly meetingId: string }[]>,
): Promise<RoomHashes> {
  const ids = new Map<string, string[]>();
  for await (const page of pages)
    for (const { id, meetingId } of page) {
      if (meetingId === '') continue;
      const hash = createHash('sha1').update(meetingId).digest('hex');
      append(ids, hash, id);
    }
  return { roomIdsOf: (recordId) => ids.get(/^([0-9a-f]{40})-\d+$/.exec(recordId)?.[1] ?? '') ?? [] };
}
