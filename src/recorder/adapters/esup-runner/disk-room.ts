import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskFailure } from '../../../kit/adapters/files/disk-failure.js';
import { freeBytes } from '../../../kit/adapters/files/free-space.js';
import { asOperatorError, type OperatorError } from '../../../kit/errors/operator-error.js';
import { renderBytes } from '../../../kit/output/units.js';
import { wakeableSleep } from '../../../kit/wakeable-sleep.js';
import { runnerTexts } from '../../esup-runner/texts.js';

export interface RoomSettings {
  /** Where tasks and what is being made of them lie. */
  readonly directories: readonly string[];
  /** Less than that free under one of them, and no task is taken. */
  readonly leastBytes: number;
  /** Between two looks. */
  readonly everyMs: number;
}

/** Whether a worker's disks have room for another task. */
export interface DiskRoom {
  readonly has: () => boolean;
  /** A task met a full disk although there seemed to be room (a quota): none is taken until a file can be written again. */
  readonly lacks: (failure: OperatorError) => void;
}

/** What is written to see whether a quota lets us: about what a task's own small files take. */
const TRIAL_BYTES = 1_048_576;

/**
 * Looks at the disks at once, and then again and again until the signal.
 * @param onChange told the reason when the room is gone, null when it is back
 */
export async function watchRoom(
  settings: RoomSettings,
  signal: AbortSignal,
  onChange: (failure: OperatorError | null) => void,
): Promise<DiskRoom> {
  const state: { lack: OperatorError | null } = { lack: null };
  const { sleep } = wakeableSleep(signal);
  const become = (failure: OperatorError | null): void => {
    const changed = (state.lack === null) !== (failure === null);
    state.lack = failure;
    if (changed) onChange(failure);
  };
  const look = async (isTried: boolean): Promise<void> => {
    let failure: OperatorError | null = null;
    for (const directory of settings.directories)
      failure ??= await lackUnder(directory, settings.leastBytes, isTried);
    become(failure);
  };
  await look(true);
  void (async () => {
    for (;;) {
      await sleep(settings.everyMs);
      if (signal.aborted) return;
      await look(state.lack !== null);
    }
  })();
  return { has: () => state.lack === null, lacks: become };
}

async function lackUnder(
  directory: string,
  leastBytes: number,
  isTried: boolean,
): Promise<OperatorError | null> {
  try {
    const free = await freeBytes(directory);
    if (free < leastBytes)
      return runnerTexts.runnerNoRoom({
        path: directory,
        free: renderBytes(free),
        least: renderBytes(leastBytes),
      });
    if (isTried) await tryToWrite(directory);
    return null;
  } catch (error) {
    return asOperatorError(error);
  }
}

async function tryToWrite(directory: string): Promise<void> {
  const file = path.join(directory, `.room-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o750 });
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(TRIAL_BYTES));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw describeDiskFailure(error, file);
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}
