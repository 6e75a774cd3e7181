import type { PlanHeader } from '../../../kit/batch/action.js';
import type { BatchResult } from '../../../kit/batch/apply.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import type { MigrateAction } from '../../../migrate/actions.js';
import type { PlannedAccount } from '../../../migrate/plan-run.js';
import { minuteOf } from '../../../kit/output/instants.js';
import { renderTable, type Column } from '../../../kit/output/table.js';
import { counted, renderBytes, renderDuration } from '../../../kit/output/units.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';
import { renderPartial } from './partial.js';

const PER_GROUP = 20;

const columns: readonly Column[] = [
  { title: '', align: 'right' },
  { title: 'session' },
  { title: 'title', shrinks: true },
  { title: 'owner', shrinks: true },
];

/** A claim has no owner; what people look for is its file. */
const claimColumns: readonly Column[] = [...columns.slice(0, 3), { title: 'file', shrinks: true }];

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
  render(timezone: string, lineWidth = 80): string {
    const rank = (key: string): number => (key.startsWith('skip ') ? 1 : 0);
    const groups = [...this.#groups].sort(
      ([a, x], [b, y]) => rank(a) - rank(b) || y.count - x.count || a.localeCompare(b),
    );
    return groups.map(([, group]) => renderGroup(group, timezone, lineWidth)).join('\n\n');
  }
}

function renderGroup({ count, shown, parameters }: Group, timezone: string, lineWidth: number): string {
  const [first] = shown;
  if (first === undefined) return '';
  const verb = first.kind === 'skip' ? 'Skip' : first.kind === 'import' ? 'Import' : 'Claim';
  const why = describeCode(first.reason, parameters).text;
  const rows = shown.map((action, i) => [
    String(i + 1),
    minuteOf(action.startAt, timezone),
    action.title + marksText(action),
    action.kind === 'claim' ? action.fileName : action.owner,
  ]);
  const rest = count > shown.length ? `\n   … and ${count - shown.length} more (--all shows every line)` : '';
  const heads = first.kind === 'claim' ? claimColumns : columns;
  return `${verb} ${count}: ${why}\n${renderTable(heads, rows, lineWidth)}${rest}`;
}

const marksText = ({ marks }: MigrateAction): string =>
  marks.length === 0
    ? ''
    : ` [${marks.map((mark) => describeCode(mark.code, mark.parameters).text).join('; ')}]`;

/** The first lines of a plan: what decides whether to go on. */
export function renderPlanHead(header: PlanHeader, facts: MigrationFacts): string {
  const { counts } = header;
  const lines = [
    `Plan ${header.run} (${facts.mode === 'import' ? 'import into external videos' : 'files to claim'}) for Pod ${facts.target}`,
    ...renderPartial(facts.partial),
    `${counted(facts.listed, 'recording')} listed, ${facts.recordings} in the range`,
    `${(counts['import'] ?? 0) + (counts['claim'] ?? 0)} to write, ${counts['skip'] ?? 0} skipped, ${counted(facts.usersToCreate, 'Pod account')} to create`,
  ];
  if (facts.mode === 'claim') {
    lines.push('CLAIMS HAVE NO OWNER: every staff member of Pod sees these files and can take them.');
    if (facts.withoutCourse > 0)
      lines.push(
        `${facts.withoutCourse} of them ${facts.withoutCourse === 1 ? 'does' : 'do'} not come from a course.`,
      );
  }
  if (facts.unpublished > 0) lines.push(`UNPUBLISHED RECORDINGS INCLUDED: ${facts.unpublished}`);
  for (const [text, count] of Object.entries(facts.marked)) lines.push(`${count} marked: ${text}`);
  return [...lines, ...facts.notices].join('\n');
}

/** Who gets an account in Pod, and why: what a migration leaves behind beside its rows. */
export function renderAccounts(accounts: readonly PlannedAccount[], all: boolean, lineWidth = 80): string {
  if (accounts.length === 0) return '';
  const shown = all ? accounts : accounts.slice(0, PER_GROUP);
  const rows = shown.map(({ username, name, email, isStaff, reason }) => [
    username,
    name,
    email,
    isStaff ? 'yes' : 'no',
    describeCode(reason.code, reason.parameters).text,
  ]);
  const rest = accounts.length - shown.length;
  const table = renderTable(
    [
      { title: 'account', shrinks: true },
      { title: 'name', shrinks: true },
      { title: 'mail', shrinks: true },
      { title: 'staff' },
      { title: 'why', shrinks: true },
    ],
    rows,
    lineWidth,
  );
  return `Create ${counted(accounts.length, 'Pod account')}:\n${table}${rest === 0 ? '' : `\n   … and ${rest} more (--all shows every line)`}`;
}

/** The last lines of a plan: what it costs. */
export function renderPlanFoot(facts: MigrationFacts): string {
  if (facts.mode === 'import') return '';
  const free = facts.freeBytes === null ? 'unknown' : renderBytes(facts.freeBytes);
  const download = facts.downloadBytes === 0 ? 'size unknown' : renderBytes(facts.downloadBytes);
  const hours =
    facts.convertMs === 0
      ? 'nothing'
      : `${renderDuration(facts.convertMs)} of sessions, ${
          facts.speed === null
            ? "how long is known after this machine's first conversion"
            : `about ${renderDuration(facts.convertMs / facts.speed)} at the ${facts.speed.toFixed(1)} times real time measured here`
        }`;
  return `To download: ${download}\nTo convert:  ${hours}\nFree:        ${free}`;
}

/** How a run ended, in four lines at most. */
export function renderResult(
  run: string,
  { tally, stoppedBy }: BatchResult,
  next: string,
  partial: readonly PartialListing[] = [],
): string {
  const { done, skipped, failed } = tally.byState;
  const lines = [
    ...renderPartial(partial),
    `Run ${run}: ${done} done, ${skipped} skipped, ${failed} failed, ${tally.byState['not-run']} not run`,
  ];
  if (stoppedBy !== null) lines.push(`Stopped: ${stoppedBy.message}`, `  -> ${stoppedBy.remedy}`);
  lines.push(next);
  return lines.join('\n');
}
