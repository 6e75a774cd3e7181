import type { CodesOf } from '../../kit/errors/code.js';
import { refusal, say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

const LOOK = 'Look: bbb2pod doctor --only recorder.manager';
const REGARDEZ = 'Regardez : bbb2pod doctor --only recorder.manager';

/** Conversions on esup-runner: what its manager answers, what becomes of a task, what our runner refuses. */
export const runnerTexts = defineTexts({
  'manager-unreachable': say(
    'error',
    'The esup-runner manager of [recorder] manager does not answer: {detail}',
    'Le manager esup-runner de [recorder] manager ne répond pas : {detail}',
    LOOK,
    REGARDEZ,
  ),
  'manager-not-one': say(
    'error',
    '{url} is no esup-runner manager: {detail}',
    '{url} n’est pas un manager esup-runner : {detail}',
    'Set [recorder] manager to MANAGER_PROTOCOL://MANAGER_HOST:MANAGER_PORT and MANAGER_ROOT_PATH of its .env',
    'Renseignez [recorder] manager avec MANAGER_PROTOCOL://MANAGER_HOST:MANAGER_PORT et MANAGER_ROOT_PATH de son .env',
  ),
  'manager-token-refused': say(
    'error',
    'The esup-runner manager refuses our token ({detail}).',
    'Le manager esup-runner refuse notre jeton ({detail}).',
    'Give [recorder] manager_token the value of a line AUTHORIZED_TOKENS__bbb2pod=… of the manager’s .env',
    'Donnez à [recorder] manager_token la valeur d’une ligne AUTHORIZED_TOKENS__bbb2pod=… du .env du manager',
  ),
  'manager-forbidden': say(
    'error',
    'The esup-runner manager does not let this token do that ({detail}).',
    'Le manager esup-runner ne laisse pas ce jeton faire cela ({detail}).',
    'Another runner has that id: give this one a [recorder] runner_url of its own, or the token that registered it',
    'Un autre runner a cet identifiant : donnez à celui-ci sa propre [recorder] runner_url, ou le jeton qui l’a inscrit',
  ),
  'manager-version-differs': say(
    'warning',
    'The esup-runner manager has another version now ({detail}).',
    'Le manager esup-runner a changé de version ({detail}).',
    'Nothing to do: the worker asks for it and registers again',
    'Rien à faire : le worker la redemande et s’inscrit à nouveau',
  ),
  'manager-request-refused': say(
    'error',
    'The esup-runner manager refuses the request: {detail}',
    'Le manager esup-runner refuse la demande : {detail}',
    'A literal private address is never taken: give [bbb] url the server’s name. Otherwise: bbb2pod doctor --only recorder.manager',
    'Une adresse privée en chiffres n’est jamais admise : donnez à [bbb] url le nom du serveur. Sinon : bbb2pod doctor --only recorder.manager',
  ),
  'manager-no-runner': say(
    'warning',
    'No runner of the esup-runner manager is free for {type}.',
    'Aucun runner du manager esup-runner n’est libre pour {type}.',
    'It is asked again by itself. On an encoding server: bbb2pod recorder worker --engine esup-runner',
    'La demande est refaite d’elle-même. Sur un serveur d’encodage : bbb2pod recorder worker --engine esup-runner',
  ),
  'manager-quota': say(
    'warning',
    'The esup-runner manager takes no more of us for now: {detail}',
    'Le manager esup-runner ne prend plus rien de nous pour l’instant : {detail}',
    'It is asked again by itself. More at once: MAX_OTHER_DOMAIN_TASK_PERCENT in the manager’s .env',
    'La demande est refaite d’elle-même. Pour plus à la fois : MAX_OTHER_DOMAIN_TASK_PERCENT dans le .env du manager',
  ),
  'manager-rate-limited': say(
    'warning',
    'The esup-runner manager was asked too often ({detail}).',
    'Le manager esup-runner a été interrogé trop souvent ({detail}).',
    'It is asked again by itself; a larger [recorder] manager_poll asks less often',
    'La demande est refaite d’elle-même ; un [recorder] manager_poll plus grand interroge moins souvent',
  ),
  'manager-failing': say(
    'error',
    'The esup-runner manager answers {status}: {detail}',
    'Le manager esup-runner répond {status} : {detail}',
    'On its machine: journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service',
    'Sur sa machine : journalctl _SYSTEMD_USER_UNIT=esup-runner-manager.service',
  ),
  'runner-gone': say(
    'error',
    'The runner that holds the result does not answer the manager ({detail}).',
    'Le runner qui détient le résultat ne répond pas au manager ({detail}).',
    'Start its worker again: systemctl start bbb2pod-runner@8092',
    'Relancez son worker : systemctl start bbb2pod-runner@8092',
  ),
  'runner-lost': say(
    'warning',
    'Its runner {runner} has gone silent: another one takes it over.',
    'Son runner {runner} ne répond plus : un autre le reprend.',
    'Look: bbb2pod recorder status',
    'Regardez : bbb2pod recorder status',
  ),
  'runner-no-room': say(
    'warning',
    'This worker takes no task for now: {free} free under {path}, and [recorder] runner_min_free asks for {least}.',
    'Ce worker ne prend pas de tâche pour l’instant : {free} libres sous {path}, et [recorder] runner_min_free demande {least}.',
    'Free some space (df -h {path}): it takes tasks again by itself',
    'Faites de la place (df -h {path}) : il reprend des tâches de lui-même',
  ),
  'runner-address-unusable': say(
    'error',
    'This worker cannot listen on {address}: {detail}',
    'Ce worker ne peut pas écouter sur {address} : {detail}',
    'One worker, one port: set [recorder] runner_url (and runner_listen) of each to a port of its own',
    'Un worker, un port : donnez à chacun son port dans [recorder] runner_url (et runner_listen)',
  ),
  'runner-one-job': refusal(
    'With esup-runner a worker takes one task at a time: --jobs {jobs} cannot be had.',
    'Avec esup-runner, un worker prend une tâche à la fois : --jobs {jobs} est impossible.',
    'Start as many: systemctl enable --now bbb2pod-runner@8092 bbb2pod-runner@8093',
    'Lancez-en autant : systemctl enable --now bbb2pod-runner@8092 bbb2pod-runner@8093',
  ),
  'task-unknown': say(
    'error',
    'The esup-runner manager no longer knows the task {task}.',
    'Le manager esup-runner ne connaît plus la tâche {task}.',
    'It is given again by itself',
    'Elle est redonnée d’elle-même',
  ),
  'task-not-finished': say(
    'warning',
    'The task has not ended yet ({detail}).',
    'La tâche n’est pas finie ({detail}).',
    'It is looked at again by itself',
    'Elle est regardée à nouveau d’elle-même',
  ),
  'task-not-running': say(
    'warning',
    'The task cannot be stopped now ({detail}).',
    'La tâche ne peut pas être arrêtée maintenant ({detail}).',
    'Look: bbb2pod recorder status',
    'Regardez : bbb2pod recorder status',
  ),
  'task-failed': say(
    'error',
    'The runner failed: {detail}',
    'Le runner a échoué : {detail}',
    'Look: bbb2pod recorder status ; then again with --retry-failed',
    'Regardez : bbb2pod recorder status ; puis à nouveau avec --retry-failed',
  ),
  'task-timed-out': say(
    'error',
    'The task did not end in time ({detail}).',
    'La tâche n’a pas fini à temps ({detail}).',
    'Look: bbb2pod recorder status ; then again with --retry-failed',
    'Regardez : bbb2pod recorder status ; puis à nouveau avec --retry-failed',
  ),
  'task-stopped': say(
    'error',
    'Stopped by somebody in the dashboard of esup-runner.',
    'Arrêtée par quelqu’un dans le tableau de bord d’esup-runner.',
    'To make it all the same: the command that enqueued it, with --retry-failed',
    'Pour la faire quand même : la commande qui l’a mise en file, avec --retry-failed',
  ),
  'task-superseded': say(
    'info',
    'given up: another runner has taken it over',
    'abandonnée : un autre runner l’a reprise',
  ),
  'task-refused': say(
    'error',
    'Refused: this is no conversion of ours ({detail}).',
    'Refusée : ce n’est pas une conversion à nous ({detail}).',
    'Install the same version of bbb2pod on the client and on every worker',
    'Installez la même version de bbb2pod sur le client et sur chaque worker',
  ),
  'task-host-refused': say(
    'error',
    'Refused: {host} is no [bbb] server of this worker.',
    'Refusée : {host} n’est pas un serveur [bbb] de ce worker.',
    'Configure it as [bbb.NAME] on the worker, or name it in [recorder] task_hosts',
    'Configurez-le en [bbb.NOM] sur le worker, ou nommez-le dans [recorder] task_hosts',
  ),
  'result-broken': say(
    'error',
    'The result that came is not what was made: {detail}',
    'Le résultat reçu n’est pas ce qui a été fait : {detail}',
    'It is made again by itself',
    'Il est refait de lui-même',
  ),
  'queue-path-unsent': refusal(
    '{label} is a place on this machine: no path is sent to esup-runner.',
    '{label} est un emplacement de cette machine : aucun chemin ne part vers esup-runner.',
    'Give the recordID, or convert it here without --queue',
    'Donnez le recordID, ou convertissez ici sans --queue',
  ),
  'engine-ambiguous': refusal(
    'Both engines are configured: [recorder] queue (BullMQ) and [recorder] manager (esup-runner).',
    'Les deux moteurs sont configurés : [recorder] queue (BullMQ) et [recorder] manager (esup-runner).',
    'Say which: engine = "esup-runner" in [recorder], or BBB2POD_RECORDER_ENGINE=esup-runner for one command',
    'Dites lequel : engine = "esup-runner" dans [recorder], ou BBB2POD_RECORDER_ENGINE=esup-runner pour une commande',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerTexts>, true> {}
}
