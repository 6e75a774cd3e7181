import type { Code } from '../../../kit/errors/code.js';
import { definitionOf, describeCode } from '../../../kit/errors/describe-code.js';
import { fitWidth, plainText } from '../../../kit/output/text.js';
import { hanging } from '../../../kit/output/wrap.js';
import type { MigrateAction } from '../../../migrate/actions.js';
import type { Reason } from '../../../owners/decision.js';
import { words } from '../words.js';

const PER_CODE = 20;

/** What a weaker rule could not tell matters only where no stronger one did. */
const UNDECIDED: ReadonlySet<Code> = new Set<Code>([
  'note-possible-pod-owner',
  'note-session-log-ambiguous',
  'note-seed-ambiguous',
]);

interface Told {
  count: number;
  /** Of the first recording it was said of. */
  readonly title: string;
  readonly remedy: string;
}

/** What one code has to say: its texts, each once, and how often it was said beyond them. */
interface Notes {
  readonly texts: Map<string, Told>;
  more: number;
}

/**
 * What a plan's reader should look at before it is applied: who was left out or cannot see it, and what settles it.
 * One pass; memory is flat unless `all`.
 */
export class PlanNotes {
  readonly #notes = new Map<Code, Notes>();
  readonly #most: number;
  /** Owners of one recording follow each other, each with the notes of the recording. */
  #recordId = '';
  #said = new Set<string>();

  constructor(all: boolean) {
    this.#most = all ? Infinity : PER_CODE;
  }

  add(action: MigrateAction): void {
    if (action.recordId !== this.#recordId) {
      this.#recordId = action.recordId;
      this.#said = new Set();
    }
    const isUnresolved = action.reason.startsWith('unresolved-');
    for (const note of [...action.marks, ...(action.notes ?? [])])
      this.#add(note, action.title, isUnresolved);
  }

  #add({ code, parameters }: Reason, title: string, isUnresolved: boolean): void {
    if (UNDECIDED.has(code) && !isUnresolved) return;
    const { text, remedy } = describeCode(code, parameters);
    // Whom a rule left out matters where nobody is left.
    const asks = definitionOf(code)?.severity === 'warning' || (isUnresolved && remedy !== '');
    const key = `${code} ${text}`;
    if (!asks || this.#said.has(key)) return;
    this.#said.add(key);
    const notes = this.#notes.get(code) ?? { texts: new Map<string, Told>(), more: 0 };
    this.#notes.set(code, notes);
    const told = notes.texts.get(text);
    if (told !== undefined) told.count++;
    else if (notes.texts.size < this.#most) notes.texts.set(text, { count: 1, title, remedy });
    else notes.more++;
  }

  /** '' when there is nothing to look at. */
  render(lineWidth = 80): string {
    if (this.#notes.size === 0) return '';
    return [
      words.toLookAt(),
      ...[...this.#notes.values()].flatMap((notes) => linesOf(notes, lineWidth)),
    ].join('\n');
  }
}

const noteLine = (text: string, title: string, more: number): string =>
  plainText(
    words.noteOf({
      text,
      title: fitWidth(title, 40),
      rest: more === 0 ? '' : words.noteRest({ count: more }),
    }),
  );

function linesOf({ texts, more }: Notes, lineWidth: number): string[] {
  const lines = [...texts].flatMap(([text, { count, title, remedy }]) => [
    hanging('  ', noteLine(text, title, count - 1), lineWidth),
    ...(remedy === '' ? [] : [hanging('    -> ', plainText(remedy), lineWidth)]),
  ]);
  return more === 0 ? lines : [...lines, `  ${words.more({ count: more })}`];
}
