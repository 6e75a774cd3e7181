import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/kit/adapters/state/journal.js';
import { readPlan, writePlan } from '../../../src/migrate/adapters/plan-spool.js';
import type { Outcome, PlannedAction } from '../../../src/kit/batch/action.js';
import { applyConcurrently, applyInChunks } from '../../../src/kit/batch/apply.js';
import type { Journal } from '../../../src/kit/batch/journal.js';
import { systemTexts } from '../../../src/kit/errors/system.js';

let directory: string;
let journal: Journal;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
  journal = openJournal(directory);
  journal.startRun({ id: 'R', command: 'c', target: 't', header: {} });
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true });
});

const action = (id: number, kind = 'import'): PlannedAction => ({
  id: `a${id}`,
  kind,
  recordId: `r${id}`,
  reason: 'imported',
});
const many = (n: number): PlannedAction[] => Array.from({ length: n }, (_, i) => action(i));
const done = ({ id }: PlannedAction): Outcome => ({ actionId: id, state: 'done', reason: 'imported' });
const lost = systemTexts.fileUnwritable({ path: 'p', detail: 'd' });

const inChunks = (
  applyChunk: (actions: readonly PlannedAction[]) => Promise<Outcome[]>,
  actions = many(7),
  signal = new AbortController().signal,
) =>
  applyInChunks({
    run: 'R',
    actions,
    journal,
    signal,
    isFatal: (error) => error === lost,
    prepareChunk: async () => new Map(),
    applyChunk,
    chunkSize: 3,
  });

const states = () => [...journal.items('R')].map((item) => item.state);

describe('apply in chunks', () => {
  it('has every outcome in the journal, and totals that are sums of items', async () => {
    const { tally } = await inChunks(async (actions) => actions.map(done), [...many(4), action(9, 'skip')]);
    expect(tally.total).toBe(5);
    expect(tally.byState).toMatchObject({ done: 4, skipped: 1 });
    expect(states()).toEqual(['done', 'done', 'done', 'done', 'skipped']);
  });

  it('retries a refused chunk action by action: one bad row never costs its chunk', async () => {
    const { tally } = await inChunks(async (actions) => {
      if (actions.some(({ id }) => id === 'a4')) throw new Error('row refused');
      return actions.map(done);
    });
    expect(tally.byState).toMatchObject({ done: 6, failed: 1 });
  });

  it('stops at a fatal error, leaves the open chunk to the next run, and says not-run of the rest', async () => {
    const { tally, stoppedBy } = await inChunks(async (actions) => {
      if (actions.some(({ id }) => id === 'a3')) throw lost;
      return actions.map(done);
    });
    expect(stoppedBy).toBe(lost);
    expect(tally.byState).toMatchObject({ done: 3, 'not-run': 4 });
    expect(states()).toEqual(['done', 'done', 'done', 'intended', 'intended', 'intended', 'not-run']);
  });

  it('tells of what was not run why, with the values of it', async () => {
    const told: Outcome[] = [];
    await applyConcurrently({
      ...{ run: 'R', actions: many(3), journal, jobs: 1, signal: new AbortController().signal },
      isFatal: (error) => error === lost,
      intentOf: async () => null,
      applyOne: () => Promise.reject(lost),
      onItem: ({ outcome }) => void told.push(outcome),
    });
    expect(told.map(({ state }) => state)).toEqual(['not-run', 'not-run', 'not-run']);
    for (const { reasonParameters } of told) expect(reasonParameters).toEqual({ path: 'p', detail: 'd' });
  });

  it('waits for the chunk at work when interrupted', async () => {
    const controller = new AbortController();
    const { tally, stoppedBy } = await inChunks(
      async (actions) => {
        controller.abort(systemTexts.interrupted({ signal: 'SIGINT' }, { exitStatus: 130 }));
        return actions.map(done);
      },
      many(7),
      controller.signal,
    );
    expect(stoppedBy?.exitStatus).toBe(130);
    expect(tally.byState).toMatchObject({ done: 3, 'not-run': 4 });
  });
});

describe('apply concurrently', () => {
  it('never runs more than the jobs asked for, and goes on after a failure', async () => {
    let running = 0;
    let most = 0;
    const { tally } = await applyConcurrently({
      run: 'R',
      actions: many(20),
      journal,
      signal: new AbortController().signal,
      isFatal: () => false,
      jobs: 3,
      intentOf: async () => null,
      applyOne: async (one) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running--;
        if (one.id === 'a5') throw new Error('page gone');
        return done(one);
      },
    });
    expect(most).toBe(3);
    expect(tally.byState).toMatchObject({ done: 19, failed: 1 });
  });
});

describe('plan spool', () => {
  it('reads back what was written, with counts and a digest that knows the order', async () => {
    const digestOf = async (actions: PlannedAction[], name: string): Promise<string> => {
      const writer = writePlan(path.join(directory, name));
      await writer.append(actions);
      return (await writer.finish({ run: 'R', command: 'c', mode: 'm', plannedAt: 1, facts: {} })).digest;
    };
    const digest = await digestOf(many(3), 'one');
    expect(await digestOf(many(3), 'two')).toBe(digest);
    expect(await digestOf(many(3).reverse(), 'three')).not.toBe(digest);
    const plan = readPlan(path.join(directory, 'one'));
    expect(plan.header.counts).toEqual({ import: 3 });
    const ids: string[] = [];
    for await (const { id } of plan.actions()) ids.push(id);
    expect(ids).toEqual(['a0', 'a1', 'a2']);
  });
});
