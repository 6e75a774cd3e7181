import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemTexts } from '../../src/kit/errors/system.js';
import { openClaimFiles } from '../../src/migrate/adapters/claim-files.js';
import { listKeptWork, openClaimWork } from '../../src/migrate/adapters/claim-work.js';
import { claimActionId, type ClaimAction } from '../../src/migrate/actions.js';
import { isFatal } from '../../src/migrate/apply-migration.js';
import { applyClaim, type ClaimTools } from '../../src/migrate/apply-claims.js';
import type { FileStamp, WrittenClaim } from '../../src/migrate/claim-files.js';
import type { PodDatabase } from '../../src/migrate/pod-port.js';

/* The last step of a claim: tried first, and what it cannot do costs no second conversion. */

const recordId = `${'a'.repeat(40)}-1700000000000`;
const action: ClaimAction = {
  id: claimActionId(recordId),
  kind: 'claim',
  recordId,
  reason: 'claim-planned',
  meetingId: 'm',
  startAt: 0,
  title: 'Cours',
  origin: '',
  owner: '-',
  url: 'https://bbb.univ.fr/playback/presentation/2.3/x',
  isHidden: false,
  marks: [],
  fileName: 'cours.mp4',
  server: 'default',
  source: 'presentation',
  tokenUrl: false,
  sizeBytes: null,
  durationMs: null,
};
let directory = '';
let claims = '';
let work = '';
let made = 0;
let missing = '';
const files = openClaimFiles({ owner: null, mode: null });

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bbb2pod-'));
  [claims, work] = [path.join(directory, 'claims'), path.join(directory, 'work')];
  mkdirSync(claims);
  [made, missing] = [0, ''];
});
afterEach(() => rmSync(directory, { recursive: true }));

const tools = (changes: Partial<ClaimTools> = {}): ClaimTools => ({
  enqueue: null,
  pod: { findClaimPaths: async () => [] } as unknown as PodDatabase,
  files: { ...files, takeWork: async () => null },
  convertToMp4: async ({ directory: into }) => {
    made++;
    const file = path.join(into, 'presentation.mp4');
    writeFileSync(file, `film ${made}`);
    return { path: file, missing, lost: missing === '' ? [] : [{ part: 'slides', path: 'slide-2.png' }] };
  },
  downloadVideo: () => Promise.reject(new Error('no video here')),
  probeVideo: () => Promise.reject(new Error('no video here')),
  freshPlaybackUrl: async () => null,
  openWork: (owner) => openClaimWork(path.join(work, '0123456789abcdef'), owner),
  allowMissing: false,
  claimDirectory: claims,
  recorderId: 1,
  register: false,
  minFreeBytes: 0,
  freeWorkBytes: async () => 1e9,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...changes,
});
const refusing = {
  ...files,
  takeWork: async () => null,
  place: () => Promise.reject(systemTexts.fileUnwritable({ path: claims, detail: 'no right' })),
};

it('is tried before anything is made: a directory that takes no file stops the batch', async () => {
  rmSync(claims, { recursive: true });
  writeFileSync(claims, 'a file');
  await expect(applyClaim(action, tools())).rejects.toMatchObject({ code: 'claim-directory-unfit' });
  expect(made).toBe(0);
});

it('leaves nothing of its rehearsal', async () => {
  await files.rehearse(claims);
  expect(readdirSync(claims)).toEqual([]);
});

it('keeps under its name what it cannot deliver, lists it, and delivers it next time without making it again', async () => {
  await expect(applyClaim(action, tools({ files: refusing }))).rejects.toMatchObject({
    code: 'claim-undelivered',
    parameters: { kept: path.join(work, '0123456789abcdef/cours.mp4') },
  });
  // This process still lives: to the list its work is running.
  const [kept] = await listKeptWork(work);
  expect(kept).toMatchObject({ recordId, title: 'Cours', fileName: 'cours.mp4', state: 'running' });
  expect(kept?.why).toContain('no right');
  const renamed = { ...action, fileName: 'cours-renamed.mp4' };
  expect(await applyClaim(renamed, tools())).toMatchObject({ state: 'done', reason: 'claim-dropped' });
  expect(made).toBe(1);
  expect(readFileSync(path.join(claims, 'cours-renamed.mp4'), 'utf8')).toBe('film 1');
  expect(readdirSync(work)).toEqual([]);
});

it('leaves no directory of what could not be made', async () => {
  const failing = { convertToMp4: () => Promise.reject(systemTexts.presentationEmpty({ folder: 'x' })) };
  await expect(applyClaim(action, tools(failing))).rejects.toMatchObject({ code: 'presentation-empty' });
  expect(readdirSync(work)).toEqual([]);
});

it('fails alone when the disk is too small for it; a disk that is full without it stops the batch', async () => {
  const filling = {
    convertToMp4: async ({ directory: into }: { directory: string }) => {
      writeFileSync(path.join(into, 'half.part'), 'x');
      throw systemTexts.diskFull({ path: into });
    },
  };
  await expect(applyClaim(action, tools(filling))).rejects.toMatchObject({ code: 'claim-exceeds-disk' });
  expect(readdirSync(work)).toEqual([]);
  const full = { ...filling, freeWorkBytes: async () => 1000 };
  await expect(applyClaim(action, tools(full))).rejects.toMatchObject({ code: 'disk-full' });
  expect(isFatal(systemTexts.diskFull({ path: work }))).toBe(true);
});

it('makes an incomplete film only when it is allowed, says so, and puts a whole one in its place', async () => {
  missing = '1 of 2 slides missing: 404';
  const outcome = await applyClaim(action, tools({ allowMissing: true }));
  expect(outcome).toMatchObject({
    state: 'done',
    reason: 'claim-dropped-incomplete',
    reasonParameters: { missing },
  });
  missing = '';
  const { sizeBytes, modifiedAt, inode } = outcome.written as WrittenClaim;
  const instead: FileStamp = { sizeBytes, modifiedAt, inode };
  expect(await applyClaim({ ...action, instead }, tools())).toMatchObject({ reason: 'claim-dropped' });
  expect(readdirSync(claims)).toEqual(['cours.mp4']);
  expect(readFileSync(path.join(claims, 'cours.mp4'), 'utf8')).toBe('film 2');
  // Another file of that name is not ours to replace.
  expect(await applyClaim({ ...action, instead }, tools())).toMatchObject({ reason: 'changed-since-plan' });
});

it('leaves the file that stands there while its server has nothing of what it lacks', async () => {
  missing = 'cursor: 404';
  const outcome = await applyClaim(action, tools({ allowMissing: true }));
  const { sizeBytes, modifiedAt, inode, lost } = outcome.written as WrittenClaim;
  expect(lost).toEqual([{ part: 'slides', path: 'slide-2.png' }]);
  const asked: unknown[] = [];
  const still = tools({
    convertToMp4: async (request) => {
      asked.push(request.lost);
      return { lacksStill: missing };
    },
  });
  const again: ClaimAction = { ...action, instead: { sizeBytes, modifiedAt, inode }, lost: lost ?? [] };
  expect(await applyClaim(again, still)).toMatchObject({
    state: 'skipped',
    reason: 'claim-kept-incomplete',
    reasonParameters: { missing },
  });
  expect(asked).toEqual([lost]);
  expect(readFileSync(path.join(claims, 'cours.mp4'), 'utf8')).toBe('film 1');
  expect(readdirSync(work)).toEqual([]);
});

it('does not deliver a kept film that lacks something to a run that does not allow it', async () => {
  missing = 'webcams: 404';
  await expect(applyClaim(action, tools({ files: refusing, allowMissing: true }))).rejects.toBeDefined();
  missing = '';
  expect(await applyClaim(action, tools())).toMatchObject({ reason: 'claim-dropped' });
  expect(made).toBe(2);
});

it('delivers a kept film whose server lacks the same still, without making it again', async () => {
  missing = 'cursor: 404';
  await expect(applyClaim(action, tools({ files: refusing }))).rejects.toMatchObject({
    code: 'claim-undelivered',
  });
  const asked: unknown[] = [];
  const still = tools({
    convertToMp4: async ({ lost }) => {
      asked.push(lost);
      return { lacksStill: missing };
    },
  });
  expect(await applyClaim(action, still)).toMatchObject({
    state: 'done',
    reason: 'claim-dropped-incomplete',
    reasonParameters: { missing },
  });
  expect(asked).toEqual([[{ part: 'slides', path: 'slide-2.png' }]]);
  expect(readFileSync(path.join(claims, 'cours.mp4'), 'utf8')).toBe('film 1');
  expect(readdirSync(work)).toEqual([]);
});

it('gives the file the mode of its directory', async () => {
  await applyClaim(action, tools());
  expect(statSync(path.join(claims, 'cours.mp4')).mode & 0o777).toBe(statSync(claims).mode & 0o666);
});
