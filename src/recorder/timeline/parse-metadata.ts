import { element, parseXml, textOf } from './xml-tree.js';

/** Nobody met for a week: a duration beyond is a mistake, and would be as many pictures. */
const LONGEST_MS = 7 * 24 * 3_600_000;

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
    durationMs: duration !== null && duration > 0 && duration <= LONGEST_MS ? duration : null,
  };
}

/** The playback format of a published folder, as metadata.xml names it; null when it does not. */
export function formatOf(text: string | null): string | null {
  const root = text === null ? undefined : parseXml(text);
  return textOf(element(element(root, 'playback'), 'format')).trim() || null;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : null;
}
