import { SaxesParser } from 'saxes';

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlNode | string)[];
}

interface Growing {
  name: string;
  attributes: Record<string, string>;
  children: (Growing | string)[];
}

/** What BBB writes is some ten deep; this tree is walked by functions that call themselves. */
const DEEPEST = 500;
const EMPTY: XmlNode = { name: '', attributes: {}, children: [] };

/**
 * Reads an XML document into a tree, in document order. A broken document gives what stands before the fault,
 * as the player shows it; prefixes stay as written. An element more than 500 deep is a fault: whoever walks the tree
 * would end its stack.
 */
export function parseXml(text: string): XmlNode {
  const parser = new SaxesParser({ xmlns: false });
  const root: Growing = { name: '', attributes: {}, children: [] };
  const open: Growing[] = [root];
  parser.on('opentag', (tag) => {
    const node: Growing = { name: tag.name, attributes: { ...tag.attributes }, children: [] };
    if (open.length > DEEPEST) throw new RangeError('elements nest too deeply');
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (value: string): void => void open.at(-1)?.children.push(value);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(text).close();
  } catch {
    // What was read before the fault stands in the tree.
  }
  return root.children.find((child) => typeof child !== 'string') ?? EMPTY;
}

export const elements = (node: XmlNode, name?: string): XmlNode[] =>
  node.children.filter(
    (child): child is XmlNode => typeof child !== 'string' && (name === undefined || child.name === name),
  );

export const element = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  node === undefined ? undefined : elements(node, name)[0];

/** All text inside, in order. */
export const textOf = (node: XmlNode | undefined): string =>
  node === undefined
    ? ''
    : node.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** Seconds as BBB writes them ("10.8") in milliseconds; null when it is no number. */
export function secondsToMs(value: string | undefined): number | null {
  if (value === undefined || value.trim() === '') return null;
  const seconds = Number(value);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
}

export function numbersOf(text: string): number[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .map(Number);
}

export const escapeXml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
