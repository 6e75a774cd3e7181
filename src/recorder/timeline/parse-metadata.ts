import { element, parseXml, textOf } from './xml-tree.js';

export interface Metadata {
  readonly recordId: string | null;
  readonly title: string;
  readonly startAt: number | null;
  readonly durationMs: number | null;
}

/** metadata.xml; every value may be missing. end_time counts the pauses, so the duration is playback/duration. */
export function parseMetadata(text: string | null): Metadata {
  const root = text === null ? undefined : parseXml(text);
  const meta = element(root, 'meta');
  const title = textOf(element(meta, 'meetingName')) || (element(root, 'meeting')?.attributes['name'] ?? '');
  const duration = wholeNumber(textOf(element(element(root, 'playback'), 'duration')));
  return {
    recordId: textOf(element(root, 'id')).trim() || null,
    title: title.trim(),
    startAt: wholeNumber(textOf(element(root, 'start_time'))),
    durationMs: duration !== null && duration > 0 ? duration : null,
  };
}

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text.trim()) : null;
}
