import type { EndReason } from '../live.js';
import { EndWatch } from './end-watch.js';
import type { Incidents } from './incidents.js';
import { errorText, type KeeperJob, type KeeperPorts, type KeeperTimes } from './keeper-port.js';

/** Whether the live is over: orders of the pass, the maximum duration, and what BBB says of the meeting. */
export class Ending {
  /** Why it is over; null while it is not. */
  reason: EndReason | null = null;
  readonly #ports: Pick<KeeperPorts, 'look' | 'stopAsked' | 'now'>;
  readonly #times: KeeperTimes;
  readonly #incidents: Incidents;
  readonly #signal: AbortSignal;
  readonly #watch: EndWatch;
  readonly #startedAt: number;
  #askAt = 0;

  constructor(
    job: KeeperJob,
    ports: Pick<KeeperPorts, 'look' | 'stopAsked' | 'now'>,
    times: KeeperTimes,
    incidents: Incidents,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#times = times;
    this.#incidents = incidents;
    this.#signal = signal;
    this.#watch = new EndWatch(job.createTime, times.emptyMs);
    this.#startedAt = ports.now();
  }

  /** People in the meeting beside bots of ours; null before BBB answered. */
  get participants(): number | null {
    return this.#watch.participants;
  }

  /** Over, or interrupted: nothing new is to be started. Looks at the orders first. */
  isOver(): boolean {
    const asked = this.#ports.stopAsked();
    if (this.reason === null && asked !== null) this.reason = asked;
    else if (this.#ports.now() - this.#startedAt >= this.#times.maxDurationMs) this.reason ??= 'max-duration';
    return this.reason !== null || this.#signal.aborted;
  }

  /** The page says that the session is over: BBB is asked at once. */
  pageEnded(): void {
    this.#watch.pageEnded();
    this.askSoon();
  }

  askSoon(): void {
    this.#askAt = 0;
  }

  isAskDue(): boolean {
    return this.#ports.now() >= this.#askAt;
  }

  /**
   * Asks BBB about the meeting, and notes when it is over. An answer that does not come means nothing.
   * @returns `rejoin` when the page was left though the meeting goes on; `absent` also before that is confirmed.
   */
  async ask(): Promise<'rejoin' | 'present' | 'absent' | 'unknown'> {
    this.#askAt = this.#ports.now() + this.#times.pollMs;
    try {
      const look = await this.#ports.look(this.#signal);
      this.#incidents.clear('bbb-unreachable');
      const verdict = this.#watch.note(look, this.#ports.now());
      if (verdict === 'rejoin') return verdict;
      this.reason ??= verdict;
      return this.#watch.isAbsent ? 'absent' : 'present';
    } catch (error) {
      if (!this.#signal.aborted) this.#incidents.set('bbb-unreachable', errorText(error));
      return 'unknown';
    }
  }
}
