import { makeFile, type Converted, type ConvertProgress } from './make-file.js';
import { planJob, type ConvertOptions, type Job } from './plan-job.js';
import type { Media, OpenStudio, PublishedFolder, Scene, WorkDirectory } from './ports.js';
import { pagePolicy, scenePage } from './scenes/scene-page.js';
import { visitScene } from './scenes/visit-scene.js';
import { surveyMedia } from './survey-media.js';
import { presentationFiles, readPresentation, type PresentationTexts } from './timeline/read-presentation.js';
import type { Presentation } from './timeline/presentation.js';
import { systemTexts } from '../kit/errors/system.js';

export interface ConvertPorts {
  readonly openStudio: OpenStudio;
  readonly media: Media;
}

/**
 * Converts one published presentation into a file: distinct states are drawn once, segments are encoded side by
 * side, the file is checked before it is delivered. Finished segments of an interrupted run are used again.
 * @throws OperatorError of the step that failed; nothing new stands at `target` then.
 */
export async function convertPresentation(
  folder: PublishedFolder,
  work: WorkDirectory,
  target: string,
  options: ConvertOptions,
  { openStudio, media }: ConvertPorts,
  signal: AbortSignal,
  onProgress: (progress: ConvertProgress) => void,
): Promise<Converted> {
  const presentation = readPresentation(await readTexts(folder));
  const source = await surveyMedia(folder, presentation, media, work, signal);
  const titles = await slideTitles(folder, presentation);
  const job = planJob(presentation, source, titles, options);
  if (job === null) throw systemTexts.presentationEmpty({ folder: folder.path });
  return makeFile(job, { folder, work, target, media, signal, onProgress }, (all) =>
    openStudio(sceneOf(folder, job), all),
  );
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

function sceneOf(folder: PublishedFolder, { presentation, layout, options, states }: Job): Scene {
  const used = presentation.visits.map(() => new Set<number>());
  for (const { slide } of states) slide?.drawings.forEach((drawing) => used[slide.visit]?.add(drawing));
  const { anonymous } = options;
  return {
    size: layout.size,
    folder: folder.path,
    policy: pagePolicy,
    page: (nonce) => scenePage({ presentation, layout, chat: presentation.chat, anonymous }, nonce),
    visit: (index) => visitScene(presentation, index, used[index] ?? new Set()),
  };
}
