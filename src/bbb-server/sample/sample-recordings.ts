import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Recording } from '../../bbb/recording.js';
import { isRecordId } from '../../bbb/record-id.js';
import { parseRecordings } from '../parse-recordings.js';
import type { XmlNode } from '../read-recording.js';
import { renderNode } from '../saved-answer.js';
import { append } from '../../kit/groups.js';

/** URLs of the sample answers begin with this; the server puts its own address in its place. */
const SAMPLE_ORIGIN = 'https://bbb.sample.invalid';

export interface SampleRecording {
  readonly recording: Recording;
  readonly node: XmlNode;
}

/** Reads the getRecordings answers of a directory (or one file), in the order of their names. */
export async function readSampleRecordings(source: string): Promise<SampleRecording[]> {
  const files = source.endsWith('.xml')
    ? [source]
    : readdirSync(source)
        .filter((name) => name.endsWith('.xml'))
        .sort()
        .map((name) => path.join(source, name));
  const recordings: SampleRecording[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    await parseRecordings(once(text), {
      source: file,
      server: 'default',
      onRecording: (recording, node) => recordings.push({ recording, node }),
    });
  }
  return recordings;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Filters as BBB does: states (published and unpublished by default), ids by prefix, metadata, then the page. */
export function selectSamples(
  all: readonly SampleRecording[],
  query: URLSearchParams,
  paging: 'obeyed' | 'unmerged' | 'one-format' | 'ignored',
): {
  /** What the answer says that there are. */
  readonly total: number;
  readonly page: readonly SampleRecording[];
  readonly paged: boolean;
} {
  const list = (name: string): string[] => (query.get(name) ?? '').split(',').filter((value) => value !== '');
  const states = list('state').length === 0 ? ['published', 'unpublished'] : list('state');
  const meetingIds = list('meetingID');
  const metadata = [...query].filter(([name]) => name.startsWith('meta_'));
  const isWhole = states.includes('any') && meetingIds.length === 0 && metadata.length === 0;
  const asked = byRecordIds(all, list('recordID'));
  const passes = ({ recording }: SampleRecording): boolean =>
    (states.includes('any') || states.includes(recording.state)) &&
    (meetingIds.length === 0 || meetingIds.includes(recording.meetingId)) &&
    metadata.every(([name, value]) => recording.metadata[name.slice('meta_'.length).toLowerCase()] === value);
  const found = isWhole ? asked : asked.filter(passes);
  const limit = Number(query.get('limit') ?? 0);
  const offset = Number(query.get('offset') ?? 0);
  if (!(limit >= 1 && limit <= 100)) return { total: found.length, page: found, paged: false };
  if (paging === 'unmerged') {
    const entries = found === all ? indexOf(all).entries : entriesOf(found);
    const shown = new Map<SampleRecording, XmlNode[]>();
    for (const { sample, format } of entries.slice(offset, offset + limit))
      shown.set(sample, [...(shown.get(sample) ?? []), ...(format === null ? [] : [format])]);
    const page = [...shown].map(([sample, formats]) => withFormats(sample, formats));
    return { total: entries.length, page, paged: true };
  }
  const page = found.slice(offset, offset + limit);
  const cut = (sample: SampleRecording): SampleRecording =>
    paging === 'one-format' ? withFormats(sample, formatsOf(sample).slice(0, 1)) : sample;
  return { total: found.length, page: page.map(cut), paged: true };
}

interface Entry {
  readonly sample: SampleRecording;
  readonly format: XmlNode | null;
}

interface SampleIndex {
  readonly size: number;
  readonly byId: ReadonlyMap<string, readonly { sample: SampleRecording; position: number }[]>;
  readonly entries: readonly Entry[];
}

const indexes = new WeakMap<readonly SampleRecording[], SampleIndex>();

/** What a large server needs to answer thousands of calls; made again when recordings were added or removed. */
function indexOf(all: readonly SampleRecording[]): SampleIndex {
  const known = indexes.get(all);
  if (known?.size === all.length) return known;
  const byId = new Map<string, { sample: SampleRecording; position: number }[]>();
  all.forEach((sample, position) => {
    const { recordId } = sample.recording;
    append(byId, recordId, { sample, position });
  });
  const made = { size: all.length, byId, entries: entriesOf(all) };
  indexes.set(all, made);
  return made;
}

const entriesOf = (samples: readonly SampleRecording[]): Entry[] =>
  samples.flatMap((sample) => formatsOf(sample).map((format) => ({ sample, format })));

/** BBB takes a recordID for the beginning of one (getRecordingsForPath). */
function byRecordIds(all: readonly SampleRecording[], ids: readonly string[]): readonly SampleRecording[] {
  if (ids.length === 0) return all;
  const begun = ids.filter((id) => !isRecordId(id));
  if (begun.length === 0) {
    const { byId } = indexOf(all);
    return [...new Set(ids)]
      .flatMap((id) => byId.get(id) ?? [])
      .sort((a, b) => a.position - b.position)
      .map(({ sample }) => sample);
  }
  const whole = new Set(ids);
  return all.filter(
    ({ recording: { recordId } }) => whole.has(recordId) || begun.some((id) => recordId.startsWith(id)),
  );
}

/** Its `<format>` elements; [null] for a recording without any, which still is an entry. */
function formatsOf({ node }: SampleRecording): readonly (XmlNode | null)[] {
  const playback = node.children.find(({ name }) => name === 'playback');
  const formats = (playback?.children ?? []).filter(({ name }) => name === 'format');
  return formats.length === 0 ? [null] : formats;
}

const withFormats = (
  { recording, node }: SampleRecording,
  formats: readonly (XmlNode | null)[],
): SampleRecording => ({
  recording,
  node: {
    ...node,
    children: node.children.map((child) =>
      child.name === 'playback' ? { ...child, children: formats.filter((format) => format !== null) } : child,
    ),
  },
});

/** One `<recording>` with this server's addresses, and single-use links in place of those that `tokenUrl` protects. */
export function renderSample(
  { node, recording }: SampleRecording,
  base: string,
  tokenUrl: (recordId: string, format: string) => string | null,
): string {
  const formats = new Map(
    recording.formats.map(({ url, type }) => [url, tokenUrl(recording.recordId, type)]),
  );
  const rewrite = (element: XmlNode): XmlNode => ({
    name: element.name,
    text: formats.get(element.text.trim()) ?? element.text.replaceAll(SAMPLE_ORIGIN, base),
    children: element.children.map(rewrite),
  });
  return renderNode(rewrite(node));
}
