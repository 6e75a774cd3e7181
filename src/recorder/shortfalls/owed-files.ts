import { picturesOf } from '../fetch-presentation.js';
import type { Presentation } from '../timeline/presentation.js';
import { saysTldraw } from '../timeline/parse-events.js';
import { presentationFiles, type PresentationTexts } from '../timeline/read-presentation.js';
import { chatUploadsOf, uploadsOf } from '../timeline/upload-of.js';
import { kindOf } from '../../bbb/published-file.js';
import type { Part } from './shortfall.js';

/** A file that a recording names. */
export interface OwedFile {
  readonly path: string;
  readonly part: Part;
  readonly grave: boolean;
  /** Not every recording has one: that it is not there is no loss; that it is broken is one. */
  readonly optional: boolean;
}

type TextRule = Omit<OwedFile, 'path'>;
const always = (part: Part, grave: boolean): TextRule => ({ part, grave, optional: false });
const sometimes = (part: Part, grave: boolean): TextRule => ({ part, grave, optional: true });

/**
 * What the publisher (presentation.rb, 0.9 to 3.0) writes for every recording, and what only for those that have it:
 * a chat, polls, captions, a shared screen.
 */
const TEXTS: Readonly<Record<string, TextRule>> = {
  'metadata.xml': always('metadata', false),
  'shapes.svg': always('whiteboard', true),
  'panzooms.xml': always('whiteboard', true),
  'cursor.xml': always('cursor', false),
  'deskshare.xml': sometimes('screen share', true),
  'tldraw.json': sometimes('whiteboard', true),
  'slides_new.xml': sometimes('chat', false),
  'captions.json': sometimes('captions', false),
};

/** Pictures that the publisher names where no slide is: before the first one, and under the shared screen. */
const isPlaceholder = (path: string): boolean =>
  /(?:^|\/)(?:logo|deskshare)\.png$|\/deskshare\/slide-1\.png$/.test(path);

/** All files but media that the recording owes a film. Pure. */
export function owedFiles(texts: PresentationTexts, presentation: Presentation): OwedFile[] {
  const slides = new Set(presentation.visits.map(({ href }) => href));
  const pictures = picturesOf(texts['shapes.svg'] ?? '')
    .filter((path) => !isPlaceholder(path))
    .map((path): OwedFile => {
      if (kindOf(path) === 'text') return { path, ...always('texts', false) };
      return { path, ...always(slides.has(path) ? 'slides' : 'drawings', true) };
    });
  // From 2.6 on the drawings stand in a file of their own, which the zooms announce.
  const tldraw = saysTldraw(texts['panzooms.xml']) === true;
  return [
    ...presentationFiles.map((path) => ({
      path,
      ...(TEXTS[path] ?? sometimes('texts', false)),
      ...(path === 'tldraw.json' && tldraw ? { optional: false } : {}),
    })),
    ...pictures,
    // The player shows nothing where one of these is lost; the film shows a card, and is made.
    ...uploadsOf(texts['tldraw.json'] ?? '').map((path) => ({ path, ...always('drawings', false) })),
    ...chatUploadsOf(presentation.chat).map((path) => ({ path, ...always('chat', false) })),
    ...presentation.captions.map(({ file }) => ({ path: file, ...always('captions', false) })),
  ];
}
