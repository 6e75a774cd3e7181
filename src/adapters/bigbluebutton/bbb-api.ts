import { createHash } from 'node:crypto';
import type { Secret } from '../../config/secret.js';

export type ChecksumAlgorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The only calls that migration, conversion and Moodle make: they read. '' is the API's root, which tells its version. */
export type ReadingCall = '' | 'getRecordings' | 'getMeetings' | 'getMeetingInfo' | 'isMeetingRunning';

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

/**
 * The signed URL of a call: the checksum is over the very query that is sent. It can be replayed, hence is a secret:
 * it never reaches a message or a log.
 */
export function signedUrl(
  { url, secret, checksum }: Omit<BbbServer, 'name'>,
  call: ReadingCall,
  parameters: Readonly<Record<string, string | number>> = {},
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
