import { createHash } from 'node:crypto';

/** A text as the journal keeps it: exact bytes (base64, so that no redaction touches them), told apart from NULL. */
export interface JournalledText {
  readonly base64: string | null;
  readonly sha256: string;
}

const sha256 = (text: string | null): string =>
  createHash('sha256')
    .update(text ?? '\u0000null')
    .digest('hex');

export const journalText = (text: string | null): JournalledText => ({
  base64: text === null ? null : Buffer.from(text, 'utf8').toString('base64'),
  sha256: sha256(text),
});

/** Reads a text back; undefined when the journal's copy does not match its own digest. */
export function readJournalledText(kept: JournalledText): string | null | undefined {
  const text = kept.base64 === null ? null : Buffer.from(kept.base64, 'base64').toString('utf8');
  return sha256(text) === kept.sha256 ? text : undefined;
}

/** What the journal keeps of one activity before it is written: enough to restore it byte for byte. */
export interface AnnotateIntent {
  readonly database: string;
  readonly prefix: string;
  readonly activityId: number;
  readonly courseId: number;
  readonly name: string;
  readonly introFormat: number;
  readonly campaign: string;
  readonly from: JournalledText;
  readonly to: JournalledText;
}
