import type { PlanHeader } from '../kit/batch/action.js';
import type { Journal } from '../kit/batch/journal.js';
import type { PlanWriter } from '../kit/batch/plan.js';
import type { OwnerDecision, Reason } from '../owners/decision.js';
import type { Recording } from '../bbb/recording.js';
import type { MigrateAction } from './actions.js';
import type { ClaimSurvey } from './survey-claims.js';
import { Figures, type PlanFigures } from './plan-figures.js';
import { gatherOwners, type OwnerSources } from './gather-facts.js';
import type { Playback } from '../bbb/choose-playback.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';
import { importStateOf } from './import-state.js';
import type { PodExternalRecording } from './pod-port.js';
import { actionIdsOf, GrowingPlan, planMigration } from './plan-migration.js';
import type { PartialListing } from './recording-listing.js';
import type { RowIndex } from './row-index.js';
import { append } from '../kit/groups.js';

export interface PlanRequest {
  readonly run: string;
  readonly target: string;
  /** Pages of recordings, filtered, in order, within the range. */
  readonly recordings: AsyncIterable<readonly Recording[]>;
  readonly choosePlayback: (recording: Recording) => Playback;
  readonly titleOf: (recording: Recording) => string;
  readonly siteOf: (recording: Recording) => number;
  readonly policy: MigratePolicy;
  /** Why Pod will not import from a URL's host; missing where Pod takes every host. */
  readonly importRefusalOf?: (url: string) => Promise<Reason | null>;
  /** Why the list is not whole; the header keeps it. */
  readonly partial?: readonly PartialListing[];
  readonly owners: OwnerSources;
  readonly rows: RowIndex;
  readonly knownUpToId: number;
  /** Null in import mode. */
  readonly claims: ClaimSurvey | null;
  readonly journal: Pick<Journal, 'findItems'>;
  readonly writer: PlanWriter<MigrateAction>;
  /** Databases beside Pod's that owners were looked for in, by their flags; the header keeps them. */
  readonly asked?: readonly string[];
  readonly onActions: (actions: readonly MigrateAction[]) => void | Promise<void>;
  readonly signal: AbortSignal;
  readonly now: number;
}

/** Streams recordings into a spooled plan, chunk by chunk; queries and memory grow by chunks, not by recordings. */
export async function planRun(request: PlanRequest): Promise<{
  readonly header: PlanHeader;
  readonly figures: PlanFigures;
  /** Names of `--owner` that nothing of the plan is for. */
  readonly ownersWithout: readonly string[];
}> {
  const figures = new Figures(request.knownUpToId, request.policy.onlyOwners.length > 0);
  const state = new GrowingPlan();
  for await (const page of request.recordings) {
    request.signal.throwIfAborted();
    const facts = await gatherFacts(page, request);
    const factsOf = (recording: Recording): RecordingFacts =>
      facts.get(recording.recordId) ?? missingFacts(recording);
    const ids = page.flatMap((recording) => actionIdsOf(recording, factsOf(recording), request.policy));
    const planned = planMigration(
      state,
      page,
      factsOf,
      request.journal.findItems(request.target, ids),
      request.policy,
    );
    state.take(planned);
    figures.add(page, planned.actions);
    await request.writer.append(planned.actions);
    await request.onActions(planned.actions);
    if (planned.full) break;
  }
  const { mode } = request.policy;
  const counted = figures.result(state.creating.size);
  const header = await request.writer.finish({
    run: request.run,
    command: 'migrate recordings',
    mode,
    plannedAt: request.now,
    facts: {
      target: request.target,
      ...counted,
      asked: request.asked ?? [],
      ...((request.partial ?? []).length === 0 ? {} : { partial: request.partial }),
    },
  });
  const ownersWithout = request.policy.onlyOwners.filter((name) => !figures.owners.has(name.toLowerCase()));
  return { header, figures: counted, ownersWithout };
}

const nobody: OwnerDecision = {
  kind: 'skip',
  reason: { code: 'claim-planned', parameters: {} },
  notes: [],
  activities: [],
};

async function gatherFacts(
  page: readonly Recording[],
  request: PlanRequest,
): Promise<Map<string, RecordingFacts>> {
  const { owners, policy, claims } = request;
  const ids = page.map(({ recordId }) => recordId);
  const [decisions, internal, claimFacts] = await Promise.all([
    policy.mode === 'import' ? gatherOwners(page, owners) : new Map<string, OwnerDecision>(),
    owners.pod.findInternalRecordings(ids),
    claims === null ? null : claims.survey(page),
  ]);
  const existing = request.rows.find(ids);
  const internalOwners = groupInternal(internal);
  const refusals = await importRefusals(page, request);
  return new Map(
    page.map((recording): [string, RecordingFacts] => {
      const { recordId } = recording;
      const rows = existing.get(recordId) ?? [];
      const claim = claimFacts?.get(recordId);
      return [
        recordId,
        {
          playback: request.choosePlayback(recording),
          title: request.titleOf(recording),
          owners: decisions.get(recordId) ?? nobody,
          existing: rows,
          internalOwnerIds: internalOwners.get(recordId) ?? [],
          siteId: request.siteOf(recording),
          ...(refusals.has(recordId) ? { importRefusal: refusals.get(recordId) as Reason } : {}),
          claim: claim === undefined ? null : { ...claim, imported: importedBySomebody(rows) },
        },
      ];
    }),
  );
}

async function importRefusals(
  page: readonly Recording[],
  { importRefusalOf, choosePlayback }: PlanRequest,
): Promise<Map<string, Reason>> {
  const refusals = new Map<string, Reason>();
  if (importRefusalOf === undefined) return refusals;
  for (const recording of page) {
    const playback = choosePlayback(recording);
    const refused = 'url' in playback ? await importRefusalOf(playback.url) : null;
    if (refused !== null) refusals.set(recording.recordId, refused);
  }
  return refusals;
}

function importedBySomebody(rows: readonly PodExternalRecording[]): 'imported' | 'under-way' | null {
  const states = rows.map(importStateOf);
  return (
    states.find((state) => state === 'imported') ?? states.find((state) => state === 'under-way') ?? null
  );
}

function groupInternal(
  rows: readonly { recordId: string; ownerId: number | null }[],
): Map<string, (number | null)[]> {
  const groups = new Map<string, (number | null)[]>();
  for (const { recordId, ownerId } of rows) append(groups, recordId, ownerId);
  return groups;
}

function missingFacts({ recordId }: Recording): never {
  throw new Error(`no facts were gathered for ${recordId}`);
}
