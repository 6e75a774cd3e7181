import type { Code, CodeParameters } from '../kit/errors/code.js';
import type { GreenlightPerson } from './greenlight-facts.js';
import type { MoodleActivity, MoodleUser } from './moodle-facts.js';

/** A coded reason with the values of its text. */
export interface Reason {
  readonly code: Code;
  readonly parameters: CodeParameters;
}

export const reason = (code: Code, parameters: CodeParameters = {}): Reason => ({ code, parameters });

/** What one account of Pod is found by. */
export type PodKey =
  | { readonly by: 'id'; readonly value: number }
  | { readonly by: 'username' | 'email'; readonly value: string };

/** Somebody a rule names, before Pod was asked for the account. */
type Person =
  | ({ readonly from: 'pod' } & PodKey)
  | { readonly from: 'moodle'; readonly user: MoodleUser; readonly teaches: boolean }
  | { readonly from: 'greenlight'; readonly person: GreenlightPerson };

export interface Candidate {
  readonly person: Person;
  readonly reason: Reason;
}

/** One rule's answer. The first rule with at least one account in Pod decides. */
export interface CandidateRule {
  readonly candidates: readonly Candidate[];
  /** The site of Pod that the recording belongs to, where the rule knows it. */
  readonly siteId?: number;
}

/** The Greenlight room that a recording was made in, for people to read. */
export interface FoundRoom {
  readonly name: string;
  /** Address, else name, of its owner in Greenlight; '' when that is not known. */
  readonly owner: string;
}

/** What the rules say of one recording, before Pod's accounts are known. */
export interface CandidateDecision {
  /** Rules that name somebody, strongest first. */
  readonly rules: readonly CandidateRule[];
  /** Moodle marks it deleted: hidden stays hidden. */
  readonly skip: Reason | null;
  /** Why nobody, should no rule lead to an account. */
  readonly otherwise: Reason;
  /** Why nobody, should those whom the rules name have no account; without it a general reason. */
  readonly noAccount?: Reason;
  /** For the report: how it was matched, whom a rule left out and why. */
  readonly notes: readonly Reason[];
  /** Moodle activities that hold the recording: names for people, and what `annotate` writes into. */
  readonly activities: readonly MoodleActivity[];
  readonly room?: FoundRoom;
}

export interface NewPerson {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isStaff: boolean;
  /** Holds a teaching role in Moodle: what Pod calls their affiliation follows. */
  readonly teaches: boolean;
}

export interface ResolvedOwner {
  readonly account: { readonly userId: number; readonly username: string } | { readonly create: NewPerson };
  readonly reason: Reason;
  /** Why this owner will not see the recording in Pod: not staff, inactive, of another site. */
  readonly warnings: readonly Reason[];
}

/** Who receives one recording, and why. */
export type OwnerDecision = {
  readonly notes: readonly Reason[];
  readonly activities: readonly MoodleActivity[];
  readonly room?: FoundRoom;
} & (
  | {
      readonly kind: 'owners';
      readonly owners: readonly ResolvedOwner[];
      /** The site of Pod whose meeting it was; missing where only the configuration tells. */
      readonly siteId?: number;
      /** What the later rules say, should none of the new accounts be made; only where all owners are new. */
      readonly next?: OwnerDecision;
    }
  /** Nobody is known: the administrator receives it. */
  | { readonly kind: 'admin'; readonly reason: Reason }
  | { readonly kind: 'skip'; readonly reason: Reason }
);
