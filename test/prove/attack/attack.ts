/** One attack, tried on what an operator runs. */
export interface Attack {
  readonly name: string;
  /** @returns what came out or happened that must not; null when nothing did. */
  readonly run: () => Promise<string | null>;
}

/** Stands in what must never be read, and is looked for in everything that comes out. */
export const MARKER = 'BBB2POD-MARKER-7f3a91c2';
