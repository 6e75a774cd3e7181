/** Reads so many bytes at an offset of a file; fewer at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Boxes of an MP4 that are followed: a film has some five at its top. */
const MOST_BOXES = 64;

/**
 * How long a medium's container says that its file is: the Segment of Matroska and WebM (RFC 9559, section 4), the boxes
 * at the top of MP4 (ISO/IEC 14496-12, section 4.2). Null when it says nothing: a live Segment, an Ogg, another format.
 */
export async function containerSize(readAt: ReadAt): Promise<number | null> {
  const first = await readAt(0, 64);
  if (first.length < 16) return null;
  if (first.readUInt32BE(0) === 0x1a45dfa3) return matroskaSize(readAt, first);
  return first.subarray(4, 8).toString('latin1') === 'ftyp' ? mp4Size(readAt) : null;
}

async function matroskaSize(readAt: ReadAt, first: Buffer): Promise<number | null> {
  const header = vint(first, 4);
  if (header === null || header.value === null) return null;
  let at = 4 + header.length + header.value;
  // Void elements may stand between the header and the Segment.
  for (let i = 0; i < 8; i++) {
    const bytes = await readAt(at, 16);
    if (bytes.length < 5) return null;
    const isSegment = bytes.readUInt32BE(0) === 0x18538067;
    const idLength = isSegment ? 4 : 1;
    if (!isSegment && bytes[0] !== 0xec) return null;
    const size = vint(bytes, idLength);
    if (size === null || size.value === null) return null;
    at += idLength + size.length + size.value;
    if (isSegment) return at;
  }
  return null;
}

/** A number of variable length; `value` is null for "unknown". */
function vint(bytes: Buffer, at: number): { readonly length: number; readonly value: number | null } | null {
  const head = bytes[at] ?? 0;
  const length = Math.clz32(head) - 23;
  if (length > 8 || bytes.length < at + length) return null;
  let value = head & ((1 << (8 - length)) - 1);
  let unknown = value === (1 << (8 - length)) - 1;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { length, value: unknown || !Number.isSafeInteger(value) ? null : value };
}

async function mp4Size(readAt: ReadAt): Promise<number | null> {
  let at = 0;
  for (let i = 0; i < MOST_BOXES; i++) {
    const head = await readAt(at, 16);
    if (head.length < 8) return at;
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short;
    // 0: to the end of the file.
    if (size < 8) return size === 0 ? null : at;
    at += size;
  }
  return null;
}
