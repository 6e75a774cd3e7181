import type { ClusterResult } from './cluster-result.js';
import { resultsOf } from './cluster-result.js';

/** How busy the machine that checks is. */
export interface Strain {
  /** Processes that want a core, mean of the last minute. */
  readonly load: number;
  readonly cores: number;
  /** The longest time by which a timer of this process came too late. */
  readonly lateMs: number;
}

/** Three that want each core, or half a second lost: then nobody can say who was late. */
const LOAD_PER_CORE = 3;
const LATE_MS = 500;

export const isOverloaded = ({ load, cores, lateMs }: Strain): boolean =>
  load > cores * LOAD_PER_CORE || lateMs >= LATE_MS;

/** The words of `attempt` and of the drivers for an answer that did not come in time. */
const TIMED_OUT = /no answer within|timed? ?out|ETIMEDOUT|was aborted/i;
/** Verdicts on workers that rest on waiting for their answer, though no question failed. */
const WAITED_FOR = /^(?:P07-(?:hung|silent)|P05-none)$/;

/**
 * On an overloaded machine an answer that did not come in time says nothing of who was asked: those results become
 * unknown, under one cause. Refusals, wrong answers and all that was seen keep their verdict.
 */
export function excuseTimeouts(results: readonly ClusterResult[], strain: Strain | null): ClusterResult[] {
  if (strain === null || !isOverloaded(strain)) return [...results];
  const late = results.filter(
    ({ status, code, parameters }) =>
      status !== 'ok' && (WAITED_FOR.test(code) || TIMED_OUT.test(String(parameters['detail'] ?? ''))),
  );
  const [first] = late;
  if (first === undefined) return [...results];
  const cause: ClusterResult = {
    ...resultsOf(first.system).found('cluster-overloaded', 'this-machine', {
      parameters: { load: strain.load, cores: strain.cores, late: Math.round(strain.lateMs / 100) / 10 },
      status: 'unknown',
    }),
    check: first.check,
  };
  const lateIds = new Set(late.map(({ id }) => id));
  return [
    cause,
    ...results.map((result) =>
      lateIds.has(result.id)
        ? { ...result, status: 'unknown' as const, causedBy: [cause.id] }
        : // What was really seen stands by itself: an answer that nobody waited for explains nothing.
          { ...result, causedBy: result.causedBy.filter((id) => !lateIds.has(id)) },
    ),
  ];
}
