import type { Recording } from './recording.js';

/**
 * A host name as people and applications write it, in one form: without scheme, user, port, path, `www.` and final
 * dot, in lower case.
 */
export const normaliseHost = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/^\/\//, '')
    .replace(/[/?#\\].*$/s, '')
    .replace(/^[^@]*@/, '')
    .replace(/:\d*$/, '')
    .replace(/(?<!\.)\.+$/, '')
    .replace(/^www\./, '')
    .trim();

/** The application's server that made it (`bbb-origin-server-name`): host name in one form, or '' when not said. */
export const originServerOf = (recording: Pick<Recording, 'metadata'>): string =>
  normaliseHost(recording.metadata['bbb-origin-server-name'] ?? '');
