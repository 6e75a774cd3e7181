import { readFileSync } from 'node:fs';

/** The client's generations of fixtures/bbb-client. */
export const GENERATIONS = ['2.4', '2.5', '2.7', '3.0', '3.0-livekit', '4.0'] as const;
export type Generation = (typeof GENERATIONS)[number];

export interface PageFacts {
  readonly token: string;
  /** The parameters of the join call. */
  readonly join: Readonly<Record<string, string>>;
  readonly generation: Generation;
  readonly media: 'slides' | 'share' | 'video' | 'nothing';
  /** Somebody shows a camera: a blue dock, as large as the layout asked for makes it. */
  readonly cameras: boolean;
  /** Nothing moves, as on a slide: a browser gives one picture a second. */
  readonly still: boolean;
  readonly waiting: boolean;
  /** Words of the error screen; null: the client. */
  readonly error: string | null;
  /** Why the client may not join (3.0 and later: joinErrorCode); null: it may. */
  readonly joinError: string | null;
  readonly lobbyAsks: { readonly everyMs: number; readonly times: number };
  readonly dialog: string;
  readonly toneHz: number;
  readonly colour: string;
}

const read = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/bbb-client/${name}`, import.meta.url), 'utf8');

/** What a listener's browser gets: the skeleton of its generation, and the life of the client. */
export const joinPage = (facts: PageFacts): string =>
  read(`${facts.generation}.html`).replace(
    '</body>',
    () =>
      `<script>window.facts = ${JSON.stringify(facts).replaceAll('<', '\\u003c')}</script><script type="module">${read('client.js')}</script></body>`,
  );
