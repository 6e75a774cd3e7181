import { greatest } from '../../kit/extremes.js';
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
  // As components/player/content of bbb-playback 5.1.3 asks: drawings of tldraw, or one of these files says so.
  const isTldraw =
    tldraw.byVisit.size > 0 ||
    [texts['panzooms.xml'], texts['cursor.xml']].some((text) => saysTldraw(text) === true);
  const generation = generationOf(isTldraw, tldraw.bbbVersion);
  const published = parseShapes(texts['shapes.svg']);
  const visits = settleVisits(published);
  const layout = parseLayout(texts['layout.xml']);
  const shares = parseShares(texts['deskshare.xml']);
  const hidden = published.some(isSlide) || shares.length > 0 ? layout.presentation : [WHOLE];
  return {
    ...parseMetadata(texts['metadata.xml']),
    bbbVersion: tldraw.bbbVersion,
    generation,
    visits: isTldraw ? withTldraw(visits, tldraw.byVisit) : visits,
    lastOutMs: lastOut(published),
    panzooms: withoutShareViews(parsePanzooms(texts['panzooms.xml']), published),
    cursor: parseCursor(texts['cursor.xml'], generation === 'tldraw2'),
    shares: without(shares, [...layout.share, ...hidden]),
    hidden,
    chat: [
      ...parseChat(texts['slides_new.xml']),
      ...parsePolls(texts['polls.json']),
      ...parseExternalVideos(texts['external_videos.json']),
    ].sort((a, b) => a.atMs - b.atMs),
    captions: parseCaptions(texts['captions.json']),
  };
}

/**
 * Where nothing was presented, webcams have the room of the slides from beginning to end; what is no slide is the logo, or
 * the empty picture of a share (`hasPresentation` and `single` of bbb-playback 5.1.3, utils/data/validators.js, utils/layout.js).
 */
const isSlide = ({ href }: Presentation['visits'][number]): boolean => href?.includes('slide') === true;
const WHOLE = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function lastOut(visits: Presentation['visits']): number | null {
  const ends = visits.map(({ toMs }) => toMs).filter((toMs) => toMs < 1e9);
  return ends.length === 0 ? null : greatest(ends);
}

/** tldraw.json names visits by the number in the image's id (`image4` -> 4). */
function withTldraw(
  visits: Presentation['visits'],
  byVisit: ReadonlyMap<number, Presentation['visits'][number]['drawings']>,
): Presentation['visits'] {
  return visits.map((visit, i) => ({ ...visit, drawings: byVisit.get(visit.number ?? i + 1) ?? [] }));
}
