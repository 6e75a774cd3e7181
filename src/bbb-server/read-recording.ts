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
  const recordId = ownCopy(said('recordID') || said('internalMeetingID'));
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
    isBreakout:
      [said('isBreakout'), metadata['isbreakout']].some((value) => value?.toLowerCase() === 'true') ||
      child(node, 'breakout') !== undefined,
    metadata,
    ...readParent(node, metadata),
    formats: (child(node, 'playback')?.children ?? [])
      .filter(({ name }) => name === 'format')
      .flatMap((format) => readFormat(format))
      .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0)),
    server,
  };
}

/** The meeting that a breakout room belongs to: the internal id in `<breakout><parentId>`, or a meetingID. */
function readParent(node: XmlNode, metadata: Readonly<Record<string, string>>): { parentId?: string } {
  const breakout = child(node, 'breakout');
  const said = breakout === undefined ? '' : textOf(child(breakout, 'parentId'));
  const parentId = said || (metadata['parentmeetingid'] ?? '');
  return parentId === '' ? {} : { parentId };
}

/**
 * Of what is kept for the whole listing: a part of a text keeps the whole text alive (V8's sliced strings), and so each
 * recordID half a megabyte of the answer.
 */
export const ownCopy = (text: string): string => Buffer.from(text).toString();

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
  // No URL holds white space; some hold a line's end of the template that wrote them.
  const url = textOf(child(node, 'url'))
    .replace(/\s+/g, (blanks) => (/[\t\r\n]/.test(blanks) ? '' : blanks))
    .replaceAll(' ', '%20');
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

/** As scripts that wrote metadata.xml themselves have put it, too. */
const NOT_PUBLISHED: ReadonlySet<string> = new Set(['false', 'f', 'no', 'n', '0', 'off']);

/**
 * Servers before 1.0 give no state, only `published`; Scalelite's import of unpublished recordings writes
 * `published` false beside the state `published` (app/models/recording.rb): hidden by either is hidden.
 */
function readState(state: string, published: string): RecordingState {
  const known = state.toLowerCase();
  const hidden = NOT_PUBLISHED.has(published.toLowerCase());
  if (known === '' || known === 'published') return hidden ? 'unpublished' : 'published';
  if (STATES.has(known)) return known as RecordingState;
  return hidden ? 'unpublished' : 'unknown';
}

/** Before 2001 there was no BBB; what is dated after 2100 is no instant of a session. */
const FIRST_MS = 1e12;
const LAST_MS = Date.UTC(2100, 0, 1);

/**
 * Milliseconds; some tools wrote seconds or microseconds, BBB 0.8 a date in words. Null for what cannot be an instant
 * of a session.
 */
function readInstant(text: string): number | null {
  const isNumber = /^\d{1,17}(\.\d{1,9})?$/.test(text);
  const values = isNumber ? [Number(text), Number(text) * 1000, Number(text) / 1000] : [Date.parse(text)];
  const at = values.find((value) => value >= FIRST_MS && value < LAST_MS);
  return at === undefined ? null : Math.round(at);
}

const readCount = (text: string): number | null => (/^\d{1,15}$/.test(text) ? Number(text) : null);
