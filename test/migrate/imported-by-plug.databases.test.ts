import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { cleanup, planCleanup } from '../../src/migrate/cleanup.js';
import { countAdoption, surveyRuns } from '../../src/migrate/survey-run.js';
import { findUndoableRun, undoRun } from '../../src/migrate/undo-run.js';
import { applyImportPlan, importPlan, noClaimFiles } from '../support/import-run.js';
import { createPod } from '../support/pod.js';

const ROWS = 'import_video_externalrecording';
const TARGET = 'pod:pod.univ.fr#1';
const signal = new AbortController().signal;

/* What Pod's plug leaves of an imported presentation: a text and no user (pod/import_video/views.py 3.5.1 to 4.1.0). */
it.each([
  [
    '3.5.1',
    'sqlite',
    'Video file already uploaded to Pod',
    'Convert web presentation to video in progress...',
  ],
  [
    '3.8.4',
    'mysql',
    'Fichier vidéo déjà téléversé sur Pod',
    'Conversion de la présentation web en vidéo en cours…',
  ],
  [
    '4.1.0',
    'postgresql',
    'Fichier vidéo déjà téléversé sur Pod',
    'Convert web presentation to video in progress…',
  ],
] as const)(
  'imports of the plug are known as such, on Pod %s with %s',
  async (version, engine, done, going) => {
    const test = await createPod({ engine, version });
    const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-plug-'));
    const journal = openJournal(directory);
    onTestFinished(async () => {
      journal.close();
      rmSync(directory, { recursive: true });
      await test.drop();
    });
    const { pod } = test.open({ stateDirectory: directory });
    await applyImportPlan(importPlan('run', 5), journal, pod, TARGET);
    const set = (name: string, state: string): PromiseLike<unknown> =>
      test.admin(ROWS).where({ name, owner_id: 2 }).update({ state, uploaded_to_pod_by_id: null });
    await set('Cours 1', done);
    await set('Cours 2', going);
    await set('Cours 4', 'Impossible to upload to Pod the video');

    const { owners } = await countAdoption(surveyRuns(journal, ['run'], pod, noClaimFiles));
    expect(owners.get('teacher')).toMatchObject({
      imported: 1,
      'under-way': 1,
      'import-failed': 1,
      'as-written': 2,
      changed: 0,
      gone: 0,
    });

    const kinds = new Map<string, string>();
    for await (const { kind, row } of planCleanup(pod, new Set(['bbb.univ.fr'])))
      if (row.ownerId === 2) kinds.set(row.name, kind);
    expect(Object.fromEntries(kinds)).toEqual({
      'Cours 1': 'cleanup',
      'Cours 2': 'skip',
      'Cours 3': 'cleanup',
      'Cours 4': 'skip',
      'Cours 5': 'cleanup',
    });

    const run = findUndoableRun(journal, 'run', directory);
    const common = { journal, pod, signal, isFatal: () => false };
    const { tally } = await undoRun({ ...common, files: noClaimFiles, run, undoRun: 'undo' });
    expect(tally.byReason.get('failed undo-imported')).toBe(1);
    const left = (await test.rows(ROWS)).map((row) => row['name']);
    expect(left).toEqual(expect.arrayContaining(['Cours 1', 'Cours 2', 'Cours 4']));
    const cleaned = await cleanup({
      ...common,
      target: TARGET,
      run: 'clean',
      hosts: new Set(['bbb.univ.fr']),
    });
    expect(cleaned.tally.byState.done).toBeGreaterThan(0);
    expect((await test.rows(ROWS)).map((row) => row['name'])).not.toContain('Cours 1');
  },
);
