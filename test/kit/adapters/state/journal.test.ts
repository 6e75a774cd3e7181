import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../../src/kit/adapters/state/journal.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const action = (id: string) => ({ id, kind: 'import', recordId: `r-${id}`, reason: 'interrupted' as const });

describe('journal', () => {
  it('remembers what was intended, done and undone, over runs and restarts', () => {
    const first = openJournal(directory);
    first.startRun({ id: 'A', command: 'migrate recordings', target: 'pod-1', header: { mode: 'import' } });
    first.recordIntents('A', [{ ...action('1'), intent: { url: 'https://x/?token=abc' } }, action('2')]);
    first.recordOutcomes('A', [{ actionId: '1', state: 'done', reason: 'interrupted', written: { id: 7 } }]);
    first.close();

    const second = openJournal(directory);
    expect([...second.items('A')].map((item) => item.state)).toEqual(['done', 'intended']);
    expect([...second.items('A', ['done'])][0]?.written).toEqual({ id: 7 });
    expect(JSON.stringify([...second.items('A')])).not.toContain('abc');
    second.markUndone('A', ['1']);
    expect(second.findItems('pod-1', ['1', '2', '3']).get('1')?.state).toBe('undone');
    expect(second.findItems('another pod', ['1']).size).toBe(0);
    second.endRun('A', 'finished', { done: 1 });
    expect(second.listRuns()[0]).toMatchObject({ state: 'finished', counts: { done: 1 } });
    second.close();
  });

  it('is readable by its owner only', () => {
    openJournal(directory).close();
    expect(statSync(path.join(directory, 'journal.sqlite3')).mode & 0o777).toBe(0o600);
  });

  it('pages through more items than a page', () => {
    const journal = openJournal(directory);
    journal.startRun({ id: 'B', command: 'c', target: 't', header: {} });
    journal.recordIntents(
      'B',
      Array.from({ length: 1203 }, (_, i) => action(String(i))),
    );
    expect([...journal.items('B')]).toHaveLength(1203);
    journal.close();
  });

  it('keeps whole chunks as they were told, whatever their texts are', () => {
    const journal = openJournal(directory);
    journal.startRun({ id: 'C', command: 'c', target: 't', header: {} });
    const odd = [`l'"été"`, 'a\\u0041', '\u0001\t', '👩‍🏫', '{"a":[1]}', '%', ''];
    const ids = Array.from({ length: 4000 }, (_, i) => `${odd[i % odd.length]}${i}`);
    journal.recordIntents(
      'C',
      ids.map((id) => ({ ...action(id), title: `T ${id}`, intent: { id, none: null } })),
    );
    const outcomes = ids.map((actionId) => ({
      ...{ actionId, state: 'done', reason: 'interrupted', reasonParameters: { id: actionId } },
      ...(actionId.endsWith('7') ? {} : { written: { id: actionId } }),
    }));
    // Each is found by its key: 4000 rows take 16 million looks otherwise.
    journal.recordOutcomes('C', outcomes as Parameters<typeof journal.recordOutcomes>[1]);
    for (const { actionId, state, intent, written, shown } of journal.items('C'))
      expect({ actionId, state, intent, written, title: shown.title, told: shown.parameters }).toEqual({
        ...{ actionId, state: 'done', intent: { id: actionId, none: null } },
        ...{ written: actionId.endsWith('7') ? null : { id: actionId } },
        ...{ title: `T ${actionId}`, told: { id: actionId } },
      });
    expect([...journal.findItems('t', ids).keys()].sort()).toEqual([...ids].sort());
    journal.close();
  });
});
