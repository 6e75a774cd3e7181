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

/** Decodes a stream chunk by chunk; characters may span chunks. @throws CharsetError on bytes of another charset. */
export async function* decodeStream(
  chunks: AsyncIterable<Buffer>,
  contentType: string | undefined,
): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let charset = '';
  const decode = (bytes: Buffer | undefined): string => {
    try {
      return decoder?.decode(bytes, { stream: bytes !== undefined }) ?? '';
    } catch (error) {
      throw new CharsetError(`its text is not ${charset}`, { cause: error });
    }
  };
  for await (const chunk of chunks) {
    if (decoder === null) {
      charset = chooseCharset(chunk, contentType);
      decoder = openDecoder(charset, true);
    }
    const text = decode(chunk);
    if (text !== '') yield text;
  }
  const rest = decode(undefined);
  if (rest !== '') yield rest;
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
