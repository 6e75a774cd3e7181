import { resultsOf, type ClusterResult } from '../check/cluster-result.js';
import type { ClusterTargets } from '../check/targets.js';

/** Queues of Celery that start_encode and start_transcript fill without esup-runner. */
const ENCODING_QUEUES = ['encoding', 'transcripting'];

/**
 * P20: which of the two encodes, for a Pod that has Celery workers and esup-runner. When Celery does, what esup-runner
 * lacks in Pod is no fault.
 * @param uses what esup-runner's own look told; null when it could not tell
 */
export function judgeWhoEncodes(
  results: readonly ClusterResult[],
  { pod, runners }: ClusterTargets,
  uses: { readonly on: boolean; readonly how: string } | null,
): ClusterResult[] {
  if (pod === null || runners === null || uses === null) return [...results];
  const queues = pod.queues.map(({ queue }) => queue).filter((queue) => ENCODING_QUEUES.includes(queue));
  if (queues.length === 0) return [...results];
  const make = resultsOf('encoding');
  const { how } = uses;
  if (!uses.on) {
    const prepared = results.filter(({ code }) => !/^R(27-missing|31-none)/.test(code));
    return [...prepared, make.found('P20-celery', 'encoding', { parameters: { how } })];
  }
  const waiting = (queue: string): number =>
    results.flatMap(({ measures }) => measures).find(({ label }) => label === `waiting_${queue}`)?.value ?? 0;
  const left = queues.filter((queue) => waiting(queue) > 0);
  return [
    ...results,
    ...(left.length === 0
      ? [make.found('P20-runners', 'encoding', { parameters: { how, queues: queues.join(', ') } })]
      : left.map((queue) =>
          make.found('P20-left', queue, { parameters: { how, queue, waiting: waiting(queue) } }),
        )),
  ];
}
