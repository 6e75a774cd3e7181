import { SaxesParser } from 'saxes';
import type { OperatorError } from '../kit/errors/operator-error.js';
import { plainText } from '../kit/output/text.js';
import type { Recording } from '../bbb/recording.js';
import { CharsetError } from '../kit/adapters/http/decode-text.js';
import { readRecording, type XmlNode } from './read-recording.js';
import { texts as bbbTexts } from '../bbb/texts.js';

/** What an answer says beside its recordings. */
export interface RecordingsAnswer {
  readonly recordings: number;
  readonly unreadable: number;
  /** `totalElements` of a paged answer; null without. */
  readonly announced: number | null;
  readonly firstId: string | null;
  readonly lastId: string | null;
}

export interface ParseOptions {
  /** For messages: the server's host, or the file. */
  readonly source: string;
  /** Name of its [bbb.NAME] section. */
  readonly server: string;
  readonly onRecording: (recording: Recording, node: XmlNode) => void;
}

/** A recording's own text beyond this is no recording: a name without end must not fill the memory. */
const MAX_RECORDING_CHARACTERS = 4_000_000;
/** What an element costs in memory beside its text, in characters: 80 MB of empty ones must not fill it either. */
const ELEMENT_CHARACTERS = 200;
/** The parser keeps a text, a comment, a name or an attribute until it ends: one that does not is no answer. */
const MAX_PIECE_CHARACTERS = 8_000_000;
const MAX_DEPTH = 40;
const HEAD = ['returncode', 'messageKey', 'message', 'totalElements'];

/**
 * Reads a getRecordings answer as it streams in, element by element: text is never cut at a tag (CDATA may hold one),
 * entities are never expanded beyond XML's five, and memory holds one recording.
 * @throws OperatorError bbb-answer-broken (malformed, truncated, wrong charset, NUL), bbb-answer-unsafe (document
 * type), bbb-not-an-api (HTML), bbb-checksum-refused, bbb-call-failed. What was emitted before is worth nothing then.
 */
export async function parseRecordings(
  chunks: AsyncIterable<string>,
  options: ParseOptions,
): Promise<RecordingsAnswer> {
  const reader = new AnswerReader(options);
  const parser = new SaxesParser({ position: false });
  parser.on('doctype', (text) => {
    throw /^\s*html\b/i.test(text)
      ? notAnApi(options.source, 'it answers a web page')
      : bbbTexts.bbbAnswerUnsafe({ source: options.source });
  });
  let pending = 0;
  const ends =
    <T>(handle: (value: T) => void) =>
    (value: T): void => {
      pending = 0;
      handle(value);
    };
  parser.on(
    'opentag',
    ends((tag) => reader.open(tag)),
  );
  parser.on(
    'text',
    ends((text) => reader.text(text)),
  );
  parser.on(
    'cdata',
    ends((text) => reader.text(text)),
  );
  parser.on(
    'closetag',
    ends(() => reader.close()),
  );
  parser.on('error', (error) => {
    throw broken(options.source, error.message);
  });
  try {
    for await (const chunk of chunks) {
      pending += chunk.length;
      if (pending > MAX_PIECE_CHARACTERS) throw broken(options.source, 'one piece of it is larger than 8 MB');
      parser.write(chunk);
    }
  } catch (error) {
    throw error instanceof CharsetError ? broken(options.source, error.message) : error;
  }
  if (!reader.started) throw broken(options.source, 'it is empty');
  parser.close();
  return reader.verdict();
}

const broken = (source: string, detail: string): OperatorError =>
  bbbTexts.bbbAnswerBroken({ source, detail: plainText(detail).slice(0, 200) });
const notAnApi = (url: string, detail: string): OperatorError => bbbTexts.bbbNotAnApi({ url, detail });

class AnswerReader {
  readonly #options: ParseOptions;
  readonly #head = new Map<string, string>();
  readonly #path: string[] = [];
  /** Open elements of the recording being read; empty between recordings. */
  readonly #open: XmlNode[] = [];
  #characters = 0;
  #recordings = 0;
  #unreadable = 0;
  #firstId: string | null = null;
  #lastId: string | null = null;
  started = false;

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  open({ name }: { readonly name: string }): void {
    if (!this.started) this.#start(name);
    this.#path.push(name);
    if (this.#path.length > MAX_DEPTH) throw broken(this.#options.source, 'its elements nest too deeply');
    const parent = this.#open.at(-1);
    const isRecording = name === 'recording' && this.#path.length === 3 && this.#path[1] === 'recordings';
    if (parent === undefined && !isRecording) return;
    this.#count(ELEMENT_CHARACTERS + name.length);
    const node: XmlNode = { name, text: '', children: [] };
    parent?.children.push(node);
    this.#open.push(node);
  }

  text(text: string): void {
    const node = this.#open.at(-1);
    if (node !== undefined) {
      this.#count(text.length);
      node.text += text;
      return;
    }
    const name = this.#path.at(-1) ?? '';
    if (HEAD.includes(name) && this.#path[1] !== 'recordings')
      this.#head.set(name, `${this.#head.get(name) ?? ''}${text}`.slice(0, 500));
  }

  #count(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_RECORDING_CHARACTERS)
      throw broken(this.#options.source, 'one of its recordings is larger than 4 MB');
  }

  close(): void {
    this.#path.pop();
    const node = this.#open.pop();
    if (node === undefined || this.#open.length > 0) return;
    this.#characters = 0;
    const recording = readRecording(node, this.#options.server);
    if (recording === null) {
      this.#unreadable++;
      return;
    }
    this.#recordings++;
    this.#firstId ??= recording.recordId;
    this.#lastId = recording.recordId;
    this.#options.onRecording(recording, node);
  }

  verdict(): RecordingsAnswer {
    const said = (name: string): string => plainText(this.#head.get(name) ?? '').trim();
    const key = said('messageKey');
    const isEmptyHanded = key === 'noRecordings';
    if (said('returncode') !== 'SUCCESS' && !isEmptyHanded)
      throw this.#refusal(said('returncode'), key, said('message'));
    const announced = said('totalElements');
    return {
      recordings: this.#recordings,
      unreadable: this.#unreadable,
      announced: /^\d+$/.test(announced) ? Number(announced) : null,
      firstId: this.#firstId,
      lastId: this.#lastId,
    };
  }

  #start(root: string): void {
    this.started = true;
    if (root === 'response') return;
    throw root.toLowerCase() === 'html'
      ? notAnApi(this.#options.source, 'it answers a web page')
      : broken(this.#options.source, `it begins with <${root.slice(0, 40)}>`);
  }

  #refusal(returncode: string, key: string, message: string): OperatorError {
    const { source } = this.#options;
    if (returncode !== 'FAILED')
      return broken(source, `its returncode is ${returncode === '' ? 'missing' : returncode}`);
    return key === 'checksumError'
      ? bbbTexts.bbbChecksumRefused({ host: source })
      : bbbTexts.bbbCallFailed({ host: source, call: 'getRecordings', key, message });
  }
}
