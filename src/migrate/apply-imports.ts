import type { Outcome } from '../kit/batch/action.js';
import type { ImportAction, MigrateAction } from './actions.js';
import type {
  HighestIds,
  ImportResult,
  ImportWrite,
  PodDatabase,
  PodExternalRecording,
  WrittenPodUser,
} from './pod-port.js';

/** What the journal keeps of an import before it is written: enough to find its row after a crash. */
export interface ImportIntent {
  readonly write: ImportWrite;
  readonly above: HighestIds;
  /** For `moodle annotate`; absent in older journals. */
  readonly meetingId?: string;
  /** Unpublished in BBB: a notice says nothing of it. */
  readonly hidden?: true;
}

/** What the journal keeps of a written import: enough to take back exactly that. */
export interface ImportWritten {
  readonly row: PodExternalRecording;
  readonly tookOverFrom?: number;
  readonly createdUser?: WrittenPodUser;
}

const imports = (actions: readonly MigrateAction[]): ImportAction[] =>
  actions.filter((action) => action.kind === 'import');

/** The intents of one chunk. */
export async function prepareImports(
  pod: PodDatabase,
  actions: readonly MigrateAction[],
): Promise<Map<string, ImportIntent>> {
  const above = await pod.highestIds();
  return new Map(
    imports(actions).map(({ id, write, meetingId, isHidden }) => [
      id,
      { write, above, meetingId, ...(isHidden ? { hidden: true as const } : {}) },
    ]),
  );
}

/** Writes one chunk of imports in one transaction. `knownUpToId`: highest row id that the plan saw. */
export async function applyImports(
  pod: PodDatabase,
  actions: readonly MigrateAction[],
  knownUpToId: number,
): Promise<Outcome[]> {
  const results = await pod.writeImports(
    imports(actions).map(({ write }) => write),
    knownUpToId,
  );
  return results.map(asOutcome);
}

/** How a written import reads in the journal and in the report. */
export function asOutcome(result: ImportResult): Outcome {
  if (result.state === 'already-there')
    return { actionId: result.actionId, state: 'skipped', reason: 'already-external' };
  if (result.state === 'address-taken') {
    const { actionId, user, email, account } = result;
    return {
      actionId,
      state: 'failed',
      reason: 'note-user-email-in-pod',
      reasonParameters: { user, email, account },
    };
  }
  if (result.state === 'owner-gone')
    return { actionId: result.actionId, state: 'skipped', reason: 'owner-gone-since-plan' };
  if (result.state === 'name-taken') {
    const { actionId, user, account } = result;
    return { actionId, state: 'failed', reason: 'note-user-name-alike', reasonParameters: { user, account } };
  }
  const written: ImportWritten = {
    row: result.written,
    ...(result.tookOverFrom === undefined ? {} : { tookOverFrom: result.tookOverFrom }),
    ...(result.createdUser === undefined ? {} : { createdUser: result.createdUser }),
  };
  return {
    actionId: result.actionId,
    state: 'done',
    reason: result.tookOverFrom === undefined ? 'imported' : 'taken-over',
    written,
  };
}
