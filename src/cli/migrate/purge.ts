import { removeDirectory } from '../../kit/adapters/files/own-directory.js';
import path from 'node:path';
import { oldRuns } from '../../migrate/old-runs.js';
import { renderBytes } from '../../kit/output/units.js';
import { claimWorkRoot } from './claims.js';
import { confirm } from '../kit/confirm.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { parseAge } from '../kit/quantities.js';
import type { Speaker } from '../kit/speaker.js';
import { journalOf } from '../sites/state.js';
import { words } from './words.js';

/** `migrate purge`: personal data of old runs leaves the journal and the reports (docs/operations.md). */
export async function purgeRuns(
  context: Context,
  request: { olderThan: string; plan: boolean; yes: boolean },
  speaker: Speaker,
): Promise<ExitStatus> {
  const journal = await journalOf(context);
  const now = Date.now();
  const limit = now - parseAge('older-than', request.olderThan);
  const old = oldRuns(journal.listRuns(), limit, now);
  const { listKeptWork, removeKeptWork } = await import('../../migrate/adapters/claim-work.js');
  const work = (await listKeptWork(claimWorkRoot(context))).filter(
    ({ state, changedAt }) => state !== 'running' && changedAt < limit,
  );
  const size = renderBytes(work.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const what = words.toForget({ runs: old.length, work: work.length, size });
  if (!request.plan && old.length + work.length > 0) {
    await confirm(words.askForget({ what }), request.yes);
    await removeKeptWork(work);
    journal.removeRuns(old.map(({ id }) => id));
    for (const { id } of old) removeDirectory(path.join(context.stateDirectory, 'runs', id));
  }
  if (speaker.json)
    speaker.printJson({
      runs: old.map(({ id }) => id),
      work: work.map(({ path: place }) => place),
      removed: !request.plan,
    });
  else speaker.print(request.plan ? words.wouldForget({ what }) : words.forgotten({ what }));
  return ExitStatus.done;
}
