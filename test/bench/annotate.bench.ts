import { createMoodleSite, resetMoodleSite } from '../support/moodle-site.js';
import { moodleSeed } from '../support/moodle-seed.js';
import { bulkSeed, openAnnotateSite, type AnnotateSite } from '../support/annotate.js';
import { createDatabase, type TestDatabase } from '../support/servers.js';
export { stopOwnServers as stop } from '../support/servers.js';
import type { Bench } from './bench.js';

const ACTIVITIES = 10_000;
/** Of the baseline: enough to know what each of the 10,000 takes. */
const SAMPLE = 1000;
const ids = Array.from({ length: ACTIVITIES }, (_, i) => i + 1);
const seed = bulkSeed(moodleSeed(), ACTIVITIES);

interface State {
  readonly database: TestDatabase;
  readonly site: AnnotateSite;
  runs: number;
}

/** Plan and apply of 10,000 notices, journal and server with durable writes. */
const annotate = (engine: 'mysql' | 'postgresql'): Bench => ({
  name: `annotate 10,000 activities, ${engine}`,
  unit: 's',
  runs: 1,
  goal: 20,
  begin: async (): Promise<State> => {
    const database = await createDatabase(engine, { durable: true });
    await createMoodleSite(database, seed);
    return { database, site: await openAnnotateSite(database), runs: 0 };
  },
  run: async (state): Promise<number> => {
    const given = state as State;
    if (given.runs++ > 0) await resetMoodleSite(given.database, seed, ['bigbluebuttonbn']);
    const startedAt = Date.now();
    const { tally } = await given.site.annotate(`r${given.runs}`, ids);
    if (tally.byState.done !== ACTIVITIES) throw new Error(`${tally.byState.done} written`);
    return (Date.now() - startedAt) / 1000;
  },
  baseline: {
    name: '10,000 UPDATEs of one activity each, committed one by one (from 1,000)',
    run: async (state): Promise<number> => {
      const { admin } = (state as State).database;
      const startedAt = Date.now();
      for (let id = 1; id <= SAMPLE; id++)
        await admin('mdl_bigbluebuttonbn')
          .where({ id })
          .update({ timemodified: 1_700_000_000 + id });
      return ((Date.now() - startedAt) / 1000) * (ACTIVITIES / SAMPLE);
    },
  },
  end: async (state) => {
    const { database, site } = state as State;
    await site.close();
    await database.drop();
  },
});

export const benches: Bench[] = [annotate('mysql'), annotate('postgresql')];
