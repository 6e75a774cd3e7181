/* A migration that kills itself: `crash-child.ts DATABASE_URL STATE_DIRECTORY RECORDINGS STEP`. Steps are the calls that
   write (to the journal or to Pod), counted before and after each; at STEP the process gets SIGKILL. */
import { openJournal } from '../../src/adapters/state/journal.js';
import { openPodDatabase } from '../../src/adapters/esup-pod/database/open-pod-database.js';
import { openDatabase } from '../../src/adapters/sql/database.js';
import { databaseSettings } from '../../src/adapters/sql/settings.js';
import { Secret } from '../../src/config/secret.js';
import { applyImportPlan, importPlan } from './import-run.js';

const [url = '', directory = '', recordings = '', step = ''] = process.argv.slice(2);
let count = 0;
const tick = (): void => {
  if (++count === Number(step)) process.kill(process.pid, 'SIGKILL');
};

/** Counts the writing calls of an object, before and after each. */
function counted<T extends object>(target: T, names: readonly string[]): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      if (!names.includes(String(name))) return value.bind(object) as unknown;
      return (...parameters: unknown[]): unknown => {
        tick();
        const result: unknown = (value as (...all: unknown[]) => unknown).apply(object, parameters);
        if (!(result instanceof Promise)) {
          tick();
          return result;
        }
        return result.then((settled: unknown) => {
          tick();
          return settled;
        });
      };
    },
  });
}

const door = openDatabase(databaseSettings('[pod]', { database: new Secret(url) }), {
  stateDirectory: directory,
});
const pod = counted(openPodDatabase(door, { siteId: 1 }), ['writeImports', 'highestIds']);
const journal = counted(openJournal(directory), ['startRun', 'recordIntents', 'recordOutcomes', 'endRun']);
const { target } = await pod.describe();
await applyImportPlan(importPlan('CRASHED', Number(recordings)), journal, pod, target);
await pod.close();
journal.close();
console.log(`steps ${count}`);
