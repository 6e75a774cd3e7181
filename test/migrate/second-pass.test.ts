import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openReports } from '../../src/cli/sites/reports.js';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import type { MigrateAction } from '../../src/migrate/actions.js';
import { applyMigration } from '../../src/migrate/apply-migration.js';
import type { ClaimFiles } from '../../src/migrate/claim-files.js';
import { settleIntents } from '../../src/migrate/settle-intents.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';

function emptyDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-second-pass-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

it('keeps what a run did before, when its plan is applied once more', async () => {
  const journal = openJournal(emptyDirectory());
  onTestFinished(() => journal.close());
  const action = (id: string): MigrateAction => ({
    ...{ id, kind: 'skip', reason: 'already-external', recordId: id, meetingId: 'm', startAt: 0 },
    ...{ title: 'CM', origin: '', owner: 'anne', url: '', isHidden: false, marks: [] },
  });
  const header = { run: 'r', command: 'migrate recordings', mode: 'import', plannedAt: 0, digest: 'd' };
  const pass = async (ids: readonly string[]) => {
    const result = await applyMigration({
      plan: {
        header: { ...header, counts: { skip: ids.length }, facts: {} },
        async *actions() {
          yield* ids.map(action);
        },
      },
      ...{ journal, target: 'pod', pod: {} as PodDatabase, claims: null, jobs: 1 },
      signal: new AbortController().signal,
      onItem: () => undefined,
    });
    return [result.tally.byState.skipped, journal.findRun('r')?.counts['skipped']];
  };
  expect(await pass(['a', 'b'])).toEqual([2, 2]);
  expect(await pass(['a', 'b'])).toEqual([0, 2]);
  expect(await pass(['a', 'b', 'c'])).toEqual([1, 3]);
});

it('counts what a killed run had done', async () => {
  const journal = openJournal(emptyDirectory());
  onTestFinished(() => journal.close());
  journal.startRun({ id: 'k', command: 'migrate recordings', target: 'pod', header: { mode: 'import' } });
  const items = ['a', 'b', 'c'].map((id) => ({
    id,
    recordId: id,
    kind: 'import',
    reason: 'owner-file' as const,
  }));
  journal.recordIntents('k', items);
  journal.recordOutcomes('k', [
    { actionId: 'a', state: 'done', reason: 'owner-file' },
    { actionId: 'b', state: 'failed', reason: 'disk-full' },
    { actionId: 'c', state: 'done', reason: 'owner-file' },
  ]);
  await settleIntents(journal, 'pod', {} as PodDatabase, {} as ClaimFiles);
  expect(journal.findRun('k')).toMatchObject({ state: 'interrupted', counts: { done: 2, failed: 1 } });
});

it('keeps the report of an earlier pass beside the new one', async () => {
  const directory = path.join(emptyDirectory(), 'r');
  for (let pass = 0; pass < 3; pass++) {
    const reports = await openReports({ directory, files: [], json: null });
    await reports.close();
  }
  const pages = readdirSync(directory).filter((name) => name.endsWith('.html'));
  expect(pages.sort()).toEqual(['report-1.html', 'report-2.html', 'report.html']);
});
