/** Width and height that a picture says of itself. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * What a picture will be when it is drawn, by its first bytes: PNG (IHDR), GIF (logical screen), WebP (VP8, VP8L, VP8X)
 * and JPEG (the first frame header). Null where they do not say: a drawing in SVG is as large as it is shown.
 * @param first its first bytes; the headers of a camera stand before the frame of a JPEG, some kilobytes of them
 */
export function pictureSize(first: Buffer): PictureSize | null {
  const begins = (bytes: string): boolean => first.subarray(0, bytes.length).toString('latin1') === bytes;
  if (begins('\x89PNG\r\n\x1a\n') && first.length >= 24)
    return { width: first.readUInt32BE(16), height: first.readUInt32BE(20) };
  if (begins('GIF8') && first.length >= 10)
    return { width: first.readUInt16LE(6), height: first.readUInt16LE(8) };
  if (begins('RIFF') && first.length >= 30) return webpSize(first);
  return begins('\xff\xd8') ? jpegSize(first) : null;
}

/** RFC 9649: the three kinds of the first chunk. */
function webpSize(first: Buffer): PictureSize | null {
  switch (first.subarray(12, 16).toString('latin1')) {
    case 'VP8X':
      return { width: first.readUIntLE(24, 3) + 1, height: first.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = first.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: first.readUInt16LE(26) & 0x3fff, height: first.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}

/** ITU T.81, B.1.1.3: segments up to the first SOF, which are all 0xC0 to 0xCF but DHT, JPG and DAC. */
function jpegSize(first: Buffer): PictureSize | null {
  for (let at = 2; at + 9 < first.length && first[at] === 0xff;) {
    const marker = first[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: first.readUInt16BE(at + 7), height: first.readUInt16BE(at + 5) };
    at += 2 + first.readUInt16BE(at + 2);
  }
  return null;
}
