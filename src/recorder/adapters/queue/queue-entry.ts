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

/** What the queue says of a job, also of one whose data we cannot read. */
export function entryOf(job: Job, state: QueueState): QueueEntry {
  const running = state === 'running';
  const { label } = z.object({ label: z.string() }).safeParse(job.data).data ?? {};
  return {
    id: job.id ?? '',
    label: label ?? job.id ?? '',
    state,
    attempts: job.attemptsMade,
    progress: running ? progressOf(job.progress) : null,
    worker: job.processedBy ?? null,
    startedAt: running ? (job.processedOn ?? null) : null,
    failure: job.failedReason ? parseFailure(job.failedReason) : null,
  };
}

function progressOf(progress: unknown): QueueEntry['progress'] {
  if (typeof progress !== 'object' || progress === null || !('step' in progress)) return null;
  const fraction = 'fraction' in progress && typeof progress.fraction === 'number' ? progress.fraction : null;
  return { step: String(progress.step), fraction };
}

export const renderFailure = ({ code, message, remedy }: OperatorError): string =>
  JSON.stringify({ code, message, remedy } satisfies QueueFailure);

/** What `renderFailure` wrote; else BullMQ's own word, which only comes for a job whose workers died. */
function parseFailure(text: string): QueueFailure {
  try {
    const { code, message, remedy } = JSON.parse(text) as Partial<QueueFailure>;
    if (code !== undefined && message !== undefined) return { code, message, remedy: remedy ?? '' };
  } catch {
    // Not ours.
  }
  const { code, message, remedy } = queueTexts.conversionKillsWorkers({ detail: text });
  return { code, message, remedy };
}
