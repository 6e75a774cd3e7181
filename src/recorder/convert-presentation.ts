import { makeFile, type Conversion, type Converted } from './make-file.js';
import type { ConvertOptions } from './convert-options.js';
import { planJob, type Job } from './plan-job.js';
import type { BrowserSession, Media, OpenBrowserSession, PublishedFolder, Scene } from './ports.js';
import { pagePolicy, scenePage } from './scenes/scene-page.js';
import { visitScene } from './scenes/visit-scene.js';
import type { FileLimits } from '../bbb/published-file.js';
import { missingCard } from './scenes/missing-card.js';
import { countShortfalls, type FetchFaults } from './shortfalls/count-shortfalls.js';
import { gainsNothing, isGrave, type Shortfall } from './shortfalls/shortfall.js';
import { findMedia, surveyMedia } from './survey-media.js';
import { presentationFiles, readPresentation, type PresentationTexts } from './timeline/read-presentation.js';
import type { Presentation } from './timeline/presentation.js';
import { NOTHING_UNKNOWN, unknownParts, type UnknownParts } from './timeline/unknown-parts.js';
import { texts } from './texts.js';
import { systemTexts } from '../kit/errors/system.js';

export interface ConvertPorts {
  readonly openBrowserSession: OpenBrowserSession;
  readonly media: Media;
  /** Largest files that are taken. */
  readonly limits: FileLimits;
}

/**
 * Converts one published presentation into a file: distinct states are drawn once, segments are encoded side by
 * side, the file is checked before it is delivered. Finished segments of an interrupted run are used again.
 * @param faults what could not be fetched of it, by path
 * @throws OperatorError of the step that failed; nothing new stands at the target then.
 */
export async function convertPresentation(
  folder: PublishedFolder,
  faults: FetchFaults,
  conversion: Conversion,
  { openBrowserSession, limits }: ConvertPorts,
): Promise<
  Converted & {
    readonly missing: string;
    readonly shortfalls: readonly Shortfall[];
    readonly unknown: UnknownParts;
    readonly kept?: true;
  }
> {
  const { work, options, standing, media, signal, onProgress } = conversion;
  const files = await readTexts(folder);
  const presentation = readPresentation(files);
  // Where a film stands already, most nights end without one.
  const browsers =
    options.audioOnly || standing.length > 0 ? null : browsersAhead(openBrowserSession, options, signal);
  try {
    const found = await findMedia(folder, media, limits, signal);
    const nothing =
      Object.values(files).every((text) => text === null) &&
      [found.webcams, found.sound].every(({ file }) => file === null);
    if (nothing && faults.size === 0) throw systemTexts.presentationEmpty({ folder: folder.path });
    const { audioOnly, allowMissing } = options;
    const counted = await countShortfalls(folder, files, presentation, found, { faults, limits, audioOnly });
    const { shortfalls, line: missing } = counted;
    if (isGrave(shortfalls) && !allowMissing) throw texts.recordingIncomplete({ missing });
    if (gainsNothing(shortfalls, standing))
      return { ...NOTHING_MADE, missing, shortfalls, unknown: NOTHING_UNKNOWN };
    if (missing !== '') onProgress({ step: 'read', fraction: 0, durationMs: null, note: missing });
    const source = {
      ...(await surveyMedia(found, presentation, media, work, signal)),
      shortfalls,
    };
    const titles = await slideTitles(folder, presentation);
    const job = planJob(presentation, source, titles, options);
    if (job === null) throw systemTexts.presentationEmpty({ folder: folder.path });
    const scene = sceneOf(folder, job, limits);
    const made = await makeFile(
      job,
      folder,
      conversion,
      (all) => browsers?.take(scene, all) ?? openBrowserSession(scene.size, Promise.resolve(scene), all),
    );
    return { ...made, missing, shortfalls, unknown: unknownParts(presentation) };
  } finally {
    await browsers?.close();
  }
}

const NOTHING_MADE = { durationMs: 0, sizeBytes: 0, pictures: 0, fps: 0, kept: true } as const;

/** A browser takes as long to start as the media to be looked at: both at once. */
function browsersAhead(
  openBrowserSession: OpenBrowserSession,
  { size }: ConvertOptions,
  signal: AbortSignal,
): {
  /** Once; null afterwards. */
  readonly take: (scene: Scene, all: AbortSignal) => Promise<BrowserSession> | null;
  readonly close: () => Promise<void>;
} {
  const stop = new AbortController();
  let tell: (scene: Scene) => void = () => undefined;
  const scene = new Promise<Scene>((resolve) => (tell = resolve));
  const session = openBrowserSession(size, scene, AbortSignal.any([signal, stop.signal]));
  session.catch(() => undefined);
  let taken = false;
  return {
    take: (known, all) => {
      if (taken) return null;
      taken = true;
      all.addEventListener('abort', () => stop.abort(all.reason), { once: true });
      tell(known);
      return session;
    },
    close: () =>
      session.then(
        (opened) => opened.close(),
        () => undefined,
      ),
  };
}

async function readTexts(folder: PublishedFolder): Promise<PresentationTexts> {
  const entries = await Promise.all(
    presentationFiles.map(async (name) => [name, await folder.readText(name)] as const),
  );
  return Object.fromEntries(entries) as PresentationTexts;
}

/** First line of each visit's slide text. */
async function slideTitles(folder: PublishedFolder, { visits }: Presentation): Promise<string[]> {
  const texts = new Map<string, string>();
  for (const { textFile } of visits) {
    if (textFile !== null && !texts.has(textFile))
      texts.set(textFile, (await folder.readText(textFile)) ?? '');
  }
  return visits.map(({ textFile, href }, i) => {
    const line = (texts.get(textFile ?? '') ?? '').split(/\r?\n/).find((text) => text.trim() !== '');
    const number = /slide-?(\d+)\.\w+$/.exec(href ?? '')?.[1] ?? String(i + 1);
    return (line ?? `Slide ${number}`).trim().slice(0, 100);
  });
}

function sceneOf(
  folder: PublishedFolder,
  { presentation, layout, options, states, source }: Job,
  { picture: mostPictureBytes, pixels: mostPixels }: FileLimits,
): Scene {
  const missing = new Set(source.shortfalls.map(({ path }) => path));
  const used = presentation.visits.map(() => new Set<number>());
  for (const { slide } of states) slide?.drawings.forEach((drawing) => used[slide.visit]?.add(drawing));
  const { anonymous } = options;
  return {
    size: layout.size,
    folder: folder.path,
    policy: pagePolicy,
    mostPictureBytes,
    mostPixels,
    card: (path) => (missing.has(path) ? missingCard(presentation, path, options.language) : null),
    page: (nonce) => scenePage({ presentation, layout, chat: presentation.chat, anonymous }, nonce),
    visit: (index) => visitScene(presentation, index, used[index] ?? new Set()),
  };
}
