import type { Journal, JournalItem, RunRecord } from '../../kit/batch/journal.js';
import { readRunProgress } from '../../kit/adapters/state/run-progress.js';
import { pickRun } from '../../kit/batch/pick-run.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { claimWorkRoot } from './claims.js';
import { partialOf, renderPartial } from './render/partial.js';
import { showAdoption, verifyRuns } from './survey.js';
import { journalOf, runDirectory } from '../sites/state.js';
import {
  itemReason,
  renderItem,
  renderNights,
  renderRun,
  renderRuns,
  renderWork,
  type ShownRun,
} from './render/status.js';

interface StatusOptions {
  readonly run: string | undefined;
  readonly state?: string | undefined;
  readonly verify: boolean;
  readonly adoption: boolean;
  readonly csv?: string | undefined;
}

/** `migrate status`: the runs, or the items of one of them. */
export async function showStatus(
  context: Context,
  options: StatusOptions,
  speaker: Speaker,
): Promise<ExitStatus> {
  const journal = await openOrTell(context, speaker);
  // What is typed as `last` is the newest: the order in which runs were begun, whatever the clock said.
  const runs = journal.listRuns().filter(({ command }) => /^(migrate|moodle) /.test(command));
  const { timezone } = context.configuration;
  const chosen = options.run === undefined ? runs : [pickRun(runs, options.run, context.stateDirectory)];
  if (options.verify) return verifyRuns(context, journal, chosen, speaker);
  if (options.adoption) return showAdoption(context, journal, chosen, speaker, options.csv);
  const [run] = chosen;
  if (options.run === undefined || run === undefined) {
    const shown = runs.map((one) => withPace(context, one));
    const { nightsOf } = await import('../kit/night.js');
    const nights = nightsOf(context);
    const { listKeptWork } = await import('../../migrate/adapters/claim-work.js');
    const work = await listKeptWork(claimWorkRoot(context));
    if (speaker.json) speaker.printJson({ runs: shown.map(runJson), attempts: nights, work });
    else
      speaker.print(
        [
          renderRuns(context, [...shown].reverse(), timezone),
          renderWork(context, work, timezone),
          renderNights(nights, timezone),
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
      );
    return ExitStatus.done;
  }
  const states = options.state === undefined ? undefined : [options.state as JournalItem['state']];
  if (speaker.json) {
    speaker.printJson({ type: 'header', ...runJson(withPace(context, run)) }, 0);
    for (const item of journal.items(run.id, states)) speaker.printJson(itemJson(item), 0);
    return ExitStatus.done;
  }
  for (const line of renderPartial(partialOf({ facts: run.header }))) speaker.print(line);
  speaker.print(renderRun(withPace(context, run), timezone));
  for (const item of journal.items(run.id, states)) speaker.print(renderItem(item, timezone));
  return ExitStatus.done;
}

/** A journal that cannot be read still leaves the nights to read. @throws OperatorError journal-broken */
async function openOrTell(context: Context, speaker: Speaker): Promise<Journal> {
  try {
    return await journalOf(context);
  } catch (error) {
    const { nightsOf } = await import('../kit/night.js');
    const nights = renderNights(nightsOf(context), context.configuration.timezone);
    if (!speaker.json && nights !== '') speaker.print(nights);
    throw error;
  }
}

const withPace = (context: Context, run: RunRecord): ShownRun => ({
  run,
  pace: run.state === 'running' ? readRunProgress(runDirectory(context, run.id)) : null,
});

const runJson = ({ run, pace }: ShownRun): object => ({
  ...run,
  ...(pace === null ? {} : { progress: pace }),
});

const itemJson = ({ shown, ...item }: JournalItem): object => ({
  ...{ type: 'item', ...item },
  ...{ title: shown.title, owner: shown.owner, startAt: shown.startAt, reasonParameters: shown.parameters },
  text: itemReason({ reason: item.reason, shown }),
});
