import type { SystemName } from './cluster-result.js';
import type { ClusterTargets, JitsiTargets } from './targets.js';

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
  targets: ClusterTargets,
  systems: readonly SystemName[],
  { login = null, inspected = [], probed = [], sentinel = false, runnerProbed = false }: Written,
): Contact[] {
  const { streaming, jitsi, pod, runners } = targets;
  const read = (system: SystemName, what: string): Contact => ({ system, what, writes: null });
  return [
    ...(streaming === null
      ? []
      : [
          ...streaming.balancers.map(({ name, host }) =>
            read('streaming', `${name} (${host}): HTTP, TLS, statistics`),
          ),
          ...streaming.broadcasts.map(({ name, url }) =>
            read('streaming', `${name} (${url}): playlists, segments`),
          ),
          ...streaming.ingests.map(({ name, host, rtmpPort }) =>
            read('streaming', `${name} (${host}:${rtmpPort}): RTMP connect without publishing, statistics`),
          ),
        ]),
    ...(jitsi === null
      ? []
      : [
          read('jitsi', `${jitsi.name} (${jitsi.host}): HTTPS, jicofo REST`),
          {
            system: 'jitsi' as const,
            what: `prosody (${jitsi.host}:${jitsi.xmppPort})`,
            writes: loginWrites(login, jitsi),
          },
          ...jitsi.bridges.map(({ name, host }) => read('jitsi', `${name} (${host}): one datagram, REST`)),
        ]),
    ...(pod === null
      ? []
      : [
          {
            system: 'encoding' as const,
            what: 'Redis brokers',
            writes: brokerWrites(inspected, probed),
          },
          ...(pod.shares.length === 0
            ? []
            : [
                {
                  system: 'encoding' as const,
                  what: `the media share (${[...new Set(pod.shares.map(({ path }) => path))].join(', ')})`,
                  writes: sentinel ? 'a sentinel file, removed at once' : null,
                },
              ]),
          ...(pod.api === null ? [] : [read('encoding', `Pod REST (${pod.api.url})`)]),
          ...(pod.lrs === null ? [] : [read('encoding', `LRS (${pod.lrs.url})`)]),
        ]),
    ...(runners === null
      ? []
      : [
          {
            system: 'esup-runner' as const,
            what: `the manager (${runners.managerUrl}): health, runners, tasks`,
            writes: runnerProbed ? 'a task of a type that nobody serves, refused by it' : null,
          },
          ...(runners.instances.length === 0
            ? []
            : [
                read(
                  'esup-runner',
                  `runners (${runners.instances.map(({ url }) => url).join(', ')}): ping, status`,
                ),
              ]),
          ...(runners.podUrl === null
            ? []
            : [read('esup-runner', `Pod (${runners.podUrl}): webhook, one media file`)]),
        ]),
  ].filter(({ system }) => systems.includes(system));
}

function loginWrites(
  login: 'refused' | 'accepted' | null,
  { username, brewery }: JitsiTargets,
): string | null {
  if (login === null) return null;
  return login === 'refused'
    ? `an attempt to log in as ${username}, refused`
    : `a login as ${username}, an entry without statistics into ${brewery}`;
}

function brokerWrites(inspected: readonly string[], probed: readonly string[]): string | null {
  const written = [
    ...(inspected.length === 0
      ? []
      : [`Celery's inspect message and one reply queue, removed at once (${inspected.join(', ')})`]),
    ...(probed.length === 0 ? [] : [`SET and DEL of a probe key (${probed.join(', ')})`]),
  ];
  return written.length === 0 ? null : written.join('; ');
}
