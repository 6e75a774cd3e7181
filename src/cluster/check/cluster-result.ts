import { checkResult, type CheckResult, type CheckStatus } from '../../kit/checks/check-result.js';
import type { Code, CodeParameters } from '../../kit/errors/code.js';
import { definitionOf } from '../../kit/errors/describe-code.js';

export type SystemName = 'streaming' | 'jitsi' | 'encoding' | 'esup-runner';

/** A number worth a curve: perfdata, Prometheus, JSON. */
export interface Measure {
  /** `hls_age`, `waiting`: letters, digits and `_` only. */
  readonly label: string;
  readonly value: number;
  readonly unit: '' | 's' | '%' | 'B' | 'c';
  readonly warning?: number;
  readonly critical?: number;
}

/** A finding of `cluster check`: which property (S09), of which node, with its measures and evidence. */
export interface ClusterResult extends CheckResult {
  readonly check: string;
  readonly system: SystemName;
  /** The node of the table that it belongs to. */
  readonly node: string;
  readonly measures: readonly Measure[];
  /** Facts behind the verdict, shown by --explain, --verbose and --json. Never a secret. */
  readonly evidence: readonly string[];
  /** Info is a good result that is worth saying. */
  readonly noteworthy: boolean;
  /** The stream it is about; null: the node as a whole. One stream's fault explains no other stream's. */
  readonly topic: string | null;
}

export interface ResultDetails {
  readonly node?: string;
  readonly parameters?: CodeParameters;
  readonly measures?: readonly Measure[];
  readonly evidence?: readonly string[];
  readonly status?: CheckStatus;
}

/** The makers of one system's results. */
export interface ResultMaker {
  /** The property holds. */
  good(check: Code, subject: string, details?: ResultDetails): ClusterResult;
  /** The property does not hold, or is worth a word: `code` begins with the check's id (`S09-frozen`). */
  found(code: Code, subject: string, details?: ResultDetails): ClusterResult;
  /** The property could not be looked at though it should have been. */
  unknown(check: Code, subject: string, detail: string, node?: string): ClusterResult;
  /** The property cannot be seen from this machine: no fault, and nothing to alarm anybody with. */
  notFromHere(check: Code, subject: string, where: string): ClusterResult;
}

/** Makes results of one system. A subject is `node` or `node/thing`; the node is what stands before the slash. */
export function resultsOf(system: SystemName): ResultMaker {
  const make = (check: string, code: Code, subject: string, details: ResultDetails): ClusterResult => ({
    ...checkResult(code, subject, details.parameters ?? {}, {
      id: `${check === code ? check : code}@${subject}`,
      ...(details.status === undefined ? {} : { status: details.status }),
    }),
    check,
    system,
    node: details.node ?? subject.split('/')[0] ?? subject,
    measures: details.measures ?? [],
    evidence: details.evidence ?? [],
    noteworthy: check !== code && definitionOf(code)?.severity === 'info',
    topic: null,
  });
  return {
    good: (check, subject, details = {}) => make(check, check, subject, { ...details, status: 'ok' }),
    found: (code, subject, details = {}) => make(code.split('-')[0] ?? code, code, subject, details),
    unknown: (check, subject, detail, node) => ({
      ...make(check, 'cluster-unknown', subject, {
        parameters: { property: check, detail },
        status: 'unknown',
        ...(node === undefined ? {} : { node }),
      }),
      id: `${check}-unknown@${subject}`,
    }),
    notFromHere: (check, subject, where) => ({
      ...make(check, 'cluster-not-from-here', subject, { parameters: { property: check, where } }),
      id: `${check}-not-from-here@${subject}`,
    }),
  };
}

/** One line of a system's table of causes: an effect, and what explains it, most telling first. */
export interface CauseRule {
  readonly effect: RegExp;
  /** Patterns on codes; `here` wants the same node, `anywhere` any node of the system. */
  readonly causes: readonly { readonly code: RegExp; readonly scope: 'here' | 'anywhere' }[];
}

/** Writes the causes of each bad result into it; folding then shows the cause alone. */
export function linkCauses(results: readonly ClusterResult[], rules: readonly CauseRule[]): ClusterResult[] {
  const bad = results.filter(({ status }) => status !== 'ok');
  return results.map((result) => {
    if (result.status === 'ok') return result;
    const named = nameOf(result);
    const causedBy = rules
      .filter(({ effect }) => effect.test(named))
      .flatMap(({ causes }) =>
        causes.flatMap(({ code, scope }) =>
          bad
            .filter((other) => other.id !== result.id && code.test(nameOf(other)))
            .filter((other) => scope === 'anywhere' || other.node === result.node)
            .filter(({ topic }) => topic === null || result.topic === null || topic === result.topic)
            .map(({ id }) => id),
        ),
      );
    return { ...result, causedBy: [...new Set([...result.causedBy, ...causedBy])] };
  });
}

/** Results of one stream. */
export const about = (topic: string, results: readonly ClusterResult[]): ClusterResult[] =>
  results.map((result) => ({ ...result, topic }));

/** The code, or for an unknown its id's first half: `S05-unknown`. */
const nameOf = ({ id }: ClusterResult): string => id.slice(0, id.indexOf('@'));
