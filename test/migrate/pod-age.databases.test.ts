import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import type { Journal } from '../../src/kit/batch/journal.js';
import { importActionId } from '../../src/migrate/actions.js';
import { cleanup } from '../../src/migrate/cleanup.js';
import { acceptLoss, findOlderPod, forgetLost, type OlderPod } from '../../src/migrate/pod-age.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';
import { applyImportPlan, importPlan, recordIdOf } from '../support/import-run.js';
import { createPod, ENGINES, type TestPod } from '../support/pod.js';

const ROWS = 'import_video_externalrecording';
const TARGET = 'pod:pod.univ.fr#1';
/** Leaves first: what points at users stands before them. */
const OF_USERS = ['playlist_playlist', 'podfile_userfolder'];

describe.each(ENGINES)('a Pod older than the journal, on %s', (engine) => {
  let test: TestPod;
  let pod: PodDatabase;
  let directory: string;
  let journal: Journal;
  beforeAll(async () => {
    test = await createPod({ engine, version: '3.8.4' });
    pod = test.open({ stateDirectory: '/dev/null/state' }).pod;
  });
  afterAll(() => test.drop());
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-age-'));
    journal = openJournal(directory);
  });
  afterEach(async () => {
    journal.close();
    rmSync(directory, { recursive: true });
    await restore({ row: 0 });
  });

  const run = async (id: string, recordings: number, first = 1): Promise<void> => {
    const { tally } = await applyImportPlan(importPlan(id, recordings, first), journal, pod, TARGET);
    expect(tally.byState.done).toBeGreaterThan(0);
  };
  const look = (): Promise<OlderPod | null> => findOlderPod(journal, TARGET, pod);
  /** Removes rows above an id and the accounts that a run made, as people would; the counters go on. */
  const remove = async ({ row }: { row: number }): Promise<void> => {
    const { admin } = test;
    await admin(ROWS).where('id', '>', row).delete();
    const owners = admin('authentication_owner').where('user_id', '>', 2).select('id');
    const sites = await admin('authentication_owner_sites')
      .whereIn('owner_id', owners)
      .select<{ id: number }[]>('id');
    await admin('authentication_owner_sites')
      .whereIn(
        'id',
        sites.map(({ id }) => id),
      )
      .delete();
    for (const table of OF_USERS) await admin(table).where('owner_id', '>', 2).delete();
    await admin('authentication_owner').where('user_id', '>', 2).delete();
    await admin('auth_user').where('id', '>', 2).delete();
  };
  /** As the dump of an earlier moment leaves it when it is put back: rows, accounts and counters. */
  const restore = async ({ row }: { row: number }): Promise<void> => {
    await remove({ row });
    const { admin } = test;
    for (const [table, last] of [
      [ROWS, row],
      ['auth_user', 2],
    ] as const) {
      if (engine === 'sqlite') await admin('sqlite_sequence').where({ name: table }).update({ seq: last });
      else if (engine === 'mysql') await admin.raw(`ALTER TABLE ${table} AUTO_INCREMENT = ${last + 1}`);
      else
        await admin.raw(
          `SELECT setval(pg_get_serial_sequence('${table}', 'id'), ${Math.max(last, 1)}, ${last > 0})`,
        );
    }
  };

  it('is found when rows and accounts of a run are gone together', async () => {
    await run('first', 3);
    expect(await look()).toBeNull();
    await remove({ row: 0 });
    expect(await look()).toEqual({
      since: journal.findRun('first')?.startedAt,
      runs: ['first'],
      recordings: 4,
      accounts: 1,
    });
  });

  it('is told from people who removed all rows of a run by the counter of the table', async () => {
    await run('first', 2);
    await test.admin(ROWS).delete();
    expect(await look()).toBeNull();
    await restore({ row: 0 });
    expect(await look()).toMatchObject({ runs: ['first'], recordings: 2, accounts: 0 });
  });

  it('is found when the ids went to others since', async () => {
    await run('first', 2);
    const [row] = await test.rows(ROWS);
    await restore({ row: 0 });
    for (const id of [1, 2])
      await test.admin(ROWS).insert({
        ...row,
        id,
        owner_id: 1,
        source_url: 'https://elsewhere/',
        start_at: '2020-01-01 00:00:00',
      });
    expect(await look()).toMatchObject({ runs: ['first'], recordings: 2 });
  });

  it('is as old as the first of the runs that it does not know', async () => {
    await run('first', 2);
    const last = (await pod.highestIds()).externalRecording;
    await run('second', 1, 7);
    await run('third', 2, 8);
    await restore({ row: last });
    expect(await look()).toMatchObject({
      since: journal.findRun('second')?.startedAt,
      runs: ['second', 'third'],
      recordings: 4,
      accounts: 1,
    });
  });

  it('is not what a cleanup or people with single rows leave', async () => {
    await run('first', 3);
    await test.admin(ROWS).where('name', 'Cours 1').delete();
    expect(await look()).toBeNull();
    await cleanup({
      journal,
      pod,
      target: TARGET,
      run: 'clean',
      hosts: new Set(['bbb.univ.fr']),
      signal: new AbortController().signal,
      isFatal: () => false,
    });
    expect(await test.rows(ROWS)).toEqual([]);
    expect(await look()).toBeNull();
  });

  it('asks no more once the loss is accepted, and keeps what is gone as removed', async () => {
    await run('first', 3);
    await restore({ row: 0 });
    acceptLoss(journal, (await look())!);
    expect(await look()).toBeNull();
    const id = importActionId(recordIdOf(1), 'teacher');
    expect(journal.findItems(TARGET, [id]).get(id)?.state).toBe('done');
  });

  it('has nothing of those runs for the journal once it is to be given again', async () => {
    await run('first', 3);
    await restore({ row: 0 });
    forgetLost(journal, (await look())!);
    expect(await look()).toBeNull();
    const id = importActionId(recordIdOf(1), 'teacher');
    expect(journal.findItems(TARGET, [id]).get(id)?.state).toBe('undone');
    await run('again', 3);
    expect(await look()).toBeNull();
    expect(await test.rows(ROWS)).toHaveLength(4);
  });
});
