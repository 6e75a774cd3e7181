import { valueOf, type Fault } from '../../kit/outcome.js';
import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { BridgeTarget, ClusterTargets, JitsiTargets } from '../check/targets.js';
import type { BridgeStatistics, BreweryOccupant } from './facts.js';
import type { BridgeFacts, JitsiRunFacts } from './run-facts.js';

/** What the previous run saw, for what only a difference tells. */
export interface PreviousJitsi {
  readonly lostBridges: number | null;
}

/** J05 to J15 and J18, J19: the bridges, by jicofo, by the brewery and by themselves. */
export function checkBridges(
  facts: JitsiRunFacts,
  targets: JitsiTargets,
  all: ClusterTargets,
  previous: PreviousJitsi,
  make: ResultMaker,
): ClusterResult[] {
  const present = targets.bridges.filter(({ name }) => !all.maintenance.includes(name));
  return [
    ...checkRegistration(facts, targets, present, make),
    ...checkNicknames(facts, targets, make),
    ...present.flatMap((bridge) => {
      const own = facts.bridges.find(({ name }) => name === bridge.name);
      return own === undefined ? [] : checkBridge(own, bridge, targets, make);
    }),
    ...checkSelector(
      facts,
      targets,
      previous,
      targets.bridges.filter(({ name }) => all.maintenance.includes(name)).map(({ nickname }) => nickname),
      make,
    ),
  ];
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function checkRegistration(
  { jicofo, login }: JitsiRunFacts,
  targets: JitsiTargets,
  present: readonly BridgeTarget[],
  make: ResultMaker,
): ClusterResult[] {
  const selector = valueOf(jicofo);
  const entered = valueOf(login);
  const occupants = entered?.stage === 'joined' ? entered.occupants : null;
  const seen =
    selector !== null && selector.bridges.length > 0
      ? selector.bridges.map(({ nickname }) => nickname)
      : (occupants?.map(({ nickname }) => nickname) ?? null);
  const results: ClusterResult[] = [];
  if (entered?.stage === 'authenticated')
    results.push(
      make.found('J05-room', 'jms', {
        parameters: { room: targets.brewery, refusal: entered.refusal ?? '' },
      }),
    );
  if (selector !== null && !selector.health.healthy)
    results.push(
      make.found('J05-jicofo', 'jms/jicofo', {
        parameters: { reason: selector.health.reason, status: selector.health.status },
      }),
    );
  // An address that was configured and refuses is an outage, whoever else may tell of the bridges.
  if (jicofo?.ok === false)
    results.push(
      make.found('J05-jicofo-silent', 'jms/jicofo', {
        parameters: { url: targets.jicofoUrl ?? '', detail: jicofo.detail },
        // It answers, but not on what we ask: closed by its configuration.
        ...(isClosed(jicofo.fault) ? { status: 'warning' as const } : {}),
      }),
    );
  if (seen === null) {
    if (results.length > 0) return results;
    const detail = login?.ok === false ? login.detail : null;
    return detail === null
      ? [make.notFromHere('J05', 'jms', 'the JMS (jicofo’s REST is on its loopback)')]
      : [make.unknown('J05', 'jms', detail)];
  }
  const evidence = [`seen: ${seen.join(', ') || 'none'}`];
  return [
    ...results,
    ...present.map((bridge) => {
      const inSelector = selector === null || seen.some((nickname) => sameName(nickname, bridge.nickname));
      const inBrewery = occupants?.some(({ nickname }) => sameName(nickname, bridge.nickname)) ?? inSelector;
      const parameters = { nickname: bridge.nickname, room: targets.brewery };
      return inSelector && inBrewery
        ? make.good('J05', bridge.name, { evidence })
        : make.found('J05-missing', bridge.name, { parameters, evidence });
    }),
  ];
}

/** The server is there and refuses this part of its REST. */
const isClosed = (fault: Fault): boolean => fault === 'missing' || fault === 'denied';

/** J06 and J18: who is in the brewery besides, and who is there twice. */
function checkNicknames({ login }: JitsiRunFacts, targets: JitsiTargets, make: ResultMaker): ClusterResult[] {
  const entered = valueOf(login);
  if (entered?.stage !== 'joined') return [];
  const known = targets.bridges.map(({ nickname }) => nickname);
  return entered.occupants.flatMap((occupant): ClusterResult[] => {
    const bridge = targets.bridges.find(({ nickname }) => sameName(nickname, occupant.nickname));
    const subject = bridge?.name ?? occupant.nickname;
    if (occupant.jids.length > 1) {
      const details = {
        parameters: { nickname: occupant.nickname, count: occupant.jids.length },
        evidence: [...occupant.jids],
      };
      return [make.found('J06-shared', subject, details)];
    }
    if (bridge === undefined)
      return isBridge(occupant)
        ? [
            make.found('J18-stranger', 'jms', {
              parameters: { nickname: occupant.nickname, known: known.join(', ') },
            }),
          ]
        : [];
    return [make.good('J06', subject)];
  });
}

/** jicofo takes an occupant with statistics for a bridge, and no other. */
const isBridge = ({ hasStatistics }: BreweryOccupant): boolean => hasStatistics;

function checkBridge(
  { health, statistics, media, kernel }: BridgeFacts,
  bridge: BridgeTarget,
  server: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const { name } = bridge;
  const results: ClusterResult[] = [];
  if (health === null) results.push(make.notFromHere('J07', name, name));
  else if (!health.ok)
    results.push(
      make.found('J07-silent', name, {
        parameters: { detail: health.detail, url: bridge.restUrl ?? '' },
        ...(isClosed(health.fault) ? { status: 'warning' as const } : {}),
      }),
    );
  else if (!health.value.healthy)
    results.push(
      make.found('J07-unhealthy', name, {
        parameters: {
          status: health.value.status,
          port: bridge.mediaPort,
          reason: health.value.reason === '' ? 'no reason given' : health.value.reason,
        },
      }),
    );
  else results.push(make.good('J07', name));
  if (statistics?.ok === true) results.push(...judgeStatistics(name, statistics.value, server, make));
  else if (statistics !== null && health?.ok === true)
    results.push(make.found('J08-off', name, { parameters: { detail: statistics.detail } }));
  const port = bridge.mediaPort;
  if (media.ok && media.value === 'closed')
    results.push(make.found('J09-closed', name, { parameters: { port, host: bridge.host } }));
  else results.push(make.found('J09-silent', name, { parameters: { port } }));
  return [...results, ...checkKernel(name, kernel, make)];
}

function judgeStatistics(
  name: string,
  statistics: BridgeStatistics,
  server: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  const number = (key: string): number | null =>
    typeof statistics[key] === 'number' ? statistics[key] : null;
  const { thresholds } = server;
  const results: ClusterResult[] = [];
  const configured = number('muc_clients_configured');
  const connected = number('muc_clients_connected');
  const rooms = number('mucs_configured');
  const joined = number('mucs_joined');
  const parameters = {
    configured: configured ?? 0,
    connected: connected ?? 0,
    rooms: rooms ?? 0,
    joined: joined ?? 0,
    jms: server.host,
    xmpp: server.xmppPort,
  };
  if (configured !== null && connected !== null && (connected < configured || (rooms ?? 0) > (joined ?? 0)))
    results.push(
      make.found(connected < configured ? 'J08-disconnected' : 'J08-not-joined', name, { parameters }),
    );
  else results.push(make.good('J08', name));
  results.push(...judgeIce(name, number('total_ice_failed'), number('total_ice_succeeded'), server, make));
  const stress = number('stress_level');
  if (stress !== null) {
    const measures = [
      {
        label: `stress_${name}`,
        value: stress,
        unit: '' as const,
        warning: thresholds.stressWarning,
        critical: thresholds.stressCritical,
      },
    ];
    const details = { parameters: { stress }, measures };
    if (stress >= thresholds.stressCritical) results.push(make.found('J11-overloaded', name, details));
    else if (stress >= thresholds.stressWarning) results.push(make.found('J11-stressed', name, details));
    else results.push(make.good('J11', name, details));
  }
  if (statistics['graceful_shutdown'] === true || statistics['shutting_down'] === true)
    results.push(make.found('J15-stopping', name));
  else if (statistics['drain'] === true) results.push(make.found('J15-draining', name));
  return results;
}

const FEW_SESSIONS = 20;

function judgeIce(
  name: string,
  failed: number | null,
  succeeded: number | null,
  { thresholds, bridges }: JitsiTargets,
  make: ResultMaker,
): ClusterResult[] {
  if (failed === null || succeeded === null || failed + succeeded < FEW_SESSIONS) return [];
  const share = failed / (failed + succeeded);
  const percent = Math.round(share * 1000) / 10;
  const measures = [
    {
      label: `ice_failed_${name}`,
      value: percent,
      unit: '%' as const,
      warning: thresholds.iceFailureWarning * 100,
      critical: thresholds.iceFailureCritical * 100,
    },
  ];
  const port = bridges.find((bridge) => bridge.name === name)?.mediaPort ?? 10_000;
  const details = { parameters: { percent, failed, total: failed + succeeded, port }, measures };
  if (share > thresholds.iceFailureCritical)
    return [make.found('J10-failing', name, { ...details, status: 'critical' })];
  if (share > thresholds.iceFailureWarning) return [make.found('J10-failing', name, details)];
  return [make.good('J10', name, details)];
}

/** Values of the package's own 20-jvb-udp-buffers.conf. */
const KERNEL: Readonly<Record<string, number>> = {
  'net.core.rmem_max': 10_485_760,
  'net.core.netdev_max_backlog': 100_000,
};

function checkKernel(name: string, kernel: BridgeFacts['kernel'], make: ResultMaker): ClusterResult[] {
  if (kernel === null) return [make.notFromHere('J19', name, name)];
  const low = Object.entries(KERNEL).filter(([key, wanted]) => (kernel[key] ?? wanted) < wanted);
  if (low.length === 0) return [make.good('J19', name)];
  const keys = low.map(([key, wanted]) => `${key}=${wanted}`).join(' ');
  return [make.found('J19-low', name, { parameters: { keys } })];
}

/** J12 to J14: versions, N+1, bridges that jicofo lost. */
function checkSelector(
  { jicofo, login }: JitsiRunFacts,
  targets: JitsiTargets,
  previous: PreviousJitsi,
  maintained: readonly string[],
  make: ResultMaker,
): ClusterResult[] {
  const selector = valueOf(jicofo);
  const results: ClusterResult[] = [];
  const entered = valueOf(login);
  const versions = new Set(
    (entered?.occupants ?? []).flatMap(({ version }) => (version === null ? [] : [version])),
  );
  for (const bridge of selector?.bridges ?? []) if (bridge.version !== null) versions.add(bridge.version);
  const count = Math.max(versions.size, selector?.versionCount ?? 0);
  if (count > 1)
    results.push(
      make.found('J12-differ', 'jms', { parameters: { count, versions: [...versions].join(', ') } }),
    );
  else if (count === 1) results.push(make.good('J12', 'jms'));
  if (selector === null) return results;
  const { participants, lostBridges } = selector;
  // A bridge that drains, or that the site holds in maintenance, carries nobody when another one falls.
  const away = selector.bridges.filter(
    ({ nickname, draining, operational, healthy }) =>
      operational !== false &&
      healthy !== false &&
      (draining === true || maintained.some((name) => sameName(name, nickname))),
  ).length;
  const operationalCount =
    selector.operationalCount === null ? null : Math.max(0, selector.operationalCount - away);
  const expected = Math.max(targets.peakParticipants ?? 0, participants ?? 0);
  if (operationalCount !== null) {
    const left = (operationalCount - 1) * targets.bridgeCapacity;
    const parameters = { operational: operationalCount, left, expected, capacity: targets.bridgeCapacity };
    const measures = [{ label: 'bridges', value: operationalCount, unit: '' as const }];
    results.push(
      operationalCount < Math.max(2, targets.expectedBridges ?? 0) || left < expected
        ? make.found('J13-no-spare', 'jms', { parameters, measures })
        : make.good('J13', 'jms', { measures }),
    );
  }
  if (lostBridges !== null) {
    const before = previous.lostBridges ?? lostBridges;
    const measures = [{ label: 'lost_bridges', value: lostBridges, unit: 'c' as const }];
    results.push(
      lostBridges > before
        ? make.found('J14-lost', 'jms', { parameters: { lost: lostBridges - before }, measures })
        : make.good('J14', 'jms', { measures }),
    );
  }
  return results;
}
