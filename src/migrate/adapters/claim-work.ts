import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { allBelow } from '../../kit/adapters/files/all-below.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { removeTree } from '../../kit/adapters/files/remove-tree.js';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import { isAlive, thisProcess } from '../../kit/adapters/process/identity.js';
import type { ClaimWork, FinishedFilm, KeptWork, WorkOwner } from '../claim-work.js';

/** What stands in each directory of work about it. */
const ABOUT = 'about.json';
const aboutSchema = z.object({
  recordId: z.string(),
  title: z.string(),
  fileName: z.string(),
  process: z.object({ pid: z.number(), startTime: z.string() }),
  finished: z
    .object({
      missing: z.string(),
      // Absent before 0.2.
      lost: z.array(z.object({ part: z.string(), path: z.string() })).default([]),
    })
    .nullable(),
  why: z.string(),
});
type About = z.infer<typeof aboutSchema>;

/** Opens the work of one recording; what an earlier run left in it is gone on with. @throws OperatorError file-unwritable, disk-full */
export async function openClaimWork(directory: string, owner: WorkOwner): Promise<ClaimWork> {
  makeDirectory(directory);
  const earlier = await readAbout(directory);
  const finished = await finishedIn(directory, earlier, owner.fileName);
  let about: About = {
    ...owner,
    process: thisProcess(),
    ...(finished === null || earlier === null
      ? { finished: null, why: '' }
      : { fileName: earlier.fileName, finished: earlier.finished, why: earlier.why }),
  };
  const write = async (changes: Partial<About>): Promise<void> => {
    about = { ...about, ...changes };
    await writeAtomically(path.join(directory, ABOUT), `${JSON.stringify(about, null, 2)}\n`);
  };
  await write({});
  return {
    path: directory,
    finished,
    async keep({ path: made, missing, lost }) {
      const kept = path.join(directory, owner.fileName);
      await write({ fileName: owner.fileName, finished: { missing, lost: [...lost] } });
      await rename(made, kept);
      return { path: kept, missing, lost };
    },
    waits: (why) => write({ why }),
    release: () => rm(directory, { recursive: true, force: true }),
    async tidy() {
      const rest = (await readdir(directory).catch(() => [])).filter((name) => name !== ABOUT);
      if (rest.length === 0) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Removes the work of a recording whose film was placed. @returns what the film lacks; null where that is not known */
export async function takeClaimWork(
  directory: string,
): Promise<Pick<FinishedFilm, 'missing' | 'lost'> | null> {
  const about = await readAbout(directory);
  await removeTree(directory);
  return about?.finished ?? null;
}

/** The film of an earlier run; a title that changed since gave it another name, another kind of file is none. */
async function finishedIn(
  directory: string,
  about: About | null,
  wanted: string,
): Promise<FinishedFilm | null> {
  if (about?.finished == null || path.extname(about.fileName) !== path.extname(wanted)) return null;
  const file = path.join(directory, path.basename(about.fileName));
  const status = await stat(file).catch(() => null);
  return status?.isFile() === true && status.size > 0 ? { path: file, ...about.finished } : null;
}

async function readAbout(directory: string): Promise<About | null> {
  try {
    const text = await readFile(path.join(directory, ABOUT), 'utf8');
    return aboutSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Directories of claims have a hash for a name, those of conversions end in `.work`; what else stands there is not ours. */
const OURS = /^(?:[0-9a-f]{16}|\..+\.[0-9a-f]{8}\.work)$/;

/** All that stands below a work directory, newest first; nothing when there is none. */
export async function listKeptWork(root: string): Promise<KeptWork[]> {
  const names = await readdir(root).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => OURS.test(name)).map((name) => describe(path.join(root, name))),
  );
  return found.filter((one) => one !== null).sort((a, b) => b.changedAt - a.changedAt);
}

async function describe(directory: string): Promise<KeptWork | null> {
  const own = await stat(directory).catch(() => null);
  if (own?.isDirectory() !== true) return null;
  const about = await readAbout(directory);
  let sizeBytes = 0;
  let changedAt = own.mtimeMs;
  let running = about !== null && isAlive(about.process.pid, about.process.startTime);
  for (const { file, status } of allBelow(directory)) {
    if (status.isFile()) sizeBytes += status.size;
    changedAt = Math.max(changedAt, status.mtimeMs);
    if (path.basename(file) === 'owner.txt') running ||= await isSigned(file);
  }
  const finished = about === null ? null : await finishedIn(directory, about, about.fileName);
  const name = /^\.(.+)\.[0-9a-f]{8}\.work$/.exec(path.basename(directory))?.[1] ?? '';
  return {
    path: directory,
    state: running ? 'running' : finished === null ? 'begun' : 'finished',
    recordId: about?.recordId ?? '',
    title: about?.title ?? '',
    fileName: about?.fileName ?? name,
    sizeBytes,
    changedAt: Math.round(changedAt),
    why: about?.why ?? '',
  };
}

/** A conversion signs its directory with its process (work-directory.ts): `PID START HOST …`. */
async function isSigned(file: string): Promise<boolean> {
  const [pid = '', startTime = ''] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  return isAlive(Number(pid), startTime);
}

/** Removes pieces of work; nothing there is fine. */
export async function removeKeptWork(works: readonly KeptWork[]): Promise<void> {
  for (const { path: directory } of works) await rm(directory, { recursive: true, force: true });
}
