import type { PlanHeader } from '../../../kit/batch/action.js';
import type { BatchResult } from '../../../kit/batch/apply.js';
import { definitionOf, describeCode } from '../../../kit/errors/describe-code.js';
import { shownFailure } from '../../../kit/errors/operator-error.js';
import type { MigrateAction } from '../../../migrate/actions.js';
import type { PlannedAccount } from '../../../migrate/plan-figures.js';
import { shownMinute } from '../../../kit/output/instants.js';
import { shownDecimal } from '../../../kit/output/localized.js';
import { renderTable, type Column } from '../../../kit/output/table.js';
import { hanging, wrapLines, wrapText } from '../../../kit/output/wrap.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';
import { words } from '../words.js';
import { renderPartial } from './partial.js';

const PER_GROUP = 20;

/** A claim has no owner; what people look for is its file. */
const columnsOf = (kind: MigrateAction['kind']): readonly Column[] => [
  { title: '', align: 'right' },
  { title: words.session() },
  { title: words.title(), shrinks: true },
  {
    title: kind === 'claim' ? words.file() : words.owner(),
    shrinks: true,
  },
];

/** What the header says beyond its counts. */
export interface MigrationFacts {
  readonly mode: 'import' | 'claim';
  readonly target: string;
  /** Recordings that the filters and the range leave. */
  readonly recordings: number;
  readonly listed: number;
  /** What the filters leave. */
  readonly filtered: number;
  readonly partial: readonly PartialListing[];
  readonly usersToCreate: number;
  readonly unpublished: number;
  readonly marked: Readonly<Record<string, number>>;
  /** Claims whose origin is no course: nobody can tell whose they are. */
  readonly withoutCourse: number;
  readonly accounts: readonly PlannedAccount[];
  readonly downloadBytes: number;
  readonly convertMs: number;
  readonly freeBytes: number | null;
  /** Times real time, as conversions of this machine were measured; null before the first one. */
  readonly speed: number | null;
  readonly notices: readonly string[];
  /** Of a run that goes on (`--resume`): actions that are left, and all of its plan. */
  readonly resumed?: { readonly left: number; readonly total: number };
}

interface Group {
  count: number;
  /** The values of the reason's text; those that differ within the group become an ellipsis. */
  parameters: Record<string, string | number>;
  readonly shown: MigrateAction[];
}

/** Groups a plan by what is done and why, keeping the first lines of each group; one pass, memory flat unless `all`. */
export class PlanGroups {
  readonly #groups = new Map<string, Group>();
  readonly #most: number;

  constructor(all: boolean) {
    this.#most = all ? Infinity : PER_GROUP;
  }

  add(action: MigrateAction): void {
    const key = `${action.kind} ${action.reason}`;
    const group = this.#groups.get(key) ?? {
      count: 0,
      parameters: { ...action.reasonParameters },
      shown: [],
    };
    for (const [name, value] of Object.entries(action.reasonParameters ?? {}))
      if (group.parameters[name] !== value) group.parameters[name] = '…';
    group.count++;
    if (group.shown.length < this.#most) group.shown.push(action);
    this.#groups.set(key, group);
  }

  /** What is done first, then what is skipped; larger groups first. */
  render(timezone: string): string {
    const rank = (key: string): number => (key.startsWith('skip ') ? 1 : 0);
    const groups = [...this.#groups].sort(
      ([a, x], [b, y]) => rank(a) - rank(b) || y.count - x.count || a.localeCompare(b),
    );
    return groups.map(([, group]) => renderGroup(group, timezone)).join('\n\n');
  }
}

function renderGroup({ count, shown, parameters }: Group, timezone: string): string {
  const [first] = shown;
  if (first === undefined) return '';
  const described = describeCode(first.reason, parameters);
  const rows = shown.map((action, i) => [
    String(i + 1),
    shownMinute(action.startAt, timezone),
    action.title + marksText(action),
    action.kind === 'claim' ? action.fileName : action.owner,
  ]);
  const heading = wrapText(words[first.kind]({ count, why: described.text })).join('\n');
  const asks = definitionOf(first.reason)?.severity === 'warning' && described.remedy !== '';
  const remedy = asks ? `${hanging('  -> ', described.remedy)}\n` : '';
  return `${heading}\n${remedy}${renderTable(columnsOf(first.kind), rows)}${restText(count - shown.length)}`;
}

const restText = (rest: number): string => (rest <= 0 ? '' : `\n   ${words.more({ count: rest })}`);

const marksText = ({ marks }: MigrateAction): string =>
  marks.length === 0
    ? ''
    : ` [${marks.map((mark) => describeCode(mark.code, mark.parameters).text).join('; ')}]`;

/** The first lines of a plan: what decides whether to go on. */
export function renderPlanHead(header: PlanHeader, facts: MigrationFacts): string {
  const { counts } = header;
  const lines = [
    (facts.mode === 'import' ? words.planImport : words.planClaim)({ run: header.run, target: facts.target }),
    ...renderPartial(facts.partial),
    listedLine(facts),
    writtenLine((counts['import'] ?? 0) + (counts['claim'] ?? 0), counts['skip'] ?? 0, facts),
  ];
  if (facts.mode === 'claim') {
    lines.push(words.claimsOwnerless());
    if (facts.withoutCourse > 0) lines.push(words.withoutCourse({ count: facts.withoutCourse }));
  }
  if (facts.unpublished > 0) lines.push(words.unpublished({ count: facts.unpublished }));
  for (const [text, count] of Object.entries(facts.marked)) lines.push(words.marked({ count, text }));
  return [...lines, ...facts.notices.map((notice) => wrapLines(notice))].join('\n');
}

const listedLine = ({ listed, recordings, resumed }: MigrationFacts): string =>
  resumed === undefined ? words.listed({ count: listed, chosen: recordings }) : words.leftOfRun(resumed);

const writtenLine = (writes: number, skipped: number, { usersToCreate }: MigrationFacts): string =>
  words.toWrite({ writes, skipped, accounts: words.accounts({ count: usersToCreate }) });

/** Who gets an account in Pod, and why: what a migration leaves behind beside its rows. */
export function renderAccounts(planned: readonly PlannedAccount[], all: boolean): string {
  if (planned.length === 0) return '';
  const shown = all ? planned : planned.slice(0, PER_GROUP);
  const rows = shown.map(({ username, name, email, isStaff, reason }) => [
    username,
    name,
    email,
    isStaff ? words.yes() : words.no(),
    describeCode(reason.code, reason.parameters).text,
  ]);
  const table = renderTable(
    [
      { title: words.account(), shrinks: true },
      { title: words.name(), shrinks: true },
      { title: words.mail(), shrinks: true },
      { title: words.staff() },
      { title: words.why(), shrinks: true },
    ],
    rows,
  );
  const accounts = words.accounts({ count: planned.length });
  return `${words.create({ accounts })}\n${table}${restText(planned.length - shown.length)}`;
}

/** The last lines of a plan: what it costs. */
export function renderPlanFoot(facts: MigrationFacts): string {
  if (facts.mode === 'import') return '';
  const free = facts.freeBytes === null ? words.unknownFree() : renderBytes(facts.freeBytes);
  const download = facts.downloadBytes === 0 ? words.unknownSize() : renderBytes(facts.downloadBytes);
  const hours = facts.convertMs === 0 ? words.nothing() : conversionText(facts);
  return words
    .costs({ download, hours, free })
    .split('\n')
    .map((line) => {
      const [, label = '', value = line] = /^(\S.*?:\s+)(.+)$/.exec(line) ?? [];
      return hanging(label, value);
    })
    .join('\n');
}

function conversionText({ convertMs, speed }: MigrationFacts): string {
  const sessions = renderDuration(convertMs);
  if (speed === null) return words.convertUnmeasured({ sessions });
  const time = renderDuration(convertMs / speed);
  return words.convertMeasured({ sessions, time, speed: shownDecimal(speed) });
}

interface ResultFacts {
  readonly partial?: readonly PartialListing[];
  /** The line of what became of how many. */
  readonly counted?: typeof words.result;
}

/** How a run ended, in four lines at most. */
export function renderResult(
  run: string,
  { tally, stoppedBy }: BatchResult,
  next: string,
  { partial = [], counted = words.result }: ResultFacts = {},
): string {
  const { done, skipped, failed } = tally.byState;
  const lines = [
    ...renderPartial(partial),
    counted({ run, done, skipped, failed, left: tally.byState['not-run'] }),
  ];
  if (stoppedBy !== null) {
    const { text, remedy } = shownFailure(stoppedBy);
    lines.push(words.stopped({ text }), `  -> ${remedy}`);
  }
  lines.push(next);
  return lines.join('\n');
}
