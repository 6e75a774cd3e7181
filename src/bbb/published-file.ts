import type { PictureSize } from './picture-size.js';
import { renderBytes } from '../kit/output/units.js';

/** Largest files that are taken: `[recorder] max_picture`, `max_text`, `max_media`, in bytes. */
export interface FileLimits {
  readonly picture: number;
  /** Of a picture when it is drawn, width times height: `[recorder] max_pixels`. */
  readonly pixels: number;
  readonly text: number;
  readonly media: number;
}

/** What is taken where the configuration says nothing. */
export const defaultFileLimits: FileLimits = { picture: 64e6, pixels: 100e6, text: 256e6, media: 20e9 };

/** A file of a recording that did not come, whatever the reason was. */
export interface LostFile {
  /** What of the recording it belongs to: `slides`, `captions`, … */
  readonly part: string;
  /** Inside the published folder. */
  readonly path: string;
}

export type FileKind = 'picture' | 'media' | 'xml' | 'json' | 'captions' | 'text';

/** By its name, as BigBlueButton's publisher names it (presentation.rb of 0.9 to 3.0). */
export function kindOf(path: string): FileKind {
  const extension = /\.(\w+)$/.exec(path.toLowerCase())?.[1] ?? '';
  if (['webm', 'mp4', 'ogg', 'mp3', 'm4v', 'video'].includes(extension)) return 'media';
  if (path === 'shapes.svg' || extension === 'xml') return 'xml';
  if (extension === 'json') return 'json';
  if (extension === 'vtt') return 'captions';
  return extension === 'txt' ? 'text' : 'picture';
}

export const limitOf = (path: string, limits: FileLimits): { bytes: number; key: string } => {
  const kind = kindOf(path);
  if (kind === 'picture') return { bytes: limits.picture, key: 'max_picture' };
  return kind === 'media'
    ? { bytes: limits.media, key: 'max_media' }
    : { bytes: limits.text, key: 'max_text' };
};

/** Says which setting refuses a file, and at what size. */
export const tooLarge = (sizeBytes: number | null, { bytes, key }: { bytes: number; key: string }): string =>
  sizeBytes === null
    ? `larger than [recorder] ${key} (${renderBytes(bytes)}) allows`
    : `${renderBytes(sizeBytes)}, more than [recorder] ${key} (${renderBytes(bytes)}) allows`;

export const tooManyPixels = ({ width, height }: PictureSize, { pixels }: FileLimits): string =>
  `${width}x${height} px, more than [recorder] max_pixels (${pixels / 1e6} Mpx) allows`;

export const htmlPage = (sizeBytes: number): string => `HTML page of ${renderBytes(sizeBytes)}`;

/** Its first bytes as text, without a byte order mark. */
export const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\uFEFF/, '');

/** A page where a file was asked for. @param first its first bytes */
export const isPage = (first: Buffer): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]/i.test(textOf(first));
