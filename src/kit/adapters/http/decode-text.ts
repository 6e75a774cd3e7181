import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Thrown when bytes are not what their charset says. */
export class CharsetError extends Error {}

/**
 * Charset of an answer: byte order mark, then Content-Type, then the XML declaration, else UTF-8. `text/xml` without
 * a charset is UTF-8 here (RFC 7303), not Latin-1 as some HTTP libraries have it: "RÃ©union" is what comes of that.
 */
function chooseCharset(firstBytes: Buffer, contentType: string | undefined): string {
  if (firstBytes.length >= 2) {
    if (firstBytes[0] === 0xfe && firstBytes[1] === 0xff) return 'utf-16be';
    if (firstBytes[0] === 0xff && firstBytes[1] === 0xfe) return 'utf-16le';
    if (firstBytes[0] === 0xef && firstBytes[1] === 0xbb && firstBytes[2] === 0xbf) return 'utf-8';
  }
  const said = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1];
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']/i.exec(
    firstBytes.subarray(0, 200).toString('latin1'),
  )?.[1];
  return said ?? declared ?? 'utf-8';
}

/** Stands before a character that was read from a byte which its charset does not allow; no text may hold it. */
export const MENDED = '\uffff';

/** One byte a character: what a body that claims UTF-8 may hold by mistake, and what older servers really send. */
const SINGLE_BYTE = /^(iso-8859-\d+|latin-?\d|windows-125\d|us-ascii|ascii|cp125\d)$/i;

/**
 * Decodes a stream chunk by chunk; characters may span chunks. UTF-8 is tried first whatever is said, since headers
 * are wrong more often than bytes: only bytes that are no UTF-8 are read in the single-byte charset that was said, or
 * in windows-1252 when UTF-8 was said; these follow a `MENDED` mark.
 * @throws CharsetError on bytes of another multi-byte charset than was said.
 */
export async function* decodeStream(
  chunks: AsyncIterable<Buffer>,
  contentType: string | undefined,
): AsyncGenerator<string> {
  let decode: ((bytes: Buffer | null) => string) | null = null;
  for await (const chunk of chunks) {
    decode ??= openStreamDecoder(chooseCharset(chunk, contentType));
    const text = decode(chunk);
    if (text !== '') yield text;
  }
  const rest = decode?.(null) ?? '';
  if (rest !== '') yield rest;
}

function openStreamDecoder(said: string): (bytes: Buffer | null) => string {
  if (SINGLE_BYTE.test(said)) return utf8First(openDecoder(said, false), '');
  const known = canDecode(said) ? new TextDecoder(said).encoding : 'utf-8';
  if (known === 'utf-8') return utf8First(new TextDecoder('windows-1252'), MENDED);
  const decoder = openDecoder(said, true);
  return (bytes) => {
    try {
      return decoder.decode(bytes ?? undefined, { stream: bytes !== null });
    } catch (error) {
      throw new CharsetError(`its text is not ${said}`, { cause: error });
    }
  };
}

function canDecode(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== '';
  } catch {
    return false;
  }
}

function utf8First(other: TextDecoder, mark: string): (bytes: Buffer | null) => string {
  let held = Buffer.alloc(0);
  let first = true;
  return (bytes) => {
    const all = bytes === null ? held : Buffer.concat([held, bytes]);
    const end = bytes === null ? all.length : all.length - unfinished(all);
    held = all.subarray(end);
    const whole = all.subarray(0, end);
    const text = isUtf8(whole) ? whole.toString('utf8') : decodeMixed(whole, other, mark);
    const begins = first && text !== '';
    if (begins) first = false;
    return begins ? text.replace(/^\ufeff/, '') : text;
  };
}

/** Bytes at the end that may begin a character of the next chunk. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

const sequenceLength = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

function decodeMixed(bytes: Buffer, other: TextDecoder, mark: string): string {
  const pieces: string[] = [];
  let good = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    if (
      lead < 0x80 ||
      (length > 1 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)))
    ) {
      at += length;
      continue;
    }
    pieces.push(bytes.toString('utf8', good, at), mark, decodeByte(bytes.subarray(at, at + 1), other));
    good = ++at;
  }
  pieces.push(bytes.toString('utf8', good));
  return pieces.join('');
}

/** 0x80 to 0x9f of windows-1252 (encoding.spec.whatwg.org); Node 20 reads them as the controls of ISO 8859-1. */
const PUNCTUATION = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function decodeByte(byte: Buffer, decoder: TextDecoder): string {
  const code = byte[0] ?? 0;
  if (decoder.encoding === 'windows-1252' && code >= 0x80 && code <= 0x9f)
    return PUNCTUATION.charAt(code - 0x80);
  return decoder.decode(byte);
}

/** Decodes a whole body leniently: wrong bytes become U+FFFD. */
export const decodeText = (body: Buffer, contentType: string | undefined): string =>
  openDecoder(chooseCharset(body, contentType), false).decode(body);

function openDecoder(charset: string, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal });
  } catch (error) {
    throw new CharsetError(`unknown charset ${charset.slice(0, 40)}`, { cause: error });
  }
}
