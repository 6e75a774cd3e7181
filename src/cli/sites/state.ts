import path from 'node:path';
import type { Journal } from '../../kit/batch/journal.js';
import type { Context } from '../kit/context.js';

/** The run journal of the state directory, closed with the command. */
export async function journalOf(context: Context): Promise<Journal> {
  const { openJournal } = await import('../../kit/adapters/state/journal.js');
  const journal = openJournal(context.stateDirectory);
  context.closeWith(() => journal.close());
  return journal;
}

/** Where one run keeps its plan, its reports and how far it is. */
export const runDirectory = (context: Context, run: string): string =>
  path.join(context.stateDirectory, 'runs', run);
