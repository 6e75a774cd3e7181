import { createHash } from 'node:crypto';
import type { ImportWrite } from '../../src/migrate/pod-port.js';
import { createPod, ENGINES } from '../support/pod.js';
export { stopOwnServers as stop } from '../support/servers.js';
import { elapsed, type Bench } from './bench.js';
import { syncedWrites } from './synced-writes.js';

const RECORDINGS = 2000;
const OWNERS_EACH = 3;
const CHUNK = 500;
const TEACHERS = 900;

const recordId = (n: number): string =>
  `${createHash('sha1').update(`bench ${n}`).digest('hex')}-${1_600_000_000_000 + n * 3_600_000}`;

function makeWrites(): ImportWrite[] {
  return Array.from({ length: RECORDINGS * OWNERS_EACH }, (_, i) => {
    const n = Math.floor(i / OWNERS_EACH);
    const id = recordId(n);
    const username = `teacher${i % TEACHERS}`;
    return {
      actionId: `bench-${i}`,
      recordId: id,
      owner: {
        create: {
          username,
          firstName: 'Prénom',
          lastName: 'Nom',
          email: `${username}@univ.fr`,
          isStaff: true,
          authType: 'CAS',
          affiliation: 'faculty',
          establishment: 'Etab_1',
          siteId: 1,
        },
      },
      row: {
        name: `Cours ${n}`,
        startAt: 1_600_000_000_000 + n * 3_600_000,
        sourceUrl: `https://bbb.univ.fr/playback/presentation/2.3/${id}`,
        siteId: 1,
      },
    };
  });
}

/** The machine's own share: as many synced writes as there are chunks. */
const syncChunks = (): Promise<number> => syncedWrites((RECORDINGS * OWNERS_EACH) / CHUNK, RECORDINGS);

/** An empty Pod with default durability takes 6,000 rows of 900 teachers, all of them new. */
export const benches: Bench[] = ENGINES.map((engine) => ({
  name: `of that, Pod rows alone, ${engine}`,
  unit: 'ms/recording',
  runs: 3,
  run: async () => {
    const test = await createPod({ engine, version: '4.1.0', durable: true });
    const { pod } = test.open();
    await pod.describe();
    const writes = makeWrites();
    const ms = await elapsed(async () => {
      for (let from = 0; from < writes.length; from += CHUNK)
        await pod.writeImports(writes.slice(from, from + CHUNK), 0);
    });
    const [row] = await test.admin('import_video_externalrecording').count<{ rows: number }[]>({ rows: '*' });
    await test.drop();
    if (Number(row?.rows) !== writes.length) throw new Error('rows are missing');
    return ms / RECORDINGS;
  },
  baseline: { name: 'one synced write of 64 kB a chunk', run: syncChunks },
}));
