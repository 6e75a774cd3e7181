import type { Code } from '../errors/code.js';

/** How a planned action ended. Every action of a plan ends in exactly one of these. */
export type OutcomeState = 'done' | 'skipped' | 'failed' | 'not-run';

/**
 * One planned action. The id is stable: the same recording, owner and kind give the same id in every run,
 * so that a journal recognises it. `skip` actions carry why nothing is to be done.
 */
export interface PlannedAction {
  readonly id: string;
  readonly kind: string;
  readonly recordId: string;
  /** Why this action is in the plan (an owner's rule, a skip's reason). */
  readonly reason: Code;
  /** For people: the values of the reason's text. */
  readonly reasonParameters?: Readonly<Record<string, string | number>>;
}

export interface Outcome {
  readonly actionId: string;
  readonly state: OutcomeState;
  readonly reason: Code;
  readonly reasonParameters?: Readonly<Record<string, string | number>>;
  /** What was written, exactly, so that `undo` can tell it from what people did since. */
  readonly written?: unknown;
}

/** Head of a plan: what the spool of actions behind it holds. */
export interface PlanHeader {
  readonly run: string;
  readonly command: string;
  readonly mode: string;
  /** Unix milliseconds. */
  readonly plannedAt: number;
  readonly counts: Readonly<Record<string, number>>;
  /** SHA-256 of the actions in order: an approved plan is recognised by it. */
  readonly digest: string;
  readonly facts: Readonly<Record<string, unknown>>;
}
