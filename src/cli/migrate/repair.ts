import { configured } from '../../kit/named-configuration.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { words } from './words.js';

/** `migrate repair`: a broken journal from its copy and what is readable of it. */
export async function repair(context: Context, speaker: Speaker): Promise<ExitStatus> {
  const { repairJournal } = await import('../../kit/adapters/state/repair-journal.js');
  const done = repairJournal(context.stateDirectory, newRunId().slice(0, 15));
  if (speaker.json) {
    speaker.printJson(done);
    return ExitStatus.done;
  }
  const holds = words.journalHolds({ runs: done.runs, items: done.items });
  if (done.aside === null) {
    speaker.print(words.journalWhole({ file: done.file, holds }));
    return ExitStatus.done;
  }
  const from = done.copy === null ? words.noCopy() : words.fromCopy({ copy: done.copy });
  const lost =
    done.unreadable === null
      ? words.allLost()
      : words.salvaged({ salvaged: done.salvaged, unreadable: done.unreadable });
  speaker.print(
    [
      words.journalMade({ file: done.file, holds }),
      from,
      lost,
      words.brokenFile({ file: done.aside }),
      words.compareWithPod({ command: configured('bbb2pod migrate status --verify') }),
    ].join('\n'),
  );
  return ExitStatus.done;
}
