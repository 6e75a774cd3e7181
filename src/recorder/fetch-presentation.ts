import { parseCaptions } from './timeline/parse-chat.js';
import { localPath } from './timeline/parse-shapes.js';
import { uploadsOf } from './timeline/upload-of.js';
import { presentationFiles } from './timeline/read-presentation.js';

/** The published files of one recording on their server. */
export interface RemoteFiles {
  /**
   * Downloads one file into the folder, under its own path; a file that is already whole there is not asked again.
   * @returns false when the server has no such file.
   */
  fetch(path: string, onBytes: (bytes: number) => void): Promise<boolean>;
  /** A text fetched before; null when the server had none. */
  readText(path: string): Promise<string | null>;
}

const MEDIA_GROUPS = [
  ['video/webcams.mp4', 'video/webcams.webm'],
  ['deskshare/deskshare.mp4', 'deskshare/deskshare.webm'],
];
const SOUNDS = ['audio/audio.webm', 'audio/audio.ogg'];
const PARALLEL = 6;

/**
 * Brings everything that a conversion needs: texts, then the pictures they name, then media (mp4 before webm, sound
 * alone only without webcams). Files that the server lacks are no failure, as in the player.
 * @returns how many files the server had.
 */
export async function fetchPresentation(
  remote: RemoteFiles,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const texts = await eachOf([...presentationFiles], (path) => remote.fetch(path, onBytes));
  const media = MEDIA_GROUPS.map((group) => firstOf(remote, group, onBytes));
  media.forEach((download) => void download.catch(() => undefined));
  const shapes = (await remote.readText('shapes.svg')) ?? '';
  const captions = parseCaptions(await remote.readText('captions.json')).map(({ file }) => file);
  const uploads = uploadsOf((await remote.readText('tldraw.json')) ?? '');
  const pictures = await eachOf([...picturesOf(shapes), ...uploads, ...captions], (path) =>
    remote.fetch(path, onBytes),
  );
  const [webcams = false, shares = false] = await Promise.all(media);
  const sounds = webcams ? false : await firstOf(remote, SOUNDS, onBytes);
  return [...texts, ...pictures, webcams, shares, sounds].filter(Boolean).length;
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
  remote: RemoteFiles,
  paths: readonly string[],
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  for (const path of paths) if (await remote.fetch(path, onBytes)) return true;
  return false;
}

async function eachOf(
  paths: readonly string[],
  work: (path: string) => Promise<boolean>,
): Promise<boolean[]> {
  const results: boolean[] = [];
  const waiting = paths.entries();
  const lane = async (): Promise<void> => {
    for (const [i, path] of waiting) results[i] = await work(path);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  return results;
}
