import type { MigrateAction } from '../../migrate/actions.js';
import { pickRun } from '../../kit/batch/pick-run.js';
import type { PlanReader } from '../../kit/batch/plan.js';
import { askedDatabases, chosenMode, type MigrateFlags } from './flags.js';
import { parseSize, parseTimeSpan } from '../kit/quantities.js';
import type { Context } from '../kit/context.js';
import { ExitStatus } from '../kit/exit-status.js';
import { newRunId } from '../../kit/batch/run-id.js';
import type { Speaker } from '../kit/speaker.js';
import { exportCsv } from './export.js';
import { applyAndReport } from './apply.js';
import { approvedPlan, makePlan, plannedRest, showPlan } from './plan.js';
import { configurationTexts } from '../../kit/errors/configuration.js';
import { sincePlanTexts } from '../../migrate/since-plan-texts.js';
import type { OperatorError } from '../../kit/errors/operator-error.js';
import { lookAtPodAge } from './pod-age.js';
import { heldAgainst, recheckedPlan } from './recheck.js';
import { openMigration, type Migration } from './open.js';

/** `migrate recordings`: one of its three modes, planned, shown or applied. */
export async function migrateRecordings(
  context: Context,
  flags: MigrateFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const mode = chosenMode(flags);
  // What a night would refuse is refused when it is rehearsed.
  for (const flag of ['bandwidth', 'min-free'] as const)
    if (flags[flag] !== undefined) parseSize(flag, flags[flag]);
  if (flags['time-limit'] !== undefined) context.limitTime(parseTimeSpan('time-limit', flags['time-limit']));
  if (mode.kind === 'csv') return exportCsv(context, flags, mode.file, speaker);
  const migration = await openMigration(context, flags, {
    mode: mode.kind,
    writes: !flags.dry,
    progress: speaker.progress,
    say: speaker.say,
  });
  const older = await lookAtPodAge(migration, flags);
  if (flags.dry) return planOnly(migration, flags, speaker, older);
  const { checkAnnotation } = await import('../moodle/annotate.js');
  if (flags.annotate) await checkAnnotation(context);
  const approved = await planToApply(migration, flags);
  const { plan } =
    flags.plan === undefined ? { plan: approved } : await recheckedPlan(migration, approved, flags, speaker);
  const status = await applyAndReport(migration, plan, flags, speaker);
  if (!flags.annotate || context.signal.aborted) return status;
  const { annotateRun } = await import('../moodle/annotate-command.js');
  const annotated = await annotateRun(context, plan.header.run, speaker);
  return status === ExitStatus.done ? annotated : status;
}

async function planOnly(
  migration: Migration,
  flags: MigrateFlags,
  speaker: Speaker,
  older: OperatorError | null,
): Promise<ExitStatus> {
  if (flags.resume !== undefined) {
    const begun = await planOfRun(migration, flags.resume, flags);
    return showPlan(migration, { ...(await plannedRest(migration, begun)), older }, flags, speaker);
  }
  if (flags.plan !== undefined) {
    const approved = await openApproved(migration, flags.plan, flags);
    const today = await recheckedPlan(migration, approved, flags, speaker);
    const held = await heldAgainst(migration, today);
    return showPlan(migration, { ...(await approvedPlan(migration, held)), older }, flags, speaker);
  }
  const { directory, discard } = await migration.temporaryPlanDirectory();
  try {
    const made = await makePlan(migration, newRunId(), directory, flags);
    return await showPlan(migration, { ...made, older }, flags, speaker);
  } finally {
    await discard();
  }
}

/** The plan to apply: an approved one, one to go on with, or a new one. */
async function planToApply(migration: Migration, flags: MigrateFlags): Promise<PlanReader<MigrateAction>> {
  if (flags.plan !== undefined) {
    const approved = await openApproved(migration, flags.plan, flags);
    const { spoolExported } = await import('../../migrate/adapters/plan-spool.js');
    await spoolExported(flags.plan, migration.runDirectory(approved.header.run));
    return approved;
  }
  if (flags.resume !== undefined) return planOfRun(migration, flags.resume, flags);
  return planRunOf(migration, newRunId(), flags);
}

/** The plan that a run of this Pod was begun with. @throws OperatorError run-unknown, plan-missing, usage-invalid */
async function planOfRun(
  migration: Migration,
  chosen: string,
  flags: MigrateFlags,
): Promise<PlanReader<MigrateAction>> {
  const { readPlan } = await import('../../migrate/adapters/plan-spool.js');
  const runs = migration.journal.listRuns({
    command: 'migrate recordings',
    target: migration.target.description.target,
  });
  const { id } = pickRun(runs, chosen, migration.context.stateDirectory);
  return ofMode(migration, readPlan<MigrateAction>(migration.runDirectory(id)), `--resume ${id}`, flags);
}

/** @throws OperatorError plan-missing, usage-invalid, plan-of-another-pod */
async function openApproved(
  migration: Migration,
  file: string,
  flags: MigrateFlags,
): Promise<PlanReader<MigrateAction>> {
  const { openExportedPlan } = await import('../../migrate/adapters/plan-spool.js');
  const plan = ofMode(migration, await openExportedPlan<MigrateAction>(file), `--plan ${file}`, flags);
  const target = plan.header.facts['target'];
  const actual = migration.target.description.target;
  if (typeof target === 'string' && target !== actual)
    throw sincePlanTexts.planOfAnotherPod({ file, target, actual });
  return plan;
}

/**
 * A plan has its mode and its owners already: what would change them is refused.
 * @param typed the flag with its value.
 * @throws OperatorError usage-invalid
 */
function ofMode(
  { mode }: Migration,
  plan: PlanReader<MigrateAction>,
  typed: string,
  flags: MigrateFlags,
): PlanReader<MigrateAction> {
  const theirs = plan.header.mode === 'claim' ? '--use-manual-claim' : '--use-import-video';
  if (plan.header.mode !== mode)
    throw configurationTexts.usageInvalid({ detail: `${typed} is a plan for ${theirs}: give that mode.` });
  // Plans of 0.1 do not say whom they asked.
  const asked = plan.header.facts['asked'] as readonly string[] | undefined;
  const late = askedDatabases(flags).find((flag) => asked !== undefined && !asked.includes(flag));
  if (late !== undefined)
    throw configurationTexts.usageInvalid({
      detail: `${typed} is a plan that was made without ${late}: leave it out, or plan anew.`,
    });
  return plan;
}

/** Plans in a directory of this process, which the run then gets: one that was killed while planning leaves no run. */
async function planRunOf(
  migration: Migration,
  run: string,
  flags: MigrateFlags,
): Promise<PlanReader<MigrateAction>> {
  const [{ fillDirectory }, { readPlan }] = await Promise.all([
    import('../../kit/adapters/files/own-directory.js'),
    import('../../migrate/adapters/plan-spool.js'),
  ]);
  const directory = migration.runDirectory(run);
  await fillDirectory(directory, 'planning', (draft) => makePlan(migration, run, draft, flags));
  return readPlan<MigrateAction>(directory);
}
