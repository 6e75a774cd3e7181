import type { Outcome } from '../../kit/batch/action.js';

/** One item that failed, as the mail of a night lists it. */
export interface FailedItem {
  readonly title: string;
  readonly owner: string;
  readonly recordId: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const LISTED = 10;

/** What a batch leaves for whoever was not there: filled while it goes on, told when it ends. */
export class Ending {
  run: string | null = null;
  /** The page to look at. */
  report: string | null = null;
  /** How it ended, in a few lines. */
  summary = '';
  /** What stopped it before its end. */
  stoppedBy: { readonly code: string; readonly message: string; readonly remedy: string } | null = null;
  failed = 0;
  /** The first ten. */
  readonly failures: FailedItem[] = [];

  addFailure(item: FailedItem): void {
    this.failed++;
    if (this.failures.length < LISTED) this.failures.push(item);
  }
}

/** Whether an outcome belongs in that list. */
export const isFailure = ({ state }: Pick<Outcome, 'state'>): boolean => state === 'failed';
