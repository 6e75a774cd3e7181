import { defineWords } from '../../kit/output/define-words.js';

/** What `cluster check` says around its findings. */
export const words = defineWords({
  // contacts.ts
  sentinelFile: ['a sentinel file, removed at once', 'un fichier témoin, aussitôt retiré'],
  refusedTask: [
    'a task of a type that nobody serves, refused by it',
    "une tâche d'un type que personne ne sert, refusée",
  ],
  refusedLogin: [
    'an attempt to log in as {username}, refused',
    'une tentative de connexion de {username}, refusée',
  ],
  breweryEntry: [
    'a login as {username}, an entry without statistics into {brewery}',
    'une connexion de {username}, une entrée sans statistiques dans {brewery}',
  ],
  inspectMessage: [
    "Celery's inspect message and one reply queue, removed at once",
    'le message inspect de Celery et une file de réponse, aussitôt retirée',
  ],
  probeKey: ['SET and DEL of a probe key', "SET et DEL d'une clé d'essai"],
  // render-machine.ts
  checks: ['{count} checks', '{count} contrôles'],
  // render-table.ts
  warning: ['WARNING', 'ALERTE'],
  critical: ['CRITICAL', 'CRITIQUE'],
  streaming: ['STREAMING', 'DIFFUSION'],
  podWorkers: ['POD WORKERS', 'WORKERS DE POD'],
  contacted: ['Contacted:', 'Contactés :'],
  wroteThere: ['; wrote: {writes}', ' ; écrit : {writes}'],
  wroteTo: ['Wrote to {what}: {writes}.', 'Écrit dans {what} : {writes}.'],
  node: ['NODE', 'NŒUD'],
  role: ['ROLE', 'RÔLE'],
  state: ['STATE', 'ÉTAT'],
  load: ['LOAD', 'CHARGE'],
  detail: ['DETAIL', 'DÉTAIL'],
  yes: ['yes', 'oui'],
  no: ['no', 'non'],
  notFromHere: ['not from here', 'pas depuis ici'],
  notChecked: ['NOT CHECKED', 'NON VÉRIFIÉ'],
  moreFollow: ['and {consequences} more that follow from it', 'et {consequences} de plus qui en découlent'],
  // verdict.ts
  age: ['age {value} s', 'âge {value} s'],
  waiting: ['{value} waiting', '{value} en attente'],
  heard: ['heard {value} s', 'entendu {value} s'],
  memoryUsed: ['memory {value} %', 'mémoire {value} %'],
  diskFree: ['{value} % free', '{value} % libres'],
  active: ['{value} active', '{value} {value:actif|actifs}'],
  spareKnown: ['{good}/{all} ok, N+1: {spare}', '{good}/{all} ok, N+1 : {spare}'],
  checksCount: ['{count} {count:check|checks}', '{count} {count:contrôle|contrôles}'],
  checksIn: [
    '{count} {count:check|checks} in {seconds} s',
    '{count} {count:contrôle|contrôles} en {seconds} s',
  ],
  criticals: ['{count} critical', '{count} {count:critique|critiques}'],
  warnings: ['{count} {count:warning|warnings}', '{count} {count:alerte|alertes}'],
  notCheckedCount: ['{count} not checked', '{count} {count:non vérifié|non vérifiés}'],
  notes: ['{count} {count:note|notes}', '{count} {count:note|notes}'],
  explainsMore: ['explains {count} more', 'en explique {count}'],
  balancerContact: ['{name} ({host}): HTTP, TLS, statistics', '{name} ({host}) : HTTP, TLS, statistiques'],
  broadcastContact: ['{name} ({url}): playlists, segments', '{name} ({url}) : listes, segments'],
  ingestContact: [
    '{name} ({host}:{port}): RTMP connect without publishing, statistics',
    '{name} ({host}:{port}) : connexion RTMP sans publication, statistiques',
  ],
  jmsContact: ['{name} ({host}): HTTPS, jicofo REST', '{name} ({host}) : HTTPS, REST de jicofo'],
  bridgeContact: ['{name} ({host}): one datagram, REST', '{name} ({host}) : un datagramme, REST'],
  brokersContact: ['Redis brokers', 'les courtiers Redis'],
  shareContact: ['the media share ({paths})', 'le partage des médias ({paths})'],
  managerContact: [
    'the manager ({url}): health, runners, tasks',
    'le manager ({url}) : santé, runners, tâches',
  ],
  runnersContact: ['runners ({urls}): ping, status', 'runners ({urls}) : ping, état'],
  podContact: ['Pod ({url}): webhook, one media file', 'Pod ({url}) : webhook, un fichier média'],
});
