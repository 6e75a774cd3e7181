import { isWhite, planWhiteCheck, planWhiteGlance, WHITE_CHECK_SHARES } from './encoding/white-check.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { FfmpegPlan, Media, MediaFacts, PublishedFolder, WorkDirectory } from './ports.js';
import type { FileLimits } from '../bbb/published-file.js';
import { fileFault } from './shortfalls/file-fault.js';
import type { Shortfall } from './shortfalls/shortfall.js';
import type { Size } from './scenes/layout.js';
import type { Generation, Presentation } from './timeline/presentation.js';

/** The recording's own media, and the frame rate that follows from them. */
export interface SourceMedia {
  readonly webcam: (Size & { readonly file: string }) | null;
  readonly share: (Size & { readonly file: string }) | null;
  readonly audio: { readonly file: string; readonly channels: number } | null;
  readonly fps: number;
  readonly longestMs: number;
  readonly generation: Generation;
  /** What the recording names and its files do not give: the film is made without it. */
  readonly shortfalls: readonly Shortfall[];
}

/** One of a recording's media, under the names that its server may give it. */
export interface FoundMedium {
  readonly paths: readonly string[];
  /** The first that can be used; null without any. */
  readonly file: string | null;
  readonly facts: MediaFacts | null;
  readonly hasSound: boolean;
  /** Why the others cannot be used; that one is cut does not keep it from being used. By path. */
  readonly faults: ReadonlyMap<string, string>;
}

export interface MediaSurvey {
  readonly webcams: FoundMedium;
  readonly share: FoundMedium;
  readonly sound: FoundMedium;
}

/** Opens webcams, screen share and sound. mp4 is preferred where both exist, as the player does. */
export async function findMedia(
  folder: PublishedFolder,
  media: Media,
  limits: FileLimits,
  signal: AbortSignal,
): Promise<MediaSurvey> {
  const find = async (paths: readonly string[]): Promise<FoundMedium> => {
    const faults = new Map<string, string>();
    for (const path of paths) {
      const fault = fileFault(path, await folder.look(path), limits);
      if (fault !== null) faults.set(path, fault);
      const file = fault === null || fault.startsWith('cut') ? await folder.findFile([path]) : null;
      if (file === null) continue;
      try {
        const facts = await media.probe(file, signal, false);
        return { paths, file, facts, hasSound: facts.audio !== null, faults };
      } catch (error) {
        if (!(error instanceof OperatorError) || error.code !== 'media-broken') throw error;
        const detail = String(error.parameters['detail'] ?? '').replaceAll(`file:${file}: `, '');
        if (fault === null) faults.set(path, `unreadable: ${detail.slice(0, 100)}`);
      }
    }
    return { paths, file: null, facts: null, hasSound: false, faults };
  };
  const [webcams, share, sound] = await Promise.all([find(WEBCAMS), find(SHARES), find(SOUNDS)]);
  return { webcams, share, sound };
}

const WEBCAMS = ['video/webcams.mp4', 'video/webcams.webm'];
const SHARES = ['deskshare/deskshare.mp4', 'deskshare/deskshare.webm'];
const SOUNDS = ['audio/audio.webm', 'audio/audio.ogg', 'audio/audio.mp3'];

/** Frame rates that are kept: whiteboards change on a 0.1 s grid, so 10 frames lose nothing of them. */
const LEAST_FPS = 10;
const MOST_FPS = 30;

/** What of the found media the film shows and plays, and at what rate. */
export async function surveyMedia(
  found: MediaSurvey,
  presentation: Presentation,
  media: Media,
  work: WorkDirectory,
  signal: AbortSignal,
): Promise<SourceMedia> {
  const [webcams, shares, sounds] = [found.webcams, found.share, found.sound].map(usable);
  const seen = webcams?.facts.video == null ? null : { file: webcams.file, ...webcams.facts.video };
  const lengthMs = webcams?.facts.durationMs ?? null;
  const webcam = seen === null || (await allWhite(seen.file, lengthMs, media, work, signal)) ? null : seen;
  const share =
    shares?.facts.video == null || presentation.shares.length === 0
      ? null
      : { file: shares.file, ...shares.facts.video };
  const sound = [webcams, sounds].find((candidate) => candidate?.facts.audio != null);
  const rates = [webcam, share].flatMap((video) => (video === null ? [] : [Math.round(video.fps)]));
  return {
    webcam,
    share,
    audio: sound == null ? null : { file: sound.file, channels: sound.facts.audio?.channels ?? 1 },
    fps: Math.min(MOST_FPS, Math.max(LEAST_FPS, ...rates)),
    longestMs: Math.max(0, ...[webcams, shares, sounds].map((found) => found?.facts.durationMs ?? 0)),
    generation: presentation.generation,
    shortfalls: [],
  };
}

const usable = ({ file, facts }: FoundMedium): { file: string; facts: MediaFacts } | null =>
  file === null || facts === null ? null : { file, facts };

/**
 * A meeting without webcams but with captions has a white video: its room goes to the slides. Decoding it whole would
 * cost a fifth of a conversion, on one core, so a few moments are looked at first.
 */
async function allWhite(
  file: string,
  lengthMs: number | null,
  media: Media,
  work: WorkDirectory,
  signal: AbortSignal,
): Promise<boolean> {
  const name = 'webcam.gray';
  const look = async (plan: FfmpegPlan): Promise<Buffer> => {
    await media.run(plan, work.path, signal);
    const pictures = await work.readBytes(name);
    await work.remove(name);
    return pictures;
  };
  for (const share of lengthMs === null ? [] : WHITE_CHECK_SHARES) {
    const glance = await look(planWhiteGlance(file, ((lengthMs ?? 0) * share) / 1000, name));
    if (glance.length > 0 && !isWhite(glance)) return false;
  }
  return isWhite(await look(planWhiteCheck(file, name)));
}
