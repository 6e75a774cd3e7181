import type { PlanHeader } from '../kit/batch/action.js';
import type { Journal } from '../kit/batch/journal.js';
import type { PlanWriter } from '../kit/batch/plan.js';
import type { Code } from '../kit/errors/code.js';
import { describeCode } from '../kit/errors/describe-code.js';
import type { OwnerDecision, Reason } from '../owners/decision.js';
import type { Recording } from '../bbb/recording.js';
import { newAccountOf, type MigrateAction, type NewAccount } from './actions.js';
import type { ClaimSurvey } from './survey-claims.js';
import { gatherOwners, type OwnerSources } from './gather-facts.js';
import type { Playback } from '../bbb/choose-playback.js';
import type { MigratePolicy, RecordingFacts } from './migration-facts.js';
import { importStateOf } from './import-state.js';
import type { PodExternalRecording } from './pod-port.js';
import { actionIdsOf, GrowingPlan, planMigration } from './plan-migration.js';
import type { PartialListing } from './recording-listing.js';
import type { RowIndex } from './row-index.js';

/** An account to create in Pod. */
export interface PlannedAccount extends NewAccount {
  readonly username: string;
  readonly reason: Reason;
}

/** Figures of a plan that only its making knows; the header keeps them. */
export interface PlanFigures {
  readonly recordings: number;
  readonly usersToCreate: number;
  readonly unpublished: number;
  /** Mark text -> number of rows. */
  readonly marked: Readonly<Record<string, number>>;
  /** Accounts that the plan creates in Pod, each with the reason it is first needed for. */
  readonly accounts: readonly PlannedAccount[];
  readonly withoutCourse: number;
  readonly downloadBytes: number;
  readonly convertMs: number;
  /** Highest external recording id of Pod when the plan was made. */
  readonly knownUpToId: number;
}

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
  for (const { recordId, ownerId } of rows) groups.set(recordId, [...(groups.get(recordId) ?? []), ownerId]);
  return groups;
}

function missingFacts({ recordId }: Recording): never {
  throw new Error(`no facts were gathered for ${recordId}`);
}

interface Marked {
  readonly count: number;
  readonly parameters: Record<string, string | number>;
}

class Figures {
  readonly #knownUpToId: number;
  readonly #marked = new Map<Code, Marked>();
  readonly #accounts = new Map<string, PlannedAccount>();
  /** Who receives something, or has it already; kept where `--owner` asks. */
  readonly owners = new Set<string>();
  readonly #keepsOwners: boolean;
  #recordings = 0;
  #unpublished = 0;
  #withoutCourse = 0;
  #downloadBytes = 0;
  #convertMs = 0;

  constructor(knownUpToId: number, keepsOwners: boolean) {
    this.#knownUpToId = knownUpToId;
    this.#keepsOwners = keepsOwners;
  }

  add(page: readonly Recording[], actions: readonly MigrateAction[]): void {
    this.#recordings += page.length;
    const written = actions.filter(({ kind }) => kind !== 'skip');
    if (this.#keepsOwners) for (const { owner } of actions) this.owners.add(owner.toLowerCase());
    const byId = new Map(page.map((recording) => [recording.recordId, recording]));
    for (const id of new Set(written.map(({ recordId }) => recordId))) {
      const recording = byId.get(id);
      if (recording?.state === 'unpublished') this.#unpublished++;
      if (recording !== undefined && (recording.metadata['bbb-context'] ?? '') === '') this.#withoutCourse++;
    }
    for (const action of written) {
      this.#note(action);
      for (const mark of action.marks) this.#mark(mark);
      if (action.kind !== 'claim') continue;
      this.#downloadBytes += action.sizeBytes ?? 0;
      if (action.source === 'presentation') this.#convertMs += action.durationMs ?? 0;
    }
  }

  #note(action: MigrateAction): void {
    const account = newAccountOf(action);
    const key = action.owner.toLowerCase();
    if (account === null || this.#accounts.has(key)) return;
    const reason = { code: action.reason, parameters: action.reasonParameters ?? {} };
    this.#accounts.set(key, { username: action.owner, ...account, reason });
  }

  /** One line for each kind of mark: what differs between the marked becomes an ellipsis. */
  #mark({ code, parameters }: Reason): void {
    const marked = this.#marked.get(code) ?? { count: 0, parameters: { ...parameters } };
    for (const [name, value] of Object.entries(parameters))
      if (marked.parameters[name] !== value) marked.parameters[name] = '…';
    this.#marked.set(code, { ...marked, count: marked.count + 1 });
  }

  result(usersToCreate: number): PlanFigures {
    return {
      recordings: this.#recordings,
      usersToCreate,
      unpublished: this.#unpublished,
      marked: Object.fromEntries(
        [...this.#marked].map(([code, { count, parameters }]) => [
          describeCode(code, parameters).text,
          count,
        ]),
      ),
      accounts: [...this.#accounts.values()],
      withoutCourse: this.#withoutCourse,
      downloadBytes: this.#downloadBytes,
      convertMs: this.#convertMs,
      knownUpToId: this.#knownUpToId,
    };
  }
}
