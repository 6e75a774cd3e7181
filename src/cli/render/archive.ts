import { dayOf } from '../../output/instants.js';
import { plainText } from '../../output/text.js';
import type { Expiring } from '../../recorder/archive.js';
import type { BatchEvents } from '../../recorder/convert-batch.js';
import type { Context } from '../context.js';
import { ExitStatus } from '../exit-status.js';
import type { Speaker } from '../speaker.js';
import { openArchive } from '../wiring/recorder-archive.js';
import { statusOf, type BatchRequest } from '../wiring/recorder-batch.js';

const FIRST = 20;

/** `recorder convert --archive`: takes what the archive lacks, then lists what will be gone from its server soon. */
export async function archiveRequested(
  context: Context,
  request: BatchRequest,
  { dry, events }: { dry: boolean; events: () => Promise<BatchEvents> },
  speaker: Speaker,
): Promise<ExitStatus> {
  const archive = await openArchive(context, request);
  let status: ExitStatus = ExitStatus.done;
  if (dry) {
    for await (const { label, outputPath } of archive.items())
      if (!archive.holds(outputPath)) speaker.print(`${label} -> ${outputPath}`);
  } else {
    const tally = await archive.run(await events());
    context.signal.throwIfAborted();
    status = statusOf(tally);
  }
  tell(await archive.expiring(Date.now()), context, speaker);
  return status;
}

function tell(expiring: readonly Expiring[], { configuration }: Context, speaker: Speaker): void {
  if (speaker.json) {
    for (const { startAt, expiresAt, ...rest } of expiring)
      speaker.printJson({ type: 'expiring', ...rest, startAt: iso(startAt), expiresAt: iso(expiresAt) }, 0);
    return;
  }
  if (Object.values(configuration.bbb).every(({ kept_days: keptDays }) => keptDays === undefined))
    speaker.say('Set [bbb] kept_days (365 for the national server) to be told what expires.');
  if (expiring.length === 0) return;
  speaker.print(`${expiring.length} not in the archive may be removed by their server within 60 days:`);
  for (const { recordId, title, expiresAt } of expiring.slice(0, FIRST))
    speaker.print(`  ${dayOf(expiresAt, configuration.timezone)}  ${recordId}  ${plainText(title)}`);
  if (expiring.length > FIRST) speaker.print(`  … ${expiring.length - FIRST} more: --json lists all`);
  const last = expiring.at(-1)?.startAt ?? 0;
  speaker.say(
    `Take them: the same command with --until ${dayOf(last, configuration.timezone)} instead of --since.`,
  );
}

const iso = (at: number): string => new Date(at).toISOString();
