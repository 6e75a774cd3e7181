import { removeDirectory } from '../../kit/adapters/files/own-directory.js';
import path from 'node:path';
import { confirm } from '../kit/confirm.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { parseAge } from '../kit/quantities.js';
import type { Speaker } from '../kit/speaker.js';
import { journalOf } from '../sites/state.js';

/** `migrate purge`: personal data of old runs leaves the journal and the reports (docs/operations.md). */
export async function purgeRuns(
  context: Context,
  request: { olderThan: string; plan: boolean; yes: boolean },
  speaker: Speaker,
): Promise<ExitStatus> {
  const journal = await journalOf(context);
  const limit = Date.now() - parseAge('older-than', request.olderThan);
  const old = journal.listRuns().filter(({ endedAt }) => endedAt !== null && endedAt < limit);
  if (!request.plan && old.length > 0) {
    await confirm(`Forget ${old.length} runs?`, request.yes);
    journal.removeRuns(old.map(({ id }) => id));
    for (const { id } of old) removeDirectory(path.join(context.stateDirectory, 'runs', id));
  }
  if (speaker.json) speaker.printJson({ runs: old.map(({ id }) => id), removed: !request.plan });
  else speaker.print(`${old.length} runs ${request.plan ? 'would be' : 'were'} forgotten.`);
  return ExitStatus.done;
}
