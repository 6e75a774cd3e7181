import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from '../../src/kit/adapters/state/journal.js';
import type { Journal, JournalItem } from '../../src/kit/batch/journal.js';
import { openClaimFiles } from '../../src/migrate/adapters/claim-files.js';
import { openClaimWork, takeClaimWork } from '../../src/migrate/adapters/claim-work.js';
import { claimActionId, type ClaimAction } from '../../src/migrate/actions.js';
import { applyMigration } from '../../src/migrate/apply-migration.js';
import type { ClaimTools } from '../../src/migrate/apply-claims.js';
import type { WrittenClaim } from '../../src/migrate/claim-files.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';
import { settleIntents } from '../../src/migrate/settle-intents.js';

/* A run that was killed between the file's place and the journal's entry: what the next run takes it for. */

const recordId = `${'a'.repeat(40)}-1700000000000`;
const id = claimActionId(recordId);
const lost = [{ part: 'slides' as const, path: 'slide-2.png' }];
const pod = { findClaimPaths: async () => [] } as unknown as PodDatabase;
let directory = '';
let claims = '';
let work = '';
let journal: Journal;
let made = 0;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
  [claims, work] = [path.join(directory, 'claims'), path.join(directory, 'work', '0123456789abcdef')];
  mkdirSync(claims);
  journal = openJournal(directory);
  made = 0;
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true });
});

const files = {
  ...openClaimFiles({ owner: null, mode: null }),
  takeWork: async () => takeClaimWork(work),
};

interface Run {
  readonly missing?: string;
  readonly allowMissing?: boolean;
  readonly instead?: ClaimAction['instead'];
  /** Where it is killed: before it tidied up, before it journalled, before it placed anything, or not at all. */
  readonly killed?: 'before-release' | 'before-journal' | 'before-place';
}

async function run(
  name: string,
  { missing = '', allowMissing = false, instead, killed }: Run,
): Promise<void> {
  const action: ClaimAction = {
    ...{ id, kind: 'claim', recordId, reason: 'claim-planned', meetingId: 'm', startAt: 0, title: 'Cours' },
    ...{ origin: '', owner: '-', url: 'https://bbb.univ.fr/playback/presentation/2.3/x', isHidden: false },
    ...{ marks: [], fileName: 'cours.mp4', server: 'default', source: 'presentation', tokenUrl: false },
    ...{ sizeBytes: null, durationMs: null },
    ...(instead === undefined ? {} : { instead }),
  };
  const die = (): never => {
    throw new Error('killed');
  };
  const tools = {
    enqueue: null,
    pod,
    files: killed === 'before-place' ? { ...files, place: async () => die() } : files,
    convertToMp4: async ({ directory: into }: { directory: string }) => {
      const file = path.join(into, 'presentation.mp4');
      writeFileSync(file, `film ${++made}`);
      return { path: file, missing, lost: missing === '' ? [] : lost };
    },
    openWork: async (owner: Parameters<ClaimTools['openWork']>[0]) => {
      const opened = await openClaimWork(work, owner);
      return killed === 'before-release' ? { ...opened, release: async () => undefined } : opened;
    },
    allowMissing,
    claimDirectory: claims,
    register: false,
    minFreeBytes: 0,
    freeWorkBytes: async () => 1e9,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  } as unknown as ClaimTools;
  const withoutOutcomes = new Proxy(journal, {
    get: (real, key: keyof Journal) => (key === 'recordOutcomes' ? die : real[key].bind(real)),
  });
  const header = { run: name, command: 'migrate recordings', mode: 'claim', plannedAt: 0, digest: 'd' };
  const applied = applyMigration({
    plan: {
      header: { ...header, counts: { claim: 1 }, facts: {} },
      async *actions() {
        yield action;
      },
    },
    journal: killed === undefined ? journal : withoutOutcomes,
    ...{ target: 'pod', pod, claims: tools, jobs: 1, signal: tools.signal, onItem: () => undefined },
  });
  await (killed === undefined ? applied : expect(applied).rejects.toThrow('killed'));
}

async function settled(): Promise<JournalItem & { written: WrittenClaim }> {
  await settleIntents(journal, 'pod', pod, files);
  return journal.findItems('pod', [id]).get(id) as JournalItem & { written: WrittenClaim };
}

it('is whole when it was whole', async () => {
  await run('r', { killed: 'before-journal' });
  expect(await settled()).toMatchObject({ state: 'done', reason: 'claim-dropped' });
});

it('lacks what it lacked: a later run makes it again', async () => {
  await run('r', { missing: 'slides: 404', allowMissing: true, killed: 'before-release' });
  expect(await settled()).toMatchObject({
    ...{ state: 'done', reason: 'claim-dropped-incomplete' },
    written: { missing: 'slides: 404', lost },
  });
  expect(readdirSync(path.dirname(work))).toEqual([]);
});

it('is taken for incomplete when it was allowed to be, and nobody can tell any more', async () => {
  await run('r', { missing: 'slides: 404', allowMissing: true, killed: 'before-journal' });
  expect(await settled()).toMatchObject({
    ...{ state: 'done', reason: 'claim-dropped-incomplete' },
    written: { lost: [] },
  });
});

it('is ours where it replaced the incomplete one, and the old one where it did not', async () => {
  await run('first', { missing: 'slides: 404', allowMissing: true });
  const old = (await settled()).written;
  await run('second', { instead: old, killed: 'before-place' });
  expect(await settled()).toMatchObject({ run: 'first', written: { inode: old.inode } });
  await run('third', { instead: old, killed: 'before-journal' });
  expect(readFileSync(path.join(claims, 'cours.mp4'), 'utf8')).toBe('film 2');
  const found = await settled();
  expect(found).toMatchObject({ run: 'third', state: 'done', reason: 'claim-dropped' });
  expect(found.written.inode).not.toBe(old.inode);
});
