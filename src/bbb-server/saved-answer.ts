import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { ListingNote } from '../bbb/recording-source.js';
import type { Recording } from '../bbb/recording.js';
import { withoutToken } from '../bbb/playback-url.js';
import { describeDiskFailure, diskGuarded } from '../kit/adapters/files/disk-failure.js';
import { refuseOddTarget, streamNamedFile } from '../kit/adapters/files/open-named-file.js';
import { decodeStream } from '../kit/adapters/http/decode-text.js';
import { ListingTally } from './listing-tally.js';
import { parseRecordings, type RecordingsAnswer } from './parse-recordings.js';
import { ownCopy, type XmlNode } from './read-recording.js';
import { texts as bbbTexts } from '../bbb/texts.js';

/**
 * Reads a saved getRecordings answer (--from-xml).
 * @throws OperatorError bbb-xml-unreadable, and what `parseRecordings` throws.
 */
export async function readSavedAnswer(
  file: string,
  server: string,
  keep: (recording: Recording, node: XmlNode) => void,
  signal: AbortSignal,
): Promise<ListingNote[]> {
  const tally = new ListingTally(server);
  let bytes: ReadStream | null = null;
  try {
    bytes = streamNamedFile(file, { signal, highWaterMark: 256 * 1024 });
    const answer = await parseRecordings(decodeStream(bytes as AsyncIterable<Buffer>, undefined), {
      source: file,
      isFile: true,
      server,
      onRecording: tally.counting(keep),
    });
    tally.add(answer);
    return [...tally.notes(), ...missingOf(answer, tally)];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw bbbTexts.bbbXmlUnreadable({ file, detail: error.message }, { cause: error });
  } finally {
    bytes?.destroy();
  }
}

/** A file that holds one page of a longer list. */
function missingOf({ announced }: RecordingsAnswer, tally: ListingTally): ListingNote[] {
  if (announced === null) return [];
  const missing = announced.total - tally.ids.size - tally.unreadable;
  const isPage = announced.exact || (announced.pageEnd !== null && announced.pageEnd < announced.total);
  return missing > 0 && isPage ? [tally.note('incomplete', missing, { announced: announced.total })] : [];
}

/** Writes what servers answered as one getRecordings answer (--save-xml), recording by recording. */
export interface AnswerWriter {
  add(node: XmlNode): void;
  /** Makes the file appear, whole. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

const FLUSH_CHARACTERS = 1_000_000;

/** Opens `FILE.part` (mode 0600: names of people stand in it); `finish` renames it. An entry that says the same again is kept once. */
export async function saveAnswer(file: string): Promise<AnswerWriter> {
  const part = `${file}.part`;
  diskGuarded(file, () => refuseOddTarget(file));
  const handle = await openPart(part);
  const seen = new Map<string, string>();
  let pending =
    '<?xml version="1.0" encoding="UTF-8"?>\n<response><returncode>SUCCESS</returncode><recordings>\n';
  let writing: Promise<unknown> = Promise.resolve();
  const flush = (): void => {
    const text = pending;
    pending = '';
    writing = writing.then(() => handle.appendFile(text));
    writing.catch(() => undefined);
  };
  return {
    add(node) {
      const id = ownCopy(node.children.find(({ name }) => name === 'recordID')?.text ?? '');
      const text = renderNode(node, withoutToken);
      const sign = createHash('sha1').update(text).digest('base64');
      if (id !== '' && seen.get(id) === sign) return;
      seen.set(id, sign);
      pending += `${text}\n`;
      if (pending.length > FLUSH_CHARACTERS) flush();
    },
    async finish() {
      try {
        pending += '</recordings></response>\n';
        flush();
        await writing;
        await handle.sync();
        await handle.close();
        await rename(part, file);
      } catch (error) {
        throw describeDiskFailure(error, file);
      }
    },
    async discard() {
      await writing.catch(() => undefined);
      await handle.close().catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}

async function openPart(part: string): Promise<FileHandle> {
  try {
    return await open(part, 'w', 0o600);
  } catch (error) {
    throw describeDiskFailure(error, part);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Attributes are none of ours; text and elements are rendered as they were. */
export function renderNode(
  { name, text, children }: XmlNode,
  keepText: (text: string) => string = (same) => same,
): string {
  const inner = keepText(text).replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
  return `<${name}>${children.length === 0 ? inner : inner.trim()}${children.map((child) => renderNode(child, keepText)).join('')}</${name}>`;
}
