import { SaxesParser } from 'saxes';
import { mendMarkup, replaceForbidden } from './mend-xml.js';
import { readPlainElement } from './plain-element.js';
import type { XmlNode } from './read-recording.js';

const MAX_DEPTH = 38;
/** BigBlueButton writes some hundred; each costs memory, however small it is written. */
const MAX_ELEMENTS = 10_000;
const TOO_MANY = 'it holds too many elements';

export type NodeReading = { readonly node: XmlNode; readonly mended: boolean } | { readonly detail: string };

/** Reads the text of one `<recording>`, mended where XML forbids what it holds; else says why it cannot be read. */
export function readNode(text: string): NodeReading {
  const allowed = replaceForbidden(text);
  const plain = readPlainElement(allowed.text, { depth: MAX_DEPTH, elements: MAX_ELEMENTS });
  if (plain !== null) return { node: plain, mended: allowed.mended };
  const strict = parseElement(allowed.text);
  if (!('detail' in strict)) return { ...strict, mended: allowed.mended };
  if (strict.detail === TOO_MANY) return strict;
  const mended = parseElement(mendMarkup(allowed.text));
  return 'detail' in mended ? strict : { ...mended, mended: true };
}

function parseElement(text: string): { readonly node: XmlNode } | { readonly detail: string } {
  const open: XmlNode[] = [];
  const roots: XmlNode[] = [];
  let elements = 0;
  const parser = new SaxesParser({ position: false });
  const keep = (piece: string): void => {
    const node = open.at(-1);
    if (node !== undefined) node.text += piece;
  };
  parser.on('opentag', ({ name }) => {
    if (++elements > MAX_ELEMENTS) throw new Error(TOO_MANY);
    if (open.length >= MAX_DEPTH) throw new Error('its elements nest too deeply');
    const node: XmlNode = { name, text: '', children: [] };
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  });
  parser.on('text', keep);
  parser.on('cdata', keep);
  parser.on('closetag', () => open.pop());
  parser.on('doctype', () => {
    throw new Error('it declares a document type');
  });
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(text).close();
  } catch (error) {
    return { detail: error instanceof Error ? error.message : String(error) };
  }
  const [node] = roots;
  return node === undefined ? { detail: 'it holds no element' } : { node };
}
