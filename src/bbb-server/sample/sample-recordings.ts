import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Recording } from '../../bbb/recording.js';
import { parseRecordings } from '../parse-recordings.js';
import type { XmlNode } from '../read-recording.js';
import { renderNode } from '../saved-answer.js';

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
): {
  readonly all: readonly SampleRecording[];
  readonly page: readonly SampleRecording[];
  readonly paged: boolean;
} {
  const list = (name: string): string[] => (query.get(name) ?? '').split(',').filter((value) => value !== '');
  const states = list('state').length === 0 ? ['published', 'unpublished'] : list('state');
  const meetingIds = list('meetingID');
  const recordIds = list('recordID');
  const metadata = [...query].filter(([name]) => name.startsWith('meta_'));
  const found = all.filter(
    ({ recording }) =>
      (states.includes('any') || states.includes(recording.state)) &&
      (meetingIds.length === 0 || meetingIds.includes(recording.meetingId)) &&
      (recordIds.length === 0 || recordIds.some((id) => recording.recordId.startsWith(id))) &&
      metadata.every(
        ([name, value]) => recording.metadata[name.slice('meta_'.length).toLowerCase()] === value,
      ),
  );
  const limit = Number(query.get('limit') ?? 0);
  const offset = Number(query.get('offset') ?? 0);
  const paged = limit >= 1 && limit <= 100;
  return { all: found, page: paged ? found.slice(offset, offset + limit) : found, paged };
}

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
