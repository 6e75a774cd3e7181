import type { Journal, RunRecord } from '../../kit/batch/journal.js';
import { adoptionByOwner, noFates, surveyRuns, type Fate } from '../../migrate/survey-run.js';
import { renderTable } from '../../kit/output/table.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { claimFilesOf } from './claims.js';
import { podOf } from '../sites/pod.js';

const fateTexts: Record<Fate, string> = {
  'as-written': 'as written',
  changed: 'changed since',
  'under-way': 'import under way',
  'import-failed': 'import failed',
  imported: 'imported into Pod',
  claimed: 'claimed',
  gone: 'gone',
};

/** `migrate status --verify`: reads databases and files again; exit status 3 when something changed or is gone. */
export async function verifyRuns(
  context: Context,
  journal: Journal,
  runs: readonly RunRecord[],
  speaker: Speaker,
): Promise<ExitStatus> {
  const surveyed = surveyRuns(journal, writingRuns(runs), await podOf(context), await claimFilesOf(context));
  const counts = noFates();
  for await (const { item, owner, fate } of surveyed) {
    counts[fate]++;
    if (speaker.json)
      speaker.printJson(
        { type: 'item', run: item.run, id: item.actionId, recordId: item.recordId, owner, fate },
        0,
      );
    else if (fate === 'changed' || fate === 'import-failed' || fate === 'gone')
      speaker.print(`${fateTexts[fate].padEnd(13)}  ${item.actionId} (run ${item.run})`);
  }
  if (speaker.json) speaker.printJson({ type: 'summary', counts }, 0);
  else
    speaker.print(
      Object.entries(counts)
        .map(([fate, count]) => `${count} ${fateTexts[fate as Fate]}`)
        .join(', '),
    );
  return counts.changed + counts.gone > 0 ? ExitStatus.partial : ExitStatus.done;
}

/** `migrate status --adoption`: per owner, what was given and what they did with it. */
export async function showAdoption(
  context: Context,
  { journal, runs, mails }: { journal: Journal; runs: readonly RunRecord[]; mails: boolean },
  speaker: Speaker,
): Promise<ExitStatus> {
  const pod = await podOf(context);
  const owners = await adoptionByOwner(
    surveyRuns(journal, writingRuns(runs), pod, await claimFilesOf(context)),
  );
  const users = mails ? await pod.findUsersByUsername([...owners.keys()]) : [];
  const addresses = new Map(users.map(({ username, email }) => [username.toLowerCase(), email]));
  const mailOf = (owner: string): string => addresses.get(owner.toLowerCase()) ?? '';
  if (speaker.json) {
    const told = [...owners].map(([owner, counts]): [string, object] => [
      owner,
      mails ? { ...counts, mail: mailOf(owner) } : counts,
    ]);
    speaker.printJson({ owners: Object.fromEntries(told) });
    return ExitStatus.done;
  }
  const right = { align: 'right' as const };
  const rows = [...owners]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([owner, counts]) => [
      owner,
      ...(mails ? [mailOf(owner)] : []),
      ...[
        counts.imported + counts.claimed,
        counts['as-written'] + counts.changed,
        counts['under-way'],
        counts['import-failed'],
        counts.gone,
      ].map(String),
    ]);
  speaker.print(
    renderTable(
      [
        { title: 'owner', shrinks: true },
        ...(mails ? [{ title: 'mail', shrinks: true }] : []),
        { title: 'imported or claimed', ...right },
        { title: 'waiting', ...right },
        { title: 'under way', ...right },
        { title: 'failed', ...right },
        { title: 'removed', ...right },
      ],
      rows,
    ),
  );
  return ExitStatus.done;
}

const writingRuns = (runs: readonly RunRecord[]): string[] =>
  runs.filter(({ command }) => command === 'migrate recordings').map(({ id }) => id);
