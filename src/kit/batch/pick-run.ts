import type { RunRecord } from './journal.js';
import { batchTexts } from './texts.js';

/**
 * The run that was typed: its id, or `last`.
 * @param runs oldest first, as a journal lists them. @param directory of the journal, for the message.
 * @throws OperatorError run-unknown
 */
export function pickRun(runs: readonly RunRecord[], typed: string, directory: string): RunRecord {
  const run = typed === 'last' ? runs.at(-1) : runs.find(({ id }) => id === typed);
  if (run === undefined) throw batchTexts.runUnknown({ run: typed, directory });
  return run;
}
