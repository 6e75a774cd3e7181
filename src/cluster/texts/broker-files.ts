import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding } from './terms.js';

/** Findings in redis.conf, sentinel.conf, an ACL file of Redis and in the unit of a Celery worker (`--file`). */
export const brokerFileTexts = defineTexts({
  'P03-file-eviction': finding(
    'info',
    [
      '{place}: {value} lets Redis drop any key when its memory is full: a queue of Celery among them',
      'For the broker of Pod: maxmemory-policy noeviction; a cache alone may keep it',
    ],
    [
      '{place} : {value} laisse Redis supprimer toute clé quand sa mémoire est pleine, donc aussi une file de Celery',
      'Pour le broker de Pod : maxmemory-policy noeviction ; un simple cache peut le garder',
    ],
  ),
  'P04-file-open': finding(
    'warning',
    [
      '{place}: other machines reach this Redis ({value}) and it asks for no password',
      'requirepass PASSWORD, or bind 127.0.0.1; systemctl restart redis-server',
    ],
    [
      "{place} : d'autres machines joignent ce Redis ({value}) et il ne demande pas de mot de passe",
      'requirepass MOTDEPASSE, ou bind 127.0.0.1 ; systemctl restart redis-server',
    ],
  ),
  'P04-file-password': finding(
    'critical',
    [
      '{place}: {key} is a password that everybody knows',
      'openssl rand -hex 24; the same in the broker URL of Pod and of its workers',
    ],
    [
      '{place} : {key} est un mot de passe connu de tous',
      "openssl rand -hex 24 ; le même dans l'URL du broker de Pod et de ses workers",
    ],
  ),
  'P01-file-sentinel': finding(
    'warning',
    [
      '{place}: sentinel {key} watches {value} and wants the word of {quorum}: no other machine finds that address',
      'sentinel monitor {key} ADDRESS-OF-THE-MASTER 6379 {quorum}',
    ],
    [
      '{place} : sentinel {key} surveille {value} et attend {quorum} avis : aucune autre machine ne trouve cette adresse',
      'sentinel monitor {key} ADRESSE-DU-MAITRE 6379 {quorum}',
    ],
  ),
  'P05-file-queue': finding(
    'critical',
    [
      '{place}: the worker of {application} takes from {value}: nothing of its own queue is ever done',
      '-Q {wanted}; systemctl daemon-reload; systemctl restart the unit',
    ],
    [
      "{place} : le worker de {application} prend dans {value} : rien de sa propre file n'est jamais fait",
      "-Q {wanted} ; systemctl daemon-reload ; systemctl restart de l'unité",
    ],
  ),
  'P08-file-home': finding(
    'warning',
    [
      '{place}: systemd reads %h as the home directory, not as the host: the node is not named after its machine',
      '-n {value}@%%h; systemctl daemon-reload; systemctl restart the unit',
    ],
    [
      '{place} : systemd lit %h comme le dossier personnel, pas comme la machine : le nœud ne porte pas le nom de sa machine',
      "-n {value}@%%h ; systemctl daemon-reload ; systemctl restart de l'unité",
    ],
  ),
  'P08-file-name': finding(
    'info',
    [
      '{place}: every machine with this unit has the same node name ({value}): with two, each hides the other',
      '-n {value}@%%h in a unit, -n {value}@%h elsewhere',
    ],
    [
      "{place} : toute machine avec cette unité porte le même nom de nœud ({value}) : à deux, l'une cache l'autre",
      '-n {value}@%%h dans une unité, -n {value}@%h ailleurs',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof brokerFileTexts>, true> {}
}
