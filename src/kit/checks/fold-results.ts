import type { CheckResult } from './check-result.js';

/** A result with the results it explains, to any depth. */
export interface FoldedResult {
  readonly result: CheckResult;
  readonly consequences: readonly FoldedResult[];
}

/**
 * Puts consequences under their causes, so that an operator reads one thing to repair instead of ten that
 * follow from it. A cause counts when it is among the results and not ok; the first such cause takes the
 * result. Order is kept; circles are cut where they would close.
 */
export function foldResults(results: readonly CheckResult[]): FoldedResult[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  const parents = new Map<string, string>();
  for (const result of results) {
    if (result.status === 'ok') continue;
    const cause = result.causedBy.find((id) => {
      const candidate = byId.get(id);
      return candidate !== undefined && candidate.status !== 'ok' && !leadsTo(id, result.id, parents);
    });
    if (cause !== undefined) parents.set(result.id, cause);
  }
  const under = (id: string): FoldedResult[] =>
    results
      .filter((result) => parents.get(result.id) === id)
      .map((result) => ({ result, consequences: under(result.id) }));
  return results
    .filter((result) => !parents.has(result.id))
    .map((result) => ({ result, consequences: under(result.id) }));
}

function leadsTo(from: string, to: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at: string | undefined = from; at !== undefined; at = parents.get(at)) if (at === to) return true;
  return false;
}
