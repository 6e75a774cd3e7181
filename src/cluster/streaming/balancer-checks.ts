import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { ClusterTargets, StreamingTargets, StreamingThresholds } from '../check/targets.js';
import type { CertificateFacts } from '../check/web-facts.js';
import type { HaproxyRow } from './facts.js';
import type { BalancerFacts, StreamingFacts } from './run-facts.js';
import { isForCertificates, readServerState, serverRows, workingServers } from './servers.js';

const DAY_MS = 86_400_000;

/** S01 to S07: what stands in front of the nodes. */
export function checkBalancers(
  facts: StreamingFacts,
  targets: StreamingTargets,
  all: ClusterTargets,
  make: ResultMaker,
): ClusterResult[] {
  return [
    ...facts.balancers.flatMap((balancer) => [
      // Without a stream in cluster.toml nobody said that this playlist exists: the front answers, that is all.
      ...checkFront(balancer, targets.streams[0]?.assumed ?? false, socketOf(targets, balancer.name), make),
      ...checkCertificate(balancer, targets, facts.at, make),
      ...checkStickiness(balancer, make),
      ...checkServers(balancer, all, hasPassword(targets, balancer.name), make),
      ...checkLimits(balancer, targets.thresholds.sessionsShare, make),
    ]),
    ...checkRedundancy(facts, targets, make),
    ...checkSpare(facts, targets, make),
  ];
}

/** The socket as socat takes it. */
const socketOf = ({ balancers }: StreamingTargets, name: string): string => {
  const socket = balancers.find((one) => one.name === name)?.socket ?? '/run/haproxy/admin.sock';
  return socket.includes('/') ? `UNIX-CONNECT:${socket}` : `TCP:${socket}`;
};

/** Whether somebody gave us a password for the statistics of a balancer. */
const hasPassword = ({ balancers }: StreamingTargets, name: string): boolean => {
  const source = balancers.find((one) => one.name === name)?.statistics;
  return source?.kind !== 'csv' || source.password !== null;
};

function checkFront(
  { name, http, https }: BalancerFacts,
  assumed: boolean,
  socket: string,
  make: ResultMaker,
): ClusterResult[] {
  const results: ClusterResult[] = [];
  const front = https ?? http;
  const scheme = https === null ? 'http' : 'https';
  if (front !== null) {
    if (!front.ok) {
      return [make.found('S01-silent', name, { parameters: { scheme, detail: front.detail, socket } })];
    }
    const { status } = front.value;
    results.push(
      status >= 400 && !(assumed && status === 404)
        ? make.found('S01-error', name, { parameters: { scheme, status, socket } })
        : make.good('S01', name, { measures: [{ label: `${name}_ms`, value: front.ms / 1000, unit: 's' }] }),
    );
  }
  if (https === null && http !== null) results.push(make.found('S01-cleartext', name));
  if (https !== null && http?.ok === true && http.value.status === 200)
    results.push(make.found('S01-no-redirect', name));
  return results;
}

function checkCertificate(
  { name, certificate }: BalancerFacts,
  targets: StreamingTargets,
  at: number,
  make: ResultMaker,
): ClusterResult[] {
  if (certificate === null) return [];
  if (!certificate.ok) return [make.unknown('S02', name, certificate.detail)];
  const publicName = targets.publicUrl === null ? name : new URL(targets.publicUrl).hostname;
  const missing = targets.broadcasts
    .map((broadcast) => broadcast.publicName)
    .filter((node): node is string => node !== null && !coversName(certificate.value, node));
  const results = judgeCertificate(certificate.value, {
    name,
    publicName,
    at,
    thresholds: targets.thresholds,
    make,
  });
  if (missing.length > 0)
    results.push(make.found('S02-node-names', name, { parameters: { names: missing.join(', ') } }));
  if (certificate.value.offered !== 'h2') results.push(make.found('S01-http1', name));
  return results;
}

function judgeCertificate(
  certificate: CertificateFacts,
  context: {
    name: string;
    publicName: string;
    at: number;
    thresholds: StreamingThresholds;
    make: ResultMaker;
  },
): ClusterResult[] {
  const { name, publicName, at, thresholds, make } = context;
  const days = Math.floor((certificate.expiresAt - at) / DAY_MS);
  const measures = [
    {
      label: `${name}_cert_days`,
      value: days,
      unit: '' as const,
      warning: thresholds.certificateDays,
      critical: 0,
    },
  ];
  const parameters = {
    days,
    name: publicName,
    names: certificate.names.join(', '),
    reason: certificate.reason ?? '',
  };
  const evidence = [
    `names: ${certificate.names.join(', ')}`,
    `expires ${new Date(certificate.expiresAt).toISOString()}`,
  ];
  if (days < 0)
    return [
      make.found('S02-expired', name, { parameters: { ...parameters, days: -days }, measures, evidence }),
    ];
  if (!certificate.matchesName) return [make.found('S02-name', name, { parameters, measures, evidence })];
  if (!certificate.trusted) return [make.found('S02-untrusted', name, { parameters, measures, evidence })];
  if (days < thresholds.certificateDays)
    return [make.found('S02-expires', name, { parameters, measures, evidence })];
  return [make.good('S02', name, { measures, evidence })];
}

function coversName({ names }: CertificateFacts, wanted: string): boolean {
  return names.some(
    (name) =>
      name === wanted || (name.startsWith('*.') && wanted.split('.').slice(1).join('.') === name.slice(2)),
  );
}

/** S03: two balancers, and the public name leads to both or to an address that moves between them. */
function checkRedundancy(
  facts: StreamingFacts,
  targets: StreamingTargets,
  make: ResultMaker,
): ClusterResult[] {
  const [first] = targets.balancers;
  if (first === undefined) return [];
  if (targets.balancers.length < targets.expectedBalancers) return [make.found('S03-single', first.name)];
  const { publicAddresses } = facts;
  const name = targets.publicUrl === null ? '' : new URL(targets.publicUrl).hostname;
  if (publicAddresses?.ok !== true) {
    const detail = publicAddresses === null ? 'no public URL' : publicAddresses.detail;
    return [make.found('S03-unresolved', first.name, { parameters: { name, detail } })];
  }
  const known = [...targets.virtualAddresses, ...targets.balancers.map(({ host }) => host)];
  // Of a family that the inventory does not name (IPv6, mostly) nothing is known: not judged.
  const families = new Set(known.filter((host) => /^[\d.]+$|:/.test(host)).map(familyOf));
  const foreign = publicAddresses.value.filter(
    (address) => !known.includes(address) && families.has(familyOf(address)),
  );
  const single =
    targets.expectedBalancers > 1 &&
    publicAddresses.value.length < 2 &&
    targets.virtualAddresses.length === 0;
  const parameters = { name, addresses: publicAddresses.value.join(', ') };
  if (single) return [make.found('S03-one-address', first.name, { parameters })];
  if (foreign.length > 0) return [make.found('S03-foreign', first.name, { parameters })];
  return [make.good('S03', first.name, { evidence: [`${name}: ${parameters.addresses}`] })];
}

function checkStickiness({ name, stickiness }: BalancerFacts, make: ResultMaker): ClusterResult[] {
  if (stickiness === null) return [];
  const { cookie, nodesWithCookie, nodesWithout } = stickiness;
  const kept = [...new Set(nodesWithCookie.filter((node) => node !== '?'))];
  const evidence = [`without cookie: ${nodesWithout.join(' ')}`, `with cookie: ${nodesWithCookie.join(' ')}`];
  if (cookie === null) return [make.found('S04-no-cookie', name, { evidence })];
  if (kept.length > 1)
    return [make.found('S04-switching', name, { parameters: { nodes: kept.join(', ') }, evidence })];
  return [make.good('S04', name, { evidence })];
}

function checkServers(
  { name, statistics }: BalancerFacts,
  all: ClusterTargets,
  passwordGiven: boolean,
  make: ResultMaker,
): ClusterResult[] {
  if (statistics === null) return [make.notFromHere('S05', name, name)];
  if (!statistics.ok)
    return statistics.fault === 'denied' && !passwordGiven
      ? [make.found('S05-untested', name)]
      : [make.unknown('S05', name, statistics.detail)];
  // Certbot listens only while it renews.
  const rows = serverRows(statistics.value.rows).filter(({ proxy }) => !isForCertificates(proxy));
  if (rows.length === 0) return [make.found('S05-none', name)];
  const results = rows.flatMap((row) => judgeServer(name, row, all.maintenance, make));
  const up = rows.filter(({ status }) => readServerState(status) === 'up').length;
  return [
    ...results,
    ...(results.some(({ status }) => status !== 'ok')
      ? []
      : [make.good('S05', name, { measures: [{ label: `${name}_servers_up`, value: up, unit: '' }] })]),
  ];
}

/** A slot kept in reserve is declared disabled: MAINT with its name in the maintenance list, or `spareN`. */
function judgeServer(
  balancer: string,
  row: HaproxyRow,
  maintenance: readonly string[],
  make: ResultMaker,
): ClusterResult[] {
  const state = readServerState(row.status);
  if (state === 'up') return [];
  const subject = `${row.server}/${balancer}`;
  const parameters = {
    server: row.server,
    proxy: row.proxy,
    status: row.status,
    reason: row.lastCheck === '' ? row.checkStatus : row.lastCheck,
    balancer,
  };
  const evidence = [
    `${row.proxy}/${row.server} on ${balancer}: ${row.status} ${row.checkStatus} ${row.lastCheck}`,
  ];
  if (maintenance.includes(row.server) || (state === 'maintenance' && /^spare\d*$/.test(row.server)))
    return [make.found('S05-expected', subject, { parameters, evidence })];
  if (state === 'down') return [make.found('S05-down', subject, { parameters, evidence })];
  if (state === 'unchecked') return [make.found('S05-unchecked', subject, { parameters, evidence })];
  return [
    make.found(state === 'draining' ? 'S05-draining' : 'S05-maintenance', subject, { parameters, evidence }),
  ];
}

/** S06: one node less must still carry the audience. */
function checkSpare(facts: StreamingFacts, targets: StreamingTargets, make: ResultMaker): ClusterResult[] {
  const [first] = facts.balancers;
  const rows = facts.balancers
    .flatMap(({ statistics }) => (statistics?.ok === true ? [serverRows(statistics.value.rows)] : []))
    .at(0);
  if (first === undefined || rows === undefined) return [];
  const names = new Set(targets.broadcasts.map(({ name }) => name));
  // A slot in reserve that was readied is a node.
  const active = [...workingServers(rows)].filter(
    (server) => names.size === 0 || names.has(server) || /^spare\d+$/.test(server),
  ).length;
  const needed = targets.neededBroadcasts ?? 1;
  const parameters = { active, needed, left: active - 1 };
  const subject = 'broadcast';
  const measures = [{ label: 'broadcast_active', value: active, unit: '' as const, critical: needed }];
  return active - 1 >= needed
    ? [make.good('S06', subject, { measures })]
    : [make.found('S06-no-spare', subject, { parameters, measures })];
}

function checkLimits({ name, statistics }: BalancerFacts, share: number, make: ResultMaker): ClusterResult[] {
  if (statistics?.ok !== true) return [];
  const results: ClusterResult[] = [];
  for (const row of statistics.value.rows) {
    const { qcur = 0, scur = 0, slim = 0 } = row.values;
    const subject = row.server === 'FRONTEND' || row.server === 'BACKEND' ? name : `${row.server}/${name}`;
    const parameters = { proxy: row.proxy, server: row.server, queued: qcur, sessions: scur, limit: slim };
    if (qcur > 0)
      results.push(
        make.found('S07-queue', `${subject}/${row.proxy}`, {
          parameters,
          node: row.server === 'BACKEND' ? name : row.server,
        }),
      );
    else if (slim > 0 && scur >= slim)
      results.push(make.found('S07-full', `${subject}/${row.proxy}`, { parameters }));
    else if (slim > 0 && scur / slim > share)
      results.push(make.found('S07-near', `${subject}/${row.proxy}`, { parameters }));
  }
  const sessions = serverRows(statistics.value.rows).reduce(
    (sum, { values }) => sum + (values['scur'] ?? 0),
    0,
  );
  const measures = [{ label: `${name}_sessions`, value: sessions, unit: '' as const }];
  return results.length === 0 ? [make.good('S07', name, { measures })] : results;
}

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);
