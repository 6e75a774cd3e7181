import { SaxesParser } from 'saxes';
import { plainText } from '../kit/output/text.js';
import { texts as bbbTexts } from '../bbb/texts.js';
import { replaceForbidden } from './mend-xml.js';
import type { Announced } from './announced.js';

/** What stands around the recordings of an answer. */
export interface AnswerHead {
  readonly returncode: string;
  readonly messageKey: string;
  readonly message: string;
  readonly announced: Announced | null;
  /** It has a `<recordings>`, empty or not. */
  readonly hasList: boolean;
  /** Why it is not well-formed or not whole; null when it is. */
  readonly detail: string | null;
}

/** An answer with more faults of XML than that is read no further. */
const MOST_FAULTS = 500;
class TooManyFaults extends Error {}

/**
 * Reads an answer without its recordings, or what came of it so far.
 * @throws OperatorError bbb-answer-unsafe (document type), bbb-not-an-api (a web page)
 */
export function readAnswerHead(text: string, source: string): AnswerHead {
  const said = new Map<string, string>();
  const path: string[] = [];
  let roots = 0;
  let hasList = false;
  let detail: string | null = null;
  const parser = new SaxesParser({ position: false });
  const fail = (message: string): void => void (detail ??= message);
  parser.on('doctype', (type) => {
    if (/^\s*html\b/i.test(type))
      throw bbbTexts.bbbNotAnApi({ url: source, detail: 'it answers a web page' });
    throw bbbTexts.bbbAnswerUnsafe({ source });
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    if (path.length === 2 && name === 'recordings') hasList = true;
    if (path.length > 1) return;
    roots++;
    if (name.toLowerCase() === 'html')
      throw bbbTexts.bbbNotAnApi({ url: source, detail: 'it answers a web page' });
    if (name !== 'response') fail(`it begins with <${name.slice(0, 40)}>`);
  });
  const keep = (piece: string): void => {
    const key = path.slice(1).join('/');
    // A second answer behind the first one (two pages in one file) says nothing of the first.
    if (key !== '' && roots === 1 && said.size < 50)
      said.set(key, `${said.get(key) ?? ''}${piece}`.slice(0, 500));
  };
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', () => path.pop());
  let faults = 0;
  parser.on('error', ({ message }) => {
    fail(message.replace(/^\d*:?\d*:? ?/, ''));
    if (++faults > MOST_FAULTS) throw new TooManyFaults();
  });
  // White space and a byte order mark before the declaration are what careless proxies and scripts add.
  const clean = replaceForbidden(text).text.replace(/^[\s\ufeff]+/, '');
  if (clean === '') fail('it is empty');
  else
    try {
      parser.write(clean).close();
    } catch (error) {
      if (!(error instanceof TooManyFaults)) throw error;
    }
  const read = (key: string): string => plainText(said.get(key) ?? '').trim();
  return {
    returncode: read('returncode'),
    messageKey: read('messageKey'),
    message: read('message'),
    announced: readAnnounced(read),
    hasList,
    detail,
  };
}

/**
 * `<totalElements>` counts recordings since pull request 21644 (BBB 2.7.x, RecordingServiceFileImpl.java,
 * commit 16ae30c); within `<pagination>`, before it and in 3.0 until issue 24132, it counts their formats.
 */
function readAnnounced(read: (key: string) => string): Announced | null {
  const exact = asCount(read('totalElements'));
  const total = exact ?? asCount(read('pagination/totalElements'));
  if (total === null) return null;
  const offset = asCount(read('pagination/pageable/offset')) ?? asCount(read('pagination/offset'));
  const limit = asCount(read('pagination/pageable/limit')) ?? asCount(read('pagination/limit'));
  return { total, exact: exact !== null, pageEnd: limit === null ? null : (offset ?? 0) + limit };
}

const asCount = (text: string): number | null => (/^\d{1,12}$/.test(text) ? Number(text) : null);
