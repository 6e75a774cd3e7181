import type { SystemName } from './cluster-result.js';
import type { ClusterTargets } from './targets.js';

/** One thing that a check talked to, and what it left there. */
export interface Contact {
  readonly system: SystemName;
  readonly what: string;
  /** Null: only read. */
  readonly writes: string | null;
}

/** Says what a run contacts and writes, before or after it: an operator must be able to answer for it. */
export function describeContacts(
  targets: ClusterTargets,
  systems: readonly SystemName[],
  { passive, probe }: { readonly passive: boolean; readonly probe: boolean },
): Contact[] {
  const { streaming, jitsi, pod } = targets;
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
            writes: passive
              ? null
              : `a login as ${jitsi.username}, an entry without statistics into ${jitsi.brewery}`,
          },
          ...jitsi.bridges.map(({ name, host }) => read('jitsi', `${name} (${host}): one datagram, REST`)),
        ]),
    ...(pod === null
      ? []
      : [
          {
            system: 'encoding' as const,
            what: 'Redis brokers',
            writes: brokerWrites(passive, probe),
          },
          ...(pod.shares.length === 0
            ? []
            : [
                {
                  system: 'encoding' as const,
                  what: `the media share (${[...new Set(pod.shares.map(({ path }) => path))].join(', ')})`,
                  writes: probe ? 'a sentinel file, removed at once' : null,
                },
              ]),
          ...(pod.api === null ? [] : [read('encoding', `Pod REST (${pod.api.url})`)]),
          ...(pod.lrs === null ? [] : [read('encoding', `LRS (${pod.lrs.url})`)]),
        ]),
  ].filter(({ system }) => systems.includes(system));
}

function brokerWrites(passive: boolean, probe: boolean): string | null {
  const written = [
    ...(passive ? [] : ["Celery's inspect message and one reply queue, removed at once"]),
    ...(probe ? ['SET and DEL of a probe key'] : []),
  ];
  return written.length === 0 ? null : written.join('; ');
}
