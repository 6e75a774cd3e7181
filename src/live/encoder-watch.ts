/** What `ffmpeg -progress` says of itself, every half second. */
export interface EncoderProgress {
  readonly frames: number;
  readonly fps: number;
  readonly bitrateKbps: number | null;
  /** Media time written. */
  readonly outMs: number;
  readonly speed: number | null;
  readonly dropped: number;
  readonly duplicated: number;
}

/** Gathers the `key=value` lines of `-progress` into one report per `progress=` line. */
export function progressReader(onProgress: (progress: EncoderProgress) => void): (line: string) => void {
  let values = new Map<string, string>();
  const number = (key: string): number => {
    const value = Number.parseFloat(values.get(key) ?? '');
    return Number.isFinite(value) ? value : 0;
  };
  const optional = (key: string): number | null => {
    const value = Number.parseFloat(values.get(key) ?? '');
    return Number.isFinite(value) ? value : null;
  };
  return (line) => {
    const cut = line.indexOf('=');
    if (cut === -1) return;
    const [key, value] = [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
    if (key !== 'progress') {
      values.set(key, value);
      return;
    }
    onProgress({
      frames: number('frame'),
      fps: number('fps'),
      bitrateKbps: optional('bitrate'),
      outMs: Math.max(0, Math.round(number('out_time_us') / 1000)),
      speed: optional('speed'),
      dropped: number('drop_frames'),
      duplicated: number('dup_frames'),
    });
    values = new Map();
  };
}

export type StreamTrouble =
  | 'rtmp-unreachable'
  | 'rtmp-name-in-use'
  | 'rtmp-refused'
  | 'rtmp-lost'
  | 'recording-disk-full'
  | 'recording-failed';

export type StderrMeaning =
  { readonly kind: 'trouble'; readonly trouble: StreamTrouble } | { readonly kind: 'rtmp-recovered' } | null;

/** Tells RTMP refusals apart by ffmpeg's stderr, the only place that does (facts: measured with ffmpeg 5.1). */
export function readEncoderLine(line: string): StderrMeaning {
  const trouble = (name: StreamTrouble): StderrMeaning => ({ kind: 'trouble', trouble: name });
  if (!/\[(error|fatal|warning|panic)\]|Recovery/.test(line)) return null;
  if (/Recovery successful/.test(line)) return { kind: 'rtmp-recovered' };
  if (/No space left on device|Disk quota exceeded/.test(line)) return trouble('recording-disk-full');
  if (/Slave muxer .*#?\d* failed/.test(line)) return trouble('recording-failed');
  if (/Already publishing/i.test(line)) return trouble('rtmp-name-in-use');
  if (
    /Connection refused|Name or service not known|No route to host|Network is unreachable|timed out/i.test(
      line,
    )
  )
    return trouble('rtmp-unreachable');
  if (
    /Server error|rtmp.*(denied|rejected|forbidden)|Recovery failed: (Input\/output error|Operation not permitted)/i.test(
      line,
    )
  )
    return trouble('rtmp-refused');
  if (/Broken pipe|Connection reset by peer|Recovery failed|End of file.*rtmp/i.test(line))
    return trouble('rtmp-lost');
  return null;
}

/** Notices an encoder whose media time stands still (SIGSTOP, a dead X server, no input any more). */
export class StallWatch {
  readonly #limitMs: number;
  readonly #startMs: number;
  #outMs = 0;
  #movedAt: number;

  /** @param startMs how long its first progress is waited for: programs load, buffers fill. */
  constructor(limitMs: number, startMs: number, now: number) {
    this.#limitMs = limitMs;
    this.#startMs = startMs;
    this.#movedAt = now;
  }

  note(outMs: number, now: number): void {
    if (outMs > this.#outMs) {
      this.#outMs = outMs;
      this.#movedAt = now;
    }
  }

  stalled(now: number): boolean {
    return now - this.#movedAt > (this.#outMs === 0 ? this.#startMs : this.#limitMs);
  }
}
