import {
  htmlPage,
  isPage,
  kindOf,
  limitOf,
  textOf,
  tooLarge,
  tooManyPixels,
  type FileLimits,
} from '../../bbb/published-file.js';
import { pictureSize } from '../../bbb/picture-size.js';
import { renderBytes } from '../../kit/output/units.js';

/** What is seen of a file without reading it whole. */
export type FileLook =
  /** `outside`: a link leads out of the folder; `special`: a directory, a pipe, a device. */
  { readonly state: 'absent' } | { readonly state: 'outside' } | { readonly state: 'special' } | SeenFile;

interface SeenFile {
  readonly state: 'file';
  readonly sizeBytes: number;
  /** Its first and last bytes, 4096 of each at most. */
  readonly first: Buffer;
  readonly last: Buffer;
  /** The length that a medium's container says of itself; null when it says none. */
  readonly saidBytes: number | null;
}

/**
 * Why a published file is not what its name says; null when nothing speaks against it. Its ends are looked at: a page
 * instead of a picture, a document that stops before its end. Pure.
 */
export function fileFault(path: string, look: FileLook, limits: FileLimits): string | null {
  if (look.state === 'absent') return 'absent';
  if (look.state === 'outside') return 'a link out of its folder';
  if (look.state === 'special') return 'no file';
  const kind = kindOf(path);
  const { sizeBytes, first, last, saidBytes } = look;
  // The text of a slide without words is an empty file.
  if (sizeBytes === 0) return kind === 'text' ? null : 'empty';
  const limit = limitOf(path, limits);
  if (sizeBytes > limit.bytes) return tooLarge(sizeBytes, limit);
  if (isPage(first)) return htmlPage(sizeBytes);
  switch (kind) {
    case 'picture':
      return path.toLowerCase().endsWith('.svg')
        ? documentFault(first, last, sizeBytes)
        : pictureFault(look, limits);
    case 'media':
      return saidBytes !== null && saidBytes > sizeBytes
        ? `cut: ${renderBytes(sizeBytes)} of ${renderBytes(saidBytes)}`
        : null;
    case 'xml':
      return documentFault(first, last, sizeBytes);
    case 'json':
      return jsonFault(first, last, sizeBytes);
    case 'captions':
      return textOf(first).startsWith('WEBVTT') ? null : 'unreadable: no WebVTT';
    case 'text':
      return null;
  }
}

/** An XML document that ends with the end of its first element. */
function documentFault(first: Buffer, last: Buffer, sizeBytes: number): string | null {
  const head = textOf(first);
  if (!/^\s*</.test(head)) return 'unreadable: no XML';
  const tail = last
    .toString('utf8')
    .replaceAll(/<!--[\s\S]*?-->|\0/g, '')
    .trimEnd();
  const name = /<([A-Za-z_][\w:.-]*)/.exec(head.replaceAll(/<!--[\s\S]*?(?:-->|$)|<[?!][^>]*>/g, ''))?.[1];
  const closed = /<\/([\w:.-]+)\s*>$/.exec(tail)?.[1];
  const alone = sizeBytes <= first.length && /\/>$/.test(tail) && !/<\/|<[A-Za-z_][^<]*<[A-Za-z_]/.test(tail);
  const whole = alone || (closed !== undefined && (name === undefined || closed === name));
  return whole ? null : `cut: it ends in the middle, after ${renderBytes(sizeBytes)}`;
}

function jsonFault(first: Buffer, last: Buffer, sizeBytes: number): string | null {
  const [open = '', close = ''] = [textOf(first).trimStart()[0], last.toString('utf8').trimEnd().at(-1)];
  if (!'{['.includes(open) || open === '') return 'unreadable: no JSON';
  return (open === '{' ? '}' : ']') === close
    ? null
    : `cut: it ends in the middle, after ${renderBytes(sizeBytes)}`;
}

/** PNG, JPEG, GIF and WebP by their first bytes, whole by their last ones. */
function pictureFault({ first, last, sizeBytes }: SeenFile, limits: FileLimits): string | null {
  const size = pictureSize(first);
  if (size !== null && size.width * size.height > limits.pixels) return tooManyPixels(size, limits);
  const cut = `cut: it ends in the middle, after ${renderBytes(sizeBytes)}`;
  const begins = (bytes: string): boolean => first.toString('latin1').startsWith(bytes);
  if (begins('\x89PNG\r\n\x1a\n')) return last.includes('IEND') ? null : cut;
  if (begins('\xff\xd8\xff')) return last.includes(Buffer.from([0xff, 0xd9])) ? null : cut;
  if (begins('GIF8')) return last.includes(0x3b) ? null : cut;
  if (begins('RIFF') && first.subarray(8, 12).toString('latin1') === 'WEBP')
    return first.readUInt32LE(4) + 8 <= sizeBytes ? null : cut;
  return /^\s*<(?:\?xml|svg|!)/.test(textOf(first))
    ? documentFault(first, last, sizeBytes)
    : 'unreadable: no picture';
}
