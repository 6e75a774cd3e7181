import { OperatorError } from '../../kit/errors/operator-error.js';
import type { Ending } from './ending.js';
import type { Incidents } from './incidents.js';
import {
  errorText,
  type IncidentCode,
  type KeeperPorts,
  type KeeperTimes,
  type RigPart,
} from './keeper-port.js';

/** So many encoders are replaced alone before everything is. */
const ENCODER_TRIES = 3;

/** Message keys of BBB that mean this very user: guestDeniedAccess, guestDeny, userBanned, banned_user_rejoining_reason. */
const DENIED = /den(y|ied)|banned/i;

/** Starts the rig, or replaces what died, again and again with longer pauses, until it stands or the live is over. */
export class BringUp {
  /** When the last try began. */
  lastTryAt = 0;
  readonly #ports: Pick<KeeperPorts, 'rig' | 'log' | 'now'>;
  readonly #times: KeeperTimes;
  readonly #ending: Ending;
  readonly #incidents: Incidents;
  readonly #signal: AbortSignal;
  #failures = 0;
  #refusals = 0;

  constructor(
    ports: Pick<KeeperPorts, 'rig' | 'log' | 'now'>,
    times: KeeperTimes,
    ending: Ending,
    incidents: Incidents,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#times = times;
    this.#ending = ending;
    this.#incidents = incidents;
    this.#signal = signal;
  }

  /** It has been well for long enough: the next repair starts with the shortest pause again. */
  forgive(): void {
    this.#failures = 0;
  }

  /** It has been inside for long: nobody means to keep it out. */
  forgiveRefusals(): void {
    this.#refusals = 0;
  }

  /** An encoder that stalls again and again is not to blame: its screen, sound server or tab gives nothing. */
  suspectOfStall(): RigPart {
    return this.#failures >= ENCODER_TRIES ? 'screen' : 'encoder';
  }

  /** Back-off before a repair: the first within moments, later ones rarer; cut short by an order to stop. */
  async pause(): Promise<void> {
    const { backoffMs, backoffMaxMs, tickMs } = this.#times;
    const until = this.#ports.now() + Math.min(backoffMaxMs, backoffMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    while (this.#ports.now() < until && !this.#ending.isOver())
      await new Promise((resolve) => setTimeout(resolve, Math.min(tickMs, until - this.#ports.now())));
  }

  /** @returns false when the live ended, or was interrupted, before the rig stood. */
  async untilItStands(
    first: RigPart | 'all',
    beforeEachTry: (part: RigPart | 'all') => void,
  ): Promise<boolean> {
    let part = first;
    while (!this.#ending.isOver()) {
      this.lastTryAt = this.#ports.now();
      beforeEachTry(part);
      try {
        await this.#whileListening((signal) =>
          part === 'all' ? this.#ports.rig.start(signal) : this.#ports.rig.repair(part, signal),
        );
        this.#incidents.clear('join-refused', 'join-failed', 'start-failed');
        return true;
      } catch (error) {
        if (this.#ending.isOver()) return false;
        this.#noteFailure(error);
        if (this.#isShutOut(error)) {
          this.#ending.reason = 'join-refused';
          return false;
        }
        part = part === 'encoder' ? 'browser' : part;
        this.#ending.askSoon();
        await this.pause();
      }
    }
    return false;
  }

  /** Starting may last (a lobby, a slow page): orders and the end of the meeting are heard meanwhile. */
  async #whileListening(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const timer = setInterval(() => {
      // A page that was left is being replaced already.
      if (this.#ending.isAskDue()) void this.#ending.ask();
      if (this.#ending.isOver()) over.abort();
    }, this.#times.tickMs);
    try {
      await work(AbortSignal.any([this.#signal, over.signal]));
    } finally {
      clearInterval(timer);
    }
  }

  /** It was removed or denied: whether that was once too often. */
  countRefusal(): boolean {
    return ++this.#refusals > this.#times.rejoins;
  }

  /** A full meeting empties, a server recovers; who was denied or left in the lobby is not asked for ever. */
  #isShutOut(error: unknown): boolean {
    if (!(error instanceof OperatorError)) return false;
    if (error.code === 'live-lobby-closed') return true;
    const denied = error.code === 'live-join-refused' && DENIED.test(String(error.parameters['key'] ?? ''));
    return denied && this.countRefusal();
  }

  #noteFailure(error: unknown): void {
    const code = error instanceof OperatorError ? error.code : '';
    const incident: IncidentCode =
      code === 'live-join-refused' || code === 'live-lobby-closed'
        ? 'join-refused'
        : code === 'live-join-failed'
          ? 'join-failed'
          : 'start-failed';
    this.#incidents.set(incident, errorText(error));
    this.#ports.log('warn', `${incident}: ${errorText(error)}`);
  }
}
