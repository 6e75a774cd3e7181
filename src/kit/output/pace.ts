import { localTime } from '../time-zone.js';
import { shownPercent } from './localized.js';
import { plainText } from './text.js';
import { outputWords as words } from './words.js';

/** How far a batch is, for a bar, a log line or another process that asks. */
export interface PaceFacts {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Title of what is at work; empty between two items. */
  readonly current: string;
  /** Of the current item, 0 to 1. */
  readonly fraction: number;
  /** Items a minute since the beginning; null before the first one ended. */
  readonly perMinute: number | null;
  /** Unix milliseconds; null while it cannot be told. */
  readonly endsAt: number | null;
}

/** Counts the items of a batch and tells when it will end. */
export class Pace {
  readonly #total: number;
  readonly #startedAt: number;
  #done = 0;
  #failed = 0;
  #current = '';
  #fraction = 0;

  constructor(total: number, now: number) {
    this.#total = total;
    this.#startedAt = now;
  }

  ended(isFailed: boolean, by = 1): void {
    this.#done += by;
    if (isFailed) this.#failed += by;
    this.#current = '';
    this.#fraction = 0;
  }

  at(title: string, fraction: number): void {
    this.#current = title;
    this.#fraction = Math.min(1, Math.max(0, fraction));
  }

  facts(now: number): PaceFacts {
    const elapsedMs = now - this.#startedAt;
    const made = this.#done + this.#fraction;
    const isTold = this.#done > 0 && elapsedMs > 0;
    return {
      done: this.#done,
      failed: this.#failed,
      total: this.#total,
      current: this.#current,
      fraction: this.#fraction,
      perMinute: isTold ? (this.#done * 60_000) / elapsedMs : null,
      endsAt: isTold ? now + (elapsedMs / made) * Math.max(0, this.#total - made) : null,
    };
  }
}

/** `12/340 done, 3 failed, now "CM 3" 41 %, ends about 04:10`. */
export function renderPace(facts: PaceFacts, timezone: string): string {
  const parts = [words.paceDone(facts)];
  if (facts.failed > 0) parts.push(words.paceFailed(facts));
  if (facts.current !== '') parts.push(words.paceNow({ current: renderCurrent(facts) }));
  if (facts.endsAt !== null && facts.done < facts.total)
    parts.push(words.paceEnds({ time: localTime(timezone, facts.endsAt).slice(11, 16) }));
  return parts.join(', ');
}

/** `"CM 3" 41 %`; empty between two items. */
export const renderCurrent = ({ current, fraction }: PaceFacts): string =>
  current === ''
    ? ''
    : `${words.paceCurrent({ title: plainText(current).slice(0, 40) })} ${shownPercent(fraction)}`;

/** `1 h 05` or `12 min` until the end; `--` while it cannot be told. */
export function renderLeft({ endsAt }: PaceFacts, now: number): string {
  if (endsAt === null) return '--';
  const minutes = Math.ceil(Math.max(0, endsAt - now) / 60_000);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}
