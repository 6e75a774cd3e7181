/** A migrated recording of an activity. */
export interface AnnotatedRecording {
  readonly recordId: string;
  readonly title: string;
  readonly startAt: number;
  readonly url: string | null;
  /** Its group in this activity; 0 without. */
  readonly groupId: number;
  /** Moodle lists it in this activity today (status processed or notified). */
  readonly isShown: boolean;
  /** Unpublished in BBB: only moderators see it. */
  readonly isHidden: boolean;
}
