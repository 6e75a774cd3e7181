import type { PlaybackFormat, Recording, RecordingState } from '../bbb/recording.js';
import { startOfRecordId } from '../bbb/record-id.js';

/** An element of the answer, as the parser gathers it. */
export interface XmlNode {
  readonly name: string;
  text: string;
  readonly children: XmlNode[];
}

const STATES: ReadonlySet<string> = new Set([
  'published',
  'unpublished',
  'deleted',
  'processing',
  'processed',
]);

/**
 * Reads one `<recording>` of any BBB generation. Empty and missing elements are normal.
 * @returns null when it has neither a recordID nor a start: nothing could be done with it.
 */
export function readRecording(node: XmlNode, server: string): Recording | null {
  const said = (name: string): string => textOf(child(node, name));
  const metadata = readMetadata(child(node, 'metadata'));
  const recordId = said('recordID') || said('internalMeetingID');
  const startAt = readInstant(said('startTime')) ?? startOfRecordId(recordId);
  if (recordId === '' || startAt === null) return null;
  return {
    recordId,
    internalMeetingId: said('internalMeetingID') || recordId,
    meetingId: said('meetingID') || (metadata['meetingid'] ?? ''),
    name: child(node, 'name')?.text ?? metadata['meetingname'] ?? '',
    state: readState(said('state'), said('published')),
    startAt,
    endAt: readInstant(said('endTime')),
    participants: readCount(said('participants')),
    sizeBytes: readCount(said('size')) ?? readCount(said('rawSize')),
    isBreakout: said('isBreakout') === 'true' || child(node, 'breakout') !== undefined,
    metadata,
    formats: (child(node, 'playback')?.children ?? [])
      .filter(({ name }) => name === 'format')
      .flatMap((format) => readFormat(format)),
    server,
  };
}

const child = (node: XmlNode, name: string): XmlNode | undefined =>
  node.children.find((inner) => inner.name === name);
const textOf = (node: XmlNode | undefined): string => node?.text.trim() ?? '';

function readMetadata(node: XmlNode | undefined): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const entry of node?.children ?? []) {
    const key = entry.name.toLowerCase();
    if (key !== '__proto__') metadata[key] = entry.text.trim();
  }
  return metadata;
}

function readFormat(node: XmlNode): PlaybackFormat[] {
  const url = textOf(child(node, 'url'));
  if (url === '') return [];
  return [
    {
      type: textOf(child(node, 'type')).toLowerCase() || 'unknown',
      url,
      lengthMinutes: readCount(textOf(child(node, 'length'))),
      sizeBytes: readCount(textOf(child(node, 'size'))),
    },
  ];
}

/** Servers before 1.0 give no state, only `published`. */
function readState(state: string, published: string): RecordingState {
  const known = state.toLowerCase();
  if (STATES.has(known)) return known as RecordingState;
  if (known !== '') return 'unknown';
  return published === 'false' ? 'unpublished' : 'published';
}

/** Milliseconds; BBB 0.8 wrote a date in words. */
function readInstant(text: string): number | null {
  if (/^\d{1,15}$/.test(text)) return Number(text) > 0 ? Number(text) : null;
  const at = text === '' ? NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

const readCount = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);
