/* What the backends need of the machine. src/chromium and src/kit/adapters fill it. */

import type { Writable } from 'node:stream';

export interface MeetingPage {
  /** The browser's process. */
  readonly pid: number;
  /** Gives the tab as a fresh WebM stream; only with `capture`. */
  feed(target: Writable): Promise<void>;
  /** `unknown` while it is still being joined. */
  audio(): Promise<'joined' | 'not-joined' | 'unknown'>;
  say(text: string): Promise<boolean>;
  /** False: the page has nothing to open or close the chat with. */
  toggleChat(): Promise<boolean>;
  /** Whether the chat is open, or closed, within some seconds. */
  showsChat(shown: boolean): Promise<boolean>;
  /** Covers the page with the pause picture, or uncovers it. */
  pause(on: boolean): Promise<void>;
  /** Ends the capture alone: the encoder then sees the end of its input. */
  stopCapture(): Promise<void>;
  close(): Promise<void>;
}

/** Our own user among the attendees of getMeetingInfo. */
export interface OwnAttendance {
  readonly inside: boolean;
  /** isListeningOnly or hasJoinedVoice. */
  readonly listening: boolean;
}

export type PageEvent =
  | { readonly kind: 'died'; readonly detail: string }
  | { readonly kind: 'ended-modal' | 'error-screen' | 'navigated' }
  | { readonly kind: 'waiting-for-moderator'; readonly waiting: boolean };

interface OpenPage {
  /** Films the tab itself; false: somebody films the screen it is shown on. */
  readonly capture: boolean;
  readonly screen: Screen | null;
  readonly paused: boolean;
  readonly showChat: boolean;
  readonly onEvent: (event: PageEvent) => void;
  readonly signal: AbortSignal;
}

export interface Encoder {
  readonly pid: number;
  readonly stdin: Writable | null;
  /** Its last words, once it ended; never rejects. */
  readonly ended: Promise<string>;
  /** Politely: its files are complete. Then by force. */
  stop(): Promise<void>;
}

export interface StartEncoder {
  readonly args: readonly string[];
  readonly stdin: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Its `-progress` report, line by line. */
  readonly onStdoutLine: (line: string) => void;
  readonly onLine: (line: string) => void;
  /** What it writes to file descriptor 3; absent: it has none. */
  readonly onCopy?: (chunk: Buffer) => void;
}

export interface Screen {
  /** `:93` */
  readonly display: string;
  readonly pulseServer: string;
  /** Name of the null sink; its monitor is what is recorded. */
  readonly sink: string;
  /** What a program needs to reach it: DISPLAY, XAUTHORITY, PULSE_SERVER. */
  readonly environment: Readonly<Record<string, string>>;
  readonly children: Readonly<Record<string, number>>;
  /** Which of its programs ended first, and how. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

export interface MediaPorts {
  readonly openPage: (options: OpenPage) => Promise<MeetingPage>;
  readonly startEncoder: (options: StartEncoder) => Promise<Encoder>;
  readonly startScreen: (signal: AbortSignal) => Promise<Screen>;
  /** Path of the next part of the recording; null when nothing is recorded. */
  readonly nextRecordingFile: () => string | null;
  /** File of the picture that stands while nobody films: the configured one, else the last good one; null: none. */
  readonly stillPicture: () => string | null;
}
