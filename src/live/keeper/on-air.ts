import { readEncoderLine, StallWatch, type EncoderProgress, type StreamTrouble } from '../encoder-watch.js';
import type { KeeperTimes } from './keeper-port.js';
import { SETTLED_MS, StreamState } from './stream-state.js';

/** An encoder has so many times longer for its first picture than for the following ones. */
const START_FACTOR = 4;

/** What the encoder says of itself, and hence whether anybody can watch. */
export class OnAir {
  /** Null while there is no encoder, or it has not said anything. */
  progress: EncoderProgress | null = null;
  /** First instant on air; null before. */
  firstAt: number | null = null;
  readonly #stream = new StreamState();
  readonly #stallMs: number;
  readonly #streams: boolean;
  #stall: StallWatch;
  #movingSince: number | null = null;

  /** @param streams false: nothing is streamed, only recorded. */
  constructor({ stallMs }: KeeperTimes, streams: boolean, now: number) {
    this.#stallMs = stallMs;
    this.#streams = streams;
    this.#stall = this.#freshWatch(now);
  }

  noteProgress(progress: EncoderProgress, now: number): void {
    this.progress = progress;
    this.#stall.note(progress.outMs, now);
  }

  noteLine(line: string, now: number): void {
    this.#stream.note(readEncoderLine(line), now);
  }

  encoderGone(): void {
    this.progress = null;
  }

  /** A new encoder starts with a clean slate. */
  encoderStarted(now: number): void {
    this.#stream.reset();
    this.#stall = this.#freshWatch(now);
    this.#movingSince = null;
  }

  stalled(now: number): boolean {
    return this.#stall.stalled(now);
  }

  trouble(now: number): StreamTrouble | null {
    return this.#stream.current(now);
  }

  get recordingFailed(): StreamTrouble | null {
    return this.#stream.recordingFailed;
  }

  /**
   * Whether the picture moves and arrives. A server that refuses a publisher accepts it first, and drops it: the
   * first time, only after a quiet while Pod is told.
   */
  arrives(now: number): boolean {
    if (this.progress === null || this.progress.outMs === 0) return false;
    this.#movingSince ??= now;
    if (this.firstAt !== null) return true;
    const quiet = !this.#streams || now - this.#movingSince >= SETTLED_MS;
    if (!quiet || this.trouble(now) !== null) return false;
    this.firstAt = now;
    return true;
  }

  #freshWatch(now: number): StallWatch {
    return new StallWatch(this.#stallMs, this.#stallMs * START_FACTOR, now);
  }
}
