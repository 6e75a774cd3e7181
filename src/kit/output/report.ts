import type { OutcomeState } from '../batch/action.js';
import type { Tally } from '../batch/tally.js';
import type { Language, Code, CodeParameters } from '../errors/code.js';
import { textOfCode } from '../errors/describe-code.js';

/** What stands at the head of every report of a batch. */
export interface ReportHeader {
  readonly run: string;
  readonly command: string;
  readonly mode: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Decides the days and months shown. */
  readonly timezone: string;
  /** Announced before the first item: the number announced is the number processed. */
  readonly total: number;
  /** What else is known beforehand: servers, counts of the plan, the Pod that receives. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** Something to tell of an item beside its reason. */
export interface Remark {
  readonly code: Code;
  readonly parameters: CodeParameters;
}

/** One action with its outcome, or with the state `planned` in a plan. */
export interface ReportItem {
  readonly actionId: string;
  readonly kind: string;
  readonly recordId: string;
  readonly title: string;
  /** Session start in Unix milliseconds; null when unknown. */
  readonly startAt: number | null;
  readonly origin: string;
  readonly owner: string;
  readonly url: string;
  /** The file that is made, where one is. */
  readonly file?: string;
  /** The account of its owner, when that is created for it. */
  readonly newAccount?: { readonly name: string; readonly email: string; readonly isStaff: boolean };
  /** Page of Pod's administration, or of the activity; empty when there is none. */
  readonly link: string;
  readonly state: OutcomeState | 'planned';
  readonly reason: Code;
  readonly reasonParameters: CodeParameters;
  /** What may keep its owner from seeing it. */
  readonly marks: readonly Remark[];
  /** How its owners were found, whom the rules left out and why. */
  readonly notes?: readonly Remark[];
  /** True when no owner is known: listed apart, with why. */
  readonly unresolved: boolean;
}

export interface ReportSummary {
  readonly tally: Tally;
  /** Unix milliseconds. */
  readonly endedAt: number;
  /** Why the batch stopped before its end; null when everything was tried. */
  readonly stoppedBy: { readonly code: Code; readonly parameters: CodeParameters } | null;
  /** The command to type next; empty when there is nothing left to do. */
  readonly next: string;
}

/** One form of the report: all of them are told the same, in the same order. */
export interface ReportSink {
  begin(header: ReportHeader): Promise<void>;
  item(item: ReportItem): Promise<void>;
  end(summary: ReportSummary): Promise<void>;
}

/** Tells several reports one after another. */
export function tellAll(sinks: readonly ReportSink[]): ReportSink {
  return {
    begin: async (header) => {
      for (const sink of sinks) await sink.begin(header);
    },
    item: async (item) => {
      for (const sink of sinks) await sink.item(item);
    },
    end: async (summary) => {
      for (const sink of sinks) await sink.end(summary);
    },
  };
}

/** Why an item ended as it did, in words. */
export const reasonText = (
  item: Pick<ReportItem, 'reason' | 'reasonParameters'>,
  language?: Language,
): string => textOfCode(item.reason, item.reasonParameters, language);

/** `state reason` pairs of a tally as rows, the most frequent first. */
export const reasonCounts = (tally: Tally): { state: string; reason: string; count: number }[] =>
  [...tally.byReason]
    .map(([key, count]) => {
      const [state = '', reason = ''] = key.split(' ');
      return { state, reason, count };
    })
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
