import { describe, expect, it } from 'vitest';
import { localPath } from '../../../src/recorder/timeline/parse-shapes.js';
import {
  presentationFiles,
  readPresentation,
  type PresentationTexts,
} from '../../../src/recorder/timeline/read-presentation.js';
import { unknownParts } from '../../../src/recorder/timeline/unknown-parts.js';

const slide =
  '<svg><image id="image1" class="slide" in="0" out="9" xlink:href="presentation/x/slide-1.png"/>GROUP</svg>';

function read(texts: Partial<PresentationTexts>): ReturnType<typeof unknownParts> {
  const none = Object.fromEntries(presentationFiles.map((name) => [name, null]));
  return unknownParts(readPresentation({ ...none, ...texts } as PresentationTexts));
}

function tldraw(version: string, types: readonly string[]): ReturnType<typeof unknownParts> {
  const shapes = types.map((type, i) => ({
    id: i,
    timestamp: 1,
    undo: -1,
    shape_data: { id: `shape:${type}${i % 2}`, type },
  }));
  return read({
    'shapes.svg': slide.replace('GROUP', ''),
    'panzooms.xml': '<recording tldraw="true"/>',
    'tldraw.json': JSON.stringify({ bbb_version: version, 1: { shapes } }),
  });
}

describe('what is not known of a recording', () => {
  it('is counted by its type, once however often it was moved', () => {
    expect(tldraw('3.0.20', ['embed', 'draw', 'embed', 'embed', 'bookmark<b>', 'group'])).toEqual({
      laterVersion: null,
      shapes: [
        { type: 'bookmarkb', count: 1 },
        { type: 'embed', count: 2 },
      ].sort((a, b) => b.count - a.count),
    });
    expect(tldraw('2.7.3', ['sticky', 'poll', 'rectangle']).shapes).toEqual([{ type: 'poll', count: 1 }]);
  });

  it('is named in drawings before tldraw too', () => {
    const group =
      '<g class="canvas" image="image1"><g class="shape" timestamp="1" undo="-1" shape="a"><path d="M0 0"/><video/></g></g>';
    expect(read({ 'shapes.svg': slide.replace('GROUP', group) }).shapes).toEqual([
      { type: 'video', count: 1 },
    ]);
  });

  it.each([
    ['3.0.30', null],
    ['3.1.4', null],
    ['3.2.0', '3.2.0'],
    ['4.0.0-alpha.2', '4.0.0-alpha.2'],
  ])('is the version, from %s on', (version, later) => {
    expect(tldraw(version, ['draw']).laterVersion).toBe(later);
  });
});

describe('names of slides', () => {
  it.each([
    ['presentation/Cours%20n%C2%B01/slide-1.png', 'presentation/Cours n°1/slide-1.png'],
    [
      'presentation/Cours n°1 (été) #2 & 100%/slide-2.png',
      'presentation/Cours n°1 (été) #2 & 100%/slide-2.png',
    ],
    ['presentation/x/slide-1.png?v=2#top', 'presentation/x/slide-1.png'],
    ['presentation/%E9/slide-1.png', 'presentation/%E9/slide-1.png'],
    ['presentation/%2e%2e/%2E%2E/secret.png', null],
    ['%2Fetc/passwd.png', 'etc/passwd.png'],
    ['..%5csecret.png', null],
  ])('%s is %s', (href, path) => {
    expect(localPath(href)).toBe(path);
  });
});
