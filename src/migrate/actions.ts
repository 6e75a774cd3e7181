import type { PlannedAction } from '../kit/batch/action.js';
import type { Reason } from '../owners/decision.js';
import type { LostFile } from '../bbb/published-file.js';
import type { FileStamp } from './claim-files.js';
import type { ImportWrite } from './pod-port.js';

/** What people read of an action: in the plan's table, the report and the CSV. */
interface Shown {
  /** `moodle annotate` matches activities by it. */
  readonly meetingId: string;
  /** Session start, Unix milliseconds. */
  readonly startAt: number;
  readonly title: string;
  readonly origin: string;
  /** Pod username, `-` when the action has no owner. */
  readonly owner: string;
  readonly url: string;
  /** Unpublished in BBB. */
  readonly isHidden: boolean;
  /** What may keep its owner from seeing or importing it. */
  readonly marks: readonly Reason[];
  /** How its owners were found, whom the rules left out and why; missing where there is nothing to tell. */
  readonly notes?: readonly Reason[];
}

/** One row of "external videos" for one owner. */
export interface ImportAction extends PlannedAction, Shown {
  readonly kind: 'import';
  readonly write: ImportWrite;
}

/** One file in the recorder's directory. */
export interface ClaimAction extends PlannedAction, Shown {
  readonly kind: 'claim';
  readonly fileName: string;
  readonly server: string;
  readonly source: 'video' | 'presentation';
  /** True when the URL must be asked again from BBB just before use. */
  readonly tokenUrl: boolean;
  readonly sizeBytes: number | null;
  readonly durationMs: number | null;
  /** The file of an earlier run that lacks something: this one takes its place. */
  readonly instead?: FileStamp;
  /** What that file lacks: while the server lacks all of it, it stays. */
  readonly lost?: readonly LostFile[];
}

/** Nothing to do, and why. */
export interface SkipAction extends PlannedAction, Shown {
  readonly kind: 'skip';
}

export type MigrateAction = ImportAction | ClaimAction | SkipAction;

/** What people read of an account that an action creates. */
export interface NewAccount {
  readonly name: string;
  readonly email: string;
  readonly isStaff: boolean;
}

/** The account that an action creates unless an earlier one did; null for the others. */
export function newAccountOf(action: MigrateAction): NewAccount | null {
  if (action.kind !== 'import' || !('create' in action.write.owner)) return null;
  const { firstName, lastName, email, isStaff } = action.write.owner.create;
  return { name: `${firstName} ${lastName}`.trim(), email, isStaff };
}

/** The same recording and owner give the same id in every run. */
export const importActionId = (recordId: string, username: string): string =>
  `import/${recordId}/${username.toLowerCase()}`;
export const claimActionId = (recordId: string): string => `claim/${recordId}`;
export const skipActionId = (recordId: string): string => `skip/${recordId}`;
