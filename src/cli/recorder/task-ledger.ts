import type { Journal, JournalItem } from '../../kit/batch/journal.js';
import type { QueuedConversion } from '../../recorder/queue/conversion-queue.js';
import { QUEUE_COMMAND } from '../../recorder/queue/survey-queue.js';
import {
  newRecord,
  type LedgerEntry,
  type TaskLedger,
  type TaskRecord,
} from '../../recorder/esup-runner/task-record.js';

type Intent = QueuedConversion & { readonly task?: TaskRecord };

/**
 * The journal as the queue that a manager of esup-runner lacks: each job stands there with its task's id and how often it was
 * tried. @param run the run that is filled or gone on with; null only looks
 */
export function openTaskLedger(journal: Journal, target: string, run: string | null): TaskLedger {
  // What was looked up stays known, also when the same job is written anew under another run.
  const known = new Map<string, LedgerEntry>();
  return {
    find: (ids) => {
      const unknown = ids.filter((id) => !known.has(id));
      for (const [id, item] of journal.findItems(target, unknown)) {
        const entry = entryOf(item);
        if (entry !== null) known.set(id, entry);
      }
      return new Map(
        ids.flatMap((id) => (known.has(id) ? [[id, known.get(id) as LedgerEntry] as const] : [])),
      );
    },
    save: (job, record) => {
      if (run === null) throw new TypeError('a ledger without a run only looks');
      const { id: actionId, source, label, claim } = job;
      known.set(actionId, { job, record });
      if (record.state === 'done')
        journal.recordOutcomes(run, [
          { actionId, state: 'done', reason: 'conversion-done', written: { task: record.task } },
        ]);
      else
        journal.recordIntents(run, [
          {
            id: actionId,
            kind: claim === null ? 'convert' : 'convert-claim',
            recordId: 'recordId' in source ? source.recordId : label,
            reason: 'conversion-queued',
            intent: { ...job, task: record },
          },
        ]);
    },
    all: () => {
      const newest = new Map<string, LedgerEntry>();
      for (const { id } of journal.listRuns({ command: QUEUE_COMMAND, target }))
        for (const item of journal.items(id, ['intended', 'done'])) {
          const entry = entryOf(item, newRecord());
          if (entry !== null) newest.set(item.actionId, entry);
        }
      return newest.values();
    },
  };
}

/** Null for a job of which no task is known, unless told what it is then. */
function entryOf(item: JournalItem, otherwise: TaskRecord | null = null): LedgerEntry | null {
  if (item.intent === null) return null;
  const { task, ...job } = item.intent as Intent;
  const record = task ?? otherwise;
  if (item.state === 'done') return { job, record: { ...(record ?? newRecord()), state: 'done' } };
  return record === null ? null : { job, record };
}
