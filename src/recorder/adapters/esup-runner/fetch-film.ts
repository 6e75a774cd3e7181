import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describeDiskFailure } from '../../../kit/adapters/files/disk-failure.js';
import { pathStatus } from '../../../kit/adapters/files/path-status.js';
import { OperatorError } from '../../../kit/errors/operator-error.js';
import { RESULT_FILE, resultSchema, type TaskResult } from '../../esup-runner/protocol.js';
import { runnerTexts } from '../../esup-runner/texts.js';
import { markOf } from '../../finish-file.js';
import type { WorkDirectory } from '../../ports.js';
import type { ManagerClient } from './manager-client.js';
import { sha256 } from './task-store.js';

export interface FetchedFilm {
  readonly film: string;
  /** Captions, poster, the mark of what is missing: by what follows the film's name without extension. */
  readonly besides: readonly { readonly file: string; readonly suffix: string }[];
  readonly result: TaskResult | null;
}

export interface FetchSettings {
  readonly maxBytes: number;
  /** Length of a video file, null when it does not say. @throws OperatorError media-broken, program-too-slow, ffmpeg-missing */
  readonly probe: (file: string) => Promise<{ durationMs: number | null; hasSound: boolean }>;
}

const FILM = /\.(?:mp4|m4a|webm)$/;
/** Names that a runner of ours gives; what another one sends beside is not taken. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._ -]{0,200}$/;
const SMALL_BYTES = 256_000_000;
/** As a web server reads it: what a conversion beside it would have written under the usual umask. */
const MODE = 0o644;
/** What ffprobe says of a film; that there is no ffprobe, or that the run is stopped, is no fault of the film. */
const FLAWS = new Set(['media-broken', 'program-too-slow']);

/**
 * Brings the files of an ended task into a directory of its own and checks that they are what was made: sums, length, sound.
 * @throws OperatorError result-broken, task-unknown, runner-gone, manager-…, disk-full, ffmpeg-missing; the signal's reason
 */
export async function fetchFilm(
  manager: ManagerClient,
  task: string,
  directory: string,
  settings: FetchSettings,
): Promise<FetchedFilm> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw describeDiskFailure(error, directory);
  });
  const names = (await manager.files(task)).filter((name) => NAME.test(name));
  const place = (name: string): string => path.join(directory, name);
  const result = names.includes(RESULT_FILE) ? await fetchResult(manager, task, place(RESULT_FILE)) : null;
  const film = result?.film ?? names.find((name) => FILM.test(name));
  if (film === undefined || !names.includes(film) || !FILM.test(film))
    throw broken('no video among its files');
  for (const name of names) {
    if (name === RESULT_FILE) continue;
    const sum = result?.sha256[name];
    if (pathStatus(place(name)) === null)
      await manager.fetchFile(task, name, place(name), {
        maxBytes: name === film ? settings.maxBytes : SMALL_BYTES,
        mode: MODE,
      });
    // Beside each other: each reads the whole file.
    const [isSame, flaw] = await Promise.all([
      sum === undefined || sha256(place(name)).then((own) => own === sum),
      name === film ? checkFilm(place(name), result, settings).catch((error: unknown) => [error]) : null,
    ]);
    if (!isSame) {
      await rm(place(name), { force: true });
      throw broken(`${name} has another SHA-256`);
    }
    if (flaw != null) throw flaw[0];
  }
  const stem = film.replace(FILM, '');
  return {
    film: place(film),
    besides: names
      .filter((name) => name !== film && name !== RESULT_FILE && name.startsWith(stem))
      .map((name) => ({ file: place(name), suffix: name.slice(stem.length) })),
    result,
  };
}

async function fetchResult(manager: ManagerClient, task: string, file: string): Promise<TaskResult> {
  await rm(file, { force: true });
  await manager.fetchFile(task, RESULT_FILE, file, { maxBytes: 1_000_000, mode: MODE });
  try {
    return resultSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw broken(`${RESULT_FILE} cannot be read`, error);
  }
}

async function checkFilm(file: string, result: TaskResult | null, { probe }: FetchSettings): Promise<void> {
  const { durationMs, hasSound } = await probe(file).catch((error: unknown) => {
    const isOfFilm = error instanceof OperatorError && FLAWS.has(error.code);
    throw isOfFilm ? broken(error.message, error) : error;
  });
  if (!hasSound) throw broken('it has no sound');
  const wanted = result?.durationMs ?? null;
  if (wanted !== null && Math.abs((durationMs ?? 0) - wanted) > 200)
    throw broken(
      `it lasts ${((durationMs ?? 0) / 1000).toFixed(2)} s instead of ${(wanted / 1000).toFixed(2)} s`,
    );
}

/** Puts a film and what belongs to it at its place; the film comes last: where it stands, nothing is missing. */
export async function placeFilm(
  { film, besides }: FetchedFilm,
  work: Pick<WorkDirectory, 'deliver' | 'withdraw'>,
  outputPath: string,
): Promise<void> {
  const stem = outputPath.replace(FILM, '');
  const mark = markOf(outputPath);
  let isWhole = true;
  for (const { file, suffix } of besides) {
    const isMark = suffix === markOf(path.extname(film));
    if (isMark) isWhole = false;
    await work.deliver(path.basename(file), isMark ? mark : `${stem}${suffix}`);
  }
  await work.deliver(path.basename(film), outputPath);
  if (isWhole) await work.withdraw([mark]);
}

const broken = (detail: string, cause?: unknown) =>
  runnerTexts.resultBroken({ detail }, cause === undefined ? {} : { cause });
