import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
  openSync,
  closeSync,
  fsyncSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { PlanHeader, PlannedAction } from '../../kit/batch/action.js';
import type { PlanReader, PlanWriter } from '../../kit/batch/plan.js';
import { makeDirectory } from '../../kit/adapters/files/make-directory.js';
import { diskGuarded } from '../../kit/adapters/files/disk-failure.js';
import { writeAtomically } from '../../kit/adapters/files/write-atomically.js';
import { streamNamedFile } from '../../kit/adapters/files/open-named-file.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { messageOf } from '../../kit/errors/operator-error.js';
import { texts } from '../texts.js';

const ACTIONS = 'actions.jsonl';
const HEADER = 'plan.json';

/** Spools a plan into `directory` (created, mode 0700): one JSON line per action, the header beside it. */
export function writePlan<A extends PlannedAction>(directory: string): PlanWriter<A> {
  makeDirectory(directory);
  const file = openSync(path.join(directory, ACTIONS), 'w', 0o600);
  const digest = createHash('sha256');
  const counts: Record<string, number> = {};
  return {
    async append(actions) {
      if (actions.length === 0) return;
      const lines = actions.map((action) => `${JSON.stringify(action)}\n`).join('');
      for (const { kind } of actions) counts[kind] = (counts[kind] ?? 0) + 1;
      digest.update(lines);
      // Not writeSync: on a disk that is nearly full it writes a part and says nothing.
      diskGuarded(directory, () => writeFileSync(file, lines));
    },
    async finish(rest) {
      const header: PlanHeader = { ...rest, counts, digest: digest.digest('hex') };
      diskGuarded(directory, () => {
        fsyncSync(file);
        closeSync(file);
        writeFileSync(path.join(directory, HEADER), `${JSON.stringify(header)}\n`, { mode: 0o600 });
      });
      return header;
    },
    async discard() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Opens a spooled plan. @throws OperatorError plan-missing when the directory holds no finished plan. */
export function readPlan<A extends PlannedAction>(directory: string): PlanReader<A> {
  let header: PlanHeader;
  try {
    header = JSON.parse(readFileSync(path.join(directory, HEADER), 'utf8')) as PlanHeader;
  } catch (error) {
    throw texts.planMissing({ path: directory }, { cause: error });
  }
  return { header, actions: () => jsonLines<A>(path.join(directory, ACTIONS)) };
}

/**
 * Copies a spooled plan into one file, which appears when it is whole: the header on its first line, then the actions.
 * @throws OperatorError disk-full, file-unwritable
 */
export async function exportPlan(directory: string, file: string): Promise<void> {
  await writeAtomically(file, contents(directory));
}

async function* contents(directory: string): AsyncGenerator<Buffer> {
  for (const part of [HEADER, ACTIONS]) yield* createReadStream(path.join(directory, part));
}

/** Opens a plan that `exportPlan` wrote. @throws OperatorError plan-missing; config-unreadable for what is no file to read */
export async function openExportedPlan<A extends PlannedAction>(file: string): Promise<PlanReader<A>> {
  try {
    for await (const header of jsonLines<PlanHeader>(file)) {
      if (typeof header.digest !== 'string') break;
      return { header, actions: () => skipFirst(jsonLines<A>(file)) };
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined && code !== 'ENOENT')
      throw configurationTexts.configUnreadable({ file, detail: messageOf(error) }, { cause: error });
    throw texts.planMissing({ path: file }, { cause: error });
  }
  throw texts.planMissing({ path: file });
}

/**
 * Spools a plan that `exportPlan` wrote into the directory of its run, where one that was stopped is gone on with
 * (`--resume`). A plan that stands there already is left.
 */
export async function spoolExported(file: string, directory: string): Promise<void> {
  if (existsSync(path.join(directory, HEADER))) return;
  const plan = await openExportedPlan(file);
  makeDirectory(directory);
  await writeAtomically(path.join(directory, ACTIONS), asLines(plan.actions()));
  await writeAtomically(path.join(directory, HEADER), asLines([plan.header]));
}

async function* asLines(values: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Buffer> {
  for await (const value of values) yield Buffer.from(`${JSON.stringify(value)}\n`);
}

async function* jsonLines<T>(file: string): AsyncGenerator<T> {
  const lines = createInterface({ input: streamNamedFile(file), crlfDelay: Infinity });
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as T;
}

async function* skipFirst<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  let first = true;
  for await (const item of items) {
    if (!first) yield item;
    first = false;
  }
}
