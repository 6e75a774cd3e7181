import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** R27 to R34, R36, R38: Pod's side of esup-runner, and who encodes when Celery is there too. */
export const runnerPodTexts = defineTexts({
  R27: property(
    'Pod has the webhook',
    'Pod a le webhook',
    'GET /runner/notify_task_end/ of Pod: 405 in JSON when USE_RUNNER_MANAGER is on, 404 when it is not.',
    'GET /runner/notify_task_end/ de Pod : 405 en JSON si USE_RUNNER_MANAGER est actif, 404 sinon.',
  ),
  'R27-missing': say(
    'critical',
    'Pod has no webhook at {url} ({what}): results are never taken',
    "Pod n'a pas de webhook à {url} ({what}) : les résultats ne sont jamais pris",
    'USE_RUNNER_MANAGER = True in settings_local.py; systemctl reload uwsgi-pod',
    'USE_RUNNER_MANAGER = True dans settings_local.py ; systemctl reload uwsgi-pod',
  ),
  'R27-silent': say(
    'critical',
    'Pod does not answer at {url}: {detail}',
    'Pod ne répond pas à {url} : {detail}',
    'curl -si {url}; systemctl status uwsgi-pod nginx',
    'curl -si {url} ; systemctl status uwsgi-pod nginx',
  ),
  R28: property(
    'The webhook is not redirected',
    "Le webhook n'est pas redirigé",
    'Pod builds its URLs with http unless SECURE_SSL_REDIRECT is true, and the manager follows no redirect: the news is lost on the way to https. The URL is that of the newest task, else what settings_local.py says.',
    "Pod forme ses URL en http sauf si SECURE_SSL_REDIRECT est vrai, et le gestionnaire ne suit pas les redirections : la nouvelle se perd en route vers https. L'URL est celle de la tâche la plus récente, sinon ce que dit settings_local.py.",
  ),
  'R28-redirected': say(
    'critical',
    'Pod’s webhook {url} is redirected ({status}) to {location}: the manager does not follow',
    'Le webhook de Pod {url} est redirigé ({status}) vers {location} : le gestionnaire ne suit pas',
    'SECURE_SSL_REDIRECT = True in settings_local.py, Admin > Sites: the public name; systemctl reload uwsgi-pod',
    'SECURE_SSL_REDIRECT = True dans settings_local.py, Admin > Sites : le nom public ; systemctl reload uwsgi-pod',
  ),
  R29: property(
    'The manager may call Pod',
    'Le gestionnaire peut appeler Pod',
    'The manager refuses a webhook whose name resolves to a private address there, unless NOTIFY_URL_ALLOW_PRIVATE_NETWORKS is true. A task of this Pod that it took proves that it may; --probe asks it with a task of a type that nobody serves, of which nothing stays.',
    "Le gestionnaire refuse un webhook dont le nom donne chez lui une adresse privée, sauf si NOTIFY_URL_ALLOW_PRIVATE_NETWORKS est vrai. Une tâche de ce Pod qu'il a prise prouve qu'il le peut ; --probe le lui demande par une tâche d'un type que personne ne sert, dont rien ne reste.",
  ),
  'R29-refused': say(
    'critical',
    'The manager refuses Pod’s webhook: {detail}',
    'Le gestionnaire refuse le webhook de Pod : {detail}',
    'NOTIFY_URL_ALLOW_PRIVATE_NETWORKS=true in {root}/manager/.env (and Pod’s name in NOTIFY_URL_ALLOWED_HOSTS when it is set); systemctl --user -M {user}@.host restart esup-runner-manager',
    'NOTIFY_URL_ALLOW_PRIVATE_NETWORKS=true dans {root}/manager/.env (et le nom de Pod dans NOTIFY_URL_ALLOWED_HOSTS s’il est réglé) ; systemctl --user -M {user}@.host restart esup-runner-manager',
  ),
  'R29-literal': say(
    'critical',
    'Pod is called by the figures {name}: the manager refuses URLs of private addresses (422)',
    'Pod est appelé par les chiffres {name} : le gestionnaire refuse les URL d’adresses privées (422)',
    'Give Pod a name in the DNS; Admin > Sites: that name; pod_url in cluster.toml',
    'Donnez à Pod un nom dans le DNS ; Admin > Sites : ce nom ; pod_url dans cluster.toml',
  ),
  'R29-private': say(
    'warning',
    'Pod’s name {name} gives the private address {address}; the manager refuses that unless it is told otherwise',
    "Le nom de Pod {name} donne l'adresse privée {address} ; le gestionnaire la refuse sans réglage contraire",
    'bbb2pod cluster check --only R29 --probe (asks the manager); NOTIFY_URL_ALLOW_PRIVATE_NETWORKS=true in {root}/manager/.env',
    'bbb2pod cluster check --only R29 --probe (le demande au gestionnaire) ; NOTIFY_URL_ALLOW_PRIVATE_NETWORKS=true dans {root}/manager/.env',
  ),
  R30: property(
    'Pod knows its public name',
    'Pod connaît son nom public',
    'django_site.domain of this site against pod_url: downloads and webhook are built from it.',
    'django_site.domain de ce site face à pod_url : téléchargements et webhook en sont formés.',
  ),
  'R30-domain': say(
    'critical',
    'Pod’s site {site} is called {domain}, visitors type {expected}: runners download from nowhere',
    "Le site {site} de Pod s'appelle {domain}, les visiteurs tapent {expected} : les runners téléchargent nulle part",
    'Admin > Sites > {domain}: {expected}; systemctl reload uwsgi-pod',
    'Admin > Sites > {domain} : {expected} ; systemctl reload uwsgi-pod',
  ),
  R31: property(
    'Pod has a manager for its site',
    'Pod a un gestionnaire pour son site',
    'runner_manager, active ones of this site.',
    'runner_manager, ceux qui sont actifs pour ce site.',
  ),
  'R31-none': say(
    'critical',
    'Pod has no active runner manager for site {site}',
    "Pod n'a pas de gestionnaire de runners actif pour le site {site}",
    'Admin > Runner managers: add {manager} with its token for site {site}, tick active, then "Test connection"',
    'Admin > Gestionnaires de runners : ajoutez {manager} avec son jeton pour le site {site}, cochez actif, puis « Tester la connexion »',
  ),
  'R31-other': say(
    'warning',
    'Pod sends its tasks to {urls}, and this inventory has {manager}',
    'Pod envoie ses tâches à {urls}, et cet inventaire a {manager}',
    'Admin > Runner managers > url, or [esup_runner.manager] url in cluster.toml',
    'Admin > Gestionnaires de runners > url, ou [esup_runner.manager] url dans cluster.toml',
  ),
  R32: property(
    'What waits is sent',
    'Ce qui attend est envoyé',
    'The oldest pending task of Pod while a runner of its type is free: `process_tasks` does not run, or the manager refuses.',
    "La plus ancienne tâche en attente dans Pod alors qu'un runner de son type est libre : `process_tasks` ne tourne pas, ou le gestionnaire refuse.",
  ),
  'R32-waiting': say(
    'critical',
    '{count} {count:task waits|tasks wait} in Pod, the oldest ({type}, {thing}) for {minutes} min, while {free} is free',
    '{count} {count:tâche|tâches} en attente dans Pod, la plus ancienne ({type}, {thing}) depuis {minutes} min, alors que {free} est libre',
    'crontab -l -u {podUser} | grep process_tasks; runuser -u {podUser} -- {venv}/bin/python {podRoot}/manage.py process_tasks',
    'crontab -l -u {podUser} | grep process_tasks ; runuser -u {podUser} -- {venv}/bin/python {podRoot}/manage.py process_tasks',
  ),
  R33: property(
    'What runs in Pod runs in the manager',
    'Ce qui tourne dans Pod tourne au gestionnaire',
    'Tasks that Pod calls running for longer than the threshold, and that the manager calls failed or timeout or does not know: Pod acts on completed and warning only, so they run for ever.',
    "Tâches que Pod dit en cours depuis plus que le seuil, et que le gestionnaire dit échouées ou ne connaît pas : Pod n'agit que sur completed et warning, elles durent donc sans fin.",
  ),
  'R33-lost': say(
    'critical',
    '{count} {count:task is|tasks are} "running" in Pod for ever: {things}; the manager says {states}',
    '{count} {count:tâche|tâches} « en cours » sans fin dans Pod : {things} ; le gestionnaire dit {states}',
    'Admin > Tasks: select them, action "Restart selected tasks"',
    'Admin > Tâches : sélectionnez-les, action « Relancer les tâches sélectionnées »',
  ),
  R34: property(
    'Few tasks fail',
    'Peu de tâches échouent',
    'Failed and timed-out tasks of the last day in Pod’s table, grouped by the last line of script_output.',
    'Tâches échouées ou expirées du dernier jour dans la table de Pod, groupées par la dernière ligne de script_output.',
  ),
  'R34-failures': say(
    'warning',
    '{failed} of {total} tasks failed in 24 h ({percent} %): {reasons}',
    '{failed} tâches sur {total} ont échoué en 24 h ({percent} %) : {reasons}',
    'Admin > Tasks > script_output; bbb2pod cluster queue',
    'Admin > Tâches > script_output ; bbb2pod cluster queue',
  ),
  R36: property(
    'No studio task hangs',
    'Aucune tâche de studio ne reste bloquée',
    'Pod’s process_tasks never looks at studio tasks again: one that got lost runs for ever.',
    'Le process_tasks de Pod ne regarde plus jamais les tâches de studio : une tâche perdue dure sans fin.',
  ),
  'R36-studio': say(
    'critical',
    '{count} studio {count:task is|tasks are} "running" for more than {hours} h: {things}',
    '{count} {count:tâche|tâches} de studio « en cours » depuis plus de {hours} h : {things}',
    'Admin > Tasks: select them, action "Restart selected tasks"',
    'Admin > Tâches : sélectionnez-les, action « Relancer les tâches sélectionnées »',
  ),
  R38: property(
    'Runners may download the videos',
    'Les runners peuvent télécharger les vidéos',
    'HEAD of one public media file, and what failed tasks say. Runners download by public HTTP, without a token; nginx may refuse them.',
    "HEAD d'un fichier public, et ce que disent les tâches échouées. Les runners téléchargent par HTTP public, sans jeton ; nginx peut les refuser.",
  ),
  'R38-refused': say(
    'critical',
    'Pod refuses its media: {url} answers {status}',
    'Pod refuse ses médias : {url} répond {status}',
    'On a runner: curl -sI {url}; in nginx’ location /media/: allow RUNNER-ADDRESS;   FILE_UPLOAD_PERMISSIONS = 0o644 in settings_local.py',
    'Sur un runner : curl -sI {url} ; dans la location /media/ de nginx : allow ADRESSE-DU-RUNNER;   FILE_UPLOAD_PERMISSIONS = 0o644 dans settings_local.py',
  ),
  P20: property(
    'It is known who encodes',
    'On sait qui encode',
    'A Pod that has Celery workers and esup-runner: with USE_RUNNER_MANAGER start_encode and start_transcript go to the runners (Esup-Pod 4.2), and Celery’s encoding and transcripting queues get nothing more. Told by settings_local.py, else by the webhook.',
    'Un Pod qui a des workers Celery et esup-runner : avec USE_RUNNER_MANAGER start_encode et start_transcript vont aux runners (Esup-Pod 4.2), et les files encoding et transcripting de Celery ne reçoivent plus rien. Dit par settings_local.py, sinon par le webhook.',
  ),
  'P20-runners': say(
    'info',
    'esup-runner encodes ({how}); Celery’s workers for {queues} get nothing new',
    "C'est esup-runner qui encode ({how}) ; les workers Celery de {queues} ne reçoivent plus rien",
    'Keep the xAPI worker; stop the others once cluster queue shows them empty',
    'Gardez le worker xAPI ; arrêtez les autres quand cluster queue les montre vides',
  ),
  'P20-left': say(
    'warning',
    'esup-runner encodes ({how}), and {waiting} {waiting:job still waits|jobs still wait} for Celery in {queue}',
    "C'est esup-runner qui encode ({how}), et {waiting} {waiting:tâche attend|tâches attendent} encore Celery dans {queue}",
    'Leave the Celery workers running until bbb2pod cluster queue shows none',
    "Laissez tourner les workers Celery jusqu'à ce que bbb2pod cluster queue n'en montre plus",
  ),
  'P20-celery': say(
    'info',
    'Celery encodes ({how}); the runners get nothing',
    "C'est Celery qui encode ({how}) ; les runners ne reçoivent rien",
    'To change over: USE_RUNNER_MANAGER = True in settings_local.py; systemctl reload uwsgi-pod; crontab with process_tasks',
    'Pour basculer : USE_RUNNER_MANAGER = True dans settings_local.py ; systemctl reload uwsgi-pod ; crontab avec process_tasks',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerPodTexts>, true> {}
}
