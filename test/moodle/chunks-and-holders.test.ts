import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import { applyAnnotations } from '../../src/moodle/apply-annotations.js';
import { findActivities } from '../../src/moodle/find-activities.js';
import type { AnnotateAction } from '../../src/moodle/plan-annotation.js';
import type { MoodleDescription, MoodleWriter } from '../../src/moodle/ports.js';
import { aRow, anActivity, SEED, someFacts, START } from '../owners/build.js';

const action = (id: number): AnnotateAction => ({
  id: `annotate/test/${id}`,
  kind: 'annotate',
  recordId: 'r',
  title: '',
  reason: 'annotate-written',
  reasonParameters: { activity: id },
  activity: { id, name: 'Salle', courseId: id, courseName: 'Droit', introFormat: 1 },
  recordings: 1,
  from: '',
  to: 'x',
});

it('writes fifty activities at a time, and rests between, not before and not after', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-chunks-'));
  const journal = openJournal(directory);
  onTestFinished(() => {
    journal.close();
    rmSync(directory, { recursive: true });
  });
  const written: { count: number; at: number }[] = [];
  const moodle = {
    writeIntros: async (intros: readonly { id: number }[]) => {
      written.push({ count: intros.length, at: Date.now() });
      return intros.map(({ id }) => ({ id, state: 'written' }));
    },
  } as unknown as MoodleWriter;
  journal.startRun({ id: 'r', command: 'moodle annotate', target: 'm', header: {} });
  const began = Date.now();
  await applyAnnotations({
    ...{ run: 'r', campaign: 'c', moodle, journal, paceMs: 300, signal: new AbortController().signal },
    actions: Array.from({ length: 120 }, (_, i) => action(i + 1)),
    description: { target: 'm', prefix: 'mdl_' } as unknown as MoodleDescription,
  });
  const ended = Date.now();
  expect(written.map(({ count }) => count)).toEqual([50, 50, 20]);
  const [first = began, second = began, third = began] = written.map(({ at }) => at);
  expect([second - first, third - second].every((rest) => rest >= 290)).toBe(true);
  expect(ended - began).toBeLessThan(third - first + 600);
});

it('tells the activity that made it; those that hold an imported copy only when asked', async () => {
  const recordId = `rec-${START}`;
  const facts = someFacts({
    activities: [anActivity(1, '[]'), anActivity(2, '[]', { seed: 'f'.repeat(40) })],
    recordingRows: [aRow(1, 2), aRow(2, 2, { imported: true })],
  });
  const recording = { recordId, meetingId: `${SEED}-2-1[0]`, title: 't', startAt: START, owner: 'a' };
  const holders = async (includeImports: boolean) =>
    [
      ...(
        await findActivities(
          [recording as never],
          { gatherFacts: async () => facts },
          {
            includeImports,
            signal: new AbortController().signal,
          },
        )
      ).byActivity.keys(),
    ].sort();
  expect([await holders(false), await holders(true)]).toEqual([[1], [1, 2]]);
});
