import type { Code } from '../../kit/errors/code.js';
import { definitionOf, describeCode } from '../../kit/errors/describe-code.js';
import type { JournalItem, RunRecord } from '../../kit/batch/journal.js';
import { pickRun } from '../../kit/batch/pick-run.js';
import { minuteOf } from '../../kit/output/instants.js';
import { renderTable } from '../../kit/output/table.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { nextCommand } from '../kit/next-command.js';
import type { Speaker } from '../kit/speaker.js';
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
    else speaker.print(renderRuns(context, runs, day));
    return ExitStatus.done;
  }
  const states = options.state === undefined ? undefined : [options.state as JournalItem['state']];
  if (speaker.json) {
    speaker.printJson({ type: 'header', ...run }, 0);
    for (const item of journal.items(run.id, states)) speaker.printJson({ type: 'item', ...item }, 0);
    return ExitStatus.done;
  }
  speaker.print(renderRuns(context, [run], day));
  for (const item of journal.items(run.id, states)) speaker.print(renderItem(item));
  return ExitStatus.done;
}

function renderRuns(context: Context, runs: readonly RunRecord[], day: (at: number) => string): string {
  if (runs.length === 0)
    return `No run yet. Begin with: ${nextCommand(context, 'migrate', 'recordings', '--use-import-video', '--dry')}`;
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
  const last = runs.at(-1)?.id ?? 'last';
  const lines = [`One run's items: ${nextCommand(context, 'migrate', 'status', last)}`];
  const undoable = runs.findLast(
    ({ command }) => command === 'migrate recordings' || command === 'migrate cleanup',
  );
  if (undoable !== undefined)
    lines.push(`What undo would take back: ${nextCommand(context, 'migrate', 'undo', undoable.id, '--dry')}`);
  return [table, ...lines].join('\n');
}

const renderItem = ({ state, reason, actionId }: JournalItem): string =>
  `${state.padEnd(8)} ${actionId}: ${definitionOf(reason) !== undefined ? describeCode(reason as Code).text : reason}`;
