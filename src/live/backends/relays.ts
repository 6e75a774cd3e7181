import { progressReader, readEncoderLine, type StreamTrouble } from '../encoder-watch.js';
import { relayArguments } from '../encoding.js';
import { StreamState } from '../keeper/stream-state.js';
import type { StreamTarget } from '../stream-target.js';
import type { Encoder, MediaPorts } from './media-port.js';

const RESTART_MS = 1000;
const RESTART_MAX_MS = 10_000;
/** More than a target's relay leaves waiting: it hangs, and gets nothing more until it took that. */
const WAITING_BYTES = 8_000_000;

/**
 * Further targets of one live: each gets the encoder's picture and sound through a process of its own. One that fails is
 * tried again for ever; none of them can hold up the encoder or each other.
 */
export class Relays {
  readonly #relays: readonly Relay[];

  /** @param caFile authority of rtmps:// targets; null: no certificate is checked */
  constructor(
    targets: readonly StreamTarget[],
    caFile: string | null,
    startEncoder: MediaPorts['startEncoder'],
  ) {
    this.#relays = targets.map((target) => new Relay(target, relayArguments(target, caFile), startEncoder));
  }

  get isEmpty(): boolean {
    return this.#relays.length === 0;
  }

  /** For a new encoder, whose clock begins anew: fresh processes. @returns what takes its copy */
  async open(): Promise<(chunk: Buffer) => void> {
    this.#relays.forEach((relay) => void relay.close());
    await Promise.all(this.#relays.map((relay) => relay.open()));
    return (chunk) => this.#relays.forEach((relay) => relay.write(chunk));
  }

  async close(): Promise<void> {
    await Promise.all(this.#relays.map((relay) => relay.close()));
  }

  states(now: number): { shown: string; trouble: StreamTrouble | null }[] {
    return this.#relays.map((relay) => relay.state(now));
  }

  children(): Record<string, number> {
    return Object.fromEntries(
      this.#relays.flatMap(({ pid }, i) => (pid === null ? [] : [[`relay${i + 1}`, pid]])),
    );
  }
}

class Relay {
  readonly #target: StreamTarget;
  readonly #args: readonly string[];
  readonly #startEncoder: MediaPorts['startEncoder'];
  readonly #state = new StreamState();
  #process: Encoder | null = null;
  #restart: NodeJS.Timeout | null = null;
  #deaths = 0;
  /** Which opening this is: what belongs to an earlier one is let go. */
  #turn = 0;

  constructor(target: StreamTarget, args: readonly string[], startEncoder: MediaPorts['startEncoder']) {
    this.#target = target;
    this.#args = args;
    this.#startEncoder = startEncoder;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  state(now: number): { shown: string; trouble: StreamTrouble | null } {
    return { shown: this.#target.shown, trouble: this.#state.current(now) };
  }

  write(chunk: Buffer): void {
    const stdin = this.#process?.stdin;
    if (stdin?.writable === true && stdin.writableLength < WAITING_BYTES) stdin.write(chunk);
  }

  async open(): Promise<void> {
    const turn = ++this.#turn;
    const heard = { progress: false, trouble: false };
    const process = await this.#startEncoder({
      args: this.#args,
      stdin: true,
      environment: {},
      // It counts frames only once it is connected.
      onStdoutLine: progressReader(({ frames }) => {
        if (this.#turn !== turn || frames === 0 || heard.progress) return;
        heard.progress = true;
        this.#deaths = 0;
        this.#state.note({ kind: 'rtmp-recovered' }, Date.now());
      }),
      onLine: (line) => {
        const meaning = this.#turn === turn ? readEncoderLine(line) : null;
        if (meaning?.kind !== 'trouble') return;
        heard.trouble = true;
        this.#state.note(meaning, Date.now());
      },
    });
    if (this.#turn !== turn) return process.stop();
    this.#process = process;
    void process.ended.then(() => {
      if (this.#turn === turn) this.#again(heard.trouble);
    });
  }

  async close(): Promise<void> {
    this.#turn++;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const process = this.#process;
    this.#process = null;
    await process?.stop();
  }

  /** @param told it said itself why it ended */
  #again(told: boolean): void {
    this.#process = null;
    if (!told) this.#state.note({ kind: 'trouble', trouble: 'rtmp-lost' }, Date.now());
    const pauseMs = Math.min(RESTART_MAX_MS, RESTART_MS * 2 ** Math.min(this.#deaths++, 10));
    this.#restart = setTimeout(() => void this.open().catch(() => this.#again(false)), pauseMs);
  }
}
