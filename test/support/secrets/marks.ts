import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Secrets that give themselves away: each place a secret may come from gets a word of its own, found again in plain,
 * percent-encoded, base64 and hexadecimal form, wherever it turns up.
 */
export class Marks {
  /** Word -> where it came from. */
  readonly #places = new Map<string, string>();
  readonly #forms = new Map<string, string>();

  /** A marked secret of letters and digits. */
  of(place: string): string {
    const word = `Leak${this.#places.size.toString(36)}x${place.replace(/[^A-Za-z0-9]/g, '')}Q7`;
    this.add(word, place);
    return word;
  }

  /** A secret that somebody else made: a token, a checksum, a cookie. */
  add(word: string, place: string): void {
    if (word.length < 8) throw new Error(`too short to be found without false alarms: ${word}`);
    this.#places.set(word, place);
    this.#forms.set(word, place);
    this.#forms.set(Buffer.from(word).toString('hex'), `${place} (hex)`);
    // Base64 of a text that holds it: whatever stood before shifts the letters, so all three phases count.
    for (const before of ['', 'a', 'aa'])
      this.#forms.set(
        Buffer.from(before + word)
          .toString('base64')
          .slice(before.length + 2, -4),
        `${place} (base64)`,
      );
  }

  get count(): number {
    return this.#places.size;
  }

  /** The places whose secret stands in that text. */
  in(text: string): string[] {
    return [...this.#forms].filter(([form]) => text.includes(form)).map(([, place]) => place);
  }

  /** `FILE: PLACE` for every marked file below a directory; `exempt` tells what is the operator's own. */
  inFiles(directory: string, exempt: (file: string) => boolean): string[] {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => !exempt(file))
      .map((file) => path.join(directory, file))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      .flatMap((file) =>
        this.in(contentOf(file)).map((place) => `${path.relative(directory, file)}: ${place}`),
      );
  }
}

/** Empty for a file that was replaced by rename since it was listed. */
function contentOf(file: string): string {
  try {
    return readFileSync(file).toString('latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
