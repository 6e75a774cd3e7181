import { OperatorError } from '../../codes/operator-error.js';
import { readEncoderLine, StallWatch, type EncoderProgress, type StreamTrouble } from '../encoder-watch.js';
import type { EndReason, KeeperPhase } from '../live.js';
import { deliverChat } from './chat.js';
import { EndWatch } from './end-watch.js';
import { Incidents } from './incidents.js';
import type {
  IncidentCode,
  KeeperJob,
  KeeperPorts,
  KeeperStatus,
  KeeperTimes,
  RigEvent,
  RigPart,
} from './keeper-port.js';
import { SETTLED_MS, StreamState } from './stream-state.js';

/** Healthy for so long, the next repair starts again with the shortest pause. */
const HEALTHY_MS = 60_000;
/** So many encoders are replaced alone before everything is. */
const ENCODER_TRIES = 3;
/** An encoder has so many times longer for its first picture than for the following ones. */
const START_PATIENCE = 4;

/**
 * Keeps one live on air until it is over: starts its rig, repairs what dies, watches progress, RTMP, audio and
 * chat, and says once a second how it is. Ends by itself only for the reasons of `EndReason`; an aborted signal
 * (the machine goes down) stops the rig without ending the live, which the next pass takes up again.
 * @returns why it ended, or null when it was only interrupted.
 */
export async function keepLive(
  job: KeeperJob,
  ports: KeeperPorts,
  times: KeeperTimes,
  signal: AbortSignal,
): Promise<EndReason | null> {
  const keeper = new Keeper(job, ports, times, signal);
  return keeper.run();
}

class Keeper {
  readonly #job: KeeperJob;
  readonly #ports: KeeperPorts;
  readonly #times: KeeperTimes;
  readonly #signal: AbortSignal;
  readonly #end: EndWatch;
  readonly #stream = new StreamState();
  readonly #events: RigEvent[] = [];
  readonly #incidents: Incidents;
  readonly #due = { poll: 0, beat: 0, status: 0 };
  #wake: () => void = () => undefined;
  #phase: KeeperPhase = 'starting';
  #reason: EndReason | null = null;
  #progress: EncoderProgress | null = null;
  #stall: StallWatch;
  #audio: KeeperStatus['audio'] = 'unknown';
  #onAirAt: number | null = null;
  #repairs = 0;
  #movingSince: number | null = null;
  #failures = 0;
  #lastRepairAt = 0;
  #startedAt: number;

  constructor(job: KeeperJob, ports: KeeperPorts, times: KeeperTimes, signal: AbortSignal) {
    this.#job = job;
    this.#ports = ports;
    this.#incidents = new Incidents((message) => ports.log('warn', message), ports.now);
    this.#times = times;
    this.#signal = signal;
    this.#startedAt = ports.now();
    this.#end = new EndWatch(job.createTime, times.emptyMs);
    this.#stall = new StallWatch(times.stallMs, times.stallMs * START_PATIENCE, ports.now());
    ports.rig.onEvent = (event) => {
      // Told at once: whoever waits in a lobby is still being started.
      if (event.kind === 'waiting-for-moderator') {
        this.#incidents.set(event.kind, event.waiting ? 'the guest policy asks a moderator' : null);
        return;
      }
      this.#events.push(event);
      this.#wake();
    };
  }

  async run(): Promise<EndReason | null> {
    const ticker = setInterval(() => this.#tell(), 1000);
    try {
      await this.#bringUp('all');
      while (this.#reason === null && !this.#signal.aborted) await this.#turn();
    } finally {
      this.#ports.log('info', `ending: ${this.#reason ?? 'interrupted'}`);
      await this.#ports.rig.stop();
      clearInterval(ticker);
      // What the encoder still wrote while it ended counts too.
      for (const event of this.#events) if (event.kind === 'progress') this.#progress = event.progress;
      if (this.#reason !== null) this.#phase = 'ended';
      this.#tell();
    }
    return this.#reason;
  }

  /** One turn: what happened, what is asked, what is due. */
  async #turn(): Promise<void> {
    await this.#nextEvent();
    for (const event of this.#events.splice(0)) await this.#handle(event);
    const now = this.#ports.now();
    this.#checkOrders(now);
    if (this.#reason !== null) return;
    this.#readStream(now);
    if (this.#stall.stalled(now)) await this.#repair(this.#suspect(), 'encoder-stalled', 'no progress');
    await this.#chat();
    if (now >= this.#due.poll) await this.#poll(now);
    if (now >= this.#due.beat) {
      this.#due.beat = now + this.#times.beatMs;
      await this.#ports.beat().catch((error: unknown) => this.#ports.log('warn', `claim: ${text(error)}`));
    }
  }

  #nextEvent(): Promise<void> {
    if (this.#events.length > 0 || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(end, this.#times.tickMs);
      this.#signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }

  async #handle(event: RigEvent): Promise<void> {
    const now = this.#ports.now();
    switch (event.kind) {
      case 'progress':
        this.#progress = event.progress;
        this.#stall.note(event.progress.outMs, now);
        break;
      case 'line':
        this.#stream.note(readEncoderLine(event.line), now);
        break;
      case 'page':
        this.#end.pageEnded();
        this.#due.poll = 0;
        this.#ports.log('info', `the page says: ${event.end}`);
        break;
      case 'died':
        await this.#repair(event.part, 'child-died', `${event.part}: ${event.detail}`);
    }
  }

  #checkOrders(now: number): void {
    const asked = this.#ports.stopAsked();
    if (asked !== null) this.#reason = asked;
    else if (now - this.#startedAt >= this.#times.maxDurationMs) this.#reason = 'max-duration';
  }

  #readStream(now: number): void {
    const trouble = this.#stream.current(now);
    for (const code of RTMP_TROUBLES)
      this.#incidents.set(code, trouble === code ? 'see the log of the live' : null);
    const recording = this.#stream.recordingFailed;
    if (recording === 'recording-disk-full' || recording === 'recording-failed')
      this.#incidents.set(recording, 'the stream goes on without it');
    const moving = this.#progress !== null && this.#progress.outMs > 0;
    if (moving) this.#movingSince ??= now;
    if (this.#onAirAt !== null ? moving : this.#arrives(now, trouble)) {
      if (this.#phase !== 'on-air') {
        this.#ports.log('info', 'on air');
        this.#incidents.clear('child-died', 'encoder-stalled', 'start-failed', 'join-failed', 'join-refused');
      }
      this.#phase = 'on-air';
      this.#onAirAt ??= now;
    }
    if (now - this.#lastRepairAt > HEALTHY_MS) this.#failures = 0;
  }

  /** A server that refuses a publisher accepts it first, and drops it: only after a quiet while Pod is told. */
  #arrives(now: number, trouble: StreamTrouble | null): boolean {
    if (this.#movingSince === null || trouble !== null) return false;
    return !this.#job.stream || now - this.#movingSince >= SETTLED_MS;
  }

  /** BBB's word on the meeting; null when it says to go on, or nothing. */
  async #askBbb(): Promise<EndReason | 'rejoin' | null> {
    try {
      const look = await this.#ports.look(this.#signal);
      this.#incidents.clear('bbb-unreachable');
      return this.#end.note(look, this.#ports.now());
    } catch (error) {
      if (!this.#signal.aborted) this.#incidents.set('bbb-unreachable', text(error));
      return null;
    }
  }

  async #poll(now: number): Promise<void> {
    this.#due.poll = now + this.#times.pollMs;
    const verdict = await this.#askBbb();
    if (verdict === 'rejoin')
      await this.#repair('browser', 'removed-from-meeting', 'the page was left, the meeting goes on');
    else if (verdict !== null) this.#reason = verdict;
    if (this.#reason !== null || this.#phase !== 'on-air') return;
    this.#audio = await this.#ports.rig.audio().catch(() => 'unknown' as const);
    this.#incidents.set(
      'audio-not-joined',
      this.#audio === 'not-joined' ? 'the picture goes on without sound' : null,
    );
  }

  async #chat(): Promise<void> {
    const undelivered = await deliverChat(await this.#ports.takeChat().catch(() => []), this.#ports);
    if (undelivered > 0) this.#incidents.set('chat-undelivered', `${undelivered} messages`);
  }

  /** An encoder that stalls again and again is not to blame: its screen, sound server or tab gives nothing. */
  #suspect(): RigPart {
    return this.#failures >= ENCODER_TRIES ? 'screen' : 'encoder';
  }

  async #repair(part: RigPart, code: IncidentCode, detail: string): Promise<void> {
    this.#phase = 'repairing';
    this.#incidents.set(code, detail);
    this.#ports.log('warn', `${code}: ${detail}`);
    await this.#pause();
    await this.#bringUp(part);
  }

  /** Starts or replaces, again and again with longer pauses, until it stands, is over, or is interrupted. */
  async #bringUp(first: RigPart | 'all'): Promise<void> {
    let part = first;
    while (!this.#over()) {
      this.#lastRepairAt = this.#ports.now();
      this.#progress = null;
      try {
        await this.#whileWatching((signal) =>
          part === 'all' ? this.#ports.rig.start(signal) : this.#ports.rig.repair(part, signal),
        );
        if (first !== 'all') this.#repairs++;
        this.#stream.reset();
        this.#stall = new StallWatch(
          this.#times.stallMs,
          this.#times.stallMs * START_PATIENCE,
          this.#ports.now(),
        );
        this.#movingSince = null;
        this.#incidents.clear('join-refused', 'join-failed', 'start-failed');
        this.#phase = this.#onAirAt === null ? 'starting' : 'repairing';
        return;
      } catch (error) {
        if (this.#over()) return;
        this.#failed(error);
        part = part === 'encoder' ? 'browser' : part;
        this.#due.poll = 0;
        await this.#pause();
      }
    }
  }

  /** Starting may last (a lobby, a slow page): orders and the end of the meeting are heard meanwhile. */
  async #whileWatching(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const timer = setInterval(() => {
      const now = this.#ports.now();
      if (now >= this.#due.poll) {
        this.#due.poll = now + this.#times.pollMs;
        void this.#askBbb().then((verdict) => {
          if (verdict !== null && verdict !== 'rejoin') this.#reason ??= verdict;
        });
      }
      if (this.#over()) over.abort();
    }, this.#times.tickMs);
    try {
      await work(AbortSignal.any([this.#signal, over.signal]));
    } finally {
      clearInterval(timer);
    }
  }

  #failed(error: unknown): void {
    const code = error instanceof OperatorError ? error.code : '';
    const incident: IncidentCode =
      code === 'live-join-refused'
        ? 'join-refused'
        : code === 'live-join-failed'
          ? 'join-failed'
          : 'start-failed';
    this.#incidents.set(incident, text(error));
    this.#ports.log('warn', `${incident}: ${text(error)}`);
  }

  #over(): boolean {
    this.#checkOrders(this.#ports.now());
    return this.#reason !== null || this.#signal.aborted;
  }

  /** Back-off before a repair: the first within moments, later ones rarer; cut short by an order to stop. */
  async #pause(): Promise<void> {
    const { backoffMs, backoffMaxMs, tickMs } = this.#times;
    const until = this.#ports.now() + Math.min(backoffMaxMs, backoffMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    while (this.#ports.now() < until && !this.#over())
      await new Promise((resolve) => setTimeout(resolve, Math.min(tickMs, until - this.#ports.now())));
  }

  #tell(): void {
    const now = this.#ports.now();
    const trouble = this.#stream.current(now);
    this.#ports.writeStatus({
      id: this.#job.id,
      phase: this.#phase,
      endReason: this.#reason,
      updatedAt: now,
      onAirAt: this.#onAirAt,
      progress: this.#progress,
      audio: this.#audio,
      rtmp: trouble ?? (this.#job.stream ? 'ok' : 'none'),
      recording: this.#stream.recordingFailed !== null ? 'failed' : this.#job.record ? 'on' : 'off',
      viewersInMeeting: this.#end.participants,
      repairs: this.#repairs,
      incidents: this.#incidents.list,
      children: this.#ports.rig.children(),
    });
  }
}

const RTMP_TROUBLES = ['rtmp-unreachable', 'rtmp-name-in-use', 'rtmp-refused', 'rtmp-lost'] as const;
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));
