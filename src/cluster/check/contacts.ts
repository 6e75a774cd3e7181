import { localized } from '../../kit/output/localized.js';
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
            read(
              'streaming',
              localized(
                `${name} (${host}): HTTP, TLS, statistics`,
                `${name} (${host}) : HTTP, TLS, statistiques`,
              ),
            ),
          ),
          ...streaming.broadcasts.map(({ name, url }) =>
            read(
              'streaming',
              localized(`${name} (${url}): playlists, segments`, `${name} (${url}) : listes, segments`),
            ),
          ),
          ...streaming.ingests.map(({ name, host, rtmpPort }) =>
            read(
              'streaming',
              localized(
                `${name} (${host}:${rtmpPort}): RTMP connect without publishing, statistics`,
                `${name} (${host}:${rtmpPort}) : connexion RTMP sans publication, statistiques`,
              ),
            ),
          ),
        ]),
    ...(jitsi === null
      ? []
      : [
          read(
            'jitsi',
            `${jitsi.name} (${jitsi.host})${localized(': HTTPS, jicofo REST', ' : HTTPS, REST de jicofo')}`,
          ),
          {
            system: 'jitsi' as const,
            what: `prosody (${jitsi.host}:${jitsi.xmppPort})`,
            writes: loginWrites(login, jitsi),
          },
          ...jitsi.bridges.map(({ name, host }) =>
            read(
              'jitsi',
              localized(`${name} (${host}): one datagram, REST`, `${name} (${host}) : un datagramme, REST`),
            ),
          ),
        ]),
    ...(pod === null
      ? []
      : [
          {
            system: 'encoding' as const,
            what: localized('Redis brokers', 'les courtiers Redis'),
            writes: brokerWrites(inspected, probed),
          },
          ...(pod.shares.length === 0
            ? []
            : [
                {
                  system: 'encoding' as const,
                  what: `${localized('the media share', 'le partage des médias')} (${[...new Set(pod.shares.map(({ path }) => path))].join(', ')})`,
                  writes: sentinel
                    ? localized('a sentinel file, removed at once', 'un fichier témoin, aussitôt retiré')
                    : null,
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
            what: localized(
              `the manager (${runners.managerUrl}): health, runners, tasks`,
              `le manager (${runners.managerUrl}) : santé, runners, tâches`,
            ),
            writes: runnerProbed
              ? localized(
                  'a task of a type that nobody serves, refused by it',
                  "une tâche d'un type que personne ne sert, refusée",
                )
              : null,
          },
          ...(runners.instances.length === 0
            ? []
            : [
                read(
                  'esup-runner',
                  `runners (${runners.instances.map(({ url }) => url).join(', ')})${localized(': ping, status', ' : ping, état')}`,
                ),
              ]),
          ...(runners.podUrl === null
            ? []
            : [
                read(
                  'esup-runner',
                  localized(
                    `Pod (${runners.podUrl}): webhook, one media file`,
                    `Pod (${runners.podUrl}) : webhook, un fichier média`,
                  ),
                ),
              ]),
        ]),
  ].filter(({ system }) => systems.includes(system));
}

function loginWrites(
  login: 'refused' | 'accepted' | null,
  { username, brewery }: JitsiTargets,
): string | null {
  if (login === null) return null;
  return login === 'refused'
    ? localized(
        `an attempt to log in as ${username}, refused`,
        `une tentative de connexion de ${username}, refusée`,
      )
    : localized(
        `a login as ${username}, an entry without statistics into ${brewery}`,
        `une connexion de ${username}, une entrée sans statistiques dans ${brewery}`,
      );
}

function brokerWrites(inspected: readonly string[], probed: readonly string[]): string | null {
  const written = [
    ...(inspected.length === 0
      ? []
      : [
          `${localized("Celery's inspect message and one reply queue, removed at once", 'le message inspect de Celery et une file de réponse, aussitôt retirée')} (${inspected.join(', ')})`,
        ]),
    ...(probed.length === 0
      ? []
      : [
          `${localized('SET and DEL of a probe key', "SET et DEL d'une clé d'essai")} (${probed.join(', ')})`,
        ]),
  ];
  return written.length === 0 ? null : written.join('; ');
}
