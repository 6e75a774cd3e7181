import type { SystemName } from './cluster-result.js';
import type { EsupRunnerTargets } from '../esup-runner/targets.js';
import type { ClusterTargets, JitsiTargets, PodTargets, StreamingTargets } from './targets.js';
import { words } from './words.js';

/** One thing that a check talked to, and what it left there. */
export interface Contact {
  readonly system: SystemName;
  readonly what: string;
  /** Null: only read. */
  readonly writes: string | null;
}

/** What really was written: a target that did not answer got nothing. */
export interface Written {
  /** How far the login went: refused counts, for prosody's log holds it. */
  readonly login?: 'refused' | 'accepted' | null;
  /** Brokers that took Celery's inspect message, by name. */
  readonly inspected?: readonly string[];
  /** Brokers that took the probe key. */
  readonly probed?: readonly string[];
  readonly sentinel?: boolean;
  /** The manager was asked with a task that nobody serves. */
  readonly runnerProbed?: boolean;
}

/** Says what a run contacted and wrote: an operator must be able to answer for it. */
export function describeContacts(
  { streaming, jitsi, pod, runners }: ClusterTargets,
  systems: readonly SystemName[],
  written: Written,
): Contact[] {
  return [
    ...(streaming === null ? [] : streamingContacts(streaming)),
    ...(jitsi === null ? [] : jitsiContacts(jitsi, written)),
    ...(pod === null ? [] : podContacts(pod, written)),
    ...(runners === null ? [] : runnerContacts(runners, written)),
  ].filter(({ system }) => systems.includes(system));
}

/** `writes` null: only read. */
const contactOf =
  (system: SystemName) =>
  (what: string, writes: string | null = null): Contact => ({ system, what, writes });

function streamingContacts({ balancers, broadcasts, ingests }: StreamingTargets): Contact[] {
  const contact = contactOf('streaming');
  return [
    ...balancers.map(({ name, host }) => contact(words.balancerContact({ name, host }))),
    ...broadcasts.map(({ name, url }) => contact(words.broadcastContact({ name, url }))),
    ...ingests.map(({ name, host, rtmpPort }) =>
      contact(words.ingestContact({ name, host, port: String(rtmpPort) })),
    ),
  ];
}

function jitsiContacts(jitsi: JitsiTargets, { login = null }: Written): Contact[] {
  const contact = contactOf('jitsi');
  const { name, host, xmppPort, bridges } = jitsi;
  return [
    contact(words.jmsContact({ name, host })),
    contact(`prosody (${host}:${xmppPort})`, loginWrites(login, jitsi)),
    ...bridges.map((bridge) => contact(words.bridgeContact({ name: bridge.name, host: bridge.host }))),
  ];
}

function podContacts({ shares, api, lrs }: PodTargets, written: Written): Contact[] {
  const contact = contactOf('encoding');
  const { inspected = [], probed = [], sentinel = false } = written;
  const paths = [...new Set(shares.map(({ path }) => path))].join(', ');
  return [
    contact(words.brokersContact(), brokerWrites(inspected, probed)),
    ...(paths === '' ? [] : [contact(words.shareContact({ paths }), sentinel ? words.sentinelFile() : null)]),
    ...(api === null ? [] : [contact(`Pod REST (${api.url})`)]),
    ...(lrs === null ? [] : [contact(`LRS (${lrs.url})`)]),
  ];
}

function runnerContacts(
  { managerUrl, instances, podUrl }: EsupRunnerTargets,
  { runnerProbed = false }: Written,
): Contact[] {
  const contact = contactOf('esup-runner');
  const urls = instances.map(({ url }) => url).join(', ');
  return [
    contact(words.managerContact({ url: managerUrl }), runnerProbed ? words.refusedTask() : null),
    ...(urls === '' ? [] : [contact(words.runnersContact({ urls }))]),
    ...(podUrl === null ? [] : [contact(words.podContact({ url: podUrl }))]),
  ];
}

function loginWrites(
  login: 'refused' | 'accepted' | null,
  { username, brewery }: JitsiTargets,
): string | null {
  if (login === null) return null;
  return login === 'refused' ? words.refusedLogin({ username }) : words.breweryEntry({ username, brewery });
}

function brokerWrites(inspected: readonly string[], probed: readonly string[]): string | null {
  const written = [
    ...(inspected.length === 0 ? [] : [`${words.inspectMessage()} (${inspected.join(', ')})`]),
    ...(probed.length === 0 ? [] : [`${words.probeKey()} (${probed.join(', ')})`]),
  ];
  return written.length === 0 ? null : written.join('; ');
}
