import { overrideOptions, type ConvertFlags } from './flags.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderExpiring } from './render/archive.js';
import { conversionEvents, renderRoom, tellHeader, tellTally } from './render/conversions.js';
import { enqueuedJson, renderEnqueued, renderEnqueueTally } from './render/queue.js';
import type { Speaker } from '../kit/speaker.js';
import { chosenFilters, chosenRange } from '../migrate/listing.js';
import { openArchive } from './archive.js';
import { listItems, runBatch, statusOf, workRoom, type BatchRequest } from './batch.js';
import { conversionDefaults } from './open.js';

/** `recorder convert` in all its forms. @param sources as typed; none takes the configured servers' recordings. */
export async function convert(
  context: Context,
  sources: readonly string[],
  flags: ConvertFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const request = requestOf(context, sources, flags);
  if (flags.queue) return enqueue(context, request, flags, speaker);
  tellHeader(context.configuration.timezone, speaker);
  if (flags.archive) return archive(context, request, flags.dry, speaker);
  if (flags.dry) {
    await tellPlanned(listItems(context, request), speaker);
    speaker.say(renderRoom(await workRoom(context, request)));
    return ExitStatus.done;
  }
  const tally = await runBatch(context, request, await conversionEvents(speaker, context.ending));
  context.ending.summary = tellTally(tally, speaker);
  context.signal.throwIfAborted();
  return statusOf(tally);
}

const requestOf = (context: Context, sources: readonly string[], flags: ConvertFlags): BatchRequest => ({
  sources,
  // Hidden stays hidden: only published recordings, unless --state says otherwise.
  filters: chosenFilters(
    { ...flags, server: [], state: flags.state ?? ['published'] },
    context.configuration.timezone,
  ),
  range: chosenRange(flags),
  output: flags.output,
  jobs: flags.jobs,
  force: flags.force,
  options: overrideOptions(conversionDefaults(context), flags),
  access: {
    cookieFile: flags['cookie-file'],
    headerFile: flags['header-file'],
    insecure: flags.insecure,
    given: flags.untrusted ? [] : sources.filter((source) => /^https?:/i.test(source)),
    server: flags.server,
  },
});

/** What would be made, one a line. */
async function tellPlanned(
  items: AsyncIterable<{ readonly label: string; readonly outputPath: string }>,
  speaker: Speaker,
): Promise<void> {
  for await (const { label, outputPath } of items) {
    if (speaker.json)
      speaker.printJson({ type: 'item', source: label, output: outputPath, state: 'planned' }, 0);
    else speaker.print(`${label} -> ${outputPath}`);
  }
}

/** `--queue`: enqueues, or with `--dry` lists what it would. Exit status 3 when something stays aside. */
async function enqueue(
  context: Context,
  request: BatchRequest,
  { resume, 'retry-failed': retryFailed, dry }: ConvertFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { enqueueRequest, listQueued } = await import('./queue.js');
  const queued = { ...request, resume, retryFailed };
  if (dry) {
    for await (const job of listQueued(context, queued)) {
      if (speaker.json) speaker.printJson({ type: 'item', ...job, state: 'planned' }, 0);
      else speaker.print(`${job.label} -> ${job.outputPath}`);
    }
    return ExitStatus.done;
  }
  const { run, tally } = await enqueueRequest(context, queued, (outcome) => {
    const line = renderEnqueued(outcome);
    if (speaker.json) speaker.printJson(enqueuedJson(outcome), 0);
    else if (line !== null) speaker.say(line);
  });
  if (speaker.json) speaker.printJson({ type: 'summary', run, ...tally }, 0);
  else speaker.print(`Run ${run}: ${renderEnqueueTally(tally)}`);
  return tally['set-aside'] > 0 ? ExitStatus.partial : ExitStatus.done;
}

/** `--archive`: takes what the archive lacks, then lists what will be gone from its server soon. */
async function archive(
  context: Context,
  request: BatchRequest,
  dry: boolean,
  speaker: Speaker,
): Promise<ExitStatus> {
  const opened = await openArchive(context, request);
  let status: ExitStatus = ExitStatus.done;
  if (dry) await tellPlanned(opened.lacking(), speaker);
  else {
    const tally = await opened.run(await conversionEvents(speaker, context.ending));
    context.ending.summary = tellTally(tally, speaker);
    context.signal.throwIfAborted();
    status = statusOf(tally);
  }
  const expiring = await opened.expiring(Date.now());
  const { bbb, timezone } = context.configuration;
  if (speaker.json) {
    for (const one of expiring) speaker.printJson({ type: 'expiring', ...one }, 0);
    return status;
  }
  if (Object.values(bbb).every(({ kept_days: keptDays }) => keptDays === undefined))
    speaker.say('Set [bbb] kept_days (365 for the national server) to be told what expires.');
  if (expiring.length > 0) {
    const { list, next } = renderExpiring(expiring, timezone);
    speaker.print(list);
    speaker.say(next);
  }
  return status;
}
