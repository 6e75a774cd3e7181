import type { PlanReader } from '../../kit/batch/plan.js';
import type { BatchResult } from '../../kit/batch/apply.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import type { MigrateAction } from '../../migrate/actions.js';
import { applyMigration } from '../../migrate/apply-migration.js';
import { reasonText, tellAll, type ReportItem, type ReportSummary } from '../../kit/output/report.js';
import { batchStatus } from '../kit/batch-status.js';
import { isFailure } from '../kit/ending.js';
import { ExitStatus } from '../kit/exit-status.js';
import type { Context } from '../kit/context.js';
import { nextCommand, unasked } from '../kit/next-command.js';
import type { FollowedClaims } from './claim-tools.js';
import type { MigrateFlags } from './flags.js';
import { partialFact, partialOf } from './render/partial.js';
import { renderResult } from './render/plan.js';
import { pseudonymised, reportItem } from './render/report.js';
import type { Speaker } from '../kit/speaker.js';
import type { Migration } from './open.js';
import { Differences } from './recheck.js';
import { backUpOrTell } from '../sites/pod-backup.js';
import { openReports } from '../sites/reports.js';
import { shownName } from '../../kit/output/words.js';
import { words } from './words.js';

/** Applies a plan, tells every report of each item as it ends, and says what to type next. */
export async function applyAndReport(
  migration: Migration,
  plan: PlanReader<MigrateAction>,
  flags: MigrateFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { header } = plan;
  const partial = partialOf(header);
  const total = Object.values(header.counts).reduce((sum, count) => sum + count, 0);
  const { claims, mode } = await migration.prepareWriting(flags, header);
  if (total > (header.counts['skip'] ?? 0)) await backUpOrTell(migration.context, flags.backup, speaker);
  const reports = await openReports({
    directory: migration.runDirectory(header.run),
    files: flags.report ?? [],
    json: speaker.json ? async (text) => speaker.print(text) : null,
  });
  migration.context.closeWith(() => reports.discard());
  const { ending } = migration.context;
  ending.run = header.run;
  ending.report = reports.page;
  const sink = tellAll(reports.sinks);
  const facts = { target: header.facts['target'] as string, digest: header.digest, ...partialFact(partial) };
  await sink.begin({
    run: header.run,
    command: header.command,
    mode: header.mode,
    startedAt: Date.now(),
    timezone: migration.context.configuration.timezone,
    total,
    facts,
  });
  const { progress } = migration;
  const work = total - (header.counts['skip'] ?? 0);
  progress.step(mode === 'import' ? words.writing() : words.makingFiles(), work);
  const differences = new Differences();
  const result = await applyMigration({
    plan,
    journal: migration.journal,
    target: migration.target.description.target,
    pod: migration.pod,
    claims,
    jobs: flags.jobs ?? migration.context.configuration.recorder.jobs,
    signal: migration.context.signal,
    onItem: async ({ action, outcome }) => {
      const item = reportItem(action, outcome, migration.podUrl);
      const shown = flags.pseudonymise ? pseudonymised(item) : item;
      if (isFailure(outcome)) {
        const { text: message, remedy } = describeCode(shown.reason, shown.reasonParameters);
        ending.addFailure({ ...shown, code: shown.reason, message, remedy });
      }
      if (action.kind !== 'skip') progress.ended(endedLine(shown, outcome.state, mode === 'claim'));
      if (flags.plan !== undefined) differences.add(action, shown);
      await sink.item(shown);
    },
  });
  progress.stop();
  const since = differences.render();
  if (since !== '') speaker.say(since);
  const next = whatNext(migration.context, header.run, result, flags, partial.length > 0);
  await sink.end(summaryOf(result, next));
  await reports.close();
  if (!speaker.json)
    speaker.print(
      renderResult(header.run, result, `${words.report({ page: reports.page })}\n${next}`, { partial }),
    );
  // What stopped it stands at the head of the mail.
  ending.summary = renderResult(header.run, { ...result, stoppedBy: null }, next, { partial });
  ending.stoppedBy = result.stoppedBy;
  const status = batchStatus([result]);
  const { made, kept } = incompleteOf(result);
  // Whatever else is missing: nobody else brings these films.
  const isFollowedShort = await followClaims(result, claims, speaker);
  const lacking = partial.length > 0 || made + kept > 0 || isFollowedShort;
  return status === ExitStatus.done && lacking ? ExitStatus.partial : status;
}

/**
 * Claims that esup-runner makes come by this command alone: it stays until they are placed.
 * @returns whether some were set aside, or lack what their server lacks
 */
async function followClaims(
  { stoppedBy }: BatchResult,
  claims: FollowedClaims | null,
  speaker: Speaker,
): Promise<boolean> {
  if (stoppedBy !== null || claims === null || claims.follow === null) return false;
  const { followedJson, renderFollowed, renderFollowTally } = await import('../recorder/render/follow.js');
  const followed = await claims.follow((event) => {
    const line = renderFollowed(event);
    if (speaker.json) speaker.printJson(followedJson(event), 0);
    else if (line !== null) speaker.say(line);
  });
  if (followed === null) return false;
  if (!speaker.json) speaker.print(renderFollowTally(followed));
  return followed.setAside + followed.incomplete > 0;
}

/** Files that lack what their server lacks: made by this run, and left as they stood. */
const incompleteOf = ({ tally }: Pick<BatchResult, 'tally'>): { made: number; kept: number } => ({
  made: tally.byReason.get('done claim-dropped-incomplete') ?? 0,
  kept: tally.byReason.get('skipped claim-kept-incomplete') ?? 0,
});

/** A file takes minutes and is worth a line; rows come by hundreds a second. */
const endedLine = (item: ReportItem, state: string, isLong: boolean) => ({
  failed: state === 'failed',
  ...(isLong ? { line: itemLine(item, shownName(state)) } : {}),
});

const itemLine = (item: ReportItem, state: string): string => {
  const why = words.codeText({ code: item.reason, text: reasonText(item) });
  return isPlain(item)
    ? words.endedLine({ state, title: item.title })
    : words.endedWhy({ state, title: item.title, why });
};

/** Nothing is to be said beyond that it is done. */
const isPlain = ({ state, reason }: ReportItem): boolean =>
  state === 'done' && reason !== 'claim-dropped-incomplete' && reason !== 'claim-queued';

const summaryOf = ({ tally, stoppedBy }: BatchResult, next: string): ReportSummary => ({
  tally,
  endedAt: Date.now(),
  stoppedBy: stoppedBy === null ? null : { code: stoppedBy.code, parameters: stoppedBy.parameters },
  next,
});

function whatNext(
  context: Context,
  run: string,
  { tally, stoppedBy }: BatchResult,
  flags: MigrateFlags,
  isPartial: boolean,
): string {
  const mode = flags['use-manual-claim'] ? '--use-manual-claim' : '--use-import-video';
  const servers = (flags.server ?? []).flatMap((server) => ['--server', server]);
  const queue = flags.queue ? ['--queue'] : [];
  if (stoppedBy !== null)
    return words.goOn({
      command: nextCommand(context, 'migrate', 'recordings', mode, '--resume', run, ...servers, ...queue),
    });
  if (tally.byState.failed > 0)
    return words.whatFailed({ command: nextCommand(context, 'migrate', 'status', run, '--state', 'failed') });
  const { made, kept } = incompleteOf({ tally });
  if (made + kept > 0) {
    const state = made > 0 ? 'done' : 'skipped';
    return words.whatLacks({ command: nextCommand(context, 'migrate', 'status', run, '--state', state) });
  }
  if (tally.byState.done === 0) return isPartial ? words.nothingOfListed() : words.nothingLeft();
  if (flags.queue) return words.follow({ command: nextCommand(context, 'recorder', 'status', '--watch') });
  const undo = words.takeBack({ command: nextCommand(context, 'migrate', 'undo', run, ...unasked()) });
  return flags['use-import-video'] && flags['use-database-moodle'] && !flags.annotate
    ? `${undo}\n${words.tellTeachers({ command: nextCommand(context, 'moodle', 'annotate', '--of-run', run, '--dry') })}`
    : undo;
}
