import type { Journal, RunRecord } from '../../kit/batch/journal.js';
import { countAdoption, noFates, surveyRuns, type Adoption, type Fate } from '../../migrate/survey-run.js';
import { openGrowingFile } from '../../kit/adapters/files/growing-file.js';
import { csvWriter } from '../../kit/output/csv.js';
import { padWidth, wrapText } from '../../kit/output/wrap.js';
import type { PodDatabase } from '../../migrate/pod-port.js';
import { nextCommand } from '../kit/next-command.js';
import {
  failedImports,
  leftBeforePod5,
  renderAdoption,
  taken,
  waiting,
  type Adopter,
} from './render/adoption.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Speaker } from '../kit/speaker.js';
import { claimFilesOf } from './claims.js';
import { podOf } from '../sites/pod.js';
import { words } from './words.js';

const fateTexts: Record<Fate, () => string> = {
  'as-written': words.fateAsWritten,
  changed: words.fateChanged,
  'under-way': words.fateUnderWay,
  'import-failed': words.fateImportFailed,
  imported: words.fateImported,
  claimed: words.fateClaimed,
  gone: words.fateGone,
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
      speaker.print(
        words.fateOf({ fate: padWidth(fateTexts[fate](), 15), item: item.actionId, run: item.run }),
      );
  }
  if (speaker.json) speaker.printJson({ type: 'summary', counts }, 0);
  else
    speaker.print(
      wrapText(
        Object.entries(counts)
          .map(([fate, count]) => words.fateCount({ count, fate: fateTexts[fate as Fate]() }))
          .join(', '),
      ).join('\n'),
    );
  return counts.changed + counts.gone > 0 ? ExitStatus.partial : ExitStatus.done;
}

/**
 * `migrate status --adoption`: per owner, what was given and what they did with it, and how many files wait to be
 * claimed. It is also the list to work off before Pod is upgraded to 5, which keeps no link and no file to claim
 * (import_data_from_v4_to_v5.py).
 * @param csv where the list of owners goes as a file for a mailing.
 */
export async function showAdoption(
  context: Context,
  journal: Journal,
  runs: readonly RunRecord[],
  speaker: Speaker,
  csv: string | undefined,
): Promise<ExitStatus> {
  const pod = await podOf(context);
  const { owners, claims } = await countAdoption(
    surveyRuns(journal, writingRuns(runs), pod, await claimFilesOf(context)),
  );
  const adopters = await adoptersOf(pod, owners);
  if (csv !== undefined) await writeCsv(csv, adopters, context.configuration.pod.url);
  if (speaker.json) {
    const { links, owners: left, files } = leftBeforePod5(adopters, claims);
    speaker.printJson({
      owners: Object.fromEntries(owners),
      claims,
      beforePod5: { owners: left, recordings: links + files, files },
      ...(csv === undefined ? {} : { csv }),
    });
    return ExitStatus.done;
  }
  speaker.print(renderAdoption(adopters, claims));
  if (csv !== undefined) speaker.print(words.ownersWritten({ count: adopters.length, file: csv }));
  else if (adopters.length > 0)
    speaker.print(
      words.forMailing({
        command: nextCommand(context, 'migrate', 'status', '--adoption', '--csv', 'adoption.csv'),
      }),
    );
  return ExitStatus.done;
}

async function adoptersOf(pod: PodDatabase, owners: Adoption['owners']): Promise<Adopter[]> {
  const emails = await emailsOf(pod, [...owners.keys()]);
  return [...owners]
    .map(([owner, counts]): Adopter => ({ owner, counts, email: emails.get(owner.toLowerCase()) ?? '' }))
    .sort((a, b) => a.owner.localeCompare(b.owner));
}

/** Addresses by user name in lower case. */
async function emailsOf(pod: PodDatabase, owners: readonly string[]): Promise<Map<string, string>> {
  const users = await pod.findUsersByUsername(owners);
  return new Map(users.map(({ username, email }) => [username.toLowerCase(), email]));
}

async function writeCsv(
  file: string,
  adopters: readonly Adopter[],
  podUrl: string | undefined,
): Promise<void> {
  const target = openGrowingFile(file);
  const page = podUrl === undefined ? '' : `${podUrl.replace(/\/$/, '')}/import_video/`;
  const writer = csvWriter<Adopter>(target.write, [
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'email', value: ({ email }) => email },
    { title: 'imported_or_claimed', value: taken },
    { title: 'waiting', value: waiting },
    { title: 'under_way', value: ({ counts }) => counts['under-way'] },
    { title: 'failed', value: failedImports },
    { title: 'removed', value: ({ counts }) => counts.gone },
    { title: 'page', value: () => page },
  ]);
  for (const adopter of adopters) await writer.row(adopter);
  await writer.end();
  await target.finish();
}

const writingRuns = (runs: readonly RunRecord[]): string[] =>
  runs.filter(({ command }) => command === 'migrate recordings').map(({ id }) => id);
