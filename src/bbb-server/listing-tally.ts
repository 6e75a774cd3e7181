import type { ListingNote } from '../bbb/recording-source.js';
import type { Recording } from '../bbb/recording.js';
import { messageOf } from '../kit/errors/operator-error.js';
import { askRecordings, type Asking } from './ask-recordings.js';
import type { ReadingProblem, RecordingsAnswer } from './parse-recordings.js';
import type { XmlNode } from './read-recording.js';

const EXAMPLES = 3;

/** What is counted while one server is listed, or one file is read. */
export class ListingTally {
  readonly server: string;
  /** Distinct recordIDs, in the order they came. */
  readonly ids = new Set<string>();
  readonly #problems = new Map<string, ReadingProblem>();
  #unnamed = 0;
  readonly #mended = new Set<string>();
  #cut: ReadingProblem | null = null;
  calls = 0;

  constructor(server: string) {
    this.server = server;
  }

  /** One call, counted; what it keeps is counted too. */
  async ask(
    asking: Asking,
    parameters: Readonly<Record<string, string | number>>,
  ): Promise<RecordingsAnswer> {
    this.calls++;
    return askRecordings({ ...asking, keep: this.counting(asking.keep) }, parameters);
  }

  counting(keep: Asking['keep']): (recording: Recording, node: XmlNode) => void {
    return (recording, node) => {
      this.ids.add(recording.recordId);
      keep(recording, node);
    };
  }

  /** Counts what an answer says of its own faults. */
  add(answer: RecordingsAnswer): void {
    for (const problem of answer.problems)
      this.#problems.set(problem.recordId || `${problem.afterId} ${problem.byte}`, problem);
    this.#unnamed += Math.max(0, answer.unreadable - answer.problems.length);
    for (const id of answer.mended) this.#mended.add(id);
    this.#cut ??= answer.cut;
  }

  /** Recordings left out so far; one that came whole from another call is none. */
  get unreadable(): number {
    return [...this.#problems.keys()].filter((id) => !this.ids.has(id)).length + this.#unnamed;
  }

  note(kind: ListingNote['kind'], count: number, more: Partial<ListingNote> = {}): ListingNote {
    return { server: this.server, kind, count, kept: this.ids.size, ...more };
  }

  failure(kind: ListingNote['kind'], count: number, error: unknown, announced?: number): ListingNote {
    const detail = messageOf(error, 'unknown');
    return this.note(kind, count, { detail, ...(announced === undefined ? {} : { announced }) });
  }

  notes(): ListingNote[] {
    const notes: ListingNote[] = [];
    if (this.#cut !== null) notes.push(this.note('cut', 1, { detail: placeOf(this.#cut) }));
    if (this.unreadable > 0) {
      const left = [...this.#problems.values()].filter(({ recordId }) => !this.ids.has(recordId));
      const shown = left.slice(0, EXAMPLES).map(placeOf);
      const detail = left.length > EXAMPLES ? [...shown, '…'].join('; ') : shown.join('; ');
      notes.push(this.note('unreadable', this.unreadable, { detail }));
    }
    const [firstMended] = this.#mended;
    if (firstMended !== undefined)
      notes.push(this.note('mended', this.#mended.size, { detail: firstMended }));
    return notes;
  }
}

function placeOf({ recordId, afterId, detail, line, byte }: ReadingProblem): string {
  const after = afterId === '' ? 'at the beginning' : `after ${afterId}`;
  return `${recordId === '' ? after : recordId} (line ${line}, byte ${byte}: ${detail.replace(/\.$/, '')})`;
}
