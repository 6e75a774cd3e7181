import type { Code } from '../../kit/errors/code.js';
import { definitionOf, describeCode } from '../../kit/errors/describe-code.js';
import type { JournalItem, RunRecord } from '../../kit/batch/journal.js';
import { pickRun } from '../../kit/batch/pick-run.js';
import { minuteOf } from '../../kit/output/instants.js';
import { renderTable } from '../../kit/output/table.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { partialOf, renderPartial } from './render/partial.js';
import { showAdoption, verifyRuns } from './survey.js';
import { journalOf } from '../sites/state.js';

interface StatusOptions {
  readonly run: string | undefined;
  readonly state?: string | undefined;
  readonly verify: boolean;
  readonly adoption: boolean;
}

/** `migrate status`: the runs, or the items of one of them. */
export async function showStatus(
  context: Context,
  options: StatusOptions,
  speaker: Speaker,
): Promise<ExitStatus> {
  const journal = await journalOf(context);
  const runs = journal.listRuns().filter(({ command }) => command.startsWith('migrate '));
  const day = (at: number): string => minuteOf(at, context.configuration.timezone);
  const chosen = options.run === undefined ? runs : [pickRun(runs, options.run, context.stateDirectory)];
  if (options.verify) return verifyRuns(context, journal, chosen, speaker);
  if (options.adoption) return showAdoption(context, journal, chosen, speaker);
  const [run] = chosen;
  if (options.run === undefined || run === undefined) {
    if (speaker.json) speaker.printJson({ runs });
    else speaker.print(renderRuns(runs, day));
    return ExitStatus.done;
  }
  const states = options.state === undefined ? undefined : [options.state as JournalItem['state']];
  if (speaker.json) {
    speaker.printJson({ type: 'header', ...run }, 0);
    for (const item of journal.items(run.id, states)) speaker.printJson({ type: 'item', ...item }, 0);
    return ExitStatus.done;
  }
  speaker.print([...renderPartial(partialOf({ facts: run.header })), renderRuns([run], day)].join('\n'));
  for (const item of journal.items(run.id, states)) speaker.print(renderItem(item));
  return ExitStatus.done;
}

function renderRuns(runs: readonly RunRecord[], day: (at: number) => string): string {
  if (runs.length === 0) return 'No run yet. Begin with: bbb2pod migrate recordings --use-import-video --dry';
  const rows = runs.map(({ id, command, startedAt, state, counts }) => [
    id,
    command.replace('migrate ', ''),
    day(startedAt),
    state,
    ...['done', 'skipped', 'failed', 'not-run'].map((key) => String(counts[key] ?? 0)),
  ]);
  const right = { align: 'right' as const };
  const table = renderTable(
    [
      { title: 'run' },
      { title: 'command', shrinks: true },
      { title: 'started' },
      { title: 'state' },
      { title: 'done', ...right },
      { title: 'skip', ...right },
      { title: 'fail', ...right },
      { title: 'left', ...right },
    ],
    rows,
    90,
  );
  return `${table}\nOne run's items: bbb2pod migrate status RUN   take it back: bbb2pod migrate undo RUN --dry`;
}

const renderItem = ({ state, reason, actionId }: JournalItem): string =>
  `${state.padEnd(8)} ${actionId}: ${definitionOf(reason) !== undefined ? describeCode(reason as Code).text : reason}`;
