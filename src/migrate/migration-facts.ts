import type { Playback } from '../bbb/choose-playback.js';
import type { OwnerDecision, Reason } from '../owners/decision.js';
import type { ImportLimits } from './import-limits.js';
import type { NewPodUser, PodExternalRecording } from './pod-port.js';

/** What is asked of the migration as a whole. */
export interface MigratePolicy {
  readonly mode: 'import' | 'claim';
  readonly includeUnpublished: boolean;
  /** Give again what people removed. */
  readonly recreate: boolean;
  /** Who receives what nobody else owns. */
  readonly admin: { readonly userId: number; readonly username: string };
  /** What a new account of Pod is given beside its names. */
  readonly newUsers: Pick<NewPodUser, 'authType' | 'establishment'> & {
    /** Null: what fits, `faculty` for whoever teaches, else `student`. */
    readonly affiliation: string | null;
  };
  /** Where a recording goes whose owner nobody knows. */
  readonly unresolved: 'admin' | 'skip';
  readonly excluded: ReadonlySet<string>;
  readonly skippedServers: ReadonlySet<string>;
  /** `[migrate] include_greenlight = false`. */
  readonly skipGreenlight?: boolean;
  /** `[migrate] breakouts = "skip"`. */
  readonly skipBreakouts?: boolean;
  /** `--allow-missing`: a claim may lack what its server lacks. */
  readonly allowMissing?: boolean;
  /** Only for these Pod usernames; none: for everybody. */
  readonly onlyOwners: readonly string[];
  /** The next N recordings that are not done yet; null for all. */
  readonly limit: number | null;
  /** Pod versions that rewrite 2.0 links wrongly. */
  readonly podMisreads20Links: boolean;
  /** What `[pod] settings_file` lets nobody import; missing: nobody looked. */
  readonly importLimits?: ImportLimits;
}

/** Everything the outside says about one recording of a chunk. */
export interface RecordingFacts {
  readonly playback: Playback;
  /** Name for Pod: the teacher's, at most 250 characters. */
  readonly title: string;
  readonly owners: OwnerDecision;
  readonly existing: readonly PodExternalRecording[];
  /** Owners who imported it through Pod's meetings. */
  readonly internalOwnerIds: readonly (number | null)[];
  readonly siteId: number;
  /** Why Pod will not import from the playback's host; missing where it does, or was not asked. */
  readonly importRefusal?: Reason;
  readonly claim: ClaimFacts | null;
}

export interface ClaimFacts {
  readonly fileName: string;
  readonly held: 'claimed' | 'pending' | 'on-disk' | null;
  readonly oldScriptFile: { readonly name: string; readonly ambiguous: boolean } | null;
  /** What some owner's link became or is becoming; null where nobody imported it. */
  readonly imported: 'imported' | 'under-way' | null;
}
