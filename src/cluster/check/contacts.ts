import { localized } from '../../kit/output/localized.js';
import type { SystemName } from './cluster-result.js';
import type { EsupRunnerTargets } from '../esup-runner/targets.js';
import type { ClusterTargets, JitsiTargets, PodTargets, StreamingTargets } from './targets.js';

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

/** Names in both languages what was contacted; `writes` null: only read. */
const contactOf =
  (system: SystemName) =>
  (en: string, fr: string = en, writes: string | null = null): Contact => ({
    system,
    what: localized(en, fr),
    writes,
  });

function streamingContacts({ balancers, broadcasts, ingests }: StreamingTargets): Contact[] {
  const contact = contactOf('streaming');
  return [
    ...balancers.map(({ name, host }) =>
      contact(`${name} (${host}): HTTP, TLS, statistics`, `${name} (${host}) : HTTP, TLS, statistiques`),
    ),
    ...broadcasts.map(({ name, url }) =>
      contact(`${name} (${url}): playlists, segments`, `${name} (${url}) : listes, segments`),
    ),
    ...ingests.map(({ name, host, rtmpPort }) =>
      contact(
        `${name} (${host}:${rtmpPort}): RTMP connect without publishing, statistics`,
        `${name} (${host}:${rtmpPort}) : connexion RTMP sans publication, statistiques`,
      ),
    ),
  ];
}

function jitsiContacts(jitsi: JitsiTargets, { login = null }: Written): Contact[] {
  const contact = contactOf('jitsi');
  const { name, host, xmppPort, bridges } = jitsi;
  const prosody = `prosody (${host}:${xmppPort})`;
  return [
    contact(`${name} (${host}): HTTPS, jicofo REST`, `${name} (${host}) : HTTPS, REST de jicofo`),
    contact(prosody, prosody, loginWrites(login, jitsi)),
    ...bridges.map((bridge) =>
      contact(
        `${bridge.name} (${bridge.host}): one datagram, REST`,
        `${bridge.name} (${bridge.host}) : un datagramme, REST`,
      ),
    ),
  ];
}

function podContacts({ shares, api, lrs }: PodTargets, written: Written): Contact[] {
  const contact = contactOf('encoding');
  const { inspected = [], probed = [], sentinel = false } = written;
  const paths = [...new Set(shares.map(({ path }) => path))].join(', ');
  const witness = localized('a sentinel file, removed at once', 'un fichier témoin, aussitôt retiré');
  return [
    contact('Redis brokers', 'les courtiers Redis', brokerWrites(inspected, probed)),
    ...(paths === ''
      ? []
      : [
          contact(
            `the media share (${paths})`,
            `le partage des médias (${paths})`,
            sentinel ? witness : null,
          ),
        ]),
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
  const refused = localized(
    'a task of a type that nobody serves, refused by it',
    "une tâche d'un type que personne ne sert, refusée",
  );
  return [
    contact(
      `the manager (${managerUrl}): health, runners, tasks`,
      `le manager (${managerUrl}) : santé, runners, tâches`,
      runnerProbed ? refused : null,
    ),
    ...(urls === '' ? [] : [contact(`runners (${urls}): ping, status`, `runners (${urls}) : ping, état`)]),
    ...(podUrl === null
      ? []
      : [contact(`Pod (${podUrl}): webhook, one media file`, `Pod (${podUrl}) : webhook, un fichier média`)]),
  ];
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
