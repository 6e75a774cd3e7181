import type { Outcome } from '../../kit/outcome.js';
import type { BroadcastTarget, StreamTarget } from '../check/targets.js';
import type { WebAnswer, WebRequest } from '../check/web-facts.js';
import type { ByteRange } from './facts.js';
import { fillInVariables, playlistVariables, type PlaylistVariables } from './playlist-variables.js';
import type { StreamingPorts } from './ports.js';
import { renditionPlaces, type RenditionPlace } from './rendition-uris.js';
import type { BroadcastFacts, PlaylistPoll, RenditionFacts } from './run-facts.js';

const CONFIRMATION_MS = 2000;
/** A playlist that moves at all has moved within so many target durations. */
export const MOVED_TARGETS = 1.5;
const LONGEST_LOOK_MS = 4000;

export interface BroadcastLook {
  /** A playlist older than that many target durations is asked a second time. */
  readonly lateTargets: number;
  /** Whether the newest segments are decoded; one node suffices, they are the same files. */
  readonly decode: boolean;
  /** All addresses that the inventory gives: what a playlist names may be there. */
  readonly named?: readonly string[];
}

/**
 * Reads a node's master playlist of one stream and its renditions, with the oldest and the newest segment that
 * each announces.
 */
export async function gatherBroadcast(
  broadcast: BroadcastTarget,
  stream: StreamTarget,
  ports: StreamingPorts,
  { lateTargets, decode, named = [] }: BroadcastLook,
): Promise<BroadcastFacts> {
  const masterUrl = new URL(stream.playlistPath, broadcast.url).href;
  const led = ledFrom(ports, masterUrl, named);
  const master = await follow(led, { url: masterUrl }, ports);
  const playlist = readText(master, ports);
  const reached = master.ok ? master.value.url : masterUrl;
  const places = renditionPlaces(playlist, stream, reached);
  const variables = master.ok ? playlistVariables(master.value.body.toString('utf8'), reached) : undefined;
  const renditions = master.ok
    ? await Promise.all(places.map((place) => gatherRendition(place, lateTargets, led, decode, variables)))
    : [];
  return { name: broadcast.name, stream: stream.name, master, playlist, renditions };
}

const MOST_REDIRECTIONS = 3;

/**
 * Asks as a player does: where the server leads, too (a token in the path, a node of its choice). What cannot be followed
 * is the answer itself.
 * @param first how the first question is asked: the inventory's own address needs no guard.
 */
async function follow(
  ports: StreamingPorts,
  request: WebRequest,
  first: StreamingPorts = ports,
): Promise<Outcome<WebAnswer>> {
  let answer = await first.web(request);
  for (let i = 0; i < MOST_REDIRECTIONS && answer.ok; i++) {
    const { status, headers, url } = answer.value;
    const to = headers['location'] ?? '';
    if (!/^30[12378]$/.test(String(status)) || !URL.canParse(to, url)) return answer;
    const next = new URL(to, url);
    const led = await ports.web({ ...request, url: next.href });
    if (!led.ok) return answer;
    answer = led;
  }
  return answer;
}

/** What a playlist names is another's word: it is asked under guard. */
const ledFrom = (ports: StreamingPorts, masterUrl: string, named: readonly string[]): StreamingPorts => ({
  ...ports,
  web: (request) =>
    ports.web({
      ...request,
      namedBy: [...named, isOwn(request.url, masterUrl) ? request.url : masterUrl],
    }),
});

/** The machine of the inventory by its other scheme: HTTP that leads to HTTPS. */
function isOwn(url: string, namedBy: string): boolean {
  const [to, from] = [new URL(url), new URL(namedBy)];
  return to.hostname === from.hostname && (to.port === '' || to.port === from.port);
}

async function gatherRendition(
  { url, name, uri, kind }: RenditionPlace,
  lateTargets: number,
  ports: StreamingPorts,
  decode: boolean,
  variables?: PlaylistVariables,
): Promise<RenditionFacts> {
  const first = await poll(url, ports, variables);
  const [second, segments] = await Promise.all([
    confirm(url, first, lateTargets, ports, variables),
    gatherSegments(first.answer.ok ? first.answer.value.url : url, first, ports),
  ]);
  const { newest, init } = segments;
  const playlist = first.playlist?.kind === 'media' ? first.playlist.playlist : null;
  const readable = decode && playlist?.encryption === null && !playlist.iFramesOnly && kind !== 'i-frames';
  const media =
    readable && newest?.ok === true && isServed(newest.value) && (init === null || init.ok)
      ? await ports.segment(newest.value, init === null ? null : init.value)
      : null;
  const key = playlist?.keyUri == null ? null : await askKey(playlist.keyUri, first, url, ports);
  return { name, url, uri, kind, first, second, ...segments, key, media };
}

/** The key of encrypted segments, as a player asks for it. */
const askKey = (
  uri: string,
  { answer }: PlaylistPoll,
  asked: string,
  ports: StreamingPorts,
): Promise<Outcome<WebAnswer>> =>
  follow(ports, { url: new URL(uri, answer.ok ? answer.value.url : asked).href });

/** Whether it was served, whole or the part that was asked for. */
export const isServed = ({ status }: WebAnswer): boolean => status === 200 || status === 206;

async function poll(
  url: string,
  ports: StreamingPorts,
  variables?: PlaylistVariables,
): Promise<PlaylistPoll> {
  const answer = await follow(ports, { url, headers: { 'cache-control': 'no-cache' } });
  return {
    answer,
    playlist: readText(answer, ports, variables),
    ageSeconds: answer.ok ? ageOf(answer.value) : null,
  };
}

/**
 * Only a playlist that looks late is asked again: caches, NFS and skewed clocks must not raise an alarm. One that does
 * not tell its age (MediaMTX, OvenMediaEngine and some proxies send no Last-Modified) is asked whether it moves.
 */
async function confirm(
  url: string,
  first: PlaylistPoll,
  lateTargets: number,
  ports: StreamingPorts,
  variables?: PlaylistVariables,
): Promise<PlaylistPoll | null> {
  if (first.playlist?.kind !== 'media' || first.playlist.playlist.ended) return null;
  const target = first.playlist.playlist.targetDurationSeconds;
  if (first.ageSeconds === null) {
    await ports.pause(Math.min(LONGEST_LOOK_MS, target * MOVED_TARGETS * 1000));
    return poll(url, ports, variables);
  }
  if (first.ageSeconds <= target * lateTargets) return null;
  await ports.pause(Math.min(CONFIRMATION_MS, target * 1000));
  return poll(url, ports, variables);
}

async function gatherSegments(
  url: string,
  { playlist }: PlaylistPoll,
  ports: StreamingPorts,
): Promise<Pick<RenditionFacts, 'oldest' | 'newest' | 'init'>> {
  const all = playlist?.kind === 'media' ? playlist.playlist.segments : [];
  const segments = all.filter(({ gap }) => !gap);
  // The very first one may vanish between two requests: a live window moves.
  const oldest = segments.length > 3 ? segments[1] : segments[0];
  const newest = segments.at(-1);
  const [old, fresh, init] = await Promise.all([
    oldest === undefined || oldest === newest ? null : exists(new URL(oldest.uri, url).href, ports),
    newest === undefined ? null : part(url, newest, ports),
    newest?.map == null ? null : part(url, newest.map, ports),
  ]);
  return { oldest: old, newest: fresh, init };
}

/** A resource or a part of it (EXT-X-BYTERANGE). A server that does not know ranges sends the whole. */
async function part(
  base: string,
  { uri, byteRange }: { readonly uri: string; readonly byteRange: ByteRange | null },
  ports: StreamingPorts,
): Promise<Outcome<WebAnswer>> {
  const url = new URL(uri, base).href;
  if (byteRange === null) return follow(ports, { url });
  const { offset, length } = byteRange;
  const answer = await follow(ports, { url, headers: { range: `bytes=${offset}-${offset + length - 1}` } });
  if (!answer.ok || answer.value.status !== 200) return answer;
  const body = answer.value.body.subarray(offset, offset + length);
  return { ...answer, value: { ...answer.value, body, totalBytes: body.length } };
}

/** Whether a segment is there, without fetching it; some servers answer GET only. */
async function exists(url: string, ports: StreamingPorts): Promise<Outcome<WebAnswer>> {
  const head = await follow(ports, { url, method: 'HEAD' });
  if (head.ok && head.value.status < 400) return head;
  return follow(ports, { url, headers: { range: 'bytes=0-0' } });
}

function readText(
  answer: Outcome<WebAnswer>,
  ports: StreamingPorts,
  imported?: PlaylistVariables,
): BroadcastFacts['playlist'] {
  if (!answer.ok || answer.value.status !== 200) return null;
  const text = answer.value.body.toString('utf8');
  return ports.parsePlaylist(fillInVariables(text, playlistVariables(text, answer.value.url, imported)));
}

/**
 * Date minus Last-Modified; null when a proxy took one of them away. A cache hands on both as they were, and says in Age
 * how long it has kept them (RFC 9111, 5.1).
 */
function ageOf({ headers }: WebAnswer): number | null {
  const date = Date.parse(headers['date'] ?? '');
  const modified = Date.parse(headers['last-modified'] ?? '');
  const kept = Number(headers['age'] ?? 0);
  return Number.isNaN(date) || Number.isNaN(modified)
    ? null
    : Math.max(0, (date - modified) / 1000) + (Number.isFinite(kept) ? Math.max(0, kept) : 0);
}
