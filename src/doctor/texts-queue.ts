import type { CodesOf } from '../kit/errors/code.js';
import { say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What `doctor` finds on what hands out conversions: Redis, or the manager of esup-runner. */
export const doctorQueueTexts = defineTexts({
  'doctor-queue': say('info', 'Redis {version}, noeviction', 'Redis {version}, noeviction'),
  'doctor-queue-open': say(
    'critical',
    'Whoever reaches {address} fills and empties the queue: it has no password',
    'Quiconque atteint {address} remplit et vide la file : pas de mot de passe',
    'In redis.conf: requirepass and what openssl rand -hex 24 prints; in queue_file: redis://:PASSWORD@HOST:6379/9. Or: bind 127.0.0.1',
    'Dans redis.conf : requirepass et ce que donne openssl rand -hex 24 ; dans queue_file : redis://:MOT_DE_PASSE@HOTE:6379/9. Ou : bind 127.0.0.1',
  ),
  'doctor-queue-evicts': say(
    'critical',
    'Redis may forget waiting jobs: maxmemory-policy is {policy}',
    'Redis peut oublier des travaux en attente : maxmemory-policy vaut {policy}',
    'On its host: redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE',
    'Sur sa machine : redis-cli CONFIG SET maxmemory-policy noeviction && redis-cli CONFIG REWRITE',
  ),
  'doctor-queue-volatile': say(
    'warning',
    'Redis keeps nothing on disk: a restart forgets waiting jobs until they are enqueued again',
    "Redis n'écrit rien sur disque : un redémarrage oublie les travaux jusqu'à leur remise en file",
    'On its host: redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE',
    'Sur sa machine : redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE',
  ),
  'doctor-queue-database': say(
    'warning',
    'Redis database {database} is one of those Pod uses (2 to 7)',
    'la base Redis {database} est une de celles de Pod (2 à 7)',
    'End [recorder] queue with another number: redis://HOST:6379/9',
    'Terminez [recorder] queue par un autre numéro : redis://HOTE:6379/9',
  ),
  'doctor-queue-unreachable': say(
    'critical',
    'Redis does not answer: {detail}',
    'Redis ne répond pas : {detail}',
    'On its host: systemctl status redis-server; then here: bbb2pod doctor --only recorder.queue',
    'Sur sa machine : systemctl status redis-server ; puis ici : bbb2pod doctor --only recorder.queue',
  ),
  // esup-runner
  'doctor-manager': say(
    'info',
    'esup-runner {version}, {serving} runners take our conversions, {unseen} more not reachable from here',
    "esup-runner {version}, {serving} runners prennent nos conversions, {unseen} autres injoignables d'ici",
  ),
  'doctor-manager-clear': say(
    'warning',
    'The token goes to {url} in clear',
    'Le jeton part en clair vers {url}',
    'Put a proxy with a certificate before the manager, then [recorder] manager = "https://…"',
    'Mettez un proxy avec certificat devant le manager, puis [recorder] manager = "https://…"',
  ),
  'doctor-manager-version': say(
    'warning',
    'esup-runner {version} is not known yet: 1.x is what was tried',
    "esup-runner {version} n'est pas encore connu : c'est 1.x qui a été essayé",
    'Try one: bbb2pod recorder convert --queue RECORDID --output FILE',
    'Essayez-en une : bbb2pod recorder convert --queue RECORDID --output FICHIER',
  ),
  'doctor-manager-no-worker': say(
    'critical',
    'No runner of the manager takes tasks of type {type}',
    'Aucun runner du manager ne prend de tâches de type {type}',
    'On an encoding server: bbb2pod recorder worker --engine esup-runner',
    "Sur un serveur d'encodage : bbb2pod recorder worker --engine esup-runner",
  ),
  'doctor-runner-silent': say(
    'warning',
    'Runner {id} has not been heard for a minute',
    "Le runner {id} ne s'est pas manifesté depuis une minute",
    'On its machine: systemctl status bbb2pod-runner@8092',
    'Sur sa machine : systemctl status bbb2pod-runner@8092',
  ),
  'doctor-runner-full': say(
    'critical',
    'The disk of runner {id} is full to {percent} %',
    'Le disque du runner {id} est plein à {percent} %',
    'There: a smaller [recorder] runner_keep_days, or runner_directory on a larger disk',
    'Là-bas : un [recorder] runner_keep_days plus petit, ou runner_directory sur un disque plus grand',
  ),
  'doctor-runner-loopback': say(
    'critical',
    'Runner {id} tells the manager {url}: that leads the manager to itself',
    'Le runner {id} annonce {url} au manager : cette adresse le ramène à lui-même',
    'There: [recorder] runner_url with the name of that machine',
    'Là-bas : [recorder] runner_url avec le nom de cette machine',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof doctorQueueTexts>, true> {}
}
