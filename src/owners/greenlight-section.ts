import type { Recording } from '../bbb/recording.js';
import { normaliseHost, originServerOf } from '../bbb/origin-server.js';
import { originOf } from './meeting-id.js';
import { callbackHost } from './pod-meetings.js';

/**
 * Names of the `[greenlight.NAME]` sections that may know a recording: the one that its origin server names, by name or
 * alias, else all: Greenlight 3 before 3.3.0 tells no server (app/services/meeting_starter.rb), and a meetingID is 40
 * random characters. Recordings whose origin is lost are asked for too; those of Moodle and Pod are not.
 */
export function greenlightSectionsFor(
  recording: Recording,
  sectionNames: readonly string[],
  aliases: Readonly<Record<string, readonly string[]>> = {},
): readonly string[] {
  const origin = originOf(recording);
  if (origin !== 'greenlight' && origin !== 'unknown') return [];
  const server = originServerOf(recording) || normaliseHost(callbackHost(recording) ?? '');
  const own = sectionNames.filter((name) =>
    [name, ...(aliases[name] ?? [])].some((host) => normaliseHost(host) === server),
  );
  return own.length > 0 && server !== '' ? own : sectionNames;
}
