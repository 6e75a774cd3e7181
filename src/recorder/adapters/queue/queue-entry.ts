import type { Job } from 'bullmq';
import { z } from 'zod';
import type { OperatorError } from '../../../kit/errors/operator-error.js';
import type { QueuedConversion, QueueEntry, QueueFailure, QueueState } from '../../queue/conversion-queue.js';
import { convertOptionsSchema } from '../../convert-options.js';
import { isSignedBy } from '../../queue/sign-job.js';
import { queueTexts } from '../../queue-texts.js';

/* What stands in Redis may be of another version, or of another hand: its shape is checked before anything is done. */
const absolute = z.string().regex(/^\/[^\0]*$/);
const jobSchema = z.object({
  id: z.string(),
  source: z.union([
    z.object({ recordId: z.string().min(1).max(200), server: z.string().nullable() }),
    z.object({ folder: absolute }),
    z.object({ archive: absolute }),
  ]),
  label: z.string(),
  outputPath: absolute,
  options: convertOptionsSchema,
  force: z.boolean(),
  claim: z
    .object({
      owner: z.object({ uid: z.number().int(), gid: z.number().int() }).nullable(),
      mode: z.number().int().min(0).max(0o777).nullable(),
    })
    .nullable(),
});

/** The job that these data are, signed with our key. @throws OperatorError queue-job-unsigned, queue-job-unknown */
export function parseJob(data: unknown, key: string): QueuedConversion {
  const { signature, ...signed } = z.looseObject({}).safeParse(data).data ?? {};
  if (!isSignedBy(signed, signature, key)) throw queueTexts.queueJobUnsigned();
  const { success, data: job, error } = jobSchema.safeParse(signed);
  if (!success) throw queueTexts.queueJobUnknown({ detail: z.prettifyError(error).slice(0, 200) });
  return job;
}

/** Longest text of a job that is shown: a forged one may be megabytes. */
const MOST_SHOWN = 500;
const shown = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

/** What the queue says of a job, also of one whose data we cannot read. */
export function entryOf(job: Job, state: QueueState): QueueEntry {
  const running = state === 'running';
  const { label } = z.object({ label: z.string() }).safeParse(job.data).data ?? {};
  const { failedReason } = job as { failedReason?: unknown };
  return {
    id: job.id ?? '',
    label: shown(label ?? job.id ?? ''),
    state,
    attempts: Number.isFinite(job.attemptsMade) ? job.attemptsMade : 0,
    progress: running ? progressOf(job.progress) : null,
    worker: job.processedBy === undefined ? null : shown(job.processedBy),
    startedAt: running && Number.isFinite(job.processedOn) ? (job.processedOn ?? null) : null,
    missing: missingOf(job.returnvalue),
    failure: typeof failedReason === 'string' && failedReason !== '' ? parseFailure(failedReason) : null,
  };
}

/** One whose fields are no JSON: what BullMQ itself cannot read. */
export function brokenEntry(id: string, state: QueueState): QueueEntry {
  const { code, message, remedy } = queueTexts.queueJobUnknown({ detail: 'not JSON' });
  return {
    ...{ id, label: shown(id), state, attempts: 0, progress: null, worker: null, startedAt: null },
    missing: '',
    failure: { code, message, remedy },
  };
}

const progressSchema = z.object({
  step: z.string().transform(shown),
  fraction: z.number().min(0).max(1).nullable().catch(null).default(null),
});
const progressOf = (progress: unknown): QueueEntry['progress'] =>
  progressSchema.safeParse(progress).data ?? null;

/** What a worker tells of a job that it finished. */
const resultSchema = z.object({ missing: z.string().transform(shown) });
export type JobResult = z.input<typeof resultSchema>;
const missingOf = (result: unknown): string => resultSchema.safeParse(result).data?.missing ?? '';

export const renderFailure = ({ code, message, remedy }: OperatorError): string =>
  JSON.stringify({ code, message, remedy } satisfies QueueFailure);

const failureSchema = z.object({
  code: z.string().transform(shown),
  message: z.string().transform(shown),
  remedy: z.string().transform(shown).catch('').default(''),
});

/** What `renderFailure` wrote; else BullMQ's own word, which only comes for a job whose workers died. */
function parseFailure(text: string): QueueFailure {
  try {
    const told = failureSchema.safeParse(JSON.parse(text));
    if (told.success) return told.data;
  } catch {
    // Not ours.
  }
  const { code, message, remedy } = queueTexts.conversionKillsWorkers({ detail: shown(text) });
  return { code, message, remedy };
}
