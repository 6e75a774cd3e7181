import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { describeDiskFailure } from '../../../kit/adapters/files/disk-failure.js';
import { hasContent } from '../../../kit/adapters/files/path-status.js';
import { removeTree } from '../../../kit/adapters/files/remove-tree.js';
import { writeAtomically } from '../../../kit/adapters/files/write-atomically.js';
import { RESULT_FILE, runRequestSchema, type TaskResult } from '../../esup-runner/protocol.js';
import type { ConvertedFile } from '../../recording-ports.js';

const storedSchema = z.object({
  request: runRequestSchema,
  status: z.enum(['running', 'completed', 'failed']),
  error_message: z.string().nullable(),
  script_output: z.string().nullable(),
  /** Whether the manager knows the end. */
  told: z.boolean(),
  /** How often it went on after its worker died. */
  resumed: z.number(),
  endedAt: z.number().nullable(),
});
/** A task of this runner as it stands on its disk. */
export type StoredTask = z.infer<typeof storedSchema>;

/**
 * The tasks of one runner, each in a folder of its own: `task.json` (what it is and how it ended), `output/` (its files, flat)
 * and `manifest.json`, as a runner of esup-runner keeps them (runner/app/services/task_dispatcher.py).
 */
export interface TaskStore {
  all(): StoredTask[];
  find(task: string): StoredTask | null;
  /** Written whole before anything is begun. @throws OperatorError disk-full, file-unwritable */
  save(task: StoredTask): Promise<void>;
  /** An empty folder for the results. */
  prepare(task: string): Promise<void>;
  output(task: string): string;
  files(task: string): string[] | null;
  /** Describes the film beside it, so that whoever fetches it can tell it is whole. */
  describe(task: string, file: ConvertedFile): Promise<void>;
  remove(task: string): Promise<void>;
  /** Removes what ended that long ago and was told. */
  sweep(olderThanMs: number): Promise<void>;
  disk(): Promise<{ path: string; totalBytes: number; freeBytes: number }>;
}

export async function openTaskStore(directory: string): Promise<TaskStore> {
  await makeFolder(directory);
  const known = new Map<string, StoredTask>();
  for (const name of readdirSync(directory)) {
    const task = readTask(path.join(directory, name, 'task.json'));
    if (task !== null) known.set(name, task);
  }
  const folder = (task: string): string => path.join(directory, task);
  const output = (task: string): string => path.join(folder(task), 'output');
  const remove = async (task: string): Promise<void> => {
    known.delete(task);
    await removeTree(folder(task));
  };
  return {
    all: () => [...known.values()],
    find: (task) => known.get(task) ?? null,
    save: async (task) => {
      const id = task.request.task_id;
      await makeFolder(folder(id));
      await writeAtomically(path.join(folder(id), 'task.json'), `${JSON.stringify(task)}\n`);
      known.set(id, task);
    },
    prepare: async (task) => {
      await removeTree(output(task));
      await makeFolder(output(task));
    },
    output,
    files: (task) => (known.get(task)?.status === 'completed' ? listResults(output(task)) : null),
    describe: async (task, file) => {
      const names = listResults(output(task)).filter((name) => name !== RESULT_FILE);
      const sums = await Promise.all(
        names.map(async (name) => [name, await sha256(path.join(output(task), name))] as const),
      );
      const { durationMs, sizeBytes, missing } = file;
      const result: TaskResult = {
        film: path.basename(file.path),
        durationMs,
        sizeBytes,
        missing,
        sha256: Object.fromEntries(sums),
      };
      await writeAtomically(path.join(output(task), RESULT_FILE), `${JSON.stringify(result, null, 2)}\n`);
      const manifest = { task_id: task, files: [...names, RESULT_FILE] };
      await writeAtomically(
        path.join(folder(task), 'manifest.json'),
        `${JSON.stringify(manifest, null, 2)}\n`,
      );
    },
    remove,
    sweep: async (olderThanMs) => {
      const before = Date.now() - olderThanMs;
      for (const [id, { told, endedAt }] of known)
        if (told && endedAt !== null && endedAt < before) await remove(id);
    },
    disk: async () => {
      const { blocks, bavail, bsize } = await statfs(directory);
      return { path: directory, totalBytes: blocks * bsize, freeBytes: bavail * bsize };
    },
  };
}

async function makeFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o750 }).catch((error: unknown) => {
    throw describeDiskFailure(error, directory);
  });
}

function readTask(file: string): StoredTask | null {
  if (!hasContent(file)) return null;
  try {
    return storedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Written by another version or another program: its folder is left as it is.
    return null;
  }
}

/** Plain files alone: what is being worked on lies in folders, or begins with a dot. */
function listResults(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: 1_048_576 });
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
