/** A published presentation as data. All instants are milliseconds from the start of the edited recording. */
export interface Presentation {
  readonly recordId: string | null;
  readonly title: string;
  /** Wall clock of the session's start, Unix milliseconds. */
  readonly startAt: number | null;
  /** metadata.xml's playback/duration; null when the file is missing. */
  readonly durationMs: number | null;
  readonly bbbVersion: string | null;
  readonly generation: Generation;
  readonly visits: readonly Visit[];
  /** Latest `out` of a slide; null without any. */
  readonly lastOutMs: number | null;
  readonly panzooms: readonly Panzoom[];
  readonly cursor: readonly CursorEvent[];
  /** When the shared screen is shown. */
  readonly shares: readonly Interval[];
  /** When the presenter had put the presentation out of sight. */
  readonly hidden: readonly Interval[];
  readonly chat: readonly ChatEntry[];
  readonly captions: readonly Caption[];
}

/** How the whiteboard is stored: SVG groups up to 2.5, tldraw 1 in 2.6 and 2.7, tldraw 2 from 3.0 on. */
export type Generation = 'classic' | 'tldraw1' | 'tldraw2';

export interface Interval {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** One showing of one slide; the same slide shown again is another visit. */
export interface Visit extends Interval {
  /** The N of `imageN`, by which tldraw.json names it; null when the id has none. */
  readonly number: number | null;
  /** Path inside the published folder; null for a visit without a picture. */
  readonly href: string | null;
  readonly width: number;
  readonly height: number;
  /** Path of the slide's text file, if any. */
  readonly textFile: string | null;
  readonly drawings: readonly Drawing[];
}

/** One snapshot of a shape: the newest that is due replaces the earlier ones of the same key. */
export interface Drawing {
  readonly key: string;
  readonly atMs: number;
  /** From then on it is gone; null for never. */
  readonly undoMs: number | null;
  readonly content:
    | {
        readonly kind: 'svg';
        readonly markup: string;
        /** Names of the elements that are not drawn, if any. */
        readonly dropped?: readonly string[];
      }
    | {
        readonly kind: 'tldraw';
        readonly shape: TldrawShape;
        /** Frames and groups around it, outermost first. */
        readonly within: readonly TldrawShape[];
        /** What an arrow holds on to, with what is around that. */
        readonly bound?: Readonly<
          Partial<
            Record<'start' | 'end', { readonly shape: TldrawShape; readonly within: readonly TldrawShape[] }>
          >
        >;
      };
}

/** tldraw's own record, of version 1 or 2: read defensively, it comes from outside. */
export type TldrawShape = Readonly<Record<string, unknown>>;

export interface Panzoom {
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Position in the units of its generation; null when hidden. */
export interface CursorEvent {
  readonly atMs: number;
  readonly at: { readonly x: number; readonly y: number } | null;
}

export type ChatEntry =
  | {
      readonly kind: 'message';
      readonly atMs: number;
      readonly name: string;
      readonly moderator: boolean;
      readonly emphasised: boolean;
      readonly parts: readonly ChatPart[];
      /** Text of the message that it answers; null for none. */
      readonly reply: readonly ChatPart[] | null;
      readonly reactions: readonly { readonly emoji: string; readonly count: number }[];
      readonly edited: boolean;
    }
  | { readonly kind: 'video'; readonly atMs: number; readonly url: string }
  | {
      readonly kind: 'poll';
      readonly atMs: number;
      readonly question: string;
      readonly answers: readonly {
        /** As the players count them, from 1; answers that were added up leave gaps. */
        readonly number: number;
        readonly text: string;
        readonly votes: number;
        /** The right answer of a quiz. */
        readonly isRight: boolean;
      }[];
      readonly responders: number;
    };

export type ChatTone = 'strong' | 'em' | 'del' | 'code';

export interface ChatPart {
  readonly text: string;
  readonly link: boolean;
  /** How it is written, where not plainly: messages of 3.0 have bold, slanted, struck and typed words. */
  readonly tone?: ChatTone;
  /** Path of a picture that was pasted into the message (BBB 4.0); it has no text. */
  readonly picture?: string;
}

export interface Caption {
  readonly locale: string;
  readonly name: string;
  /** Path of the WebVTT file inside the published folder. */
  readonly file: string;
}
