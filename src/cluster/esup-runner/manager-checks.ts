import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets } from '../check/targets.js';
import { reachOf } from '../pod/broker-checks.js';
import { valueOf } from '../../kit/outcome.js';
import type { EsupRunnerFacts, ManagerTask, RunnerFacts } from './facts.js';
import { hostOf } from './gather.js';
import { jsonOf, minorOf, zoneOf } from './read-answers.js';
import type { EsupRunnerTargets } from './targets.js';
import { words } from '../words.js';

const NODE = 'manager';
const DAY_MS = 86_400_000;
const CLOCK_SECONDS = 30;

/** Checks that need what only the token shows. */
const BEHIND_TOKEN = ['R05', 'R06', 'R07', 'R08', 'R35'] as const;

/** R01 to R09, R19 and R35: the manager, and what it says of its runners and tasks. */
export function checkManager(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  all: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  return [
    ...checkAnswer(facts, make),
    ...checkTls(facts, targets, make),
    ...checkToken(facts, targets, make),
    ...checkBehindToken(facts, targets, all, make),
    ...checkVersions(facts, make),
    ...checkDocs(facts, make),
  ];
}

/** R01, R02. A proxy's 502 is a manager that is down. */
function checkAnswer({ manager: { anonymous } }: EsupRunnerFacts, make: ResultMaker): ClusterResult[] {
  if (!anonymous.ok) {
    // A certificate that is refused is R03's; nothing else is known then.
    return [make.found('R01-silent', NODE, { parameters: { detail: anonymous.detail } })];
  }
  const { status, headers } = anonymous.value;
  if (status >= 500 && jsonOf(anonymous.value) === null)
    return [make.found('R01-silent', NODE, { parameters: { detail: `HTTP ${status}` } })];
  const json = jsonOf(anonymous.value);
  if (json !== null && [200, 401, 403].includes(status))
    return [make.good('R01', NODE), make.good('R02', NODE)];
  const type = headers['content-type']?.split(';')[0] ?? '';
  const location = headers['location'];
  const what = [String(status), location ?? type].filter((part) => part !== '').join(' ');
  return [make.good('R01', NODE), make.found('R02-other', NODE, { parameters: { what } })];
}

function checkTls(
  { at, manager: { certificate } }: EsupRunnerFacts,
  { managerUrl, thresholds }: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const url = new URL(managerUrl);
  if (url.protocol === 'http:') {
    return reachOf(hostOf(managerUrl)) === 'loopback'
      ? [make.good('R03', NODE)]
      : [make.found('R03-plain', NODE)];
  }
  if (certificate === null) return [];
  if (!certificate.ok) return [make.unknown('R03', NODE, certificate.detail)];
  const { trusted, reason, matchesName, expiresAt } = certificate.value;
  const parameters = {
    name: url.hostname,
    endpoint: `${url.hostname}:${url.port === '' ? 443 : url.port}`,
  };
  if (!matchesName)
    return [
      make.found('R03-invalid', NODE, {
        parameters: {
          ...parameters,
          reason: words.nameMissing({ hostname: url.hostname }),
        },
      }),
    ];
  if (!trusted)
    return [
      make.found('R03-invalid', NODE, {
        parameters: { ...parameters, reason: reason ?? words.notTrusted() },
      }),
    ];
  const days = Math.floor((expiresAt - at) / DAY_MS);
  const measures = [{ label: 'runner_manager_certificate_days', value: days, unit: '' as const }];
  return [
    days < thresholds.certificate_days
      ? make.found('R03-soon', NODE, { parameters: { days }, measures })
      : make.good('R03', NODE, { measures }),
  ];
}

function checkToken(
  { manager, pod }: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { health, podTokenHealth } = manager;
  if (health === null) return [make.found('R04-no-token', NODE)];
  if (!health.ok) return [make.unknown('R04', NODE, health.detail)];
  const refused = (status: number): boolean => status === 401 || status === 403;
  if (refused(health.value.status))
    return [make.found('R04-refused', NODE, { parameters: { status: health.value.status } })];
  const second = valueOf(podTokenHealth);
  if (second !== null && refused(second.status)) {
    const name =
      valueOf(pod)?.managers.find(({ url }) => hostOf(url) === hostOf(targets.managerUrl))?.name ?? '?';
    return [make.found('R04-pod', NODE, { parameters: { status: second.status, name } })];
  }
  return health.value.status === 200 ? [make.good('R04', NODE)] : [];
}

function checkBehindToken(
  facts: EsupRunnerFacts,
  targets: EsupRunnerTargets,
  all: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { health, runners, tasks } = facts.manager;
  if (health === null) return [];
  const answered = health.ok && health.value.status === 200 && jsonOf(health.value) !== null;
  if (!answered) {
    const detail = health.ok ? `HTTP ${health.value.status}` : health.detail;
    return BEHIND_TOKEN.map((check) => make.unknown(check, NODE, detail));
  }
  const status = jsonOf(health.value)?.['status'];
  return [
    status === 'healthy' || status === 'ok'
      ? make.good('R05', NODE)
      : make.found('R05-unhealthy', NODE, {
          parameters: { status: typeof status === 'string' ? status : '?' },
        }),
    ...(runners === null
      ? []
      : runners.ok
        ? [...checkRegistered(facts, targets, all, make), ...checkHeartbeats(facts, targets, all, make)]
        : ['R06', 'R07', 'R08'].map((check) => make.unknown(check as 'R06', NODE, runners.detail))),
    ...(tasks === null
      ? []
      : tasks.ok
        ? checkWarnings(tasks.value, facts.at, make)
        : [make.unknown('R35', NODE, tasks.detail)]),
  ];
}

function checkRegistered(
  { manager, runners, pod }: EsupRunnerFacts,
  { expectedInstances, instances }: EsupRunnerTargets,
  { maintenance }: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  const registered = valueOf(manager.runners) ?? [];
  const measures = [{ label: 'runners', value: registered.length, unit: '' as const }];
  const waiting = valueOf(pod)?.tasks.filter(({ status }) => status === 'pending').length;
  if (registered.length === 0)
    return [
      make.found('R06-none', NODE, {
        measures,
        evidence: waiting === undefined ? [] : [`${waiting} pending in Pod`],
      }),
      make.unknown('R07', NODE, words.noRunnerRegistered()),
    ];
  const away = instances.filter(({ node }) => maintenance.includes(node)).length;
  const expected = Math.max(0, expectedInstances - away);
  const missing = runners.filter(
    (one) => one.listed && one.registered === null && !maintenance.includes(one.node),
  );
  const count = registered.length;
  return [
    make.good('R06', NODE, { measures }),
    count < expected
      ? make.found('R07-fewer', NODE, {
          parameters: { count, expected, missing: missing.map(({ name }) => name).join(', ') || '?' },
          measures: [{ label: 'runners', value: count, unit: '', warning: expected }],
        })
      : make.good('R07', NODE),
  ];
}

/** R08, and the clocks, which heartbeats are judged by. */
function checkHeartbeats(
  { runners, manager: { health }, at }: EsupRunnerFacts,
  { thresholds }: EsupRunnerTargets,
  { maintenance }: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  const stamp = health?.ok === true ? jsonOf(health.value)?.['timestamp'] : null;
  const skew = Math.round(zoneOf(typeof stamp === 'string' ? stamp : null, at).skewMs / 1000);
  const clock =
    Math.abs(skew) > CLOCK_SECONDS
      ? [make.found('R08-clock', NODE, { parameters: { seconds: Math.abs(skew) } })]
      : [];
  return [
    ...clock,
    ...runners.flatMap(({ name, node, registered }) => {
      const age = registered?.ageSeconds ?? null;
      if (age === null || maintenance.includes(node)) return [];
      const { heartbeat_warning: warning, heartbeat_critical: critical } = thresholds;
      const details = {
        node,
        parameters: { age },
        measures: [
          {
            label: `heartbeat_age_${name.replaceAll(/\W/g, '_')}`,
            value: age,
            unit: 's' as const,
            warning,
            critical,
          },
        ],
      };
      if (age > critical) return [make.found('R08-late', name, { ...details, status: 'critical' })];
      return [age > warning ? make.found('R08-late', name, details) : make.good('R08', name, details)];
    }),
  ];
}

function checkWarnings(tasks: readonly ManagerTask[], at: number, make: ResultMaker): ClusterResult[] {
  // A task without instants (the short list) counts: its age is not known.
  const recent = tasks.filter(
    ({ status, updatedAt }) => status === 'warning' && (updatedAt === null || at - updatedAt < DAY_MS),
  );
  const measures = [{ label: 'runner_warnings', value: recent.length, unit: '' as const, critical: 1 }];
  if (recent.length === 0) return [make.good('R35', NODE, { measures })];
  const detail = recent.find(({ error }) => error !== null)?.error ?? recent.map(({ id }) => id).join(', ');
  return [
    make.found('R35-warnings', NODE, {
      parameters: { count: recent.length, detail: firstLine(detail) },
      measures,
      evidence: recent.map(({ id }) => id),
    }),
  ];
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 160);

function checkVersions(
  { manager: { version }, runners }: EsupRunnerFacts,
  make: ResultMaker,
): ClusterResult[] {
  if (version === null) return [];
  return runners.flatMap((runner: RunnerFacts) => {
    if (runner.version === null) return [];
    const { name, node } = runner;
    return minorOf(runner.version) === minorOf(version)
      ? [make.good('R09', name, { node, evidence: [runner.version] })]
      : [
          make.found('R09-differ', name, {
            node,
            parameters: { version: runner.version, expected: version },
          }),
        ];
  });
}

function checkDocs({ manager: { docs } }: EsupRunnerFacts, make: ResultMaker): ClusterResult[] {
  if (!docs.ok) return [];
  return [docs.value.status === 200 ? make.found('R19-public', NODE) : make.good('R19', NODE)];
}
