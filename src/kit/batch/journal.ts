import type { Outcome, PlannedAction } from './action.js';

export type RunState = 'running' | 'finished' | 'interrupted' | 'undone';

export interface RunRecord {
  readonly id: string;
  readonly command: string;
  /** The target the run wrote to, by what outlives an upgrade: Pod by its site, Moodle by its siteidentifier. */
  readonly target: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly state: RunState;
  readonly header: Readonly<Record<string, unknown>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** What people read of an item. */
export interface ItemShown {
  /** Empty where the action has none, and in journals of version 0.1. */
  readonly title: string;
  readonly owner: string;
  /** Start of the session, Unix milliseconds. */
  readonly startAt: number | null;
  /** Values of the reason's text. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface JournalItem {
  readonly run: string;
  readonly actionId: string;
  readonly recordId: string;
  readonly kind: string;
  /** `intended` until its outcome is known: after a crash these are the ones to look at. */
  readonly state: 'intended' | Outcome['state'] | 'undone';
  readonly reason: string;
  readonly intent: unknown;
  readonly written: unknown;
  readonly at: number;
  readonly shown: ItemShown;
}

/**
 * The run journal (rule 4: in the journal before it is in the report). One SQLite file in the state directory,
 * WAL, synchronous=full, mode 0600. Each call that writes is one durable transaction.
 */
export interface Journal {
  startRun(run: {
    id: string;
    command: string;
    target: string;
    header: Readonly<Record<string, unknown>>;
  }): void;
  /** Replaces the header's values: what is only known while the run goes on (`highest ids`, totals). */
  updateHeader(run: string, header: Readonly<Record<string, unknown>>): void;
  endRun(run: string, state: RunState, counts: Readonly<Record<string, number>>): void;
  /** Before a chunk is written: what it intends, with anything needed to recognise its rows after a crash. */
  recordIntents(run: string, actions: readonly (PlannedAction & { intent?: unknown })[]): void;
  recordOutcomes(run: string, outcomes: readonly Outcome[]): void;
  markUndone(run: string, actionIds: readonly string[]): void;
  /** Oldest first, by the order in which they were begun. */
  listRuns(filter?: { command?: string; target?: string }): RunRecord[];
  findRun(id: string): RunRecord | null;
  /** Items of one run in the order they were intended; pages through, memory stays flat. */
  items(run: string, states?: readonly JournalItem['state'][]): Iterable<JournalItem>;
  /** What earlier runs of a target wrote: the newest intended, done or undone item of each of these actions. */
  findItems(target: string, actionIds: readonly string[]): Map<string, JournalItem>;
  /** Forgets runs with all their items. */
  removeRuns(ids: readonly string[]): void;
  close(): void;
}
