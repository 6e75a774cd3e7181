import { applyConcurrently, applyInChunks, type BatchResult } from '../kit/batch/apply.js';
import type { Journal } from '../kit/batch/journal.js';
import type { PlanReader } from '../kit/batch/plan.js';
import type { ItemEvent } from '../kit/batch/tally.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import type { MigrateAction } from './actions.js';
import { applyClaim, claimPath, type ClaimTools } from './apply-claims.js';
import { applyImports, prepareImports } from './apply-imports.js';
import { isSameFile } from './claim-files.js';
import { countItems } from './count-items.js';
import type { PlanFigures } from './plan-figures.js';
import type { PodDatabase } from './pod-port.js';
import type { ClaimIntent } from './settle-intents.js';

interface ApplyOptions {
  readonly plan: PlanReader<MigrateAction>;
  readonly journal: Journal;
  readonly target: string;
  readonly pod: PodDatabase;
  /** Null in import mode. */
  readonly claims: ClaimTools | null;
  readonly jobs: number;
  /** Actions per transaction; 500 by default. */
  readonly chunkSize?: number;
  readonly signal: AbortSignal;
  readonly onItem: (event: ItemEvent<MigrateAction>) => void | Promise<void>;
}

/** After these nothing more can be written: the batch stops, and what is left is not run. */
const FATAL = new Set([
  'database-connection-lost',
  'database-unreachable',
  'database-full',
  'database-read-only',
  'database-right-missing',
  'disk-full',
  'min-free-reached',
  'claim-directory-unfit',
  'interrupted',
]);
export const isFatal = (error: unknown): boolean => error instanceof OperatorError && FATAL.has(error.code);

/** Applies a plan, whole or what is left of it (`--resume`): actions that the journal has as done are not in `left`. */
export async function applyMigration(options: ApplyOptions): Promise<BatchResult> {
  const { plan, journal, pod } = options;
  const { run, mode } = plan.header;
  const isBegun = journal.findRun(run) !== null;
  if (!isBegun) {
    journal.startRun({
      id: run,
      command: 'migrate recordings',
      target: options.target,
      header: {
        mode,
        digest: plan.header.digest,
        ...plan.header.facts,
        ...(options.claims?.enqueue == null ? {} : { queue: true }),
      },
    });
  }
  const actions = leftOf(plan, journal);
  const common = { run, actions, journal, signal: options.signal, isFatal, onItem: options.onItem };
  const { knownUpToId } = plan.header.facts as unknown as PlanFigures;
  const result =
    options.claims === null
      ? await applyInChunks<MigrateAction>({
          ...common,
          prepareChunk: (chunk) => prepareImports(pod, chunk),
          applyChunk: (chunk) => applyImports(pod, chunk, knownUpToId),
          ...(options.chunkSize === undefined ? {} : { chunkSize: options.chunkSize }),
        })
      : await applyClaimPlan(common, options.claims, options.jobs);
  // Of a run that is gone on with, this was only the rest.
  const counts = isBegun ? countItems(journal, run) : result.tally.byState;
  journal.endRun(run, result.stoppedBy === null ? 'finished' : 'interrupted', counts);
  return result;
}

function applyClaimPlan(
  common: Pick<
    Parameters<typeof applyConcurrently<MigrateAction>>[0],
    'run' | 'actions' | 'journal' | 'signal' | 'isFatal' | 'onItem'
  >,
  tools: ClaimTools,
  jobs: number,
): Promise<BatchResult> {
  return applyConcurrently<MigrateAction>({
    ...common,
    jobs,
    intentOf: async (action): Promise<ClaimIntent | null> => {
      if (action.kind !== 'claim') return null;
      const path = claimPath(tools.claimDirectory, action.fileName);
      const { meetingId, title, startAt } = action;
      const stands = await tools.files.stat(path);
      const isReplaced =
        stands !== null && action.instead !== undefined && isSameFile(stands, action.instead);
      return {
        path,
        existed: stands !== null,
        ...{ meetingId, title, startAt },
        ...(isReplaced ? { instead: stands } : {}),
        ...(tools.allowMissing && action.source === 'presentation' ? { mayLack: true } : {}),
        ...(action.isHidden ? { hidden: true } : {}),
      };
    },
    applyOne: (action) =>
      action.kind === 'claim'
        ? applyClaim(action, tools)
        : Promise.reject(new Error(`no claim: ${action.kind}`)),
  });
}

/** Actions of the plan without those that an earlier attempt of the same run finished. */
export async function* leftOf(
  plan: PlanReader<MigrateAction>,
  journal: Pick<Journal, 'items'>,
): AsyncGenerator<MigrateAction> {
  const { run } = plan.header;
  const finished = new Set<string>();
  for (const { actionId, reason } of journal.items(run, ['done', 'skipped', 'undone'])) {
    // What waits for a worker is asked for again: Redis may have forgotten it.
    if (reason !== 'claim-queued') finished.add(actionId);
  }
  for await (const action of plan.actions()) if (!finished.has(action.id)) yield action;
}
