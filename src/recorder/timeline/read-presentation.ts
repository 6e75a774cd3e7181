import { parseCaptions, parseChat, parseExternalVideos, parsePolls } from './parse-chat.js';
import { parseCursor, parsePanzooms, parseShares, saysTldraw } from './parse-events.js';
import { parseMetadata } from './parse-metadata.js';
import { parseShapes } from './parse-shapes.js';
import { parseLayout, without } from './parse-layout.js';
import { settleVisits, withoutShareViews } from './settle-visits.js';
import { generationOf, parseTldraw } from './parse-tldraw.js';
import type { Presentation } from './presentation.js';

/** Names of the text files of a published presentation; any of them may be missing. */
export const presentationFiles = [
  'metadata.xml',
  'shapes.svg',
  'panzooms.xml',
  'cursor.xml',
  'deskshare.xml',
  'layout.xml',
  'tldraw.json',
  'slides_new.xml',
  'polls.json',
  'external_videos.json',
  'captions.json',
] as const;
export type PresentationFile = (typeof presentationFiles)[number];

/** Texts of the files by name; null for one that does not exist. */
export type PresentationTexts = Readonly<Record<PresentationFile, string | null>>;

/** Everything a published presentation says, tolerant as the player is: a missing file is an empty one. */
export function readPresentation(texts: PresentationTexts): Presentation {
  const tldraw = parseTldraw(texts['tldraw.json']);
  const isTldraw = saysTldraw(texts['panzooms.xml']) ?? texts['tldraw.json'] !== null;
  const generation = generationOf(isTldraw, tldraw.bbbVersion);
  const published = parseShapes(texts['shapes.svg']);
  const visits = settleVisits(published);
  const hidden = parseLayout(texts['layout.xml']);
  return {
    ...parseMetadata(texts['metadata.xml']),
    bbbVersion: tldraw.bbbVersion,
    generation,
    visits: isTldraw ? withTldraw(visits, tldraw.byVisit) : visits,
    lastOutMs: lastOut(published),
    panzooms: withoutShareViews(parsePanzooms(texts['panzooms.xml']), published),
    cursor: parseCursor(texts['cursor.xml'], generation === 'tldraw2'),
    shares: without(parseShares(texts['deskshare.xml']), [...hidden.share, ...hidden.presentation]),
    hidden: hidden.presentation,
    chat: [
      ...parseChat(texts['slides_new.xml']),
      ...parsePolls(texts['polls.json']),
      ...parseExternalVideos(texts['external_videos.json']),
    ].sort((a, b) => a.atMs - b.atMs),
    captions: parseCaptions(texts['captions.json']),
  };
}

function lastOut(visits: Presentation['visits']): number | null {
  const ends = visits.map(({ toMs }) => toMs).filter((toMs) => toMs < 1e9);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** tldraw.json names visits by the number in the image's id (`image4` -> 4). */
function withTldraw(
  visits: Presentation['visits'],
  byVisit: ReadonlyMap<number, Presentation['visits'][number]['drawings']>,
): Presentation['visits'] {
  return visits.map((visit, i) => ({ ...visit, drawings: byVisit.get(visit.number ?? i + 1) ?? [] }));
}
