import type { Size } from './scenes/layout.js';
import type { VisitScene } from './scenes/visit-scene.js';
import type { PictureState } from './timeline/picture-states.js';

/** A published presentation that lies on this machine. */
export interface PublishedFolder {
  readonly path: string;
  /** Null when the file does not exist. */
  readText(name: string): Promise<string | null>;
  /** The first of these files that exists and is not empty, as a path to give to ffmpeg. */
  findFile(names: readonly string[]): Promise<string | null>;
}

/** What a browser needs to draw any state of a recording. */
export interface Scene {
  readonly size: Size;
  readonly folder: string;
  page(nonce: string): string;
  policy(nonce: string): string;
  visit(index: number): VisitScene | null;
}

/** One browser. States are drawn one after another. */
export interface Painter {
  /** PNG of the whole picture. */
  paint(state: Pick<PictureState, 'slide' | 'due'>): Promise<Buffer>;
  close(): Promise<void>;
}

/** Feeds a scene on loopback; each painter is a browser of its own. */
export interface Studio {
  openPainter(): Promise<Painter>;
  close(): Promise<void>;
}
export type OpenStudio = (scene: Scene, signal: AbortSignal) => Promise<Studio>;

/** An ffmpeg run as data: adapters/ffmpeg turns it into a process. */
export interface FfmpegPlan {
  readonly inputs: readonly { readonly options: readonly string[]; readonly source: string }[];
  readonly options: readonly string[];
  readonly output: string;
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
  readonly audio: { readonly codec: string; readonly channels: number } | null;
}

export interface Media {
  /** Relative names of the plan lie in `directory`. @throws OperatorError ffmpeg-missing, ffmpeg-failed */
  run(plan: FfmpegPlan, directory: string, signal: AbortSignal, onTime?: (ms: number) => void): Promise<void>;
  /** @throws OperatorError media-broken */
  probe(file: string, signal: AbortSignal, countFrames: boolean): Promise<MediaFacts>;
  /** Decodes every key frame and the sound. @throws OperatorError media-broken */
  decodeKeyFrames(file: string, signal: AbortSignal): Promise<void>;
}

/** A directory of its own for one conversion. */
export interface WorkDirectory {
  readonly path: string;
  file(name: string): string;
  write(name: string, content: string | Buffer): Promise<void>;
  readText(name: string): Promise<string | null>;
  sizeOf(name: string): Promise<number | null>;
  /** Atomic, within the directory. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Moves a finished file out, atomically at its target. */
  deliver(name: string, target: string): Promise<number>;
  /** Everything in it but these. */
  clear(keep: readonly string[]): Promise<void>;
  readBytes(name: string): Promise<Buffer>;
  freeBytes(): Promise<number>;
  /** The whole directory. */
  discard(): Promise<void>;
  /** Lets another process take it. */
  release(): Promise<void>;
}
