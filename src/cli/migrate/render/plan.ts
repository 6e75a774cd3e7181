import type { PlanHeader } from '../../../kit/batch/action.js';
import type { BatchResult } from '../../../kit/batch/apply.js';
import { describeCode } from '../../../kit/errors/describe-code.js';
import { shownFailure } from '../../../kit/errors/operator-error.js';
import type { MigrateAction } from '../../../migrate/actions.js';
import type { PlannedAccount } from '../../../migrate/plan-run.js';
import { minuteOf } from '../../../kit/output/instants.js';
import { localized, plural } from '../../../kit/output/localized.js';
import { renderTable, type Column } from '../../../kit/output/table.js';
import { renderBytes, renderDuration } from '../../../kit/output/units.js';
import type { PartialListing } from '../../../migrate/recording-listing.js';
import { renderPartial } from './partial.js';

const PER_GROUP = 20;

/** A claim has no owner; what people look for is its file. */
const columnsOf = (kind: MigrateAction['kind']): readonly Column[] => [
  { title: '', align: 'right' },
  { title: localized('session', 'séance') },
  { title: localized('title', 'titre'), shrinks: true },
  {
    title: kind === 'claim' ? localized('file', 'fichier') : localized('owner', 'propriétaire'),
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
  const verb = {
    skip: localized('Skip', 'Laisser'),
    import: localized('Import', 'Importer'),
    claim: localized('Claim', 'Revendiquer'),
  }[first.kind];
  const why = describeCode(first.reason, parameters).text;
  const rows = shown.map((action, i) => [
    String(i + 1),
    minuteOf(action.startAt, timezone),
    action.title + marksText(action),
    action.kind === 'claim' ? action.fileName : action.owner,
  ]);
  return `${verb} ${localized(`${count}:`, `${count} :`)} ${why}\n${renderTable(columnsOf(first.kind), rows, lineWidth)}${restText(count - shown.length)}`;
}

const restText = (rest: number): string =>
  rest <= 0
    ? ''
    : `\n   ${localized(`… and ${rest} more (--all shows every line)`, `… et ${rest} de plus (--all les montre toutes)`)}`;

const marksText = ({ marks }: MigrateAction): string =>
  marks.length === 0
    ? ''
    : ` [${marks.map((mark) => describeCode(mark.code, mark.parameters).text).join('; ')}]`;

/** The first lines of a plan: what decides whether to go on. */
export function renderPlanHead(header: PlanHeader, facts: MigrationFacts): string {
  const { counts } = header;
  const lines = [
    facts.mode === 'import'
      ? localized(
          `Plan ${header.run} (import into external videos) for Pod ${facts.target}`,
          `Plan ${header.run} (import en vidéos externes) pour Pod ${facts.target}`,
        )
      : localized(
          `Plan ${header.run} (files to claim) for Pod ${facts.target}`,
          `Plan ${header.run} (fichiers à revendiquer) pour Pod ${facts.target}`,
        ),
    ...renderPartial(facts.partial),
    listedLine(facts),
    writtenLine((counts['import'] ?? 0) + (counts['claim'] ?? 0), counts['skip'] ?? 0, facts),
  ];
  if (facts.mode === 'claim') {
    lines.push(
      localized(
        'CLAIMS HAVE NO OWNER: every staff member of Pod sees these files and can take them.',
        "SANS PROPRIÉTAIRE : toute l'équipe de Pod voit ces fichiers et peut les prendre.",
      ),
    );
    if (facts.withoutCourse > 0)
      lines.push(
        localized(
          `${facts.withoutCourse} of them ${facts.withoutCourse === 1 ? 'does' : 'do'} not come from a course.`,
          `${facts.withoutCourse} ne ${plural(facts.withoutCourse, 'vient', 'viennent')} pas d'un cours.`,
        ),
      );
  }
  if (facts.unpublished > 0)
    lines.push(
      localized(
        `UNPUBLISHED RECORDINGS INCLUDED: ${facts.unpublished}`,
        `ENREGISTREMENTS NON PUBLIÉS COMPRIS : ${facts.unpublished}`,
      ),
    );
  for (const [text, count] of Object.entries(facts.marked))
    lines.push(
      localized(`${count} marked: ${text}`, `${count} ${plural(count, 'marqué', 'marqués')} : ${text}`),
    );
  return [...lines, ...facts.notices].join('\n');
}

const listedLine = ({ listed, recordings }: MigrationFacts): string =>
  localized(
    `${listed} ${plural(listed, 'recording', 'recordings')} listed, ${recordings} in the range`,
    `${listed} ${plural(listed, 'enregistrement listé', 'enregistrements listés')}, ${recordings} dans la plage`,
  );

const writtenLine = (writes: number, skipped: number, { usersToCreate }: MigrationFacts): string =>
  localized(
    `${writes} to write, ${skipped} skipped, ${accounts(usersToCreate)} to create`,
    `${writes} à écrire, ${skipped} ${plural(skipped, 'laissé', 'laissés')}, ${accounts(usersToCreate)} à créer`,
  );

const accounts = (count: number): string =>
  localized(
    `${count} ${plural(count, 'Pod account', 'Pod accounts')}`,
    `${count} ${plural(count, 'compte Pod', 'comptes Pod')}`,
  );

/** Who gets an account in Pod, and why: what a migration leaves behind beside its rows. */
export function renderAccounts(planned: readonly PlannedAccount[], all: boolean, lineWidth = 80): string {
  if (planned.length === 0) return '';
  const shown = all ? planned : planned.slice(0, PER_GROUP);
  const rows = shown.map(({ username, name, email, isStaff, reason }) => [
    username,
    name,
    email,
    isStaff ? localized('yes', 'oui') : localized('no', 'non'),
    describeCode(reason.code, reason.parameters).text,
  ]);
  const table = renderTable(
    [
      { title: localized('account', 'compte'), shrinks: true },
      { title: localized('name', 'nom'), shrinks: true },
      { title: localized('mail', 'courriel'), shrinks: true },
      { title: localized('staff', 'équipe') },
      { title: localized('why', 'pourquoi'), shrinks: true },
    ],
    rows,
    lineWidth,
  );
  return `${localized('Create', 'Créer')} ${accounts(planned.length)}${localized(':', ' :')}\n${table}${restText(planned.length - shown.length)}`;
}

/** The last lines of a plan: what it costs. */
export function renderPlanFoot(facts: MigrationFacts): string {
  if (facts.mode === 'import') return '';
  const free =
    facts.freeBytes === null ? localized('unknown', 'place inconnue') : renderBytes(facts.freeBytes);
  const download =
    facts.downloadBytes === 0
      ? localized('size unknown', 'taille inconnue')
      : renderBytes(facts.downloadBytes);
  const hours = facts.convertMs === 0 ? localized('nothing', 'rien') : conversionText(facts);
  return localized(
    `To download: ${download}\nTo convert:  ${hours}\nFree:        ${free}`,
    `À télécharger : ${download}\nÀ convertir :   ${hours}\nLibre :         ${free}`,
  );
}

function conversionText({ convertMs, speed }: MigrationFacts): string {
  const sessions = renderDuration(convertMs);
  if (speed === null)
    return localized(
      `${sessions} of sessions, how long is known after this machine's first conversion`,
      `${sessions} de séances ; durée connue après la première conversion de cette machine`,
    );
  const time = renderDuration(convertMs / speed);
  return localized(
    `${sessions} of sessions, about ${time} at the ${speed.toFixed(1)} times real time measured here`,
    `${sessions} de séances, environ ${time} à ${speed.toFixed(1).replace('.', ',')} fois le temps réel, mesuré ici`,
  );
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
    localized(
      `Run ${run}: ${done} done, ${skipped} skipped, ${failed} failed, ${tally.byState['not-run']} not run`,
      `Exécution ${run} : ${done} ${plural(done, 'fait', 'faits')}, ${skipped} ${plural(skipped, 'laissé', 'laissés')}, ${failed} en échec, ${tally.byState['not-run']} non ${plural(tally.byState['not-run'], 'traité', 'traités')}`,
    ),
  ];
  if (stoppedBy !== null) {
    const { text, remedy } = shownFailure(stoppedBy);
    lines.push(`${localized('Stopped:', 'Arrêté :')} ${text}`, `  -> ${remedy}`);
  }
  lines.push(next);
  return lines.join('\n');
}
