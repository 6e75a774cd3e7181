import type { StderrMeaning, StreamTrouble } from '../encoder-watch.js';

/** After so long without a new complaint a connection counts. */
export const SETTLED_MS = 2500;

/**
 * Whether the stream reaches the RTMP server, from ffmpeg's complaints. A server that refuses a publisher first
 * accepts the connection and then drops it: `recovered` counts only once nothing was heard for a while.
 */
export class StreamState {
  #trouble: StreamTrouble | null = null;
  #recoveredAt: number | null = null;
  #drops: number[] = [];
  recordingFailed: StreamTrouble | null = null;

  note(meaning: StderrMeaning, now: number): void {
    if (meaning === null) return;
    if (meaning.kind === 'rtmp-recovered') {
      this.#recoveredAt = now;
      return;
    }
    if (meaning.trouble.startsWith('recording')) {
      this.recordingFailed ??= meaning.trouble;
      return;
    }
    // The same refusal again, in general words.
    if (this.#trouble === 'rtmp-name-in-use' && /refused|lost/.test(meaning.trouble)) {
      this.#recoveredAt = null;
      return;
    }
    // Accepted and dropped again and again: refused.
    if (meaning.trouble === 'rtmp-lost')
      this.#drops = [...this.#drops.filter((at) => now - at < 15_000), now];
    const refused = meaning.trouble === 'rtmp-lost' && this.#drops.length >= 3;
    this.#trouble = refused ? 'rtmp-refused' : meaning.trouble;
    this.#recoveredAt = null;
  }

  /** A new encoder starts with a clean slate. */
  reset(): void {
    this.#trouble = null;
    this.#recoveredAt = null;
    this.recordingFailed = null;
  }

  current(now: number): StreamTrouble | null {
    if (this.#recoveredAt !== null && now - this.#recoveredAt >= SETTLED_MS) {
      this.#trouble = null;
      this.#recoveredAt = null;
    }
    return this.#trouble;
  }
}
