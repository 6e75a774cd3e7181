import { describeResult, type CheckStatus } from '../../kit/checks/check-result.js';
import { plainText, fitWidth } from '../../kit/output/text.js';
import type { ClusterResult, Measure } from './cluster-result.js';
import type { CheckReport } from './run-check.js';
import type { ClusterTargets } from './targets.js';
import { exitStatusOf, findingsOf, summarise, viewSystems } from './verdict.js';
import { words } from './words.js';

/** The document of `--json`: schema 1 only ever gains keys. */
export function renderCheckJson(
  { at, ms, results, contacts }: CheckReport,
  targets: ClusterTargets,
): unknown {
  const findings = findingsOf(results);
  const roots = new Set(findings.map(({ root }) => root.id));
  const summary = summarise(results);
  return {
    schema: 1,
    time: new Date(at).toISOString(),
    ms,
    exit: exitStatusOf(summary),
    summary,
    contacts,
    systems: viewSystems(results, targets).map(({ system, nodes, sparePresent }) => ({
      name: system,
      n_plus_one: sparePresent,
      nodes: nodes.map(({ name, role, status, load }) => ({ name, role, status, load })),
    })),
    findings: findings.map(({ root, status, consequences }) => ({
      id: root.check,
      code: root.code,
      target: root.subject,
      status,
      ...describeResult(root, 'en'),
      explains: consequences.map(({ id }) => id),
    })),
    checks: results.map((result) => {
      const { text, remedy } = describeResult(result, 'en');
      const [measure] = result.measures;
      return {
        id: result.check,
        key: result.id,
        code: result.code,
        system: result.system,
        node: result.node,
        target: result.subject,
        status: result.status === 'ok' && result.noteworthy ? 'info' : result.status,
        root: roots.has(result.id),
        message: text,
        remedy,
        value: measure?.value ?? null,
        threshold:
          measure === undefined
            ? null
            : { warning: measure.warning ?? null, critical: measure.critical ?? null },
        measures: result.measures,
        evidence: result.evidence,
        caused_by: result.causedBy,
      };
    }),
  };
}

const NAGIOS: Record<CheckStatus, { word: string; exit: number }> = {
  ok: { word: 'OK', exit: 0 },
  warning: { word: 'WARNING', exit: 1 },
  critical: { word: 'CRITICAL', exit: 2 },
  unknown: { word: 'UNKNOWN', exit: 3 },
};
const HEADLINE = 80;

/** One line and perfdata for Nagios, Icinga, Centreon; the other findings as long output. */
export function renderNagios({ results }: CheckReport): { readonly text: string; readonly exit: number } {
  const findings = findingsOf(results);
  const worst = findings[0]?.status ?? 'ok';
  const { word, exit } = NAGIOS[worst];
  const [first, ...others] = findings;
  const said =
    first === undefined
      ? words.checks({ count: results.length })
      : `${first.root.check} ${describeResult(first.root).text}${others.length > 0 ? ` (+${others.length})` : ''}`;
  const headline = fitWidth(clean(`CLUSTER ${word} - ${said}`), HEADLINE);
  const perfdata = uniqueMeasures(results).map(renderPerfdata).join(' ');
  const long = findings.map(({ root, status, consequences }) => {
    const { text, remedy } = describeResult(root);
    const follow =
      consequences.length === 0 ? '' : ` (${words.explainsMore({ count: consequences.length })})`;
    return clean(`${NAGIOS[status].word} ${root.check} ${text}${follow} -> ${remedy}`);
  });
  return { text: [`${headline}${perfdata === '' ? '' : ` | ${perfdata}`}`, ...long].join('\n'), exit };
}

/** `|` would end the text and begin the perfdata. */
const clean = (text: string): string => plainText(text).replaceAll('|', '/');

/** `label=value[UOM];warn;crit;min` (Monitoring Plugins development guidelines). */
const renderPerfdata = ({ label, value, unit, warning, critical }: Measure): string =>
  `${label.replaceAll(/\W/g, '_')}=${round(value)}${unit};${round(warning)};${round(critical)};0`;

const round = (value: number | undefined): string =>
  value === undefined ? '' : String(Math.round(value * 1000) / 1000);

function uniqueMeasures(results: readonly ClusterResult[]): Measure[] {
  return [
    ...new Map(
      results.flatMap(({ measures }) => measures).map((measure) => [measure.label, measure]),
    ).values(),
  ];
}

const STATE: Record<CheckStatus, number> = { ok: 0, warning: 1, critical: 2, unknown: 3 };

/** Text for node_exporter's textfile collector. */
export function renderPrometheus({ at, ms, results }: CheckReport): string {
  const lines = [
    '# HELP bbb2pod_check_state State of a check: 0 ok, 1 warning, 2 critical, 3 unknown.',
    '# TYPE bbb2pod_check_state gauge',
    ...results.map(
      ({ check, system, node, subject, status, code }) =>
        `bbb2pod_check_state{check="${check}",system="${system}",node="${label(node)}",target="${label(subject)}",code="${code}"} ${STATE[status]}`,
    ),
    '# HELP bbb2pod_check_value Values behind the checks.',
    '# TYPE bbb2pod_check_value gauge',
    ...uniqueMeasures(results).map(
      (measure) => `bbb2pod_check_value{name="${label(measure.label)}"} ${measure.value}`,
    ),
    '# HELP bbb2pod_check_duration_seconds Duration of the whole check.',
    '# TYPE bbb2pod_check_duration_seconds gauge',
    `bbb2pod_check_duration_seconds ${ms / 1000}`,
    '# HELP bbb2pod_check_time_seconds When the check ended, in seconds since 1970.',
    '# TYPE bbb2pod_check_time_seconds gauge',
    `bbb2pod_check_time_seconds ${Math.round(at / 1000)}`,
  ];
  return `${lines.join('\n')}\n`;
}

const label = (text: string): string => plainText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** JUnit for continuous integration: a bad check is a failure, an unknown one an error. */
export function renderJunit({ at, ms, results }: CheckReport): string {
  const failures = results.filter(({ status }) => status === 'critical' || status === 'warning').length;
  const errors = results.filter(({ status }) => status === 'unknown').length;
  const cases = results.map((result) => {
    const { text, remedy } = describeResult(result);
    const open = `  <testcase classname="${xml(`${result.system}.${result.check}`)}" name="${xml(result.subject)}"`;
    if (result.status === 'ok') return `${open}/>`;
    const kind = result.status === 'unknown' ? 'error' : 'failure';
    return `${open}>\n    <${kind} type="${result.status}" message="${xml(text)}">${xml(remedy)}</${kind}>\n  </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="bbb2pod cluster check" tests="${results.length}" failures="${failures}" errors="${errors}" time="${ms / 1000}" timestamp="${new Date(at).toISOString()}">`,
    ...cases,
    '</testsuite>\n',
  ].join('\n');
}

const xml = (text: string): string =>
  plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
