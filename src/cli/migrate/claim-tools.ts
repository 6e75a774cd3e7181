import type { OperatorError } from '../../kit/errors/operator-error.js';
import path from 'node:path';
import type { ClaimTools, EnqueueClaim, FreshPlaybackUrl, MakeFilm } from '../../migrate/apply-claims.js';
import type { VideoFacts } from '../../migrate/check-video.js';
import type { ClaimFiles } from '../../migrate/claim-files.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import type { Target } from '../../migrate/target.js';
import type { Playback } from '../../bbb/choose-playback.js';
import type { Recording } from '../../bbb/recording.js';
import type { RecordingSource } from '../../bbb/recording-source.js';
import type { Progress } from '../../kit/output/progress-options.js';
import type { Context } from '../kit/context.js';
import { bytesOf } from '../../kit/config/sections/values.js';
import type { ClaimQueue } from '../recorder/queue.js';
import type { MigrateFlags } from './flags.js';
import { addMeasure } from '../../kit/adapters/state/measured-speed.js';
import { parseSize } from '../kit/quantities.js';
import { bbbHttpSettings } from '../sites/bbb-http.js';
import { required } from '../kit/missing-key.js';
import { claimFilesOf, claimOwnership, claimWorkDirectory, claimWorkRoot } from './claims.js';
import { lowerPriority } from '../../kit/adapters/process/lower-priority.js';
import { freeBytes } from '../../kit/adapters/files/free-space.js';
import { recordingSourceOf } from './listing.js';
import { texts as migrateTexts } from '../../migrate/texts.js';

/** What claims need of the migration that they belong to. */
interface ClaimingMigration {
  readonly context: Context;
  readonly pod: PodDatabase;
  readonly target: Target;
  readonly choosePlayback: (recording: Recording) => Playback;
  readonly progress: Progress;
  claimDirectory(): string;
}

/** What was enqueued and is delivered by this run itself: with esup-runner nobody else brings the films. */
export interface FollowedClaims {
  readonly follow: ClaimQueue['finish'] | null;
}

/** What making claimable files needs: the converter, the downloader, the recorder's directory. */
export async function openClaimTools(
  migration: ClaimingMigration,
  flags: MigrateFlags,
): Promise<ClaimTools & FollowedClaims> {
  const { context, pod, target, progress } = migration;
  const claimDirectory = migration.claimDirectory();
  const files = await openClaimDirectory(claimDirectory, migration, flags);
  const allowMissing = flags['allow-missing'];
  const minFreeBytes = parseSize('min-free', flags['min-free']);
  const made = {
    convertToMp4: await openConversion(context, allowMissing),
    downloadVideo: await openDownload(context, flags.bandwidth, minFreeBytes),
    freshPlaybackUrl: await openFreshUrls(migration, flags),
  };
  const { openClaimWork } = await import('../../migrate/adapters/claim-work.js');
  const queue = flags.queue ? await openEnqueue(migration, flags) : null;
  return {
    ...made,
    enqueue: queue?.enqueue ?? null,
    follow: queue?.finish ?? null,
    pod,
    files,
    probeVideo: (file, signal) => probeVideo(context, file, signal),
    openWork: (owner) => openClaimWork(claimWorkDirectory(context, owner.recordId), owner),
    allowMissing,
    claimDirectory,
    recorderId: target.recorder?.id ?? 0,
    register: flags['register-claims'],
    minFreeBytes,
    freeWorkBytes: () => freeBytes(claimWorkRoot(context)),
    signal: context.signal,
    onProgress: ({ title }, fraction) => progress.at(title, fraction),
  };
}

/** What a run would be refused with where the directory of Pod's recorder is not there; null where it is. */
export async function missingDirectory(
  directory: string,
  { context, target }: Pick<ClaimingMigration, 'context' | 'target'>,
): Promise<OperatorError | null> {
  if ((await (await claimFilesOf(context)).list(directory)) !== null) return null;
  return migrateTexts.recorderDirectoryMissing({
    id: target.recorder?.id ?? 0,
    path: directory,
    parent: path.dirname(directory),
  });
}

/** The directory of Pod's recorder, there and writable. @throws OperatorError recorder-directory-missing, … */
async function openClaimDirectory(
  directory: string,
  { context, target }: ClaimingMigration,
  flags: MigrateFlags,
): Promise<ClaimFiles> {
  const files = await claimFilesOf(context);
  const missing = await missingDirectory(directory, { context, target });
  if (missing !== null) throw missing;
  // The last step first: what cannot be placed is not made. With --queue it is the workers who place it.
  if (!flags.queue) await files.rehearse(directory);
  return files;
}

async function openConversion(context: Context, allowMissing: boolean): Promise<MakeFilm> {
  const { openConverter, conversionDefaults } = await import('../recorder/open.js');
  const options = { ...conversionDefaults(context), allowMissing };
  const convertOf = oncePerServer((server) => openConverter(context, options, { server }));
  return async ({ server, url, lost: standing, directory, signal, onProgress }) => {
    lowerPriority();
    const made = path.join(directory, 'presentation.mp4');
    const convert = await convertOf(server);
    const begun = Date.now();
    const { missing, shortfalls, kept, durationMs } = await convert({ playbackUrl: url }, made, signal, {
      onProgress: ({ fraction }) => onProgress({ fraction: fraction ?? 0 }),
      standing,
    });
    if (kept === true) return { lacksStill: missing };
    addMeasure(context.stateDirectory, { sessionMs: durationMs, wallMs: Date.now() - begun });
    return { path: made, missing, lost: shortfalls.map(({ part, path: lost }) => ({ part, path: lost })) };
  };
}

/** @param bandwidth of all downloads together, as `--bandwidth` has it */
async function openDownload(
  context: Context,
  bandwidth: string | undefined,
  minFreeBytes: number,
): Promise<MakeFilm> {
  const [{ downloadVideo }, { limitBandwidth }, { openHttp }] = await Promise.all([
    import('../../bbb-server/video-page.js'),
    import('../../kit/adapters/http/bandwidth.js'),
    import('../../kit/adapters/http/open-http.js'),
  ]);
  const webOf = oncePerServer((server) => {
    const http = openHttp(bbbHttpSettings(context, context.configuration.bbb[server]));
    context.closeWith(() => http.close());
    return http;
  });
  const { recorder } = context.configuration;
  const limits = {
    bandwidth: limitBandwidth(bandwidth === undefined ? null : parseSize('bandwidth', bandwidth)),
    minFreeBytes,
    maxBytes: bytesOf(recorder.max_media),
    leastBytesPerSecond: bytesOf(recorder.least_rate),
    deadlineMs: recorder.file_deadline * 1000,
  };
  return async (request) => {
    const { path: file } = await downloadVideo(webOf(request.server), request, limits);
    return { path: file, missing: '', lost: [] };
  };
}

async function openFreshUrls(
  { context, choosePlayback }: ClaimingMigration,
  flags: MigrateFlags,
): Promise<FreshPlaybackUrl> {
  return freshUrlsOf(context, await recordingSourceOf(context, flags), choosePlayback);
}

/** A saved list may count as a server that no section leads to: nobody can be asked then. @throws OperatorError config-key-missing */
export const freshUrlsOf =
  (
    context: Pick<Context, 'configuration' | 'loaded' | 'signal'>,
    source: Pick<RecordingSource, 'findRecording'>,
    choosePlayback: ClaimingMigration['choosePlayback'],
  ): FreshPlaybackUrl =>
  async (server, recordId) => {
    required(context, `bbb.${server}`, 'url', context.configuration.bbb[server]?.url);
    const recording = await source.findRecording(server, recordId, context.signal);
    const playback = recording === null ? null : choosePlayback(recording);
    return playback !== null && 'url' in playback ? playback.url : null;
  };

async function probeVideo(context: Context, file: string, signal: AbortSignal): Promise<VideoFacts> {
  const { probeMedia } = await import('../../recorder/adapters/ffmpeg/probe-media.js');
  const { durationMs, video, audio } = await probeMedia(context.configuration.recorder.ffprobe, file, {
    signal,
  });
  return { durationMs, hasPicture: video !== null, hasSound: audio !== null };
}

/** Each `[bbb]` is reached with its own settings, opened when its first recording comes. */
function oncePerServer<T>(open: (server: string) => T): (server: string) => T {
  const opened = new Map<string, T>();
  return (server) => {
    const found = opened.get(server) ?? open(server);
    opened.set(server, found);
    return found;
  };
}

/** The recorder's queue, filled by the migration. */
async function openEnqueue(
  { context }: ClaimingMigration,
  flags: MigrateFlags,
): Promise<{ enqueue: EnqueueClaim; finish: ClaimQueue['finish'] }> {
  const [{ openClaimQueue }, { conversionDefaults }] = await Promise.all([
    import('../recorder/queue.js'),
    import('../recorder/open.js'),
  ]);
  const queue = await openClaimQueue(
    context,
    conversionDefaults(context),
    claimOwnership(context),
    flags['retry-failed'] || flags.recreate,
  );
  return {
    finish: queue.finish,
    enqueue: async ({ recordId, server, path: target }) => {
      const { job, state, entry } = await queue.enqueue({ recordId, server, label: recordId, path: target });
      const detail = entry?.failure?.message ?? '';
      if (state === 'set-aside') return { job: job.id, state, detail };
      return { job: job.id, state: state === 'done-already' ? 'made-before' : 'queued', detail };
    },
  };
}
