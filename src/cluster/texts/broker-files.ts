import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** Findings in redis.conf, sentinel.conf, an ACL file of Redis and in the unit of a Celery worker (`--file`). */
export const brokerFileTexts = defineTexts({
  'P03-file-eviction': say(
    'info',
    '{place}: {value} lets Redis drop any key when its memory is full: a queue of Celery among them',
    '{place} : {value} laisse Redis supprimer toute clé quand sa mémoire est pleine, donc aussi une file de Celery',
    'For the broker of Pod: maxmemory-policy noeviction; a cache alone may keep it',
    'Pour le broker de Pod : maxmemory-policy noeviction ; un simple cache peut le garder',
  ),
  'P04-file-open': say(
    'warning',
    '{place}: other machines reach this Redis ({value}) and it asks for no password',
    "{place} : d'autres machines joignent ce Redis ({value}) et il ne demande pas de mot de passe",
    'requirepass PASSWORD, or bind 127.0.0.1; systemctl restart redis-server',
    'requirepass MOTDEPASSE, ou bind 127.0.0.1 ; systemctl restart redis-server',
  ),
  'P04-file-password': say(
    'critical',
    '{place}: {key} is a password that everybody knows',
    '{place} : {key} est un mot de passe connu de tous',
    'openssl rand -hex 24; the same in the broker URL of Pod and of its workers',
    "openssl rand -hex 24 ; le même dans l'URL du broker de Pod et de ses workers",
  ),
  'P01-file-sentinel': say(
    'warning',
    '{place}: sentinel {key} watches {value} and wants the word of {quorum}: no other machine finds that address',
    '{place} : sentinel {key} surveille {value} et attend {quorum} avis : aucune autre machine ne trouve cette adresse',
    'sentinel monitor {key} ADDRESS-OF-THE-MASTER 6379 {quorum}',
    'sentinel monitor {key} ADRESSE-DU-MAITRE 6379 {quorum}',
  ),
  'P05-file-queue': say(
    'critical',
    '{place}: the worker of {application} takes from {value}: nothing of its own queue is ever done',
    "{place} : le worker de {application} prend dans {value} : rien de sa propre file n'est jamais fait",
    '-Q {wanted}; systemctl daemon-reload; systemctl restart the unit',
    "-Q {wanted} ; systemctl daemon-reload ; systemctl restart de l'unité",
  ),
  'P08-file-home': say(
    'warning',
    '{place}: systemd reads %h as the home directory, not as the host: the node is not named after its machine',
    '{place} : systemd lit %h comme le dossier personnel, pas comme la machine : le nœud ne porte pas le nom de sa machine',
    '-n {value}@%%h; systemctl daemon-reload; systemctl restart the unit',
    "-n {value}@%%h ; systemctl daemon-reload ; systemctl restart de l'unité",
  ),
  'P08-file-name': say(
    'info',
    '{place}: every machine with this unit has the same node name ({value}): with two, each hides the other',
    "{place} : toute machine avec cette unité porte le même nom de nœud ({value}) : à deux, l'une cache l'autre",
    '-n {value}@%%h in a unit, -n {value}@%h elsewhere',
    '-n {value}@%%h dans une unité, -n {value}@%h ailleurs',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof brokerFileTexts>, true> {}
}
