import type { EndReason } from '../live.js';
import type { MeetingLook } from './keeper-port.js';

/** Bots of ours are known by their fixed user id. */
export const botUserId = (liveId: string): string => `bbb2pod-${liveId}`;
const isBotUserId = (userId: string): boolean => userId.startsWith('bbb2pod-');

const CONFIRMED = 2;

/**
 * When a live ends. Silence of BBB never ends one; a moderator who removes the bot neither. Pure but for its
 * memory of the last answers.
 */
export class EndWatch {
  readonly #createTime: number;
  readonly #emptyMs: number;
  #negatives = 0;
  #emptySince: number | null = null;
  #pageEnded = false;
  participants: number | null = null;

  constructor(createTime: number, emptyMs: number) {
    this.#createTime = createTime;
    this.#emptyMs = emptyMs;
  }

  /** The page itself says that the session is over: one word of BBB is then enough. */
  pageEnded(): void {
    this.#pageEnded = true;
  }

  /** BBB did not know the meeting when it answered last. */
  get isAbsent(): boolean {
    return this.#negatives > 0;
  }

  /** BBB answered. Returns why the live is over, `rejoin` when the page was left though the meeting goes on. */
  note(look: MeetingLook, now: number): EndReason | 'rejoin' | null {
    const gone = look.state === 'absent' || look.createTime !== this.#createTime;
    if (gone) {
      this.#negatives++;
      return this.#negatives >= CONFIRMED || this.#pageEnded ? 'meeting-ended' : null;
    }
    this.#negatives = 0;
    const people = look.participants.filter(({ userId }) => !isBotUserId(userId)).length;
    this.participants = people;
    this.#emptySince = people > 0 ? null : (this.#emptySince ?? now);
    if (this.#emptyMs > 0 && this.#emptySince !== null && now - this.#emptySince >= this.#emptyMs)
      return 'only-bots-left';
    if (!this.#pageEnded) return null;
    this.#pageEnded = false;
    return 'rejoin';
  }
}
