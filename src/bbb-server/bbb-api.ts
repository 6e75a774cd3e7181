import { createHash } from 'node:crypto';
import type { Secret } from '../kit/config/secret.js';

export type ChecksumAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The only calls that migration, conversion and Moodle make: they read. '' is the API's root, which tells its version. */
export type ReadingCall = '' | 'getRecordings' | 'getMeetings' | 'getMeetingInfo' | 'isMeetingRunning';

/** What `live` alone may send besides: its bot enters the meeting and brings it the chat. */
export type LiveCall = ReadingCall | 'join' | 'sendChatMessage';

export interface BbbServer {
  /** Name of its [bbb.NAME] section. */
  readonly name: string;
  /** Bare host, `/bigbluebutton` or `/bigbluebutton/api`, with or without a final slash. */
  readonly url: string;
  readonly secret: Secret;
  readonly checksum: ChecksumAlgorithm;
}

/** Address of the API, without a final slash, from any form that people give. */
export function apiBase(url: string): string {
  const parsed = new URL(url);
  const known = /^(.*?\/bigbluebutton)(?:\/.*)?$/.exec(parsed.pathname)?.[1];
  const prefix = known ?? `${parsed.pathname.replace(/\/+$/, '').replace(/\/api$/, '')}/bigbluebutton`;
  return `${parsed.origin}${prefix}/api`;
}

type Parameters = Readonly<Record<string, string | number>>;

/**
 * The signed URL of a call: the checksum is over the very query that is sent. It can be replayed, hence is a secret:
 * it never reaches a message or a log.
 */
export const signedUrl = (
  server: Omit<BbbServer, 'name'>,
  call: ReadingCall,
  parameters: Parameters = {},
): string => sign(server, call, parameters);

/** The same for `live`. */
export const signedLiveUrl = (
  server: Omit<BbbServer, 'name'>,
  call: LiveCall,
  parameters: Parameters,
): string => sign(server, call, parameters);

function sign(
  { url, secret, checksum }: Omit<BbbServer, 'name'>,
  call: LiveCall,
  parameters: Parameters,
): string {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .join('&');
  const sum = createHash(checksum).update(`${call}${query}${secret.reveal()}`, 'utf8').digest('hex');
  return `${apiBase(url)}/${call}?${query}${query === '' ? '' : '&'}checksum=${sum}`;
}

/** A URL parser would still encode some of what encodeURIComponent leaves (`'`), and the checksum be of another query. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
