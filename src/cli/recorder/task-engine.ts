import path from 'node:path';
import type { Journal } from '../../kit/batch/journal.js';
import { bytesOf } from '../../kit/config/sections/values.js';
import { packageVersion } from '../../kit/adapters/files/package-files.js';
import { removeTree } from '../../kit/adapters/files/remove-tree.js';
import type { FetchedFilm, FetchSettings } from '../../recorder/adapters/esup-runner/fetch-film.js';
import type { ManagerClient } from '../../recorder/adapters/esup-runner/manager-client.js';
import type { TaskQueue } from '../../recorder/adapters/esup-runner/task-queue.js';
import type { Delivered } from '../../recorder/esup-runner/follow-ports.js';
import { runnerTexts } from '../../recorder/esup-runner/texts.js';
import type { QueuedConversion } from '../../recorder/queue/conversion-queue.js';
import type { Context } from '../kit/context.js';
import { required } from '../kit/missing-key.js';
import { claimOwnership, claimWorkDirectory } from '../migrate/claims.js';
import { isMade, isMadeAsWanted } from './made.js';
import { askRunner, openManager } from './runner-manager.js';
import { openTaskLedger } from './task-ledger.js';

/** Once nobody is free, another try after so long, doubled up to a minute. */
const BUSY_MS = 5000;
const LONGEST_BUSY_MS = 60_000;
const LONGEST_POLL_MS = 15_000;
/** A result whose runner is away is waited for that many times longer than a runner that is silent. */
const RESULT_FACTOR = 20;

/** The engine over a manager of esup-runner. @param run what is written there; null only looks */
export async function openTaskEngine(
  context: Context,
  journal: Journal,
  run: string | null,
): Promise<{ queue: TaskQueue; target: string; manager: ManagerClient }> {
  const { openTaskQueue } = await import('../../recorder/adapters/esup-runner/task-queue.js');
  const { recorder, pod } = context.configuration;
  const manager = await openManager(context);
  const lostAfterMs = recorder.queue_heartbeat * 1000;
  const pollMs = recorder.manager_poll * 1000;
  const queue = openTaskQueue(manager, openTaskLedger(journal, manager.url, run), {
    attempts: recorder.queue_attempts,
    takeovers: recorder.queue_takeovers,
    retryAfterMs: recorder.queue_retry_after * 1000,
    lostAfterMs,
    goneAfterMs: lostAfterMs * RESULT_FACTOR,
    pollMs,
    longestPollMs: Math.max(pollMs, LONGEST_POLL_MS),
    busyMs: Math.min(BUSY_MS, recorder.queue_retry_after * 1000),
    longestBusyMs: Math.min(LONGEST_BUSY_MS, lostAfterMs * 2),
    taskType: recorder.task_type,
    etabName: recorder.etab_name ?? pod.establishment,
    appVersion: packageVersion(),
    sourceUrlOf: (job) => sourceUrlOf(context, job),
    deliver: (job, task) => deliver(context, manager, job, task),
    askRunner: (url, limits) => askRunner(context, url, limits),
  });
  return { queue, target: manager.url, manager };
}

/** The playback page of a recording, as BBB 2.3 and later name it: the worker itself asks its BBB for a fresh link. */
function sourceUrlOf(context: Context, { source, label }: QueuedConversion): string {
  if (!('recordId' in source)) throw runnerTexts.queuePathUnsent({ label });
  const { bbb } = context.configuration;
  const name = source.server ?? Object.keys(bbb)[0] ?? 'default';
  const url = required(context, name === 'default' ? 'bbb.default' : `bbb.${name}`, 'url', bbb[name]?.url);
  return new URL(`/playback/presentation/2.3/${encodeURIComponent(source.recordId)}`, url).href;
}

/** Brings a film through the manager, checks it, and delivers it as a worker beside it would have. */
async function deliver(
  context: Context,
  manager: ManagerClient,
  job: QueuedConversion,
  task: string,
): Promise<Delivered> {
  const { claim, outputPath } = job;
  if (claim === null) {
    if (!job.force && (await isMadeAsWanted(outputPath, job.options))) return WHOLE;
    return deliverFile(context, manager, outputPath, task);
  }
  if (await isMade(outputPath)) return WHOLE;
  const [{ openClaimFiles }, { fetchFilm }] = await Promise.all([
    import('../../migrate/adapters/claim-files.js'),
    import('../../recorder/adapters/esup-runner/fetch-film.js'),
  ]);
  const files = openClaimFiles(claimOwnership(context));
  await files.rehearse(path.dirname(outputPath));
  const directory = path.join(claimWorkDirectory(context, job.id), task);
  const { film, result } = await fetchFilm(manager, task, directory, fetchSettings(context));
  if (!(await isMade(outputPath))) await files.place(film, outputPath);
  await removeTree(claimWorkDirectory(context, job.id));
  return { missing: result?.missing ?? '' };
}

/** Nothing is known to be missing. */
const WHOLE: Delivered = { missing: '' };

async function deliverFile(
  context: Context,
  manager: ManagerClient,
  outputPath: string,
  task: string,
): Promise<Delivered> {
  const [{ openWorkDirectory }, { fetchFilm, placeFilm }] = await Promise.all([
    import('../../recorder/adapters/work-directory.js'),
    import('../../recorder/adapters/esup-runner/fetch-film.js'),
  ]);
  const { work_dir: room, queue_heartbeat: heartbeat } = context.configuration.recorder;
  const name = `.${path.basename(outputPath)}.${task}.work`;
  const work = await openWorkDirectory(
    path.join(room ?? path.dirname(outputPath), name),
    (heartbeat * 1000) / 15,
  );
  let fetched: FetchedFilm;
  try {
    fetched = await fetchFilm(manager, task, work.path, fetchSettings(context));
    await placeFilm(fetched, work, outputPath);
  } catch (error) {
    await work.release();
    throw error;
  }
  await work.discard();
  return { missing: fetched.result?.missing ?? '' };
}

function fetchSettings({ configuration, signal }: Context): FetchSettings {
  const { recorder } = configuration;
  return {
    maxBytes: bytesOf(recorder.max_media),
    probe: async (file) => {
      const { probeMedia } = await import('../../recorder/adapters/ffmpeg/probe-media.js');
      const { durationMs, audio } = await probeMedia(recorder.ffprobe, file, { signal });
      return { durationMs, hasSound: audio !== null };
    },
  };
}
