import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** P01 to P04, P09, P11 and P19: the broker and what waits in it. */
export const encodingBrokerTexts = defineTexts({
  P01: property(
    'Redis answers with the password given',
    'Redis répond avec le mot de passe donné',
    'A connection with the broker’s own URL, then PING and INFO. While it is down nothing else of that broker is judged: one alarm, not twelve.',
    "Une connexion avec l'URL même du broker, puis PING et INFO. Tant qu'il est arrêté, rien d'autre de ce broker n'est jugé : une alerte, pas douze.",
  ),
  'P01-silent': say(
    'critical',
    'Redis does not answer: {subject} ({detail})',
    'Redis ne répond pas : {subject} ({detail})',
    'On {host}: systemctl status redis-server; then bind, protected-mode and the firewall (ss -ltnp | grep {port})',
    'Sur {host} : systemctl status redis-server ; puis bind, protected-mode et le pare-feu (ss -ltnp | grep {port})',
  ),
  'P01-denied': say(
    'critical',
    'Redis refuses us: {subject} ({detail})',
    'Redis nous refuse : {subject} ({detail})',
    'Put the password into the broker URL (redis://:PASSWORD@{host}:{port}/{database}) of settings_local.py on the backend AND the workers, then systemctl restart celery-*',
    "Mettez le mot de passe dans l'URL du broker (redis://:MOTDEPASSE@{host}:{port}/{database}) du settings_local.py du serveur ET des workers, puis systemctl restart celery-*",
  ),
  P02: property(
    'Redis can take jobs',
    'Redis peut accepter des tâches',
    'It is a master, its memory is not full, and its last save did not fail (it refuses writes then, stop-writes-on-bgsave-error). With --probe a key is really set and deleted.',
    "Il est maître, sa mémoire n'est pas pleine, et sa dernière sauvegarde n'a pas échoué (il refuse alors d'écrire, stop-writes-on-bgsave-error). Avec --probe une clé est vraiment écrite et supprimée.",
  ),
  'P02-full': say(
    'critical',
    'The memory of Redis is full ({percent} % of maxmemory): it takes no job ({subject})',
    "La mémoire de Redis est pleine ({percent} % de maxmemory) : il n'accepte plus de tâche ({subject})",
    '{redis} config set maxmemory 1gb (and in redis.conf); {redis} --bigkeys shows what fills it',
    '{redis} config set maxmemory 1gb (et dans redis.conf) ; {redis} --bigkeys montre ce qui la remplit',
  ),
  'P02-filling': say(
    'warning',
    'The memory of Redis is {percent} % full ({subject})',
    'La mémoire de Redis est pleine à {percent} % ({subject})',
    '{redis} --bigkeys; raise maxmemory before it takes no more jobs',
    "{redis} --bigkeys ; augmentez maxmemory avant qu'il ne refuse les tâches",
  ),
  'P02-save-failed': say(
    'critical',
    'The last save of Redis failed: it refuses writes ({subject})',
    'La dernière sauvegarde de Redis a échoué : il refuse les écritures ({subject})',
    'df -h /var/lib/redis; ls -ld /var/lib/redis; tail /var/log/redis/redis-server.log; then {redis} bgsave',
    'df -h /var/lib/redis ; ls -ld /var/lib/redis ; tail /var/log/redis/redis-server.log ; puis {redis} bgsave',
  ),
  'P02-replica': say(
    'critical',
    '{subject} is a {role}, not a master: it takes no job',
    "{subject} est un {role}, pas un maître : il n'accepte pas de tâche",
    'Point the broker URL at the master, or use sentinel:// URLs; {redis} info replication',
    "Pointez l'URL du broker vers le maître, ou utilisez des URL sentinel:// ; {redis} info replication",
  ),
  'P02-refuses': say(
    'critical',
    'Redis refuses to write a probe key: {detail} ({subject})',
    "Redis refuse d'écrire une clé d'essai : {detail} ({subject})",
    '{redis} acl whoami; {redis} acl list',
    '{redis} acl whoami ; {redis} acl list',
  ),
  P03: property(
    'Redis keeps the jobs it took',
    "Redis garde les tâches qu'il a acceptées",
    'maxmemory-policy must be noeviction: any other lets Redis throw waiting encodings away. Without append-only file or snapshots a restart loses the queue.',
    'maxmemory-policy doit être noeviction : toute autre laisse Redis jeter des encodages en attente. Sans fichier append-only ni instantanés, un redémarrage perd la file.',
  ),
  'P03-evicts': say(
    'warning',
    'Redis may throw waiting jobs away: maxmemory-policy {policy} ({evicted} keys evicted so far)',
    'Redis peut jeter des tâches en attente : maxmemory-policy {policy} ({evicted} clés déjà évincées)',
    '{redis} config set maxmemory-policy noeviction (and in redis.conf); put caches into another Redis',
    '{redis} config set maxmemory-policy noeviction (et dans redis.conf) ; mettez les caches dans un autre Redis',
  ),
  'P03-volatile': say(
    'info',
    'Redis keeps nothing over a restart: {subject}',
    'Redis ne garde rien après un redémarrage : {subject}',
    '{redis} config set appendonly yes (and in redis.conf)',
    '{redis} config set appendonly yes (et dans redis.conf)',
  ),
  P04: property(
    'Redis is not open to strangers',
    "Redis n'est pas ouvert aux inconnus",
    'A second connection is tried without any password. Open on a public address is critical: a Redis that strangers can write runs their commands.',
    "Une seconde connexion est tentée sans mot de passe. Ouvert sur une adresse publique, c'est critique : un Redis où des inconnus écrivent exécute leurs commandes.",
  ),
  'P04-public': say(
    'critical',
    'Redis answers without a password on a public address ({host})',
    'Redis répond sans mot de passe sur une adresse publique ({host})',
    'Now: firewall port {port}; then requirepass and bind in redis.conf, and the password in the broker URLs',
    'Tout de suite : filtrez le port {port} ; puis requirepass et bind dans redis.conf, et le mot de passe dans les URL du broker',
  ),
  'P04-open': say(
    'warning',
    'Redis answers without a password on {host}: every machine of that network may read and write jobs',
    'Redis répond sans mot de passe sur {host} : toute machine de ce réseau peut lire et écrire les tâches',
    'requirepass in redis.conf, the password in the broker URLs, systemctl restart redis-server',
    'requirepass dans redis.conf, le mot de passe dans les URL du broker, systemctl restart redis-server',
  ),
  P09: property(
    'The backlog is short',
    "L'attente est courte",
    'What waits is LLEN of the queue and of its priorities plus what workers hold in advance (`inspect reserved` alone misleads). Durations of the files that can be read, the workers’ cores and the encoding factor give the time to the end.',
    "Ce qui attend, c'est LLEN de la file et de ses priorités, plus ce que les workers tiennent d'avance (« inspect reserved » seul trompe). Les durées des fichiers lisibles, les cœurs des workers et le facteur d'encodage donnent le temps restant.",
  ),
  'P09-long': say(
    'warning',
    '{waiting} {waiting:job waits|jobs wait} in {queue}: about {eta} min to the end of the queue',
    '{waiting} {waiting:tâche|tâches} en attente dans {queue} : environ {eta} min avant la fin de la file',
    'bbb2pod cluster queue; add an encoder: bbb2pod cluster plan --minutes-per-hour N',
    'bbb2pod cluster queue ; ajoutez un encodeur : bbb2pod cluster plan --minutes-per-hour N',
  ),
  'P09-assumed': say(
    'warning',
    '{waiting} {waiting:job waits|jobs wait} in {queue}; their files cannot be read from here, so how long they take is not known',
    '{waiting} {waiting:tâche attend|tâches attendent} dans {queue} ; leurs fichiers ne sont pas lisibles d’ici, leur durée n’est donc pas connue',
    'bbb2pod cluster queue on a worker, where the share is mounted, gives the time to the end',
    'bbb2pod cluster queue sur un worker, où le partage est monté, donne le temps restant',
  ),
  'P09-deep': say(
    'warning',
    '{waiting} messages wait in {queue}',
    '{waiting} messages en attente dans {queue}',
    'bbb2pod cluster queue; look at what its worker waits for (P17 for xapi)',
    'bbb2pod cluster queue ; regardez ce qu’attend son worker (P17 pour xapi)',
  ),
  P11: property(
    'No job was lost on the way',
    'Aucune tâche perdue en route',
    'Pod acknowledges early: `unacked` holds what workers took in advance. More than they tell belongs to a worker that was killed; it comes back after the visibility timeout (one hour), and a job held longer than that runs twice (celery#5935).',
    "Pod acquitte tôt : « unacked » contient ce que les workers ont pris d'avance. Ce qui dépasse appartient à un worker tué ; cela revient après le visibility timeout (une heure), et une tâche tenue plus longtemps s'exécute deux fois (celery#5935).",
  ),
  'P11-orphans': say(
    'critical',
    '{count} {count:job was|jobs were} taken by a worker that is gone (videos {videos}): hidden for up to an hour',
    '{count} {count:tâche prise|tâches prises} par un worker disparu (vidéos {videos}) : {count:invisible|invisibles} jusqu’à une heure',
    'bbb2pod cluster queue; to have them at once: restart the encoding of these videos in Pod’s admin',
    "bbb2pod cluster queue ; pour ne pas attendre : relancez l'encodage de ces vidéos dans l'admin de Pod",
  ),
  'P11-redelivery': say(
    'warning',
    'A job has been held in advance for {minutes} min: after 60 it is delivered a second time',
    "Une tâche est tenue d'avance depuis {minutes} min : après 60 elle est livrée une seconde fois",
    "CELERY broker_transport_options = {'visibility_timeout': 43200}, and --prefetch-multiplier 1 on the workers",
    "CELERY broker_transport_options = {'visibility_timeout': 43200}, et --prefetch-multiplier 1 sur les workers",
  ),
  P19: property(
    'The files of waiting jobs exist',
    'Les fichiers des tâches en attente existent',
    'The path that the backend queued is opened under the very same name: backend and workers must mount the share on one absolute path.',
    'Le chemin mis en file par le serveur est ouvert sous le même nom exactement : serveur et workers doivent monter le partage au même chemin absolu.',
  ),
  'P19-missing': say(
    'critical',
    'Video {video} waits in {queue} and its file is not there: {path}',
    'La vidéo {video} attend dans {queue} et son fichier n’est pas là : {path}',
    'ls -l {path} on the backend and on the worker: other mount path, or removed',
    'ls -l {path} sur le serveur et sur le worker : autre chemin de montage, ou fichier supprimé',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof encodingBrokerTexts>, true> {}
}
