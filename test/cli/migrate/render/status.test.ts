import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteAttempt, readAttempts } from '../../../../src/kit/adapters/state/attempts.js';
import { openJournal } from '../../../../src/kit/adapters/state/journal.js';
import { showIn } from '../../../../src/kit/language.js';
import { displayWidth } from '../../../../src/kit/output/text.js';
import {
  renderItem,
  renderNights,
  renderRun,
  renderRuns,
} from '../../../../src/cli/migrate/render/status.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-status-'))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

const fits = (text: string): boolean => text.split('\n').every((line) => displayWidth(line) <= 80);

it('tells why an item failed with its values, and whose it was', () => {
  const journal = openJournal(directory);
  const action = {
    ...{ id: 'claim/r1', kind: 'claim', recordId: 'r1', reason: 'claim-dropped' as const },
    ...{ title: 'Droit des contrats, CM 3', owner: 'abernard', startAt: Date.UTC(2024, 2, 31, 8) },
  };
  journal.startRun({ id: 'A', command: 'migrate recordings', target: 't', header: { mode: 'claim' } });
  journal.recordIntents('A', [action]);
  journal.recordOutcomes('A', [
    {
      ...{ actionId: 'claim/r1', state: 'failed', reason: 'file-unwritable' },
      reasonParameters: { path: '/data/x.mp4', detail: 'EACCES' },
    },
  ]);
  const [item] = journal.items('A');
  journal.close();
  const text = item === undefined ? '' : renderItem(item, 'Europe/Paris');
  expect(text).toContain('failed    2024-03-31  Droit des contrats, CM 3');
  expect(text).toContain('abernard');
  expect(text).toContain('/data/x.mp4');
  expect(text).not.toMatch(/\{\w+\}/);
  expect(fits(text)).toBe(true);
});

it('lists the newest run first, by the order in which they were begun, though the clock jumped back', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 29, 3) });
  const journal = openJournal(directory);
  const begin = (id: string): void =>
    journal.startRun({ id, command: 'migrate recordings', target: 't', header: { mode: 'import' } });
  begin('20261129-030000-aaaa');
  vi.setSystemTime(Date.UTC(2026, 10, 29, 1));
  begin('20261129-010000-bbbb');
  const runs = journal.listRuns();
  journal.close();
  expect(runs.map(({ id }) => id)).toEqual(['20261129-030000-aaaa', '20261129-010000-bbbb']);
  const text = renderRuns(
    { configFlag: undefined },
    runs.map((run) => ({ run, pace: null })).reverse(),
    'Europe/Paris',
  );
  expect(text.split('\n')[1]).toContain('20261129-010000-bbbb  import');
  expect(fits(text)).toBe(true);
});

it('shows nights whose plan never came to be, and those that were killed', () => {
  const begun = { command: 'migrate recordings --use-import-video', startedAt: 0 };
  noteAttempt(directory, { ...begun, id: 'a' });
  const ended = { endedAt: 1, status: 1, run: null, code: 'http-unreachable' };
  noteAttempt(directory, { ...begun, ...ended, id: 'a', message: 'Cannot reach it', remedy: 'curl -v it' });
  noteAttempt(directory, { ...begun, id: 'b' });
  const found = readAttempts(directory);
  expect(found.map(({ id, status, code }) => [id, status, code])).toEqual([
    ['b', null, ''],
    ['a', 1, 'http-unreachable'],
  ]);
  const text = renderNights(
    found.map((attempt) => ({ ...attempt, state: attempt.status === null ? 'killed' : 'status 1' })),
    'UTC',
  );
  expect(text).toContain('killed      migrate recordings');
  expect(text).toContain('http-unreachable: Cannot reach it\n    -> curl -v it');
  const [, partly] = found;
  const some =
    partly === undefined
      ? []
      : [{ ...partly, state: 'status 3', status: 3, run: 'R1', code: '', remedy: '' }];
  expect(renderNights(some, 'UTC')).toContain('\n    -> bbb2pod migrate status R1 --state failed');
  expect(fits(text)).toBe(true);
});

it('shows in French how far a run is that goes on, within 80 columns', () => {
  showIn('fr');
  const journal = openJournal(directory);
  journal.startRun({
    ...{ id: '20261129-030000-aaaa', command: 'migrate recordings', target: 't' },
    header: { mode: 'claim' },
  });
  const [run] = journal.listRuns();
  journal.close();
  if (run === undefined) throw new Error('no run');
  const pace = { done: 1300, failed: 12, total: 1400, current: 'Lecture de la semaine treize, amphi B' };
  const shown = { run, pace: { ...pace, fraction: 0.8, perMinute: 2.6, endsAt: 0 } };
  const runs = [shown, { run: { ...run, state: 'interrupted' as const }, pace: null }];
  const text = renderRuns({ configFlag: undefined }, runs, 'UTC');
  const plain = text.replaceAll(/[\u00a0\u202f]/g, ' ');
  expect(plain).toMatch(/en cours +1 288 +0 +12 +100/);
  const undone = renderRuns(
    { configFlag: undefined },
    [{ run: { ...run, state: 'undone' }, pace: null }],
    'UTC',
  );
  expect([text.includes('migrate undo'), undone.includes('migrate undo')]).toEqual([true, false]);
  expect([fits(text), fits(renderRun(shown, 'UTC'))]).toEqual([true, true]);
  showIn('en');
});
