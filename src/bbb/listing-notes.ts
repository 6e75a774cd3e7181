import type { Code, CodeParameters } from '../kit/errors/code.js';
import type { ListingNote } from './recording-source.js';

const PARTIAL: ReadonlySet<ListingNote['kind']> = new Set<ListingNote['kind']>([
  'unreadable',
  'incomplete',
  'by-batches',
  'pages-failed',
  'formats-failed',
  'vanished',
  'overfull',
  'cut',
  'failed',
]);

/** True for what leaves a list, or the formats of a recording, known not to be whole. */
export const isPartial = ({ kind }: Pick<ListingNote, 'kind'>): boolean => PARTIAL.has(kind);

/** The coded text of a note. */
export const codeOfNote = (
  note: ListingNote,
): { readonly code: Code; readonly parameters: CodeParameters } => ({
  code: `listing-${note.kind}`,
  parameters: {
    server: note.server,
    count: note.count,
    kept: note.kept ?? 0,
    announced: note.announced ?? '?',
    detail: (note.detail ?? '').replace(/\.$/, ''),
  },
});
