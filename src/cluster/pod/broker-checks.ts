import type { ClusterResult, ResultMaker } from '../check/cluster-result.js';
import type { BrokerState } from './facts.js';
import type { BrokerFacts } from './run-facts.js';

const FULL = 0.95;
const FILLING = 0.8;

/** P01 to P04: can the broker be reached, written, trusted, and by whom. */
export function checkBroker(facts: BrokerFacts, make: ResultMaker): ClusterResult[] {
  const subject = facts.broker;
  const { state } = facts;
  if (!state.ok) {
    const code = state.fault === 'denied' ? 'P01-denied' : 'P01-silent';
    return [make.found(code, subject, details(facts, { detail: state.detail }))];
  }
  const evidence = [`Redis ${state.value.version}, up ${state.value.uptimeSeconds} s`];
  return [
    make.good('P01', subject, { node: 'redis', evidence }),
    ...checkWriting(subject, state.value, facts, make),
    ...checkSafety(facts, state.value, make),
    ...checkOpenness(subject, facts, make),
  ];
}

/** Remedies speak of this very Redis: its host, its port, its database. The password is asked for by redis-cli. */
const details = ({ broker, host, database }: BrokerFacts, parameters: Record<string, string | number>) => {
  const port = Number(/:(\d+)(?:\/\d*)?$/.exec(broker)?.[1] ?? 6379);
  const redis = `redis-cli -h ${host} -p ${port}`;
  return { parameters: { host, port, database, redis, ...parameters }, node: 'redis' };
};

function checkWriting(
  subject: string,
  state: BrokerState,
  facts: BrokerFacts,
  make: ResultMaker,
): ClusterResult[] {
  const { write } = facts;
  const used = state.maxMemoryBytes === 0 ? 0 : state.usedMemoryBytes / state.maxMemoryBytes;
  const percent = Math.round(used * 100);
  const measures =
    state.maxMemoryBytes === 0
      ? []
      : [{ label: 'redis_memory', value: percent, unit: '%' as const, warning: 80, critical: 95 }];
  if (state.role !== 'master')
    return [make.found('P02-replica', subject, { ...details(facts, { role: state.role }), measures })];
  // Redis refuses writes only when it is told to save at all.
  if (!state.lastSaveOk && state.stopsWritesAfterFailedSave !== false && state.savePoints !== '')
    return [make.found('P02-save-failed', subject, { ...details(facts, {}), measures })];
  if (!state.appendWriteOk)
    return [make.found('P02-save-failed', subject, { ...details(facts, {}), measures })];
  if (used >= FULL && (state.policy ?? 'noeviction') === 'noeviction')
    return [make.found('P02-full', subject, { ...details(facts, { percent }), measures })];
  if (write?.ok === false)
    return [make.found('P02-refuses', subject, { ...details(facts, { detail: write.detail }), measures })];
  if (used >= FILLING)
    return [make.found('P02-filling', subject, { ...details(facts, { percent }), measures })];
  return [make.good('P02', subject, { node: 'redis', measures })];
}

function checkSafety(facts: BrokerFacts, state: BrokerState, make: ResultMaker): ClusterResult[] {
  const subject = facts.broker;
  const { policy } = state;
  if (policy !== null && policy !== 'noeviction')
    return [make.found('P03-evicts', subject, details(facts, { policy, evicted: state.evictedKeys }))];
  if (!state.appendOnly && state.savePoints === '')
    return [make.found('P03-volatile', subject, details(facts, {}))];
  return [make.good('P03', subject, { node: 'redis' })];
}

function checkOpenness(subject: string, facts: BrokerFacts, make: ResultMaker): ClusterResult[] {
  const { open, host } = facts;
  if (open === null) return [];
  if (!open) return [make.good('P04', subject, { node: 'redis' })];
  const reach = reachOf(host);
  if (reach === 'loopback') return [make.good('P04', subject, { node: 'redis' })];
  return [make.found(reach === 'public' ? 'P04-public' : 'P04-open', subject, details(facts, {}))];
}

/** Who can reach an address: this machine alone, a private network, anybody. Names count as private. */
export function reachOf(host: string): 'loopback' | 'private' | 'public' {
  if (host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/'))
    return 'loopback';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host))
    return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
      host,
    )
      ? 'private'
      : 'public';
  if (host.includes(':')) return /^(fc|fd|fe[89ab])/i.test(host) ? 'private' : 'public';
  return 'private';
}
