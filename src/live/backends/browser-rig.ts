import { progressReader } from '../encoder-watch.js';
import { encoderArguments, type EncodingFacts } from '../encoding.js';
import type { Rig, RigEvent, RigPart, TargetState } from '../keeper/keeper-port.js';
import type { StreamTarget } from '../stream-target.js';
import type { Encoder, MediaPorts, MeetingPage, PageEvent, Screen, StartEncoder } from './media-port.js';
import { Relays } from './relays.js';

export interface BrowserRigOptions {
  /** `tab` films the tab in a headless browser; `x11` a virtual screen and a null sink. */
  readonly backend: 'tab' | 'x11';
  readonly picture: EncodingFacts['picture'];
  readonly target: StreamTarget | null;
  readonly showChat: boolean;
  /** Further targets of the same picture and sound. */
  readonly also: readonly StreamTarget[];
  /** Authority of further rtmps:// targets; null: no certificate is checked. */
  readonly caFile: string | null;
}

/** A rig around a browser of ours: meeting page, encoder, and for `x11` a screen with its sound server. */
export function browserRig(options: BrowserRigOptions, media: MediaPorts): Rig {
  return new BrowserRig(options, media);
}

class BrowserRig implements Rig {
  onEvent: (event: RigEvent) => void = () => undefined;
  readonly #options: BrowserRigOptions;
  readonly #media: MediaPorts;
  #page: MeetingPage | null = null;
  #encoder: Encoder | null = null;
  #screen: Screen | null = null;
  readonly #relays: Relays;
  /** As it is wished now: Pod's toggle outlives a repair. */
  #showChat: boolean;
  /** Publishes a still picture while the tab, which gives the picture, is gone. */
  #still: Encoder | null = null;
  #paused = false;
  /** The encoder whose words are passed on: that of now, and at the very end its last ones. */
  #heard: object | null = null;

  constructor(options: BrowserRigOptions, media: MediaPorts) {
    this.#options = options;
    this.#media = media;
    this.#showChat = options.showChat;
    this.#relays = new Relays(options.also, options.caFile, media.startEncoder);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#heard = null;
    await this.#end();
    if (this.#options.backend === 'x11') await this.#openScreen(signal);
    else await this.#openStill();
    await this.#openPage(signal);
    await this.#closeStill();
    await this.#openEncoder();
  }

  /** A tab ends with its browser, a screen takes everything with it; an encoder is replaced alone. */
  async repair(part: RigPart, signal: AbortSignal): Promise<void> {
    if (part === 'screen') return this.start(signal);
    if (part === 'browser') {
      if (this.#options.backend === 'tab') return this.start(signal);
      await this.#closePage();
      await this.#openPage(signal);
      if (this.#encoder === null) await this.#openEncoder();
      return;
    }
    this.#heard = null;
    const encoder = this.#encoder;
    this.#encoder = null;
    await encoder?.stop();
    if (this.#page === null) return this.start(signal);
    await this.#openEncoder();
  }

  audio(): Promise<'joined' | 'not-joined' | 'unknown'> {
    return this.#page?.audio() ?? Promise.resolve('unknown');
  }

  async say(text: string): Promise<boolean> {
    return (await this.#page?.say(text)) ?? false;
  }

  /** Up to 3.0 a chat that was closed at join has no button: the page must be joined with it. */
  async toggleChat(): Promise<'done' | 'needs-page'> {
    this.#showChat = !this.#showChat;
    if (this.#page === null) return 'done';
    return (await this.#page.toggleChat()) ? 'done' : 'needs-page';
  }

  async hasChatAsWished(): Promise<boolean> {
    return (await this.#page?.showsChat(this.#showChat)) ?? false;
  }

  async pause(on: boolean): Promise<void> {
    this.#paused = on;
    await this.#page?.pause(on);
  }

  targets(now: number): TargetState[] {
    const { target } = this.#options;
    return [
      ...(target === null ? [] : [{ shown: target.shown, isMain: true, trouble: null }]),
      ...this.#relays.states(now).map((state) => ({ ...state, isMain: false })),
    ];
  }

  children(): Record<string, number> {
    return {
      ...(this.#page === null ? {} : { browser: this.#page.pid }),
      ...(this.#encoder === null ? {} : { encoder: this.#encoder.pid }),
      ...(this.#still === null ? {} : { still: this.#still.pid }),
      ...this.#screen?.children,
      ...this.#relays.children(),
    };
  }

  stop(): Promise<void> {
    return this.#end();
  }

  /** All of it lets go at once: what dies from now on is no news. Then it ends in order, the recording first. */
  async #end(): Promise<void> {
    const [page, encoder, screen] = [this.#page, this.#encoder, this.#screen];
    this.#page = null;
    this.#encoder = null;
    this.#screen = null;
    await page?.stopCapture().catch(() => undefined);
    await this.#closeStill();
    await encoder?.stop();
    await this.#relays.close();
    await page?.close();
    await screen?.stop();
  }

  async #openScreen(signal: AbortSignal): Promise<void> {
    const screen = await this.#media.startScreen(signal);
    this.#screen = screen;
    void screen.died.then((detail) => {
      if (this.#screen === screen) this.onEvent({ kind: 'died', part: 'screen', detail });
    });
  }

  async #openPage(signal: AbortSignal): Promise<void> {
    const opened: { page: MeetingPage | null; early: PageEvent[] } = { page: null, early: [] };
    const onEvent = (event: PageEvent): void => {
      if (opened.page === null && event.kind !== 'waiting-for-moderator') opened.early.push(event);
      else if (opened.page === null || this.#page === opened.page) this.#tell(event);
    };
    const page = await this.#media.openPage({
      capture: this.#options.backend === 'tab',
      screen: this.#screen,
      paused: this.#paused,
      showChat: this.#showChat,
      onEvent,
      signal,
    });
    opened.page = page;
    this.#page = page;
    opened.early.forEach((event) => this.#tell(event));
  }

  #tell(event: PageEvent): void {
    if (event.kind === 'died') this.onEvent({ kind: 'died', part: 'browser', detail: event.detail });
    else if (event.kind === 'waiting-for-moderator') this.onEvent(event);
    else this.onEvent({ kind: 'page', end: event.kind });
  }

  async #openEncoder(): Promise<void> {
    const { picture, target, backend } = this.#options;
    const screen = this.#screen;
    const args = encoderArguments({
      input:
        backend === 'tab' || screen === null
          ? { kind: 'webm' }
          : {
              kind: 'screen',
              display: screen.display,
              pulseServer: screen.pulseServer,
              source: `${screen.sink}.monitor`,
            },
      picture,
      target,
      copies: !this.#relays.isEmpty,
      recordingFile: this.#media.nextRecordingFile(),
    });
    const words = {};
    this.#heard = words;
    const encoder = await this.#media.startEncoder({
      args,
      stdin: backend === 'tab',
      environment: screen?.environment ?? {},
      ...(await this.#copy()),
      onStdoutLine: progressReader((progress) => {
        if (this.#heard === words) this.onEvent({ kind: 'progress', progress });
      }),
      onLine: (line) => {
        if (this.#heard === words) this.onEvent({ kind: 'line', line });
      },
    });
    this.#encoder = encoder;
    void encoder.ended.then((detail) => {
      if (this.#encoder === encoder) this.onEvent({ kind: 'died', part: 'encoder', detail });
    });
    if (encoder.stdin !== null) await this.#page?.feed(encoder.stdin);
  }

  /** Nothing to stream, or nothing to show yet: none. Its words are not heard, it counts for nothing on air. */
  async #openStill(): Promise<void> {
    const { picture, target } = this.#options;
    const file = this.#media.stillPicture();
    if (target === null || file === null) return;
    const args = encoderArguments({
      ...{ input: { kind: 'still', file }, picture, target, recordingFile: null },
      copies: !this.#relays.isEmpty,
    });
    const deaf = { onStdoutLine: () => undefined, onLine: () => undefined, ...(await this.#copy()) };
    this.#still = await this.#media.startEncoder({ args, stdin: false, environment: {}, ...deaf });
  }

  async #copy(): Promise<Pick<StartEncoder, 'onCopy'>> {
    return this.#relays.isEmpty ? {} : { onCopy: await this.#relays.open() };
  }

  async #closeStill(): Promise<void> {
    const still = this.#still;
    this.#still = null;
    await still?.stop();
  }

  async #closePage(): Promise<void> {
    const page = this.#page;
    this.#page = null;
    await page?.close();
  }
}
