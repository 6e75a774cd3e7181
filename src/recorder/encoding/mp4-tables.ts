import type { FilmFacts } from '../ports.js';

/** The box `moov` of an MP4: what its file holds, and where (ISO/IEC 14496-12). */
interface Mp4Track {
  /** `vide`, `soun`, … */
  readonly kind: string;
  readonly samples: number;
  /** Where its last byte lies in the file. */
  readonly end: number;
}

/**
 * What an MP4 says that it holds.
 * @param moov content of that box
 * @param fileBytes what the tables name must lie within
 * @throws RangeError for tables that are cut or lead out of the file
 */
export function readMp4Tables(moov: Buffer, fileBytes: number): FilmFacts {
  const tracks = boxesOf(moov).flatMap(({ name, content }) => (name === 'trak' ? [trackOf(content)] : []));
  for (const { kind, end } of tracks)
    if (end > fileBytes) throw new RangeError(`${kind} ends at byte ${end} of ${fileBytes}`);
  const samplesOf = (kind: string): number | null =>
    tracks.find((track) => track.kind === kind)?.samples ?? null;
  return { durationMs: durationOf(moov), frames: samplesOf('vide'), packets: samplesOf('soun') };
}

interface Box {
  readonly name: string;
  readonly content: Buffer;
}

function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) throw new RangeError('a box is cut');
    boxes.push({
      name: bytes.toString('latin1', at + 4, at + 8),
      content: bytes.subarray(at + 8, at + size),
    });
    at += size;
  }
  return boxes;
}

const NOTHING = Buffer.alloc(0);

/** Content of the first box below that one, by its path; empty without it. */
function within(bytes: Buffer, ...path: readonly string[]): Buffer {
  const [name, ...rest] = path;
  if (name === undefined) return bytes;
  return within(boxesOf(bytes).find((box) => box.name === name)?.content ?? NOTHING, ...rest);
}

/** Of the movie header, whose version 1 has longer numbers. */
function durationOf(moov: Buffer): number | null {
  const header = within(moov, 'mvhd');
  if (header.length === 0) return null;
  const long = header[0] === 1;
  const scale = header.readUInt32BE(long ? 20 : 12);
  const duration = long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return scale === 0 ? null : (duration * 1000) / scale;
}

function trackOf(trak: Buffer): Mp4Track {
  const media = within(trak, 'mdia');
  const table = within(media, 'minf', 'stbl');
  const sizes = sizesOf(within(table, 'stsz'));
  const chunks = chunksOf(table);
  const runs = entriesOf(within(table, 'stsc'), 12).map((entry) => ({
    first: entry.readUInt32BE(0) - 1,
    samples: entry.readUInt32BE(4),
  }));
  let [sample, run, end] = [0, 0, 0];
  chunks.forEach((offset, chunk) => {
    while ((runs[run + 1]?.first ?? Infinity) <= chunk) run++;
    let at = offset;
    for (let k = 0; k < (runs[run]?.samples ?? 0); k++) at += sizes[sample++] ?? 0;
    end = Math.max(end, at);
  });
  if (sample !== sizes.length) throw new RangeError(`${sample} of ${sizes.length} samples have a place`);
  return { kind: within(media, 'hdlr').toString('latin1', 8, 12), samples: sizes.length, end };
}

function sizesOf(stsz: Buffer): number[] {
  const [same, count] = [stsz.readUInt32BE(4), stsz.readUInt32BE(8)];
  return Array.from({ length: count }, (_, i) => (same === 0 ? stsz.readUInt32BE(12 + 4 * i) : same));
}

const chunksOf = (table: Buffer): number[] => [
  ...entriesOf(within(table, 'stco'), 4).map((entry) => entry.readUInt32BE(0)),
  ...entriesOf(within(table, 'co64'), 8).map((entry) => Number(entry.readBigUInt64BE(0))),
];

/** Of a table that begins with its version and their number. */
function entriesOf(table: Buffer, bytes: number): Buffer[] {
  const count = table.length === 0 ? 0 : table.readUInt32BE(4);
  return Array.from({ length: count }, (_, i) => table.subarray(8 + i * bytes, 8 + (i + 1) * bytes));
}
