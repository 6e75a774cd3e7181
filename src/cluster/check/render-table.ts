import { localized, plural, shownDecimal } from '../../kit/output/localized.js';
import { describeResult, type CheckStatus } from '../../kit/checks/check-result.js';
import { plainText } from '../../kit/output/text.js';
import { renderTable } from '../../kit/output/table.js';
import { roleWord } from './role-words.js';
import type { ClusterResult, SystemName } from './cluster-result.js';
import type { CheckReport } from './run-check.js';
import type { ClusterTargets } from './targets.js';
import {
  findingsOf,
  keepsRemedy,
  summarise,
  viewSystems,
  type Finding,
  type NodeRow,
  type SystemView,
} from './verdict.js';

const LINE = 80;
/** A state in a word; `?` is what could not be asked. */
export const stateWord = (status: CheckStatus): string =>
  ({
    ok: 'ok',
    warning: localized('WARNING', 'ALERTE'),
    critical: localized('CRITICAL', 'CRITIQUE'),
    unknown: '?',
  })[status];
const titleOf = (system: SystemName): string =>
  ({
    streaming: localized('STREAMING', 'DIFFUSION'),
    jitsi: 'JITSI MEET',
    encoding: localized('POD WORKERS', 'WORKERS DE POD'),
    'esup-runner': 'ESUP-RUNNER',
  })[system];

export interface TableOptions {
  /** Evidence, contacts and information too. */
  readonly verbose: boolean;
  /** Rows whose state differs from the last drawing, as `system/node`; they are marked. */
  readonly changed?: ReadonlySet<string>;
  /** For a pipe or a file: a command stays in one line, however long. */
  readonly whole?: boolean;
}

/** The report for people: a table per system at 80 columns, then what is wrong, causes first, with remedies. */
export function renderCheckTable(
  { results, ms, contacts }: CheckReport,
  targets: ClusterTargets,
  { verbose, changed = new Set(), whole = false }: TableOptions,
): string {
  const blocks = viewSystems(results, targets).map((view) => renderSystem(view, changed));
  const findings = findingsOf(results).map((finding) => renderFinding(finding, { verbose, whole }));
  const notes = results.filter(({ status, noteworthy }) => noteworthy && status === 'ok');
  if (verbose) {
    if (notes.length > 0) blocks.push(notes.map((note) => renderNote(note)).join('\n'));
    blocks.push(
      [
        localized('Contacted:', 'Contactés :'),
        ...contacts.map(({ what, writes }) =>
          wrap(
            `  ${what}${writes === null ? '' : localized(`; wrote: ${writes}`, ` ; écrit : ${writes}`)}`,
            4,
          ),
        ),
      ].join('\n'),
    );
  }
  const { critical, warning, unknown, info } = summarise(results);
  const hidden =
    info > 0 && !verbose ? `, ${counts(info, 'note', 'notes', 'note', 'notes')} (--verbose)` : '';
  const last =
    [
      counts(critical, 'critical', 'critical', 'critique', 'critiques'),
      counts(warning, 'warning', 'warnings', 'alerte', 'alertes'),
      counts(unknown, 'not checked', 'not checked', 'non vérifié', 'non vérifiés'),
      `${counts(results.length, 'check', 'checks', 'contrôle', 'contrôles')} ${localized('in', 'en')} ${shownDecimal(ms / 1000)} s`,
    ].join(', ') + hidden;
  return [...blocks, ...findings, ...writtenNotes(contacts, verbose), last].join('\n\n');
}

/** A count with its noun in the language shown. */
export const counts = (count: number, one: string, many: string, un: string, plusieurs: string): string =>
  `${count} ${localized(plural(count, one, many), plural(count, un, plusieurs))}`;

/** What was written somewhere is said without being asked. */
const writtenNotes = (contacts: CheckReport['contacts'], verbose: boolean): string[] => {
  const written = contacts.filter(({ writes }) => writes !== null);
  if (verbose || written.length === 0) return [];
  return [
    written
      .map(({ what, writes }) =>
        wrap(localized(`Wrote to ${what}: ${writes ?? ''}.`, `Écrit dans ${what} : ${writes ?? ''}.`), 2),
      )
      .join('\n'),
  ];
};

function renderSystem({ system, nodes, sparePresent }: SystemView, changed: ReadonlySet<string>): string {
  const table = renderTable(
    [
      { title: localized('NODE', 'NŒUD') },
      { title: localized('ROLE', 'RÔLE') },
      { title: localized('STATE', 'ÉTAT') },
      { title: localized('LOAD', 'CHARGE') },
      { title: localized('DETAIL', 'DÉTAIL'), shrinks: true },
    ],
    nodes.map((node) => [
      `${changed.has(`${system}/${node.name}`) ? '* ' : ''}${node.name}`,
      roleWord(node.role),
      stateWord(node.status),
      node.load,
      detailOf(node),
    ]),
    LINE,
  );
  const good = nodes.filter(({ status }) => status === 'ok').length;
  const spare = sparePresent === null ? '?' : sparePresent ? localized('yes', 'oui') : localized('no', 'non');
  return `${titleOf(system)}\n${table}\n${good}/${nodes.length} ok, N+1${localized('', ' ')}: ${spare}`;
}

function detailOf({ results }: NodeRow): string {
  const order: CheckStatus[] = ['critical', 'warning', 'unknown'];
  for (const wanted of order) {
    const [first, ...others] = results.filter(({ status }) => status === wanted);
    if (first !== undefined)
      return `${first.check} ${shortText(first)}${others.length > 0 ? ` (+${others.length})` : ''}`;
  }
  const count = results.filter(({ noteworthy }) => !noteworthy).length;
  return count === 0
    ? localized('not from here', 'pas depuis ici')
    : counts(count, 'check', 'checks', 'contrôle', 'contrôles');
}

const shortText = (result: ClusterResult): string => describeResult(result).text;

function renderFinding(
  { root, status, consequences }: Finding,
  { verbose, whole }: { readonly verbose: boolean; readonly whole: boolean },
): string {
  const todo = (remedy: string, mark: string): string =>
    whole ? `${mark} ${plainText(remedy)}` : wrap(`${mark} ${remedy}`, mark.length + 1);
  const { text, remedy } = describeResult(root);
  const lines = [
    wrap(
      `${status === 'unknown' ? localized('NOT CHECKED', 'NON VÉRIFIÉ') : stateWord(status)} ${root.check}  ${text}`,
      2,
    ),
  ];
  if (remedy !== '') lines.push(todo(remedy, '  ->'));
  if (consequences.length > 0) {
    const shown = consequences.slice(0, verbose ? consequences.length : 4);
    for (const one of shown) {
      lines.push(wrap(`  <- ${one.check} ${shortText(one)}`, 5));
      const own = describeResult(one).remedy;
      if (own !== '' && keepsRemedy(one, root)) lines.push(todo(own, '     ->'));
    }
    if (shown.length < consequences.length)
      lines.push(
        `  <- ${localized(`and ${consequences.length - shown.length} more that follow from it`, `et ${consequences.length - shown.length} de plus qui en découlent`)}`,
      );
  }
  if (verbose) for (const fact of root.evidence) lines.push(wrap(`     ${fact}`, 7));
  return lines.join('\n');
}

const renderNote = (result: ClusterResult): string => {
  const { text } = describeResult(result);
  return wrap(`note ${result.check}  ${text}`, 2);
};

/** Breaks a line at spaces after 80 columns; commands longer than a line stay whole. */
export function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  const clean = plainText(text);
  let current = /^ */.exec(clean)?.[0] ?? '';
  let empty = true;
  for (const word of clean.trim().split(/ +/)) {
    if (!empty && current.length + 1 + word.length > LINE) {
      lines.push(current);
      current = ' '.repeat(indent) + word;
    } else {
      current = empty ? current + word : `${current} ${word}`;
    }
    empty = false;
  }
  return [...lines, current].join('\n');
}
