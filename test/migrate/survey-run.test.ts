import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';
import { countAdoption, surveyRuns } from '../../src/migrate/survey-run.js';
import { noClaimFiles } from '../support/import-run.js';

const TARGET = 'pod:pod.univ.fr#1';
const written = { sourceUrl: 'https://b/1', ownerId: 2, name: 'Cours', state: null, uploadedToPodById: null };
const row = (id: number) => ({ id, ...written });

it('counts once what a later run gave again', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-survey-'));
  const journal = openJournal(directory);
  onTestFinished(() => {
    journal.close();
    rmSync(directory, { recursive: true });
  });
  const action = { id: 'import/r/teacher', kind: 'import', recordId: 'r', reason: 'owner-file' } as const;
  const give = (run: string, id: number): void => {
    journal.startRun({ id: run, command: 'migrate recordings', target: TARGET, header: {} });
    journal.recordIntents(run, [action]);
    const outcome = { actionId: action.id, state: 'done', reason: 'imported' } as const;
    journal.recordOutcomes(run, [{ ...outcome, written: { row: row(id) } }]);
  };
  const rows = [row(2)];
  const pod = {
    externalRecordings: async function* () {
      yield rows;
    },
  } as unknown as PodDatabase;
  const adoption = async (): Promise<object | undefined> =>
    (await countAdoption(surveyRuns(journal, ['first', 'second'], pod, noClaimFiles))).owners.get('teacher');

  give('first', 1);
  give('second', 2);
  expect(await adoption()).toMatchObject({ 'as-written': 1, gone: 0 });

  rows.splice(0);
  expect(await adoption()).toMatchObject({ 'as-written': 0, gone: 1 });
  journal.markUndone('second', [action.id]);
  expect(await adoption()).toMatchObject({ 'as-written': 0, gone: 1 });
});
