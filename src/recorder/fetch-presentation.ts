import { parseCaptions, parseChat } from './timeline/parse-chat.js';
import { localPath } from './timeline/parse-shapes.js';
import { chatUploadsOf, uploadsOf } from './timeline/upload-of.js';
import { presentationFiles } from './timeline/read-presentation.js';

/** The published files of one recording on their server. */
export interface RemoteFiles {
  /**
   * Downloads one file into the folder, under its own path; a file that is already whole there is not asked again.
   * @returns null when it lies there, else why not: `404`, `empty`, `HTML page of 812 B`, `cut: …`
   * @throws OperatorError of what concerns the server or this machine, not that file
   */
  fetch(path: string, onBytes: (bytes: number) => void): Promise<string | null>;
  /** A text fetched before; null when the server had none. */
  readText(path: string): Promise<string | null>;
  /** Before what did not come is asked again. */
  pause(): Promise<void>;
}

export interface FetchedFiles {
  /** How many files the server had. */
  readonly files: number;
  /** Why the others did not come, by path. */
  readonly faults: ReadonlyMap<string, string>;
}

const MEDIA_GROUPS = [
  ['video/webcams.mp4', 'video/webcams.webm'],
  ['deskshare/deskshare.mp4', 'deskshare/deskshare.webm'],
];
const SOUNDS = ['audio/audio.webm', 'audio/audio.ogg'];
const PARALLEL = 6;

/**
 * Brings everything that a conversion needs: texts, then the pictures they name, then media (mp4 before webm, sound
 * alone only without webcams). What did not come is asked a second time; whether it is a loss is for others to say.
 */
export async function fetchPresentation(
  remote: RemoteFiles,
  onBytes: (bytes: number) => void,
): Promise<FetchedFiles> {
  const first = await fetchAll(remote, onBytes);
  if (first.files === 0 || !(await isWorthAsking(first.faults, remote))) return first;
  await remote.pause();
  return fetchAll(remote, onBytes);
}

/** Texts and media that are not there are usually none; what another file of the recording names should be. */
async function isWorthAsking(faults: FetchedFiles['faults'], remote: RemoteFiles): Promise<boolean> {
  const named = /^(?:presentation\/|caption_|(?:shapes|panzooms|cursor|metadata)\.)/;
  if ([...faults].some(([path, reason]) => reason !== '404' || named.test(path))) return true;
  // A recording without webcams has its sound alone.
  if (faults.has('video/webcams.webm') && faults.has('audio/audio.ogg')) return true;
  // A shared screen is published with the times of the sharing.
  if (faults.has('deskshare.xml') && !faults.has('deskshare/deskshare.webm')) return true;
  const shares = (await remote.readText('deskshare.xml')) ?? '';
  return faults.has('deskshare/deskshare.webm') && shares.includes('<event');
}

async function fetchAll(remote: RemoteFiles, onBytes: (bytes: number) => void): Promise<FetchedFiles> {
  const faults = new Map<string, string>();
  let files = 0;
  const fetch = async (path: string): Promise<boolean> => {
    const fault = await remote.fetch(path, onBytes);
    if (fault === null) files++;
    else faults.set(path, fault);
    return fault === null;
  };
  const texts = eachOf([...presentationFiles], fetch);
  const media = MEDIA_GROUPS.map((group) => firstOf(group, fetch));
  media.forEach((download) => void download.catch(() => undefined));
  await texts;
  const shapes = (await remote.readText('shapes.svg')) ?? '';
  const captions = parseCaptions(await remote.readText('captions.json')).map(({ file }) => file);
  const uploads = [
    ...uploadsOf((await remote.readText('tldraw.json')) ?? ''),
    ...chatUploadsOf(parseChat(await remote.readText('slides_new.xml'))),
  ];
  await eachOf([...picturesOf(shapes), ...uploads, ...captions], fetch);
  const [webcams = false] = await Promise.all(media);
  if (!webcams) await firstOf(SOUNDS, fetch);
  return { files, faults };
}

/** Every local picture and text that shapes.svg names: slides, poll results, the texts of slides. */
export function picturesOf(shapes: string): string[] {
  const found = [...shapes.matchAll(/\b(?:xlink:href|href|text)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  const paths = found.flatMap((match) => {
    const path = localPath((match[1] ?? match[2] ?? '').replaceAll('&amp;', '&'));
    return path === null || !/\.(png|jpe?g|svg|gif|webp|txt)$/i.test(path) ? [] : [path];
  });
  return [...new Set(paths)];
}

async function firstOf(
  paths: readonly string[],
  fetch: (path: string) => Promise<boolean>,
): Promise<boolean> {
  for (const path of paths) if (await fetch(path)) return true;
  return false;
}

async function eachOf(paths: readonly string[], work: (path: string) => Promise<boolean>): Promise<void> {
  const waiting = paths.values();
  const worker = async (): Promise<void> => {
    for (const path of waiting) await work(path);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
