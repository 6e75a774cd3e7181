import { CharsetError } from '../kit/adapters/http/decode-text.js';
import type { OperatorError } from '../kit/errors/operator-error.js';
import { plainText } from '../kit/output/text.js';
import type { Recording } from '../bbb/recording.js';
import { texts as bbbTexts } from '../bbb/texts.js';
import { readAnswerHead } from './answer-head.js';
import { readRecording, type XmlNode } from './read-recording.js';
import { readNode } from './read-node.js';
import { RecordingSplitter, type AnswerPiece } from './split-recordings.js';
import type { Announced } from './announced.js';

/** A recording that was left out, or a place where an answer breaks off. */
export interface ReadingProblem {
  /** Its recordID; '' when it has none that can be read. */
  readonly recordId: string;
  /** The last recordID that was read before it; '' at the beginning. */
  readonly afterId: string;
  readonly detail: string;
  /** Where it begins, counted from 1 and from 0. */
  readonly line: number;
  readonly byte: number;
}

/** What an answer says beside its recordings. */
export interface RecordingsAnswer {
  readonly recordings: number;
  /** Recordings that were left out. */
  readonly unreadable: number;
  /** The first of what was left out, 20 at most. */
  readonly problems: readonly ReadingProblem[];
  /** recordIDs of those in which a character or a tag was mended. */
  readonly mended: readonly string[];
  /** Where the answer breaks off; null for a whole one. */
  readonly cut: ReadingProblem | null;
  readonly announced: Announced | null;
  readonly firstId: string | null;
  readonly lastId: string | null;
}

export interface ParseOptions {
  /** For messages: the server's host, or the file. */
  readonly source: string;
  /** The answer is a file of the operator's, not what a server sends: remedies speak of it. */
  readonly isFile?: boolean;
  /** Name of its [bbb.NAME] section. */
  readonly server: string;
  readonly onRecording: (recording: Recording, node: XmlNode) => void;
}

/** A recording's own text beyond this is no recording: a name without end must not fill the memory. */
const MAX_RECORDING_CHARACTERS = 1_000_000;
/** Neither is what stands around recordings. */
const MAX_OUTSIDE_CHARACTERS = 200_000;
const MAX_PROBLEMS = 20;

/**
 * Reads a getRecordings answer as it streams in, recording by recording: one that cannot be read, even mended, is
 * left out and told, and costs no other. Entities are never expanded beyond XML's five; memory holds one recording.
 * @throws OperatorError bbb-answer-broken, bbb-file-broken (nothing of it can be read), bbb-answer-unsafe (document
 * type), bbb-not-an-api (HTML), bbb-checksum-refused, bbb-listing-filtered, bbb-call-failed.
 */
export async function parseRecordings(
  chunks: AsyncIterable<string>,
  options: ParseOptions,
): Promise<RecordingsAnswer> {
  const reader = new AnswerReader(options);
  try {
    for await (const chunk of chunks) reader.push(chunk);
  } catch (error) {
    if (!(error instanceof CharsetError)) throw error;
    reader.breakOff(error.message);
  }
  return reader.end();
}

class AnswerReader {
  readonly #options: ParseOptions;
  readonly #splitter = new RecordingSplitter();
  readonly #problems: ReadingProblem[] = [];
  #outside = '';
  #line = 1;
  #byte = 0;
  #recordings = 0;
  #unreadable = 0;
  readonly #mended: string[] = [];
  #firstId: string | null = null;
  #lastId: string | null = null;
  #cut: ReadingProblem | null = null;
  #checked = false;

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  push(text: string): void {
    for (const piece of this.#splitter.push(text)) this.#take(piece);
    if (this.#splitter.held > MAX_RECORDING_CHARACTERS)
      throw this.#broken('one of its recordings is larger than 1 MB');
  }

  breakOff(detail: string): void {
    this.#cut ??= this.#problem('', detail);
  }

  end(): RecordingsAnswer {
    const last = this.#splitter.end();
    const open = last.at(-1);
    for (const piece of last) {
      // What is still open when the text ends is where the answer breaks off, not a recording of its own.
      if (piece === open && piece.kind === 'recording' && !piece.whole)
        this.breakOff('it ends within a recording');
      else this.#take(piece);
    }
    return this.#verdict();
  }

  #take({ kind, text, whole }: AnswerPiece): void {
    if (kind === 'outside') {
      this.#outside += text;
      if (this.#outside.length > MAX_OUTSIDE_CHARACTERS) {
        readAnswerHead(this.#outside, this.#options.source);
        throw this.#broken('it holds too much that is no recording');
      }
    } else {
      this.#checkBeginning();
      this.#recording(text, whole);
    }
    this.#byte += Buffer.byteLength(text);
    this.#line += lineEndsIn(text);
  }

  /** Before a recording is kept, what stands before the first one must be the beginning of an answer. */
  #checkBeginning(): void {
    if (this.#checked) return;
    this.#checked = true;
    readAnswerHead(this.#outside, this.#options.source);
  }

  #recording(text: string, whole: boolean): void {
    const read = whole ? readNode(text) : { detail: 'it is not closed' };
    const recording = 'detail' in read ? null : readRecording(read.node, this.#options.server);
    if (recording === null || 'detail' in read) {
      const detail = 'detail' in read ? read.detail : 'it has no recordID or no plausible start';
      this.#unreadable++;
      if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(this.#problem(idIn(text), detail));
      return;
    }
    this.#recordings++;
    if (read.mended) this.#mended.push(recording.recordId);
    this.#firstId ??= recording.recordId;
    this.#lastId = recording.recordId;
    this.#options.onRecording(recording, read.node);
  }

  #problem(recordId: string, detail: string): ReadingProblem {
    return {
      recordId,
      afterId: this.#lastId ?? '',
      detail: plainText(detail).slice(0, 200),
      line: this.#line,
      byte: this.#byte,
    };
  }

  #verdict(): RecordingsAnswer {
    const head = readAnswerHead(this.#outside, this.#options.source);
    if (head.detail !== null) this.breakOff(head.detail);
    const cut = this.#cut;
    if (cut !== null && this.#recordings === 0) throw this.#broken(cut.detail);
    if (head.returncode !== 'SUCCESS' && head.messageKey !== 'noRecordings')
      throw this.#refusal(head.returncode, head.messageKey, head.message);
    // The answer to another call, of a proxy that leads all of them to one: no list is not an empty list.
    if (!head.hasList && head.messageKey !== 'noRecordings') throw this.#broken('it has no <recordings>');
    return {
      recordings: this.#recordings,
      unreadable: this.#unreadable,
      problems: this.#problems,
      mended: this.#mended,
      cut,
      announced: head.announced,
      firstId: this.#firstId,
      lastId: this.#lastId,
    };
  }

  #broken(detail: string): OperatorError {
    const { source, isFile = false } = this.#options;
    const said = plainText(detail).slice(0, 200);
    return isFile
      ? bbbTexts.bbbFileBroken({ file: source, line: this.#line, detail: said })
      : bbbTexts.bbbAnswerBroken({ source, detail: said });
  }

  #refusal(returncode: string, key: string, message: string): OperatorError {
    const { source } = this.#options;
    if (returncode !== 'FAILED')
      return this.#broken(`its returncode is ${returncode === '' ? 'missing' : returncode}`);
    if (key === 'checksumError') return bbbTexts.bbbChecksumRefused({ host: source });
    // Scalelite with GET_RECORDINGS_API_FILTERED=true (bigbluebutton_api_controller.rb, 1.8.5).
    return key === 'missingParameters'
      ? bbbTexts.bbbListingFiltered({ host: source })
      : bbbTexts.bbbCallFailed({ host: source, call: 'getRecordings', key, message });
  }
}

function lineEndsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

const idIn = (text: string): string =>
  plainText(/<(?:recordID|internalMeetingID)>\s*([^<\s]{1,128})\s*</.exec(text)?.[1] ?? '');
