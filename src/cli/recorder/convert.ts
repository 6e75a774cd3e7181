import { overrideOptions, type ConvertFlags } from './flags.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { renderExpiring } from './render/archive.js';
import {
  conversionEvents,
  nothingToConvert,
  renderRoom,
  tellHeader,
  tellTally,
} from './render/conversions.js';
import { enqueuedJson, renderEnqueued, renderEnqueueTally } from './render/queue.js';
import { followedJson, renderFollowed, renderFollowTally } from './render/follow.js';
import type { Speaker } from '../kit/speaker.js';
import type { ListingFacts } from '../../migrate/recording-listing.js';
import { chosenFilters, chosenRange } from '../migrate/listing.js';
import { renderPartial } from '../migrate/render/partial.js';
import { moodleAliases } from '../sites/moodle-sites.js';
import { openArchive } from './archive.js';
import { listItems, runBatch, statusOf, workRoom, type BatchRequest } from './batch.js';
import { conversionDefaults } from './open.js';
import { words } from './words.js';

/** `recorder convert` in all its forms. @param sources as typed; none takes the configured servers' recordings. */
export async function convert(
  context: Context,
  sources: readonly string[],
  flags: ConvertFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const told = new ToldListing(speaker);
  const request = { ...requestOf(context, sources, flags), onListed: told.listed };
  if (flags.queue) return told.statusAfter(await enqueue(context, request, flags, speaker, told));
  tellHeader(context.configuration.timezone, speaker);
  if (flags.archive) return told.statusAfter(await archive(context, request, flags.dry, speaker, told));
  if (flags.dry) {
    await tellPlanned(listItems(context, request), speaker, told);
    speaker.say(renderRoom(await workRoom(context, request)));
    return told.statusAfter(ExitStatus.done);
  }
  const tally = await runBatch(context, request, await conversionEvents(speaker, context.ending));
  context.ending.summary = tellTally(tally, speaker, told.facts);
  context.signal.throwIfAborted();
  return told.statusAfter(statusOf(tally));
}

/** What the servers' list is, said before its first item; a list that is not whole is never the status of a whole one. */
class ToldListing {
  readonly #speaker: Speaker;
  facts: ListingFacts | null = null;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  readonly listed = (facts: ListingFacts): void => {
    this.facts = facts;
    if (this.#speaker.json) return;
    for (const line of [...renderPartial(facts.partial), ...facts.notices]) this.#speaker.say(line);
  };

  /** For the summary of JSON lines. */
  get inJson(): { partial?: ListingFacts['partial'] } {
    const partial = this.facts?.partial ?? [];
    return partial.length === 0 ? {} : { partial };
  }

  statusAfter(status: ExitStatus): ExitStatus {
    const isWhole = (this.facts?.partial ?? []).length === 0;
    return status === ExitStatus.done && !isWhole ? ExitStatus.partial : status;
  }
}

const requestOf = (context: Context, sources: readonly string[], flags: ConvertFlags): BatchRequest => ({
  sources,
  // Hidden stays hidden: only published recordings, unless --state says otherwise.
  filters: chosenFilters(
    { ...flags, server: [], state: flags.state ?? ['published'] },
    context.configuration.timezone,
    moodleAliases(context),
  ),
  named: flags,
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
  told: ToldListing,
): Promise<void> {
  let total = 0;
  for await (const { label, outputPath } of items) {
    total++;
    if (speaker.json)
      speaker.printJson({ type: 'item', source: label, output: outputPath, state: 'planned' }, 0);
    else speaker.print(`${label} -> ${outputPath}`);
  }
  if (speaker.json) speaker.printJson({ type: 'summary', total, ...told.inJson }, 0);
  else if (total === 0) speaker.say(nothingToConvert(told.facts));
}

/** `--queue`: enqueues, or with `--dry` lists what it would. Exit status 3 when something stays aside. */
async function enqueue(
  context: Context,
  request: BatchRequest,
  { resume, 'retry-failed': retryFailed, dry }: ConvertFlags,
  speaker: Speaker,
  told: ToldListing,
): Promise<ExitStatus> {
  const { enqueueRequest, listQueued } = await import('./queue.js');
  const queued = { ...request, resume, retryFailed };
  if (dry) {
    for await (const job of listQueued(context, queued)) {
      if (speaker.json) speaker.printJson({ type: 'item', ...job, state: 'planned' }, 0);
      else speaker.print(`${job.label} -> ${job.outputPath}`);
    }
    if (speaker.json && told.facts !== null) speaker.printJson({ type: 'summary', ...told.inJson }, 0);
    return ExitStatus.done;
  }
  const { run, tally, followed } = await enqueueRequest(context, queued, {
    onOutcome: (outcome) => {
      const line = renderEnqueued(outcome);
      if (speaker.json) speaker.printJson(enqueuedJson(outcome), 0);
      else if (line !== null) speaker.say(line);
    },
    onEnqueued: (enqueued, counts) => {
      if (!speaker.json) speaker.print(words.run({ run: enqueued, tally: renderEnqueueTally(counts) }));
    },
    onFollowed: (event) => {
      const line = renderFollowed(event);
      if (speaker.json) speaker.printJson(followedJson(event), 0);
      else if (line !== null) speaker.say(line);
    },
  });
  if (speaker.json) speaker.printJson({ type: 'summary', run, ...tally, ...followed, ...told.inJson }, 0);
  else if (followed !== null) speaker.print(renderFollowTally(followed));
  const { setAside = 0, incomplete = 0 } = followed ?? {};
  return tally['set-aside'] + setAside + incomplete > 0 ? ExitStatus.partial : ExitStatus.done;
}

/** `--archive`: takes what the archive lacks, then lists what will be gone from its server soon. */
async function archive(
  context: Context,
  request: BatchRequest,
  dry: boolean,
  speaker: Speaker,
  told: ToldListing,
): Promise<ExitStatus> {
  const opened = await openArchive(context, request);
  let status: ExitStatus = ExitStatus.done;
  if (dry) await tellPlanned(opened.lacking(), speaker, told);
  else {
    const tally = await opened.run(await conversionEvents(speaker, context.ending));
    context.ending.summary = tellTally(tally, speaker, told.facts);
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
    speaker.say(words.keptDays());
  if (expiring.length > 0) {
    const { list, next } = renderExpiring(expiring, timezone);
    speaker.print(list);
    speaker.say(next);
  }
  return status;
}
