/* An annotation that kills itself: `annotate-crash-child.ts DATABASE_URL STATE_DIRECTORY ACTIVITIES STEP`. */
import type { Knex } from 'knex';
import { openAnnotateSite } from './annotate.js';
import { counted, killAt } from './killing.js';

const [url = '', directory = '', activities = '', step = ''] = process.argv.slice(2);
const { tick, count } = killAt(Number(step));
const site = await openAnnotateSite({ url, admin: null as unknown as Knex }, url, directory);
await site.annotate('CRASHED', activities.split(',').map(Number), {
  writer: counted(site.writer, ['writeIntros'], tick),
  journal: counted(site.journal, ['startRun', 'recordIntents', 'recordOutcomes', 'endRun'], tick),
});
await site.close();
console.log(`steps ${count()}`);
