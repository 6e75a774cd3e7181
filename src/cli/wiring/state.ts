import type { Journal } from '../../batch/journal.js';
import type { Context } from '../context.js';

/** The run journal of the state directory, closed with the command. */
export async function journalOf(context: Context): Promise<Journal> {
  const { openJournal } = await import('../../adapters/state/journal.js');
  const journal = openJournal(context.stateDirectory);
  context.closeWith(() => journal.close());
  return journal;
}
