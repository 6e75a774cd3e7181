import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** P05 to P08, P10, P12 and P13: the workers. */
export const encodingWorkerTexts = defineTexts({
  P05: property(
    'Each queue has its workers',
    'Chaque file a ses workers',
    'active_queues of every worker that answers, against the queues of the inventory.',
    "active_queues de chaque worker qui répond, comparé aux files de l'inventaire.",
  ),
  'P05-nobody': say(
    'critical',
    'No worker at all listens on {broker}: nobody takes {queue}',
    "Aucun worker n'écoute sur {broker} : personne ne prend {queue}",
    'On each worker: systemctl status celery-*; is ENCODING_TRANSCODING_CELERY_BROKER_URL the same there?',
    'Sur chaque worker : systemctl status celery-* ; ENCODING_TRANSCODING_CELERY_BROKER_URL y est-il le même ?',
  ),
  'P05-none': say(
    'critical',
    'No worker consumes the queue {queue}',
    'Aucun worker ne consomme la file {queue}',
    'Start one with -Q {queue}: systemctl restart celery-{queue}',
    'Lancez-en un avec -Q {queue} : systemctl restart celery-{queue}',
  ),
  'P05-fewer': say(
    'warning',
    '{found} {found:worker consumes|workers consume} {queue}, {wanted} expected',
    '{found} {found:worker consomme|workers consomment} {queue}, {wanted} {wanted:attendu|attendus}',
    'bbb2pod cluster check --only P07; systemctl status celery-* on the missing ones',
    'bbb2pod cluster check --only P07 ; systemctl status celery-* sur les absents',
  ),
  P06: property(
    'No queue has a wrong name',
    "Aucune file n'a un mauvais nom",
    'Queues that workers consume and nobody fills, and lists that hold messages and nobody takes: a typing error after -Q.',
    'Files consommées que personne ne remplit, et listes pleines que personne ne prend : une faute de frappe après -Q.',
  ),
  'P06-stray': say(
    'warning',
    'Worker {subject} consumes {queue}, which is no queue of Pod (known: {known})',
    "Le worker {subject} consomme {queue}, qui n'est pas une file de Pod (connues : {known})",
    'In its unit: -Q {like}; systemctl daemon-reload && systemctl restart that unit',
    'Dans son unité : -Q {like} ; systemctl daemon-reload && systemctl restart de cette unité',
  ),
  'P06-filled': say(
    'warning',
    '{waiting} {waiting:message lies|messages lie} in {subject}, which nobody consumes',
    '{waiting} {waiting:message|messages} dans {subject}, que personne ne consomme',
    'Start a worker with -Q {subject}, or correct the queue name in settings_local.py',
    'Lancez un worker avec -Q {subject}, ou corrigez le nom de la file dans settings_local.py',
  ),
  P07: property(
    'The workers answer',
    'Les workers répondent',
    'Celery’s own inspect message is published; Redis says how many heard it, the replies say who is alive. Heard and not answered: the process hangs. Neither: stopped, or deaf since Redis was restarted (kombu before 5.4), which systemd calls active. An idle worker without a waiting BRPOP answers and takes nothing.',
    "Le message « inspect » de Celery est publié ; Redis dit combien l'ont reçu, les réponses disent qui est vivant. Reçu sans réponse : le processus est figé. Ni l'un ni l'autre : arrêté, ou sourd depuis un redémarrage de Redis (kombu avant 5.4), ce que systemd appelle « active ». Un worker libre sans BRPOP en attente répond mais ne prend rien.",
  ),
  'P07-hung': say(
    'critical',
    'Worker {subject} hears and does not answer: its process hangs (queue {queue})',
    'Le worker {subject} reçoit et ne répond pas : son processus est figé (file {queue})',
    'On that machine: systemctl restart celery-{queue}; a stuck ffmpeg or NFS mount shows in ps -eo pid,stat,wchan,args',
    'Sur cette machine : systemctl restart celery-{queue} ; un ffmpeg ou un NFS bloqué se voit dans ps -eo pid,stat,wchan,args',
  ),
  'P07-deaf': say(
    'critical',
    'Worker {subject} is not connected, and Redis restarted {uptime} s ago: stopped, or alive and deaf',
    "Le worker {subject} n'est pas connecté, et Redis a redémarré il y a {uptime} s : arrêté, ou vivant et sourd",
    'On that machine: systemctl restart celery-{queue} (kombu 5.4 or newer reconnects by itself)',
    'Sur cette machine : systemctl restart celery-{queue} (kombu 5.4 ou plus se reconnecte seul)',
  ),
  'P07-absent': say(
    'critical',
    'Worker {subject} does not answer (queue {queue})',
    'Le worker {subject} ne répond pas (file {queue})',
    'On that machine: systemctl status celery-{queue}; journalctl -u celery-{queue} -n 50',
    'Sur cette machine : systemctl status celery-{queue} ; journalctl -u celery-{queue} -n 50',
  ),
  'P07-silent': say(
    'critical',
    '{silent} {silent:worker|workers} of {subject} {silent:hears and does not answer, and is|hear and do not answer, and are} not in the inventory',
    "{silent} {silent:worker|workers} de {subject} {silent:reçoit sans répondre, et n'est|reçoivent sans répondre, et ne sont} pas à l'inventaire",
    'redis-cli client list | grep psubscribe gives their addresses; restart them, name them in cluster.toml',
    'redis-cli client list | grep psubscribe donne leurs adresses ; relancez-les, nommez-les dans cluster.toml',
  ),
  'P07-idle': say(
    'critical',
    '{free} {free:worker is|workers are} free and {waiting} {waiting:waits|wait} for jobs on {subject}: some answer and take nothing ({names})',
    '{free} {free:worker libre|workers libres} et {waiting} en attente de tâches sur {subject} : certains répondent et ne prennent rien ({names})',
    'systemctl restart celery-* on these machines (kombu before 5.4 loses its consumer when Redis restarts)',
    'systemctl restart celery-* sur ces machines (kombu avant 5.4 perd son consommateur quand Redis redémarre)',
  ),
  P08: property(
    'Each worker has a name of its own',
    'Chaque worker a un nom à lui',
    'Two replies or two pids under one name. `-n encode` names every encoder celery@encode: inspect shows one of them, and a drain stops both.',
    'Deux réponses ou deux pid sous un même nom. « -n encode » nomme chaque encodeur celery@encode : inspect n’en montre qu’un, et un retrait arrête les deux.',
  ),
  'P08-shared': say(
    'warning',
    '{count} workers share the name {subject} (pids {pids})',
    '{count} workers portent le même nom {subject} (pid {pids})',
    'In each unit: -n encode@%h (%%h within systemd units); systemctl daemon-reload && systemctl restart',
    'Dans chaque unité : -n encode@%h (%%h dans une unité systemd) ; systemctl daemon-reload && systemctl restart',
  ),
  P10: property(
    'No worker hoards',
    "Aucun worker n'accapare",
    'prefetch_count against the number of processes: Celery takes four jobs per process in advance unless told otherwise, while another encoder is idle.',
    "prefetch_count comparé au nombre de processus : Celery prend d'avance quatre tâches par processus si on ne lui dit rien, pendant qu'un autre encodeur est libre.",
  ),
  'P10-prefetch': say(
    'warning',
    'Worker {subject} takes {prefetch} jobs at a time for {concurrency} process(es)',
    'Le worker {subject} prend {prefetch} tâches à la fois pour {concurrency} processus',
    'In its unit: --prefetch-multiplier 1',
    'Dans son unité : --prefetch-multiplier 1',
  ),
  'P10-unfair': say(
    'warning',
    'Worker {subject} holds {waiting} waiting {waiting:job|jobs} while {idle} is idle',
    'Le worker {subject} tient {waiting} {waiting:tâche|tâches} en attente pendant que {idle} est libre',
    'In its unit: --prefetch-multiplier 1; systemctl restart gives them back to the queue',
    'Dans son unité : --prefetch-multiplier 1 ; systemctl restart les rend à la file',
  ),
  P12: property(
    'No job runs for ever',
    'Aucune tâche ne tourne sans fin',
    'The start of each running job, by the worker’s clock.',
    "Le début de chaque tâche en cours, à l'horloge du worker.",
  ),
  'P12-long': say(
    'warning',
    'Video {video} has been encoding for {hours} h on {subject}',
    "La vidéo {video} s'encode depuis {hours} h sur {subject}",
    'On that machine: ps aux | grep ffmpeg; a hung ffmpeg: kill it, then restart the encoding in Pod’s admin',
    "Sur cette machine : ps aux | grep ffmpeg ; un ffmpeg figé : tuez-le, puis relancez l'encodage dans l'admin de Pod",
  ),
  P13: property(
    'The workers run the same versions',
    'Les workers ont les mêmes versions',
    'celery and kombu of each worker (inspect report). kombu before 5.4 may stay deaf after a Redis restart.',
    'celery et kombu de chaque worker (inspect report). kombu avant 5.4 peut rester sourd après un redémarrage de Redis.',
  ),
  'P13-differ': say(
    'warning',
    'The workers of {subject} run different versions: {versions}',
    'Les workers de {subject} ont des versions différentes : {versions}',
    'pip install -U -r requirements-encode.txt on each, then restart',
    'pip install -U -r requirements-encode.txt sur chacun, puis relancez',
  ),
  'P13-old': say(
    'info',
    'kombu {version}: workers may stay deaf after a Redis restart (fixed in 5.4)',
    'kombu {version} : les workers peuvent rester sourds après un redémarrage de Redis (corrigé en 5.4)',
    "pip install -U 'kombu>=5.4'; until then restart the workers after each Redis restart",
    "pip install -U 'kombu>=5.4' ; d'ici là, relancez les workers après chaque redémarrage de Redis",
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof encodingWorkerTexts>, true> {}
}
