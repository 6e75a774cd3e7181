import type { EndReason, KeeperPhase } from '../live.js';
import { BringUp } from './bring-up.js';
import { deliverChat } from './chat.js';
import { Ending } from './ending.js';
import { Incidents } from './incidents.js';
import {
  errorText,
  type IncidentCode,
  type KeeperJob,
  type KeeperPorts,
  type KeeperStatus,
  type KeeperTimes,
  type RigEvent,
  type RigPart,
  type TargetState,
} from './keeper-port.js';
import { OnAir } from './on-air.js';

/** Healthy for so long, the next repair starts again with the shortest pause, and what happened is past. */
const HEALTHY_MS = 60_000;
/** Inside for so long, earlier removals are past: BBB removes the idle itself, again and again, in a long lecture. */
const FORGIVEN_MS = 15 * 60_000;
const TELL_MS = 1000;
const RELOAD_MS = 60_000;

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

/** One turn after the other: events, orders, progress, chat, BBB. Its parts: Ending, OnAir, BringUp, Incidents. */
class Keeper {
  readonly #job: KeeperJob;
  readonly #ports: KeeperPorts;
  readonly #times: KeeperTimes;
  readonly #signal: AbortSignal;
  readonly #incidents: Incidents;
  readonly #ending: Ending;
  readonly #onAir: OnAir;
  readonly #bringUp: BringUp;
  readonly #events: RigEvent[] = [];
  #wake: () => void = () => undefined;
  #beatAt = 0;
  #phase: KeeperPhase = 'starting';
  #audio: KeeperStatus['audio'] = 'unknown';
  #repairs = 0;
  #paused = false;
  #audioWasLost = false;
  /** What died: repaired once BBB knows the meeting. */
  readonly #dead: Extract<RigEvent, { kind: 'died' }>[] = [];
  /** What the page said last when it was left: a moderator's will, or a fault of the client. */
  #wasRemoved = false;
  #reloadedAt = 0;

  constructor(job: KeeperJob, ports: KeeperPorts, times: KeeperTimes, signal: AbortSignal) {
    this.#job = job;
    this.#ports = ports;
    this.#times = times;
    this.#signal = signal;
    this.#incidents = new Incidents((message) => ports.log('warn', message), ports.now);
    this.#ending = new Ending(job, ports, times, this.#incidents, signal);
    this.#onAir = new OnAir(times, job.stream, ports.now());
    this.#bringUp = new BringUp(ports, times, this.#ending, this.#incidents, signal);
    ports.rig.onEvent = (event) => this.#hear(event);
  }

  async run(): Promise<EndReason | null> {
    // Not by turns: starting may last, in a lobby for an hour, and a silent keeper counts as dead.
    const ticker = setInterval(() => {
      this.#tell();
      this.#beat();
    }, TELL_MS);
    this.#beat();
    try {
      await this.#stand('all');
      while (this.#ending.reason === null && !this.#signal.aborted) await this.#turn();
    } finally {
      this.#ports.log('info', `ending: ${this.#ending.reason ?? 'interrupted'}`);
      await this.#ports.rig.stop();
      clearInterval(ticker);
      // What the encoder still wrote while it ended counts too.
      for (const event of this.#events)
        if (event.kind === 'progress') this.#onAir.noteProgress(event.progress, this.#ports.now());
      if (this.#ending.reason !== null) this.#phase = 'ended';
      this.#tell();
    }
    return this.#ending.reason;
  }

  #hear(event: RigEvent): void {
    // Told at once: whoever waits in a lobby is still being started.
    if (event.kind === 'waiting-for-moderator') {
      this.#incidents.set(event.kind, event.waiting ? 'the guest policy asks a moderator' : null);
      return;
    }
    this.#events.push(event);
    this.#wake();
  }

  /** One turn: what happened, what is asked, what is due. */
  async #turn(): Promise<void> {
    await this.#nextEvent();
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift())
      await this.#handle(event);
    if (this.#ending.isOver()) return;
    const now = this.#ports.now();
    this.#judge(now);
    if (this.#onAir.stalled(now))
      await this.#repair(this.#bringUp.suspectOfStall(), 'encoder-stalled', 'no progress');
    await this.#pauseOrResume();
    await this.#chat();
    if (this.#ending.isAskDue()) await this.#poll();
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
    switch (event.kind) {
      case 'progress':
        this.#onAir.noteProgress(event.progress, this.#ports.now());
        break;
      case 'line':
        this.#onAir.noteLine(event.line, this.#ports.now());
        break;
      case 'page':
        this.#ending.pageEnded();
        this.#wasRemoved = event.end === 'ended-modal';
        this.#ports.log('info', `the page says: ${event.end}`);
        // Its encoder dies with it: BBB says first whether there is anything left to repair.
        await this.#poll();
        break;
      case 'died':
        // Before the page is known to have ended, too: what BBB does not know any more is not repaired.
        this.#dead.push(event);
        await this.#poll();
    }
  }

  /** How the stream and the recording are, and whether somebody can watch. */
  #judge(now: number): void {
    const trouble = this.#onAir.trouble(now);
    for (const code of RTMP_TROUBLES)
      this.#incidents.set(code, trouble === code ? 'see the log of the live' : null);
    const recording = this.#onAir.recordingFailed;
    if (recording === 'recording-disk-full' || recording === 'recording-failed')
      this.#incidents.set(recording, 'the stream goes on without it');
    const failing = this.#targets(now).filter(({ isMain, trouble: its }) => !isMain && its !== null);
    this.#incidents.set(
      'target-failed',
      failing.length === 0 ? null : failing.map((target) => `${target.shown} (${target.trouble})`).join(', '),
    );
    if (this.#onAir.arrives(now) && this.#phase !== 'on-air') {
      this.#ports.log('info', 'on air');
      this.#incidents.clear('child-died', 'encoder-stalled', 'start-failed', 'join-failed', 'join-refused');
      this.#phase = 'on-air';
    }
    if (now - this.#bringUp.lastTryAt > FORGIVEN_MS) this.#bringUp.forgiveRefusals();
    if (now - this.#bringUp.lastTryAt <= HEALTHY_MS) return;
    this.#bringUp.forgive();
    this.#incidents.clear('removed-from-meeting');
  }

  async #poll(): Promise<void> {
    const seen = await this.#ending.ask();
    if (seen === 'rejoin') await this.#rejoin();
    // Silence and deaths of a meeting that is absent are its end, which the next look confirms.
    if (this.#ending.reason !== null || seen === 'absent') return;
    for (const { part, detail } of this.#dead.splice(0)) {
      if (this.#ending.isOver()) return;
      // To join again was to open the browser anew.
      if (seen === 'rejoin' && part === 'browser') continue;
      await this.#repair(part, 'child-died', `${part}: ${detail}`);
    }
    if (this.#phase === 'on-air') await this.#listen();
  }

  /**
   * Knocks again with longer and longer pauses, after a removal not for ever: moderators may mean it. An error screen
   * (the session expired, a server was started again) counts for nothing.
   */
  async #rejoin(): Promise<void> {
    if (this.#wasRemoved && this.#bringUp.countRefusal()) {
      this.#incidents.set('removed-from-meeting', 'removed too often, it stays away');
      this.#ending.reason = 'join-refused';
      return;
    }
    await this.#repair('browser', 'removed-from-meeting', 'the page was left, the meeting goes on');
  }

  /**
   * Audio that was there and is gone comes back with the page, loaded again at most once a minute; not at the first
   * look: the audio of a meeting that ends goes first, and then the page is left.
   */
  async #listen(): Promise<void> {
    const before = this.#audio;
    this.#audio = await this.#ports.rig.audio().catch(() => 'unknown' as const);
    this.#incidents.set(
      'audio-not-joined',
      this.#audio === 'not-joined' ? 'the picture goes on without sound' : null,
    );
    if (this.#audio === 'joined') this.#audioWasLost = false;
    const now = this.#ports.now();
    const isLeft = this.#events.some(({ kind }) => kind === 'page');
    if (this.#audioWasLost && !isLeft && now - this.#reloadedAt >= RELOAD_MS) {
      this.#reloadedAt = now;
      await this.#repair('browser', 'audio-not-joined', 'the sound was lost: the page is loaded again');
    } else if (before === 'joined' && this.#audio === 'not-joined') this.#audioWasLost = true;
  }

  async #pauseOrResume(): Promise<void> {
    const wanted = this.#ports.pauseAsked();
    if (wanted === this.#paused) return;
    await this.#ports.rig.pause(wanted).catch((error: unknown) => this.#ports.log('warn', errorText(error)));
    this.#paused = wanted;
    this.#ports.log('info', wanted ? 'paused' : 'resumed');
    this.#tell();
  }

  async #chat(): Promise<void> {
    const orders = await this.#ports.takeChat().catch(() => []);
    if (orders.length === 0) return;
    const delivered = await deliverChat(orders, this.#ports);
    let { undelivered } = delivered;
    if (delivered.needsPage) {
      this.#ports.log('info', 'the page is loaded again, to show or hide the chat');
      this.#phase = 'repairing';
      if ((await this.#stand('browser')) && !(await this.#ports.rig.hasChatAsWished())) undelivered++;
    }
    this.#incidents.set('chat-undelivered', undelivered === 0 ? null : String(undelivered));
  }

  async #repair(part: RigPart, code: IncidentCode, detail: string): Promise<void> {
    this.#phase = 'repairing';
    this.#incidents.set(code, detail);
    this.#ports.log('warn', `${code}: ${detail}`);
    await this.#bringUp.pause();
    if (await this.#stand(part)) this.#repairs++;
  }

  async #stand(part: RigPart | 'all'): Promise<boolean> {
    const stands = await this.#bringUp.untilItStands(part, (now) => {
      this.#onAir.encoderGone();
      this.#forgetNewsOf(now);
    });
    if (!stands) return false;
    this.#onAir.encoderStarted(this.#ports.now());
    this.#phase = this.#onAir.firstAt === null ? 'starting' : 'repairing';
    return true;
  }

  /**
   * What is about to be replaced took others along (a screen its browser), or said something last: heard afterwards,
   * that would be taken for word of its successor.
   */
  #forgetNewsOf(part: RigPart | 'all'): void {
    const stays = this.#events.filter(
      (event) =>
        (part === 'encoder' && (event.kind === 'page' || (event.kind === 'died' && event.part !== part))) ||
        (part === 'browser' && event.kind === 'died' && event.part !== part),
    );
    this.#events.splice(0, this.#events.length, ...stays);
  }

  /** Renews the claim when that is due; one that cannot be renewed is tried again next time. */
  #beat(): void {
    const now = this.#ports.now();
    if (now < this.#beatAt || this.#ending.reason !== null) return;
    this.#beatAt = now + this.#times.beatMs;
    this.#ports.beat().catch((error: unknown) => this.#ports.log('warn', `claim: ${errorText(error)}`));
  }

  #targets(now: number): TargetState[] {
    return this.#ports.rig
      .targets(now)
      .map((target) => (target.isMain ? { ...target, trouble: this.#onAir.trouble(now) } : target));
  }

  #tell(): void {
    const now = this.#ports.now();
    this.#ports.writeStatus({
      id: this.#job.id,
      phase: this.#phase,
      endReason: this.#ending.reason,
      updatedAt: now,
      onAirAt: this.#onAir.firstAt,
      progress: this.#onAir.progress,
      audio: this.#audio,
      rtmp: this.#onAir.trouble(now) ?? (this.#job.stream ? 'ok' : 'none'),
      targets: this.#targets(now).map(({ shown, trouble }) => ({ shown, state: trouble ?? 'ok' })),
      recording: this.#onAir.recordingFailed !== null ? 'failed' : this.#job.record ? 'on' : 'off',
      viewersInMeeting: this.#ending.participants,
      repairs: this.#repairs,
      paused: this.#paused,
      incidents: this.#incidents.list,
      children: this.#ports.rig.children(),
    });
  }
}

const RTMP_TROUBLES = ['rtmp-unreachable', 'rtmp-name-in-use', 'rtmp-refused', 'rtmp-lost'] as const;
