const BITS = 2 ** 24;

/**
 * Remembers texts in two megabytes, however many they are (a Bloom filter of two hashes): what it does not know was never
 * added; of half a million texts it takes one in two hundred others for one of them.
 */
export class KeyFilter {
  readonly #words = new Uint32Array(BITS / 32);

  add(key: string): void {
    for (const bit of bitsOf(key)) this.#words[bit >>> 5] = this.#word(bit) | (1 << (bit & 31));
  }

  /** True may be wrong, false is certain. */
  mayHold(key: string): boolean {
    return bitsOf(key).every((bit) => (this.#word(bit) & (1 << (bit & 31))) !== 0);
  }

  #word(bit: number): number {
    return this.#words[bit >>> 5] ?? 0;
  }
}

/** FNV-1a, once more mixed for the second bit. */
function bitsOf(key: string): [number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  const other = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ key.length;
  return [(hash ^ (hash >>> 8)) & (BITS - 1), (other ^ (other >>> 11)) & (BITS - 1)];
}
