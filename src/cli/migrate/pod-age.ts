import { acceptLoss, findOlderPod, forgetLost, type OlderPod } from '../../migrate/pod-age.js';
import { texts } from '../../migrate/texts.js';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { minuteOf } from '../../kit/output/instants.js';
import { ExitStatus } from '../kit/exit-status.js';
import { typedWith } from '../kit/next-command.js';
import type { MigrateFlags } from './flags.js';
import type { Migration } from './open.js';

/**
 * Before a run: whether Pod knows what the journal says that it holds. With `--recreate` the journal forgets what is
 * gone, with `--accept-removed` it keeps it as removed; a plan that is only shown changes neither.
 * @returns what to tell a plan that is only shown; null when there is nothing.
 * @throws OperatorError pod-older-than-journal, exit status 3: nothing is written before somebody has chosen
 */
export async function lookAtPodAge(
  { journal, pod, target, context }: Migration,
  flags: MigrateFlags,
): Promise<OperatorError | null> {
  const older = await findOlderPod(journal, target.description.target, pod);
  if (older === null || (flags.dry && (flags.recreate || flags['accept-removed']))) return null;
  if (flags.recreate) forgetLost(journal, older);
  else if (flags['accept-removed']) acceptLoss(journal, older);
  else {
    const told = tell(older, context.configuration.timezone);
    if (!flags.dry) throw told;
    return told;
  }
  return null;
}

const tell = ({ since, runs, recordings, accounts }: OlderPod, timezone: string): OperatorError =>
  texts.podOlderThanJournal(
    {
      since: minuteOf(since, timezone),
      runs: runs.length <= 3 ? runs.join(', ') : `${runs.slice(0, 2).join(', ')} … ${runs.at(-1) ?? ''}`,
      recordings,
      accounts,
      recreate: typedWith('--recreate'),
      accept: typedWith('--accept-removed'),
    },
    { exitStatus: ExitStatus.partial },
  );
