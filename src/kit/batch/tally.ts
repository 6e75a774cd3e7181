import type { Outcome, OutcomeState, PlannedAction } from './action.js';

/** Totals of a batch: always the sum of its items. */
export interface Tally {
  readonly total: number;
  readonly byState: Readonly<Record<OutcomeState, number>>;
  /** `state reason` -> number. */
  readonly byReason: ReadonlyMap<string, number>;
}

/** What output is fed with: one event per item, whatever the form of the report. */
export interface ItemEvent<A extends PlannedAction = PlannedAction> {
  readonly action: A;
  readonly outcome: Outcome;
}

export class Counter {
  readonly #byState: Record<OutcomeState, number> = { done: 0, skipped: 0, failed: 0, 'not-run': 0 };
  readonly #byReason = new Map<string, number>();
  #total = 0;

  add({ state, reason }: Outcome): void {
    this.#total++;
    this.#byState[state]++;
    const key = `${state} ${reason}`;
    this.#byReason.set(key, (this.#byReason.get(key) ?? 0) + 1);
  }

  tally(): Tally {
    return { total: this.#total, byState: { ...this.#byState }, byReason: new Map(this.#byReason) };
  }
}
