import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../kit/batch/action.js';
import { applyInChunks, type BatchResult } from '../kit/batch/apply.js';
import type { Journal } from '../kit/batch/journal.js';
import { OperatorError } from '../kit/errors/operator-error.js';
import { journalText, type AnnotateIntent } from './journalled-text.js';
import type { AnnotateAction } from './plan-annotation.js';
import type { MoodleDescription, MoodleWriter } from './ports.js';

/** Activities of one transaction: few, for each course's cache is rebuilt when it is next looked at. */
export const ANNOTATE_CHUNK = 50;

export interface ApplyAnnotationsOptions {
  readonly run: string;
  readonly campaign: string;
  readonly actions: AsyncIterable<AnnotateAction> | Iterable<AnnotateAction>;
  readonly moodle: MoodleWriter;
  readonly description: MoodleDescription;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Rest between chunks, so that course caches are not all rebuilt at once. */
  readonly paceMs: number;
  readonly onItem?: (action: AnnotateAction, outcome: Outcome) => void;
}

/** Failures after which nothing more can be written. */
const FATAL = new Set<string>([
  'database-connection-lost',
  'database-unreachable',
  'database-login-refused',
  'database-right-missing',
  'database-read-only',
  'database-full',
]);

const isFatal = (error: unknown): boolean => !(error instanceof OperatorError) || FATAL.has(error.code);

/** Writes planned notices: exact texts to the journal, one transaction per chunk, outcomes to the journal. */
export function applyAnnotations(options: ApplyAnnotationsOptions): Promise<BatchResult> {
  const { run, campaign, moodle, description, journal, signal, paceMs, onItem } = options;
  let chunks = 0;
  const intentOf = (action: AnnotateAction): AnnotateIntent => ({
    database: description.target,
    prefix: description.prefix,
    activityId: action.activity.id,
    courseId: action.activity.courseId,
    name: action.activity.name,
    introFormat: action.activity.introFormat,
    campaign,
    from: journalText(action.from),
    to: journalText(action.to),
  });
  return applyInChunks<AnnotateAction>({
    run,
    actions: options.actions,
    journal,
    signal,
    isFatal,
    chunkSize: ANNOTATE_CHUNK,
    prepareChunk: async (actions) => {
      if (chunks++ > 0 && paceMs > 0) await rest(paceMs, signal);
      return new Map(actions.map((action) => [action.id, intentOf(action)]));
    },
    applyChunk: async (actions) => writeChunk(actions, moodle),
    ...(onItem === undefined ? {} : { onItem: ({ action, outcome }) => onItem(action, outcome) }),
  });
}

/** Rests; an interruption cuts the rest short, and the batch ends after the chunk. */
async function rest(paceMs: number, signal: AbortSignal): Promise<void> {
  await sleep(paceMs, undefined, { signal }).catch(() => undefined);
}

async function writeChunk(actions: readonly AnnotateAction[], moodle: MoodleWriter): Promise<Outcome[]> {
  const results = await moodle.writeIntros(
    actions.map(({ activity, from, to }) => ({ id: activity.id, from, to })),
  );
  const byId = new Map(results.map((result) => [result.id, result]));
  return actions.map((action): Outcome => {
    const state = byId.get(action.activity.id)?.state ?? 'gone';
    const reasonParameters = { activity: action.activity.id };
    if (state === 'written')
      return { actionId: action.id, state: 'done', reason: action.reason, reasonParameters };
    const reason = state === 'changed' ? 'annotate-changed-meanwhile' : 'annotate-gone';
    return { actionId: action.id, state: 'skipped', reason, reasonParameters };
  });
}
