import { shownDecimal } from '../../kit/output/localized.js';
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
import { words } from './words.js';

const LINE = 80;
/** A state in a word; `?` is what could not be asked. */
export const stateWord = (status: CheckStatus): string =>
  ({
    ok: 'ok',
    warning: words.warning(),
    critical: words.critical(),
    unknown: '?',
  })[status];
const titleOf = (system: SystemName): string =>
  ({
    streaming: words.streaming(),
    jitsi: 'JITSI MEET',
    encoding: words.podWorkers(),
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
        words.contacted(),
        ...contacts.map(({ what, writes }) =>
          wrap(`  ${what}${writes === null ? '' : words.wroteThere({ writes })}`, 4),
        ),
      ].join('\n'),
    );
  }
  const { critical, warning, unknown, info } = summarise(results);
  const hidden = info > 0 && !verbose ? `, ${words.notes({ count: info })} (--verbose)` : '';
  const last =
    [
      words.criticals({ count: critical }),
      words.warnings({ count: warning }),
      words.notCheckedCount({ count: unknown }),
      words.checksIn({ count: results.length, seconds: shownDecimal(ms / 1000) }),
    ].join(', ') + hidden;
  return [...blocks, ...findings, ...writtenNotes(contacts, verbose), last].join('\n\n');
}

/** What was written somewhere is said without being asked. */
const writtenNotes = (contacts: CheckReport['contacts'], verbose: boolean): string[] => {
  const written = contacts.filter(({ writes }) => writes !== null);
  if (verbose || written.length === 0) return [];
  return [
    written.map(({ what, writes }) => wrap(words.wroteTo({ what, writes: writes ?? '' }), 2)).join('\n'),
  ];
};

function renderSystem({ system, nodes, sparePresent }: SystemView, changed: ReadonlySet<string>): string {
  const table = renderTable(
    [
      { title: words.node() },
      { title: words.role() },
      { title: words.state() },
      { title: words.load() },
      { title: words.detail(), shrinks: true },
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
  const spare = sparePresent === null ? '?' : sparePresent ? words.yes() : words.no();
  return `${titleOf(system)}\n${table}\n${words.spareKnown({ good, all: nodes.length, spare })}`;
}

function detailOf({ results }: NodeRow): string {
  const order: CheckStatus[] = ['critical', 'warning', 'unknown'];
  for (const wanted of order) {
    const [first, ...others] = results.filter(({ status }) => status === wanted);
    if (first !== undefined)
      return `${first.check} ${shortText(first)}${others.length > 0 ? ` (+${others.length})` : ''}`;
  }
  const count = results.filter(({ noteworthy }) => !noteworthy).length;
  return count === 0 ? words.notFromHere() : words.checksCount({ count });
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
    wrap(`${status === 'unknown' ? words.notChecked() : stateWord(status)} ${root.check}  ${text}`, 2),
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
      lines.push(`  <- ${words.moreFollow({ consequences: consequences.length - shown.length })}`);
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
