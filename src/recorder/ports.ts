import type { FileLook } from './shortfalls/file-fault.js';
import type { Rectangle, Size } from './scenes/layout.js';
import type { VisitScene } from './scenes/visit-scene.js';
import type { PictureState } from './timeline/picture-states.js';

/** A published presentation that lies on this machine. */
export interface PublishedFolder {
  readonly path: string;
  /** Null when the file does not exist. */
  readText(name: string): Promise<string | null>;
  /** A file as it lies there, without reading it whole; nothing outside of the folder is looked at. */
  look(name: string): Promise<FileLook>;
  /** The first of these files that exists and is not empty, as a path to give to ffmpeg. */
  findFile(names: readonly string[]): Promise<string | null>;
}

/** What a browser needs to draw any state of a recording. */
export interface Scene {
  readonly size: Size;
  readonly folder: string;
  /** Larger pictures are not shown: `[recorder] max_picture`. */
  readonly mostPictureBytes: number;
  /** Nor those of more pixels: `[recorder] max_pixels`. */
  readonly mostPixels: number;
  /** SVG that stands for a picture that the recording names and lacks; null for the others. */
  card(path: string): string | null;
  page(nonce: string): string;
  policy(nonce: string): string;
  visit(index: number): VisitScene | null;
}

/** One picture, without what is laid over it. */
export interface RenderedScene {
  readonly png: Buffer;
  /** The shared screen belongs into its box. */
  readonly share: boolean;
}

/** A state that differs from a whole picture by a few drawings of the same visit, which came or went. */
export interface ChangedState {
  readonly state: PictureState;
  readonly changed: readonly number[];
}

/** Parts of several pictures on one sheet. */
export interface RenderedParts {
  /** PNG: the parts one below the other, each with `around` pixels of its neighbourhood on every side. */
  readonly png: Buffer;
  /** Of each part. */
  readonly size: Size;
  readonly around: number;
  /** Where each belongs in its whole picture, on even pixels. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

/** One browser. States are drawn one after another. */
export interface SceneRenderer {
  /** The whole picture. */
  render(state: PictureState): Promise<RenderedScene>;
  /**
   * The parts that changed, on one sheet, where that is cheaper: of as many of these states, from the first on, as have a
   * small one and a place on it. All differ from the same whole picture. Null for none: the first needs a whole picture.
   */
  renderParts(states: readonly ChangedState[]): Promise<RenderedParts | null>;
  close(): Promise<void>;
}

/** Feeds a scene on loopback; each renderer is a browser of its own. */
export interface BrowserSession {
  openRenderer(): Promise<SceneRenderer>;
  close(): Promise<void>;
}
/** A first browser of that size starts at once, while it is still being decided what it will draw. */
export type OpenBrowserSession = (
  size: Size,
  scene: Promise<Scene>,
  signal: AbortSignal,
) => Promise<BrowserSession>;

/** What a player's page shows, and where. */
export interface PlayerFacts {
  readonly title: string;
  readonly durationMs: number;
  readonly webcam: PlayerVideo | null;
  readonly share: PlayerVideo | null;
}
export interface PlayerVideo {
  /** Its file on the server. */
  readonly address: string;
  /** Of the element in the page; null for sound alone. */
  readonly place: Rectangle | null;
}

/** A player's page on its server, in browsers of ours. */
export interface PlayerPage {
  readonly facts: PlayerFacts;
  /** Downloads a video of the page. @returns false when it is no file that can be downloaded. */
  fetch(address: string, file: string, onBytes: (bytes: number) => void): Promise<boolean>;
  /**
   * Renderers that seek the page to the instant of a state.
   * @param laid the videos are laid over the pictures afterwards: the page does not show them.
   */
  browserSession(options: { readonly fps: number; readonly laid: boolean }): BrowserSession;
  close(): Promise<void>;
}

/** @throws OperatorError playback-url-unknown, player-page-failed, chromium-… */
export type OpenPlayer = (url: string, size: Size, signal: AbortSignal) => Promise<PlayerPage>;

/** One input of ffmpeg. */
export interface FfmpegInput {
  readonly options: readonly string[];
  readonly source: string;
  /** Made by others (a published medium, a downloaded video): opened as a media file of a known container, never as a list of others. */
  readonly foreign?: boolean;
}

/** One output of ffmpeg. */
export interface FfmpegOutput {
  readonly options: readonly string[];
  readonly output: string;
}

/** An ffmpeg run as data: adapters/ffmpeg turns it into a process. */
export interface FfmpegPlan extends FfmpegOutput {
  readonly inputs: readonly FfmpegInput[];
  /** What the same run makes besides, of the same inputs or others: a start costs as much as seconds of film. */
  readonly besides?: readonly FfmpegOutput[];
}

export interface MediaFacts {
  readonly durationMs: number | null;
  readonly video: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly fps: number;
    readonly frames: number | null;
  } | null;
  readonly audio: {
    readonly codec: string;
    readonly channels: number;
    /** Null when they were not counted. */
    readonly packets: number | null;
  } | null;
}

/** What a film of ours holds, by its own tables. */
export interface FilmFacts {
  readonly durationMs: number | null;
  /** Packets of the picture; null without one. */
  readonly frames: number | null;
  /** Packets of the sound; null without any. */
  readonly packets: number | null;
}

export interface Media {
  /** Relative names of the plan lie in `directory`. @throws OperatorError ffmpeg-missing, ffmpeg-failed */
  run(plan: FfmpegPlan, directory: string, signal: AbortSignal, onTime?: (ms: number) => void): Promise<void>;
  /** @throws OperatorError media-broken */
  probe(file: string, signal: AbortSignal, countPackets: boolean): Promise<MediaFacts>;
  /** A film that was just made: every packet counted. @throws OperatorError result-wrong, media-broken when it is cut */
  readFilm(file: string, signal: AbortSignal): Promise<FilmFacts>;
  /** Device file of a hardware encoder, null when this machine has none. */
  findDevice(name: 'nvenc' | 'qsv' | 'vaapi'): string | null;
  /** A hardware encoder that takes longer for its one-second test does not work. */
  readonly encoderTestMs: number;
  /** Decodes every key frame of the picture, or the sound, of a file that has it. @throws OperatorError media-broken */
  decode(file: string, of: 'picture' | 'sound', signal: AbortSignal): Promise<void>;
}

/** A directory of its own for one conversion. */
export interface WorkDirectory {
  readonly path: string;
  file(name: string): string;
  write(name: string, content: string | Buffer): Promise<void>;
  /** What these hold, one behind the other. */
  concatenate(names: readonly string[], target: string): Promise<void>;
  readText(name: string): Promise<string | null>;
  sizeOf(name: string): Promise<number | null>;
  /** Atomic, within the directory. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Moves a finished file out, atomically at its target. */
  deliver(name: string, target: string): Promise<number>;
  /** Takes delivered files back. */
  withdraw(targets: readonly string[]): Promise<void>;
  /** Everything in it but these. */
  clear(keep: readonly string[]): Promise<void>;
  readBytes(name: string): Promise<Buffer>;
  freeBytes(): Promise<number>;
  /** The whole directory. */
  discard(): Promise<void>;
  /** Lets another process take it. */
  release(): Promise<void>;
}
