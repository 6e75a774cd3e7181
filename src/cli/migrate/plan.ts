import type { PlanReader } from '../../kit/batch/plan.js';
import type { MigrateAction } from '../../migrate/actions.js';
import type { PlanFigures } from '../../migrate/plan-figures.js';
import { planRun } from '../../migrate/plan-run.js';
import { namesOfDoubled } from '../../pod/database/doubled-accounts.js';
import { describeCode } from '../../kit/errors/describe-code.js';
import { jsonLines } from '../../kit/output/json-lines.js';
import { Counter } from '../../kit/batch/tally.js';
import { typedForPlan, typedForReal } from '../kit/next-command.js';
import { shownFailure, type OperatorError } from '../../kit/errors/operator-error.js';
import type { ReportItem } from '../../kit/output/report.js';
import { askedDatabases, type MigrateFlags } from './flags.js';
import { ExitStatus } from '../kit/exit-status.js';
import { wrapLines } from '../../kit/output/wrap.js';
import { measuredSpeed } from '../../kit/adapters/state/measured-speed.js';
import { texts as migrateTexts } from '../../migrate/texts.js';
import {
  PlanGroups,
  renderAccounts,
  renderPlanFoot,
  renderPlanHead,
  type MigrationFacts,
} from './render/plan.js';
import { PlanNotes } from './render/plan-notes.js';
import { nothingToDo, partialFact, partialOf } from './render/partial.js';
import { reportItem } from './render/report.js';
import type { Speaker } from '../kit/speaker.js';
import { refuseUnmatched } from './listing.js';
import type { Migration } from './open.js';
import type { Rechecked } from './recheck.js';
import { words } from './words.js';

export interface MadePlan {
  readonly plan: PlanReader<MigrateAction>;
  readonly figures: PlanFigures;
  readonly facts: MigrationFacts;
}

/** Lists, gathers, decides, and spools the plan into `directory`. */
export async function makePlan(
  migration: Migration,
  run: string,
  directory: string,
  flags: MigrateFlags,
): Promise<MadePlan> {
  const { writePlan, readPlan, exportPlan } = await import('../../migrate/adapters/plan-spool.js');
  // What can be refused is refused before the servers are asked.
  const owners = await migration.ownerSources();
  const listing = await migration.list(owners);
  refuseUnmatched(listing);
  const { rows, knownUpToId } = await migration.indexPodRows();
  const claims = await migration.surveyClaims(listing);
  const importRefusalOf = await migration.importRefusalOf();
  const writer = writePlan<MigrateAction>(directory);
  const request = {
    run,
    target: migration.target.description.target,
    recordings: listing.pages(),
    choosePlayback: migration.choosePlayback,
    titleOf: migration.titleOf,
    siteOf: migration.siteOf,
    policy: migration.policy,
    partial: listing.partial,
    ...(importRefusalOf === undefined ? {} : { importRefusalOf }),
    owners,
    rows,
    knownUpToId,
    claims,
    journal: migration.journal,
    asked: askedDatabases(flags),
    writer,
    // A recording of several owners is several actions.
    onActions: (actions: readonly MigrateAction[]) =>
      migration.progress.advance(new Set(actions.map(({ recordId }) => recordId)).size),
    signal: migration.context.signal,
    now: Date.now(),
  };
  const { figures, ownersWithout } = await planRun(request).catch(async (error: unknown) => {
    await writer.discard();
    throw error;
  });
  migration.progress.stop();
  const without = await tellOwners(migration, ownersWithout);
  const plan = readPlan<MigrateAction>(directory);
  if (flags['save-plan'] !== undefined) await exportPlan(directory, flags['save-plan']);
  const facts: MigrationFacts = {
    ...figures,
    mode: migration.mode,
    target: migration.target.site.domain,
    listed: listing.listed,
    filtered: listing.filtered,
    partial: listing.partial,
    freeBytes: await migration.freeBytes(),
    speed: measuredSpeed(migration.context.stateDirectory),
    notices: [
      ...listing.notices,
      ...without,
      ...(await doubledNotice(migration)),
      ...(await directoryNotice(migration)),
    ],
  };
  return { plan, figures, facts };
}

/**
 * An approved plan as it would be applied today, to be shown: its own figures, today's listing, and what is skipped of
 * it since counted as such.
 */
export async function approvedPlan(migration: Migration, { plan, listing }: Rechecked): Promise<MadePlan> {
  const { header } = plan;
  const figures = await stillToCreate(migration, header.facts as unknown as PlanFigures);
  const counts: Record<string, number> = {};
  for await (const { kind } of plan.actions()) counts[kind] = (counts[kind] ?? 0) + 1;
  const facts: MigrationFacts = {
    ...figures,
    mode: migration.mode,
    target: migration.target.site.domain,
    listed: listing?.listed ?? figures.recordings,
    filtered: figures.recordings,
    partial: listing?.partial ?? [],
    freeBytes: await migration.freeBytes(),
    speed: measuredSpeed(migration.context.stateDirectory),
    notices: listing?.notices ?? [],
  };
  return { plan: { header: { ...header, counts }, actions: () => plan.actions() }, figures, facts };
}

/** What `--resume` would still do, to be shown: that run's plan without what its journal has as done. */
export async function plannedRest(migration: Migration, plan: PlanReader<MigrateAction>): Promise<MadePlan> {
  const { header } = plan;
  const [{ leftOf }, { Figures }] = await Promise.all([
    import('../../migrate/apply-migration.js'),
    import('../../migrate/plan-figures.js'),
  ]);
  const made = header.facts as unknown as PlanFigures;
  const actions = (): AsyncIterable<MigrateAction> => leftOf(plan, migration.journal);
  const counts: Record<string, number> = {};
  const counted = new Figures(made.knownUpToId);
  for await (const [first, ...others] of byRecording(actions())) {
    for (const { kind } of [first, ...others]) counts[kind] = (counts[kind] ?? 0) + 1;
    counted.addPlanned([first, ...others]);
  }
  const figures = await stillToCreate(migration, counted.result());
  const sum = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((a, b) => a + b, 0);
  const facts: MigrationFacts = {
    ...figures,
    mode: migration.mode,
    target: migration.target.site.domain,
    listed: made.recordings,
    filtered: made.recordings,
    partial: partialOf(header),
    freeBytes: await migration.freeBytes(),
    speed: measuredSpeed(migration.context.stateDirectory),
    notices: [],
    resumed: { left: sum(counts), total: sum(header.counts) },
  };
  return { plan: { header: { ...header, counts }, actions }, figures, facts };
}

/** Earlier items of the run, or another run, may have created accounts meanwhile. */
async function stillToCreate({ pod }: Migration, figures: PlanFigures): Promise<PlanFigures> {
  const there = await pod.findUsersByUsername(figures.accounts.map(({ username }) => username));
  const names = new Set(there.map(({ username }) => username.toLowerCase()));
  const accounts = figures.accounts.filter(({ username }) => !names.has(username.toLowerCase()));
  return { ...figures, accounts, usersToCreate: accounts.length };
}

/** The actions of one recording stand together in a plan. */
async function* byRecording(
  actions: AsyncIterable<MigrateAction>,
): AsyncGenerator<[MigrateAction, ...MigrateAction[]]> {
  let group: [MigrateAction, ...MigrateAction[]] | null = null;
  for await (const action of actions) {
    if (group !== null && group[0].recordId === action.recordId) group.push(action);
    else {
      if (group !== null) yield group;
      group = [action];
    }
  }
  if (group !== null) yield group;
}

/**
 * Names of `--owner` for whom the plan has nothing: somebody of Pod is told, a name that nobody has is an error.
 * @throws OperatorError owner-unknown
 */
async function tellOwners({ pod }: Migration, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const known = new Set((await pod.findUsersByUsername(names)).map(({ username }) => username.toLowerCase()));
  const unknown = names.filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0)
    throw migrateTexts.ownerUnknown({ names: unknown.join(', '), count: unknown.length });
  return names.map((name) => words.nothingOfOwner({ name }));
}

/** People with several Pod accounts, counted and named: what is given to one of them the other does not see. */
async function doubledNotice({ pod, mode }: Migration): Promise<string[]> {
  const doubled = mode === 'import' ? await pod.findDoubledAccounts() : [];
  if (doubled.length === 0) return [];
  const { text, remedy } = describeCode('pod-accounts-doubled', {
    count: doubled.length,
    accounts: namesOfDoubled(doubled, 5),
  });
  return [text, `  -> ${remedy}`];
}

/** A plan may be made where Pod's directory is not seen; a run of this machine would be refused. */
async function directoryNotice(migration: Migration): Promise<string[]> {
  if (migration.mode === 'import') return [];
  const { missingDirectory } = await import('./claim-tools.js');
  const missing = await missingDirectory(migration.claimDirectory(), migration);
  if (missing === null) return [];
  const { text, remedy } = shownFailure(missing);
  return [text, `  -> ${remedy}`];
}

/** Prints a plan: figures, groups with reasons, costs, and what to type next. */
export async function showPlan(
  migration: Migration,
  { plan, facts, older }: MadePlan & { readonly older: OperatorError | null },
  flags: MigrateFlags,
  speaker: Speaker,
): Promise<ExitStatus> {
  const { timezone } = migration.context.configuration;
  const told = older === null ? null : shownFailure(older);
  const next = told?.remedy ?? whatNext(plan.header.counts, facts, flags);
  const isWhole = facts.partial.length === 0 && older === null;
  const status = isWhole ? ExitStatus.done : ExitStatus.partial;
  if (speaker.json) {
    await printJsonPlan(migration, plan, facts, speaker, { next, podOlder: told?.text ?? null });
    return status;
  }
  const groups = new PlanGroups(flags.all);
  const notes = new PlanNotes(flags.all);
  for await (const action of plan.actions()) {
    groups.add(action);
    notes.add(action);
  }
  const shownGroups = groups.render(timezone);
  const toLookAt = notes.render();
  const accounts = renderAccounts(facts.accounts, flags.all);
  const foot = renderPlanFoot(facts);
  speaker.print(
    [
      ...(told === null ? [] : [wrapLines(`${told.text}\n  -> ${told.remedy}`), '']),
      renderPlanHead(plan.header, facts),
      '',
      ...(shownGroups === '' ? [] : [shownGroups, '']),
      ...(toLookAt === '' ? [] : [toLookAt, '']),
      ...(accounts === '' ? [] : [accounts, '']),
      ...(foot === '' ? [] : [foot]),
      next,
    ].join('\n'),
  );
  return status;
}

async function printJsonPlan(
  migration: Migration,
  plan: PlanReader<MigrateAction>,
  facts: MigrationFacts,
  speaker: Speaker,
  { next, podOlder }: { readonly next: string; readonly podOlder: string | null },
): Promise<void> {
  const { header } = plan;
  const sink = jsonLines(async (text) => speaker.print(text));
  const total = Object.values(header.counts).reduce((sum, count) => sum + count, 0);
  const told = {
    listed: facts.listed,
    recordings: facts.recordings,
    usersToCreate: facts.usersToCreate,
    target: header.facts['target'] as string,
    digest: header.digest,
    ...partialFact(facts.partial),
    ...(podOlder === null ? {} : { podOlder }),
  };
  await sink.begin({
    run: header.run,
    command: header.command,
    mode: header.mode,
    startedAt: header.plannedAt,
    timezone: migration.context.configuration.timezone,
    total,
    facts: told,
  });
  const counter = new Counter();
  for await (const action of plan.actions()) {
    const item: ReportItem = reportItem(action, null, migration.podUrl);
    counter.add({
      actionId: action.id,
      state: action.kind === 'skip' ? 'skipped' : 'not-run',
      reason: action.reason,
    });
    await sink.item(item);
  }
  await sink.end({ tally: counter.tally(), endedAt: Date.now(), stoppedBy: null, next });
}

function whatNext(
  counts: Readonly<Record<string, number>>,
  facts: MigrationFacts,
  { max, plan, resume, 'save-plan': saved }: MigrateFlags,
): string {
  const writes = (counts['import'] ?? 0) + (counts['claim'] ?? 0);
  if (writes === 0) return resume === undefined ? nothingToDo(facts) : words.nothingLeft();
  if (saved !== undefined) return `${words.applyApproved()}\n  ${typedForPlan()}`;
  const forReal =
    max === undefined && plan === undefined && resume === undefined && writes > 2
      ? words.forRealOrTwo()
      : words.forReal();
  return `${forReal}\n  ${typedForReal()}`;
}
