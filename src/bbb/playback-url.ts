/* Playback URLs in every form that BBB, Scalelite, the national server and Pod have given them, and back to the
   recordID: Pod has no recordID column, the URL is the key. */

export interface ParsedPlayback {
  readonly recordId: string;
  /** The playback's type as the URL says it: `presentation`, `video`, `podcast`, `screenshare`, `notes`… */
  readonly format: string;
  /** Version of the presentation player (`0.81`, `0.9.0`, `2.0`, `2.3`), or null. */
  readonly player: string | null;
  /** Single-use: dead in minutes, and at its first request. */
  readonly token: boolean;
}

const ID = '[0-9A-Za-z][0-9A-Za-z_-]{7,}';
const RECORD_ID = new RegExp(`^${ID}$`);
/** Path forms, tried in order; groups: player or format, then the id. The end may be followed by anything below it. */
const PLAYER_PAGE = /\/playback\/presentation\/(?:([0-9][0-9.]*)\/)?playback\.html$/;
const PLAYER_PATH = new RegExp(`/playback/presentation/([0-9][0-9.]*)/(${ID})(?:/|$)`);
const PLAYBACK_PATH = new RegExp(`/playback/([a-z][a-z_-]*)/(${ID})(?:/|$)`);
const RECORDING_PATH = new RegExp(`/recording/(${ID})(?:/([a-z]+))?(?:/|$)`);
const FILES_PATH = new RegExp(
  `/(presentation|podcast|screenshare|notes|statistics|video|capture)/(${ID})(?:/|$)`,
);

/** Reads a playback URL, or null when it leads to no recording that we can name. */
export function parsePlaybackUrl(text: string): ParsedPlayback | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return null;
  const path = decodePath(url.pathname);
  const token = isTokenUrl(text);
  const page = PLAYER_PAGE.exec(path);
  if (page !== null) {
    // Some applications wrote meetingId, others meetingID or recordID.
    const id = readQuery(url, 'meetingid') ?? readQuery(url, 'recordid') ?? '';
    return RECORD_ID.test(id)
      ? { recordId: id, format: 'presentation', player: page[1] ?? null, token }
      : null;
  }
  const player = PLAYER_PATH.exec(path);
  if (player?.[2] !== undefined)
    return { recordId: player[2], format: 'presentation', player: player[1] ?? null, token };
  const playback = PLAYBACK_PATH.exec(path);
  if (playback?.[1] !== undefined && playback[2] !== undefined)
    return { recordId: playback[2], format: playback[1], player: null, token };
  const recording = RECORDING_PATH.exec(path);
  if (recording?.[1] !== undefined)
    return { recordId: recording[1], format: recording[2] ?? 'video', player: null, token };
  const files = FILES_PATH.exec(path);
  if (files?.[1] !== undefined && files[2] !== undefined)
    return { recordId: files[2], format: files[1], player: null, token };
  return null;
}

/** The recordID that a playback URL leads to, or null. */
export const recordIdOfUrl = (text: string): string | null => parsePlaybackUrl(text)?.recordId ?? null;

/** True for the single-use URLs of protected recordings (Scalelite, national server): never stored, never asked twice. */
export function isTokenUrl(text: string): boolean {
  // Hardly a link has a query: a look is cheaper than to parse it.
  if (!text.includes('?')) return false;
  return URL.canParse(text) && (readQuery(new URL(text), 'token') ?? '') !== '';
}

/**
 * True for the national BBB of French higher education: Pod knows its links by this part of their host
 * (pod/import_video/utils.py 3.5.1 to 4.1.0, check_url_need_token).
 */
export const isNationalUrl = (text: string): boolean =>
  MAY_BE_NATIONAL.test(text) &&
  URL.canParse(text) &&
  /(?:^|\.)bbb\.numerique-esr\.fr$/i.test(new URL(text).hostname);

/** Parsing takes away tabs and line breaks, and reads percent signs and other letters as those of the host. */
const MAY_BE_NATIONAL = /numerique-esr|%|[^\u0021-\u007e]/i;

/**
 * A national link as Pod can keep it: without its query. Pod takes the recordID from the path and asks BBB for a fresh
 * token each time; a query, spent token or meetingId, would be read as part of the id.
 */
export function withoutQuery(text: string): string {
  const url = new URL(text);
  url.search = '';
  url.hash = '';
  return url.href;
}

const MAY_BE_VIDEO = /video|[^\u0021-\u007e]/;
const VIDEO_PAGE = new RegExp(`/playback/video/${ID}$`);

/**
 * The page of a video as Pod must have it: Pod puts the file's name behind the page's address as it stands
 * (docs/domain/pod.md, "What a link makes Pod do"), so it ends with a slash. Other URLs as they are.
 */
export function withFinalSlash(text: string): string {
  if (!MAY_BE_VIDEO.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || !VIDEO_PAGE.test(url.pathname)) return text;
  url.pathname += '/';
  return url.href;
}

/**
 * The same URL with its token spent: still recognised as single-use, and worth nothing. Only such forms are spooled
 * or saved; the one request that needs a token asks the server for a fresh one.
 */
export const withoutToken = (text: string): string =>
  isTokenUrl(text) ? text.replace(/([?&]token=)[^&#]*/gi, '$1spent') : text;

const MAY_BE_20 = /2\.0|%|[^\u0021-\u007e]/;

/** True for a page of the player 2.0. */
export const isPlayback20 = (text: string): boolean =>
  MAY_BE_20.test(text) && parsePlaybackUrl(text)?.player === '2.0';

/**
 * The 2.3 form of a 2.0 presentation link, other URLs as they are. The id moves into the path and leaves the query:
 * what stays of a query confuses Pod on links of the national server.
 */
export function toPlayback23(text: string): string {
  const parsed = MAY_BE_20.test(text) ? parsePlaybackUrl(text) : null;
  if (parsed?.player !== '2.0') return text;
  const url = new URL(text);
  const page = url.pathname.replace(/\/2\.0\/(?:playback\.html)?.*$/, '/2.3/');
  url.pathname = `${page}${parsed.recordId}`;
  for (const name of [...url.searchParams.keys()])
    if (name.toLowerCase() === 'meetingid') url.searchParams.delete(name);
  return url.href;
}

function readQuery(url: URL, lowerCaseName: string): string | null {
  for (const [name, value] of url.searchParams) if (name.toLowerCase() === lowerCaseName) return value.trim();
  return null;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
