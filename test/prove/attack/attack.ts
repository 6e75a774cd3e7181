/** One attack, tried on what an operator runs. */
export interface Attack {
  readonly name: string;
  /** @returns what came out or happened that must not; null when nothing did. */
  readonly run: () => Promise<string | null>;
}

