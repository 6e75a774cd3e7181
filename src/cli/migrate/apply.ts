import type { PlanReader } from '../../kit/batch/plan.js';
import type { BatchResult } from '../../kit/batch/apply.js';
import type { MigrateAction } from '../../migrate/actions.js';
import { applyMigration } from '../../migrate/apply-migration.js';
import { tellAll, type ReportSummary } from '../../kit/output/report.js';
import { batchStatus } from '../kit/batch-status.js';
import { ExitStatus } from '../kit/exit-status.js';
import { mailSummary } from '../kit/mail-summary.js';
import type { Context } from '../kit/context.js';
import { nextCommand, unasked } from '../kit/next-command.js';
import type { MigrateFlags } from './flags.js';
import { renderResult } from './render/plan.js';
import { pseudonymised, reportItem } from './render/report.js';
import type { Speaker } from '../kit/speaker.js';
import type { Migration } from './open.js';
import { backUpOrTell } from '../sites/pod-backup.js';
import { openReports } from '../sites/reports.js';

/** Applies a plan, tells every report of each item as it ends, and says what to type next. */
export async function applyAndReport(
  migration: Migration,
  plan: PlanReader<MigrateAction>,
  flags: MigrateFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { header } = plan;
  const total = Object.values(header.counts).reduce((sum, count) => sum + count, 0);
  const { claims, mode } = await migration.prepareWriting(flags, header);
  if (total > (header.counts['skip'] ?? 0)) await backUpOrTell(migration.context, flags.backup, speaker);
  const reports = await openReports({
    directory: migration.runDirectory(header.run),
    files: flags.report ?? [],
    json: speaker.json ? async (text) => speaker.print(text) : null,
  });
  migration.context.closeWith(() => reports.discard());
  const sink = tellAll(reports.sinks);
  const facts = { target: header.facts['target'] as string, digest: header.digest };
  await sink.begin({
    run: header.run,
    command: header.command,
    mode: header.mode,
    startedAt: Date.now(),
    timezone: migration.context.configuration.timezone,
    total,
    facts,
  });
  migration.progress.step(mode === 'import' ? 'writing into Pod' : 'making files to claim', total);
  const result = await applyMigration({
    plan,
    journal: migration.journal,
    target: migration.target.description.target,
    pod: migration.pod,
    claims,
    jobs: flags.jobs ?? migration.context.configuration.recorder.jobs,
    signal: migration.context.signal,
    onItem: async ({ action, outcome }) => {
      migration.progress.advance();
      const item = reportItem(action, outcome, migration.podUrl);
      await sink.item(flags.pseudonymise ? pseudonymised(item) : item);
    },
  });
  migration.progress.stop();
  const next = whatNext(migration.context, header.run, result, flags);
  await sink.end(summaryOf(result, next));
  await reports.close();
  if (!speaker.json) speaker.print(renderResult(header.run, result, `Report: ${reports.page}\n${next}`));
  const status = batchStatus([result]);
  if (status !== ExitStatus.done) {
    const text = renderResult(header.run, result, `Report: ${reports.page}\n${next}`);
    await mailSummary(migration.context, `bbb2pod: run ${header.run} ended with status ${status}`, text);
  }
  return status;
}

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
): string {
  const mode = flags['use-manual-claim'] ? '--use-manual-claim' : '--use-import-video';
  const servers = (flags.server ?? []).flatMap((server) => ['--server', server]);
  const queue = flags.queue ? ['--queue'] : [];
  if (stoppedBy !== null)
    return `Go on: ${nextCommand(context, 'migrate', 'recordings', mode, '--resume', run, ...servers, ...queue)}`;
  if (tally.byState.failed > 0)
    return `What failed: ${nextCommand(context, 'migrate', 'status', run, '--state', 'failed')}`;
  if (tally.byState.done === 0) return 'Nothing was left to do.';
  if (flags.queue) return `Follow: ${nextCommand(context, 'recorder', 'status', '--watch')}`;
  const undo = `Take it back: ${nextCommand(context, 'migrate', 'undo', run, ...unasked())}`;
  return flags['use-import-video'] && flags['use-database-moodle'] && !flags.annotate
    ? `${undo}\nTell the teachers: ${nextCommand(context, 'moodle', 'annotate', '--of-run', run, '--dry')}`
    : undo;
}
