/* A migration that kills itself: `crash-child.ts DATABASE_URL STATE_DIRECTORY RECORDINGS STEP`. Steps are the calls that
   write (to the journal or to Pod), counted before and after each; at STEP the process gets SIGKILL. */
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { openPodDatabase } from '../../src/pod/database/open-pod-database.js';
import { openDatabase } from '../../src/kit/adapters/sql/database.js';
import { databaseSettings } from '../../src/kit/adapters/sql/settings.js';
import { Secret } from '../../src/kit/config/secret.js';
import { applyImportPlan, importPlan } from './import-run.js';
import { counted, killAt } from './killing.js';

const [url = '', directory = '', recordings = '', step = ''] = process.argv.slice(2);
const { tick, count } = killAt(Number(step));

const adapter = openDatabase(databaseSettings('[pod]', { database: new Secret(url) }), {
  stateDirectory: directory,
});
const pod = counted(openPodDatabase(adapter, { siteId: 1 }), ['writeImports', 'highestIds'], tick);
const journal = counted(
  openJournal(directory),
  ['startRun', 'recordIntents', 'recordOutcomes', 'endRun'],
  tick,
);
const { target } = await pod.describe();
await applyImportPlan(importPlan('CRASHED', Number(recordings)), journal, pod, target);
await pod.close();
journal.close();
console.log(`steps ${count()}`);
