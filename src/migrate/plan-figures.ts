import type { Recording } from '../bbb/recording.js';
import type { Code } from '../kit/errors/code.js';
import { describeCode } from '../kit/errors/describe-code.js';
import type { Reason } from '../owners/decision.js';
import { newAccountOf, type MigrateAction, type NewAccount } from './actions.js';

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

interface Marked {
  readonly count: number;
  readonly parameters: Record<string, string | number>;
}

/** What a plan has, counted as it is made. */
export class Figures {
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

  constructor(knownUpToId: number, keepsOwners = false) {
    this.#knownUpToId = knownUpToId;
    this.#keepsOwners = keepsOwners;
  }

  add(page: readonly Recording[], actions: readonly MigrateAction[]): void {
    this.#recordings += page.length;
    const byId = new Map(page.map((recording) => [recording.recordId, recording]));
    const written = actions.filter(({ kind }) => kind !== 'skip');
    for (const id of new Set(written.map(({ recordId }) => recordId))) {
      const recording = byId.get(id);
      if (recording?.state === 'unpublished') this.#unpublished++;
      if (recording !== undefined && (recording.metadata['bbb-context'] ?? '') === '') this.#withoutCourse++;
    }
    this.#addActions(actions);
  }

  /** Actions of a recording whose plan was made earlier. */
  addPlanned(actions: readonly MigrateAction[]): void {
    this.#recordings++;
    if (actions.some(({ kind, isHidden }) => kind !== 'skip' && isHidden)) this.#unpublished++;
    this.#addActions(actions);
  }

  #addActions(actions: readonly MigrateAction[]): void {
    if (this.#keepsOwners) for (const { owner } of actions) this.owners.add(owner.toLowerCase());
    for (const action of actions) {
      if (action.kind === 'skip') continue;
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

  /** @param usersToCreate without it, all whom the actions would create. */
  result(usersToCreate = this.#accounts.size): PlanFigures {
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
