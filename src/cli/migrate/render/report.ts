import { createHash } from 'node:crypto';
import type { Outcome } from '../../../kit/batch/action.js';
import { newAccountOf, type MigrateAction } from '../../../migrate/actions.js';
import type { Remark, ReportItem } from '../../../kit/output/report.js';

/** One action of a migration as every report shows it; without an outcome it is planned. */
export function reportItem(
  action: MigrateAction,
  outcome: Outcome | null,
  podUrl: string | undefined,
): ReportItem {
  const skipped = action.kind === 'skip';
  const told =
    outcome !== null && (outcome.state !== 'done' || outcome.reason === 'claim-dropped-incomplete');
  const reason = told ? outcome : action;
  const account = newAccountOf(action);
  return {
    actionId: action.id,
    kind: action.kind,
    recordId: action.recordId,
    title: action.title,
    startAt: action.startAt,
    origin: action.origin,
    owner: action.owner,
    url: action.url,
    ...(action.kind === 'claim' ? { file: action.fileName } : {}),
    ...(account === null ? {} : { newAccount: account }),
    link: linkTo(action, outcome, podUrl),
    state: outcome?.state ?? (skipped ? 'skipped' : 'planned'),
    reason: reason.reason,
    reasonParameters: reason.reasonParameters ?? {},
    marks: action.marks,
    ...(action.notes === undefined ? {} : { notes: action.notes }),
    unresolved: action.reason.startsWith('unresolved-'),
  };
}

/** The page of Pod's administration that shows the row written. */
function linkTo(action: MigrateAction, outcome: Outcome | null, podUrl: string | undefined): string {
  if (podUrl === undefined || action.kind !== 'import' || outcome?.state !== 'done') return '';
  const row = (outcome.written as { row?: { id?: number } } | undefined)?.row?.id;
  return row === undefined
    ? ''
    : `${podUrl.replace(/\/$/, '')}/admin/import_video/externalrecording/${row}/change/`;
}

/** `--pseudonymise`: the same person has the same sign within all reports, no name and no title is told. */
export const pseudonymised = (item: ReportItem): ReportItem => ({
  ...withoutAccount(item),
  actionId: item.owner === '-' ? item.actionId : item.actionId.replace(/[^/]*$/, signOf(item.owner)),
  owner: item.owner === '-' ? '-' : signOf(item.owner),
  title: '',
  reasonParameters: {},
  marks: item.marks.map(withoutNames),
  ...(item.notes === undefined ? {} : { notes: item.notes.map(withoutNames) }),
});

/** Numbers of Moodle's stay, people and rooms do not. */
const withoutNames = ({ code, parameters }: Remark): Remark => ({
  code,
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'user' && name !== 'owner' ? value : signOf(String(value)),
    ]),
  ),
});

function withoutAccount(item: ReportItem): ReportItem {
  const { newAccount, ...rest } = item;
  return newAccount === undefined ? item : rest;
}

const signOf = (name: string): string =>
  `person-${createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, 8)}`;
