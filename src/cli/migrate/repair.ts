import { configured } from '../../kit/named-configuration.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';

/** `migrate repair`: a broken journal from its copy and what is readable of it. */
export async function repair(context: Context, speaker: Speaker): Promise<ExitStatus> {
  const { repairJournal } = await import('../../kit/adapters/state/repair-journal.js');
  const done = repairJournal(context.stateDirectory, newRunId().slice(0, 15));
  if (speaker.json) {
    speaker.printJson(done);
    return ExitStatus.done;
  }
  const holds = `${done.runs} runs, ${done.items} items`;
  if (done.aside === null) {
    speaker.print(`${done.file} is whole: ${holds}.`);
    return ExitStatus.done;
  }
  const from = done.copy === null ? 'No copy could be read.' : `Put together from ${done.copy}.`;
  const lost =
    done.unreadable === null
      ? 'Nothing of the broken file could be read: what was written after that copy is lost.'
      : `Of the broken file, ${done.salvaged} rows were not in the copy, ${done.unreadable} cannot be read.`;
  speaker.print(
    [
      `${done.file}: ${holds}.`,
      from,
      lost,
      `The broken file: ${done.aside}`,
      configured(
        'What Pod has is not written twice: the next run looks there. Compare: bbb2pod migrate status --verify',
      ),
    ].join('\n'),
  );
  return ExitStatus.done;
}
