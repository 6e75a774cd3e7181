import type { PlanReader } from '../../kit/batch/plan.js';
import type { BatchResult } from '../../kit/batch/apply.js';
import type { MigrateAction } from '../../migrate/actions.js';
import { applyMigration } from '../../migrate/apply-migration.js';
import { tellAll, type ReportSummary } from '../../kit/output/report.js';
import { batchStatus } from '../kit/batch-status.js';
import { ExitStatus } from '../kit/exit-status.js';
import { mailSummary } from '../kit/mail-summary.js';
import type { MigrateFlags } from './flags.js';
import { partialFact, partialOf } from './render/partial.js';
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
  const next = nextCommand(header.run, result, flags, partial.length > 0);
  await sink.end(summaryOf(result, next));
  await reports.close();
  const text = renderResult(header.run, result, `Report: ${reports.page}\n${next}`, partial);
  if (!speaker.json) speaker.print(text);
  const ended = batchStatus([result]);
  const status = ended === ExitStatus.done && partial.length > 0 ? ExitStatus.partial : ended;
  if (status !== ExitStatus.done) {
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

function nextCommand(
  run: string,
  { tally, stoppedBy }: BatchResult,
  flags: MigrateFlags,
  isPartial: boolean,
): string {
  if (stoppedBy !== null)
    return `Go on: bbb2pod migrate recordings ${flags['use-manual-claim'] ? '--use-manual-claim' : '--use-import-video'} --resume ${run}${flags.queue ? ' --queue' : ''}`;
  if (tally.byState.failed > 0) return `What failed: bbb2pod migrate status ${run} --state failed`;
  if (tally.byState.done === 0)
    return isPartial ? 'Nothing of what was listed was left to do.' : 'Nothing was left to do.';
  if (flags.queue) return 'Follow: bbb2pod recorder status --watch';
  const undo = `Take it back: bbb2pod migrate undo ${run}`;
  return flags['use-import-video'] && flags['use-database-moodle'] && !flags.annotate
    ? `${undo}\nTell the teachers: bbb2pod moodle annotate --of-run ${run} --dry`
    : undo;
}
