import type { Outcome } from '../../kit/outcome.js';
import type { BroadcastTarget, StreamTarget } from '../check/targets.js';
import type { WebAnswer } from '../check/web-facts.js';
import type { StreamingDoors } from './ports.js';
import type { BroadcastFacts, PlaylistPoll, RenditionFacts } from './run-facts.js';

const CONFIRMATION_MS = 2000;

/**
 * Reads a node's master playlist of one stream and its renditions, with the oldest and the newest segment that
 * each announces.
 * @param lateTargets a playlist older than that many target durations is asked a second time.
 * @param decode whether the newest segments are decoded; one node suffices, they are the same files.
 */
export async function gatherBroadcast(
  broadcast: BroadcastTarget,
  stream: StreamTarget,
  lateTargets: number,
  doors: StreamingDoors,
  decode: boolean,
): Promise<BroadcastFacts> {
  const masterUrl = new URL(stream.playlistPath, broadcast.url).href;
  const master = await doors.web({ url: masterUrl });
  const playlist = readText(master, doors);
  const uris = renditionUris(playlist, stream, masterUrl);
  const renditions = master.ok
    ? await Promise.all(
        uris.map((uri) => gatherRendition(uri, lateTargets, ledFrom(doors, masterUrl), decode)),
      )
    : [];
  return { name: broadcast.name, stream: stream.name, master, playlist, renditions };
}

/** What a playlist names is another's word: it is asked under guard. */
const ledFrom = (doors: StreamingDoors, namedBy: string): StreamingDoors => ({
  ...doors,
  web: (request) => doors.web({ ...request, namedBy }),
});

/** The renditions that the master announces and those that the inventory expects. */
function renditionUris(
  playlist: BroadcastFacts['playlist'],
  stream: StreamTarget,
  masterUrl: string,
): string[] {
  const announced =
    playlist?.kind === 'master'
      ? playlist.variants.map(({ uri }) => new URL(uri, masterUrl).href)
      : playlist?.kind === 'media'
        ? [masterUrl]
        : [];
  if (playlist?.kind === 'media') return announced;
  // A master may announce them elsewhere (`/hls/ingest1/…`): only what it forgets is asked beside it.
  const named = new Set(announced.map(renditionName));
  const forgotten = stream.renditions.filter((name) => !named.has(name));
  return [...new Set([...announced, ...forgotten.map((name) => new URL(`${name}.m3u8`, masterUrl).href)])];
}

const renditionName = (url: string): string =>
  (new URL(url).pathname.split('/').at(-1) ?? '').replace(/\.m3u8$/, '');

async function gatherRendition(
  url: string,
  lateTargets: number,
  doors: StreamingDoors,
  decode: boolean,
): Promise<RenditionFacts> {
  const name = renditionName(url);
  const first = await poll(url, doors);
  const [second, segments] = await Promise.all([
    confirm(url, first, lateTargets, doors),
    gatherSegments(url, first, doors),
  ]);
  const { oldest, newest } = segments;
  const media =
    decode && newest?.ok === true && newest.value.status === 200 ? await doors.segment(newest.value) : null;
  return { name, first, second, oldest, newest, media };
}

async function poll(url: string, doors: StreamingDoors): Promise<PlaylistPoll> {
  const answer = await doors.web({ url, headers: { 'cache-control': 'no-cache' } });
  return { answer, playlist: readText(answer, doors), ageSeconds: answer.ok ? ageOf(answer.value) : null };
}

/** Only a playlist that looks late is asked again: caches, NFS and skewed clocks must not raise an alarm. */
async function confirm(
  url: string,
  first: PlaylistPoll,
  lateTargets: number,
  doors: StreamingDoors,
): Promise<PlaylistPoll | null> {
  if (first.playlist?.kind !== 'media' || first.ageSeconds === null) return null;
  const target = first.playlist.playlist.targetDurationSeconds;
  if (first.ageSeconds <= target * lateTargets) return null;
  await doors.pause(Math.min(CONFIRMATION_MS, target * 1000));
  return poll(url, doors);
}

async function gatherSegments(
  url: string,
  { playlist }: PlaylistPoll,
  doors: StreamingDoors,
): Promise<{ oldest: Outcome<WebAnswer> | null; newest: Outcome<WebAnswer> | null }> {
  const segments = playlist?.kind === 'media' ? playlist.playlist.segments : [];
  // The very first one may vanish between two requests: a live window moves.
  const oldest = segments.length > 3 ? segments[1] : segments[0];
  const newest = segments.at(-1);
  const [old, fresh] = await Promise.all([
    oldest === undefined || oldest === newest
      ? null
      : doors.web({ url: new URL(oldest.uri, url).href, method: 'HEAD' }),
    newest === undefined ? null : doors.web({ url: new URL(newest.uri, url).href }),
  ]);
  return { oldest: old, newest: fresh };
}

function readText(answer: Outcome<WebAnswer>, doors: StreamingDoors): BroadcastFacts['playlist'] {
  if (!answer.ok || answer.value.status !== 200) return null;
  return doors.parsePlaylist(answer.value.body.toString('utf8'));
}

/** Date minus Last-Modified; null when a proxy took one of them away. */
function ageOf({ headers }: WebAnswer): number | null {
  const date = Date.parse(headers['date'] ?? '');
  const modified = Date.parse(headers['last-modified'] ?? '');
  return Number.isNaN(date) || Number.isNaN(modified) ? null : Math.max(0, (date - modified) / 1000);
}
