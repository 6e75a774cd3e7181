import { SaxesParser } from 'saxes';
import { AdapterError } from '../../../kit/adapters/network/attempt.js';
import type { Dialogue } from '../../../kit/adapters/network/dialogue.js';

/** An XML element of a stream, as plain data. */
export interface Stanza {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Stanza[];
  text: string;
}

const MAX_BYTES = 4_000_000;

/** Reads the stanzas of an XMPP stream one by one; `restart` after TLS and after authentication. */
export class StanzaStream {
  readonly #dialogue: Dialogue;
  #stanzas: Stanza[] = [];
  #parser: SaxesParser;
  #fed = 0;

  constructor(dialogue: Dialogue) {
    this.#dialogue = dialogue;
    this.#parser = this.#newParser();
  }

  /** Opens a new stream on the same connection and returns its features. */
  async open(domain: string): Promise<Stanza> {
    this.#parser = this.#newParser();
    this.#stanzas = [];
    this.#dialogue.send(
      `<?xml version='1.0'?><stream:stream to='${escapeXml(domain)}' version='1.0' ` +
        `xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`,
    );
    return this.next(({ name }) => name === 'stream:features' || name === 'stream:error');
  }

  send(xml: string): void {
    this.#dialogue.send(xml);
  }

  /** The next stanza that is wanted; others are dropped. */
  async next(wanted: (stanza: Stanza) => boolean): Promise<Stanza> {
    return this.#dialogue.until((received) => {
      this.#feed(received);
      while (this.#stanzas.length > 0) {
        const stanza = this.#stanzas.shift();
        if (stanza !== undefined && wanted(stanza)) return stanza;
      }
      return null;
    });
  }

  #feed(received: Buffer): void {
    if (received.length === 0) return;
    this.#fed += received.length;
    if (this.#fed > MAX_BYTES) throw new AdapterError('invalid', 'the server sends more than a login needs');
    const text = received.toString('utf8');
    this.#dialogue.drop(received.length);
    try {
      this.#parser.write(text);
    } catch {
      throw new AdapterError('invalid', 'this port does not speak XMPP');
    }
  }

  #newParser(): SaxesParser {
    const parser = new SaxesParser();
    const path: Stanza[] = [];
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      const stanza: Stanza = {
        name,
        attributes,
        children: [],
        text: '',
      };
      if (path.length > 1) path.at(-1)?.children.push(stanza);
      path.push(stanza);
    });
    parser.on('text', (text) => {
      const current = path.at(-1);
      if (current !== undefined) current.text += text;
    });
    parser.on('closetag', () => {
      const closed = path.pop();
      if (path.length === 1 && closed !== undefined) this.#stanzas.push(closed);
    });
    return parser;
  }
}

/** The first descendant of that name, depth first. */
export function findElement(stanza: Stanza, name: string): Stanza | null {
  for (const child of stanza.children) {
    if (child.name === name) return child;
    const deeper = findElement(child, name);
    if (deeper !== null) return deeper;
  }
  return null;
}

/** All descendants of that name. */
export const findElements = (stanza: Stanza, name: string): Stanza[] =>
  stanza.children.flatMap((child) => [...(child.name === name ? [child] : []), ...findElements(child, name)]);

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
