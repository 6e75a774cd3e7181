import type { CheckPorts } from '../check/run-check.js';
import type { ClusterTargets, JitsiTargets, PodTargets, StreamingTargets } from '../check/targets.js';
import type { EsupRunnerTargets } from '../esup-runner/targets.js';
import { readOk, readPing } from '../esup-runner/read-answers.js';
import type { Outcome } from '../../kit/outcome.js';
import { isUp, maxconnOf } from '../streaming/servers.js';
import { matches } from '../pod/worker-checks.js';
import type { HaproxyFacts } from '../streaming/facts.js';
import { words } from './words.js';

/** What was seen of one role at work; `names` may be fewer than `count` when only a number is told. */
export type Seen =
  | {
      readonly ok: true;
      readonly count: number;
      readonly names: readonly string[];
      /** Who said so: `HAProxy of lb1`. */
      readonly by: string;
    }
  | { readonly ok: false; readonly why: string };

/** The cluster as it runs now, by role; null where the inventory has no such system. */
export interface RunningCluster {
  readonly balancer: Seen | null;
  readonly ingest: Seen | null;
  readonly broadcast: Seen | null;
  readonly jvb: Seen | null;
  readonly worker: Seen | null;
  readonly runner: Seen | null;
  /** Sum of the working servers' maxconn on one balancer, the smallest; null: not limited, or not known. */
  readonly maxconnSum: number | null;
}

export type ObservePorts = Pick<
  CheckPorts,
  'web' | 'haproxyStatistics' | 'rtmpConnect' | 'jicofo' | 'bridgeStatistics' | 'broker'
>;

/** Asks who is at work, side by side. Reads only: Celery's workers are heard by their heartbeats. */
export async function observeRunning(
  { streaming, jitsi, pod, runners, maintenance }: ClusterTargets,
  ports: ObservePorts,
): Promise<RunningCluster> {
  const [front, ingest, jvb, worker, runner] = await Promise.all([
    streaming === null ? null : observeFront(streaming, ports),
    streaming === null ? null : observeIngests(streaming, ports),
    jitsi === null ? null : observeBridges(jitsi, ports),
    pod === null ? null : observeEncoders(pod, ports),
    runners === null ? null : observeRunners(runners, ports),
  ]);
  const without = (seen: Seen | null): Seen | null => {
    if (seen?.ok !== true) return seen;
    const away = seen.names.filter((name) => maintenance.includes(name)).length;
    return {
      ...seen,
      count: seen.count - away,
      names: seen.names.filter((name) => !maintenance.includes(name)),
    };
  };
  return {
    balancer: without(front?.balancer ?? null),
    ingest: without(ingest),
    broadcast: without(front?.broadcast ?? null),
    jvb: without(jvb),
    worker: without(worker),
    runner: without(runner),
    maxconnSum: front?.maxconnSum ?? null,
  };
}

/** Instances that answer, are registered and encode: their pings need no token. */
async function observeRunners({ instances }: EsupRunnerTargets, ports: ObservePorts): Promise<Seen> {
  const pings = await Promise.all(
    instances.map(async ({ name, url }) => ({
      name,
      ping: readOk(await ports.web({ url: `${url}/runner/ping` }), readPing),
    })),
  );
  if (!pings.some(({ ping }) => ping.ok))
    return {
      ok: false,
      why: words.noRunnerAnswers(),
    };
  const names = pings
    .filter(({ ping }) => ping.ok && ping.value.registered && ping.value.taskTypes.includes('encoding'))
    .map(({ name }) => name);
  return { ok: true, count: names.length, names, by: '/runner/ping' };
}

interface Front {
  readonly balancer: Seen | null;
  readonly broadcast: Seen | null;
  readonly maxconnSum: number | null;
}

async function observeFront(targets: StreamingTargets, ports: ObservePorts): Promise<Front> {
  if (targets.balancers.length === 0) return { balancer: null, broadcast: null, maxconnSum: null };
  const host = targets.publicUrl === null ? null : new URL(targets.publicUrl).hostname;
  const asked = await Promise.all(
    targets.balancers.map(async ({ name, host: address, httpPort, httpsPort, statistics }) => {
      const [front, rows] = await Promise.all([
        ports.web({
          url: `${httpsPort === null ? 'http' : 'https'}://${host ?? address}${targets.frontPath}`,
          connectTo: { host: address, port: httpsPort ?? httpPort ?? 80 },
        }),
        statistics === null ? null : ports.haproxyStatistics(statistics),
      ]);
      return { name, front, statistics: rows };
    }),
  );
  const answering = asked.filter(({ front }) => front.ok).map(({ name }) => name);
  const told = asked.flatMap(({ name, statistics }) =>
    statistics?.ok === true ? [{ name, rows: statistics.value.rows }] : [],
  );
  const known = targets.broadcasts.map(({ name }) => name);
  const sums = told.map(({ rows }) => maxconnOf(rows, known)).filter((sum): sum is number => sum !== null);
  return {
    balancer: {
      ok: true,
      count: answering.length,
      names: answering,
      by: words.askedForPlaylist(),
    },
    broadcast: observeServers(asked, told, known),
    maxconnSum: sums.length === 0 ? null : Math.min(...sums),
  };
}

/** A node is up when every balancer that answers calls it up. Spare slots that were readied count. */
function observeServers(
  asked: readonly { readonly name: string; readonly statistics: Outcome<HaproxyFacts> | null }[],
  told: readonly { readonly name: string; readonly rows: HaproxyFacts['rows'] }[],
  known: readonly string[],
): Seen {
  if (told.length === 0) {
    const why = asked.map(({ name, statistics }) =>
      statistics?.ok === false ? `${name}: ${statistics.detail}` : words.statisticsNotTold({ name }),
    );
    return { ok: false, why: why.join('; ') };
  }
  const servers = new Set(told.flatMap(({ rows }) => rows.map(({ server }) => server)));
  const ours = [...servers].filter((server) => known.includes(server) || /^spare\d+$/.test(server));
  if (!ours.some((server) => known.includes(server)))
    return {
      ok: false,
      why: words.nodesUnknown({ name: told[0]?.name ?? '?' }),
    };
  const up = ours.filter((server) => told.every(({ rows }) => isUp(rows, server)));
  return {
    ok: true,
    count: up.length,
    names: up,
    by: `${words.haproxyOf()} ${told.map(({ name }) => name).join(', ')}`,
  };
}

async function observeIngests(targets: StreamingTargets, ports: ObservePorts): Promise<Seen> {
  const answers = await Promise.all(
    targets.ingests.map(async ({ name, host, rtmpPort, application }) => {
      const outcome = await ports.rtmpConnect({ host, port: rtmpPort, application });
      return outcome.ok && outcome.value.accepted ? [name] : [];
    }),
  );
  const names = answers.flat();
  return { ok: true, count: names.length, names, by: words.rtmpConnections() };
}

/** jicofo's word, for it chooses; else that of each bridge. */
export async function observeBridges(
  targets: JitsiTargets,
  ports: Pick<ObservePorts, 'jicofo' | 'bridgeStatistics'>,
): Promise<Seen> {
  const jicofo = targets.jicofoUrl === null ? null : await ports.jicofo(targets.jicofoUrl);
  if (jicofo?.ok === true) {
    const { bridges, operationalCount } = jicofo.value;
    const names = bridges
      .filter(
        ({ operational, healthy, draining }) =>
          operational !== false && healthy !== false && draining !== true,
      )
      .map(({ nickname }) => nameOf(targets, nickname));
    if (bridges.length > 0 || operationalCount !== null)
      return {
        ok: true,
        count: bridges.length > 0 ? names.length : (operationalCount ?? 0),
        names,
        by: 'jicofo',
      };
  }
  const asked = targets.bridges.filter(({ restUrl }) => restUrl !== null);
  const answers = await Promise.all(
    asked.map(async ({ name, restUrl }) => ({ name, said: await ports.bridgeStatistics(restUrl ?? '') })),
  );
  if (answers.length < targets.bridges.length || answers.length === 0)
    return {
      ok: false,
      why: jicofo?.ok === false ? `jicofo: ${jicofo.detail}` : words.onLoopback(),
    };
  const names = answers.flatMap(({ name, said }) =>
    said.ok && said.value['drain'] !== true && said.value['healthy'] !== false ? [name] : [],
  );
  return { ok: true, count: names.length, names, by: words.restOfBridges() };
}

const nameOf = ({ bridges }: JitsiTargets, nickname: string): string =>
  bridges.find((bridge) => bridge.nickname.toLowerCase() === nickname.toLowerCase())?.name ?? nickname;

async function observeEncoders(targets: PodTargets, ports: ObservePorts): Promise<Seen | null> {
  const queues = targets.queues.filter(({ kind }) => kind === 'encoding');
  if (queues.length === 0) return null;
  const { state, heartbeats, broker } = await ports.broker(queues, { passive: true, probe: false });
  if (!state.ok) return { ok: false, why: `${broker}: ${state.detail}` };
  if (heartbeats?.ok !== true)
    return {
      ok: false,
      why: `${broker}: ${heartbeats?.detail ?? words.noHeartbeat()}`,
    };
  const names = targets.workers
    .filter(({ queue }) => queues.some((own) => own.queue === queue))
    .filter((worker) => heartbeats.value.some(({ node }) => matches(worker, node)))
    .map(({ node }) => node);
  return {
    ok: true,
    count: names.length,
    names,
    by: words.heartbeats(),
  };
}
