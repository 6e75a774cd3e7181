import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** R10 to R18: the runners. */
export const runnerNodeTexts = defineTexts({
  R10: property(
    'The manager can reach each runner',
    'Le gestionnaire peut joindre chaque runner',
    '/runner/ping at each registered URL. The manager looks for a free runner in turn and waits 5 s for each dead one; Pod waits 30 s in all.',
    '/runner/ping à chaque URL enregistrée. Le gestionnaire cherche un runner libre à tour de rôle et attend 5 s pour chaque mort ; Pod attend 30 s en tout.',
  ),
  'R10-unreachable': say(
    'critical',
    '{subject} does not answer the manager’s question at {url}: {detail}',
    '{subject} ne répond pas à la question du gestionnaire à {url} : {detail}',
    'On the runner: ss -ltnp | grep -E "{ports}"; firewall for the manager: nft add rule inet filter input ip saddr {host} tcp dport {range} accept',
    'Sur le runner : ss -ltnp | grep -E "{ports}" ; pare-feu pour le gestionnaire : nft add rule inet filter input ip saddr {host} tcp dport {range} accept',
  ),
  R11: property(
    'Each runner is registered',
    'Chaque runner est enregistré',
    'registered in /runner/ping: false when the manager refused it (409 version, 401 token) or cannot be reached from there.',
    "registered dans /runner/ping : faux quand le gestionnaire l'a refusé (409 version, 401 jeton) ou n'est pas joignable de là.",
  ),
  'R11-unregistered': say(
    'critical',
    '{subject} answers and is not registered with the manager',
    "{subject} répond et n'est pas enregistré auprès du gestionnaire",
    'On the runner: journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 100 | grep -E "409|401|regist"; 409: upgrade both, 401: RUNNER_TOKEN, neither: MANAGER_URL in {root}/runner/.env',
    'Sur le runner : journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 100 | grep -E "409|401|regist" ; 409 : mettez les deux à jour, 401 : RUNNER_TOKEN, ni l\'un ni l\'autre : MANAGER_URL dans {root}/runner/.env',
  ),
  R12: property(
    'The runner gives an address that others can use',
    "Le runner donne une adresse que d'autres peuvent utiliser",
    'RUNNER_HOST is both what it listens on and what it tells the manager: localhost and 0.0.0.0 lead the manager to itself.',
    "RUNNER_HOST est à la fois ce sur quoi il écoute et ce qu'il dit au gestionnaire : localhost et 0.0.0.0 ramènent le gestionnaire à lui-même.",
  ),
  'R12-loopback': say(
    'critical',
    '{subject} told the manager {url}, which the manager takes for itself',
    '{subject} a donné {url} au gestionnaire, qui le prend pour lui-même',
    'RUNNER_HOST={suggested} in {root}/runner/.env of that runner; systemctl --user -M {user}@.host restart esup-runner-runner',
    'RUNNER_HOST={suggested} dans {root}/runner/.env de ce runner ; systemctl --user -M {user}@.host restart esup-runner-runner',
  ),
  R13: property(
    'Runners listen on their own ports',
    'Les runners écoutent sur leurs ports',
    'A busy port is silently replaced by the next free one: the firewall then knows nothing of it. Usually an old unit still runs.',
    'Un port occupé est remplacé en silence par le premier libre : le pare-feu l’ignore alors. Le plus souvent une ancienne unité tourne encore.',
  ),
  'R13-moved': say(
    'warning',
    '{subject} listens on port {port}, outside {range}',
    '{subject} écoute sur le port {port}, hors de {range}',
    'On that runner: ss -ltnp | grep -E "{ports}"; bbb2pod cluster check --only R23 there; stop the old one, then restart esup-runner-runner',
    'Sur ce runner : ss -ltnp | grep -E "{ports}" ; bbb2pod cluster check --only R23 là-bas ; arrêtez l\'ancienne unité, puis relancez esup-runner-runner',
  ),
  'R13-unlisted': say(
    'info',
    '{subject} ({url}) is registered and not in the inventory',
    "{subject} ({url}) est enregistré et absent de l'inventaire",
    'Add [esup_runner.runners.NAME] to cluster.toml',
    'Ajoutez [esup_runner.runners.NOM] à cluster.toml',
  ),
  R14: property(
    'Every type of task is served',
    'Chaque type de tâche est servi',
    'task_types of the runners that answer, together, against those of the inventory.',
    "task_types des runners qui répondent, réunis, face à ceux de l'inventaire.",
  ),
  'R14-nobody': say(
    'critical',
    'No runner takes tasks of type {type}: they wait in Pod for ever',
    'Aucun runner ne prend les tâches de type {type} : elles attendent sans fin dans Pod',
    'RUNNER_TASK_TYPES="[1x(encoding,studio,transcription)]" in {root}/runner/.env of a runner; systemctl --user -M {user}@.host restart esup-runner-runner',
    'RUNNER_TASK_TYPES="[1x(encoding,studio,transcription)]" dans {root}/runner/.env d\'un runner ; systemctl --user -M {user}@.host restart esup-runner-runner',
  ),
  R15: property(
    'One runner may be lost',
    'Un runner peut manquer',
    'Instances per type: with one, its stop is the stop of the type.',
    'Instances par type : avec une seule, son arrêt est celui du type.',
  ),
  'R15-single': say(
    'warning',
    'One instance alone takes tasks of type {type}',
    'Une seule instance prend les tâches de type {type}',
    'A second runner: bbb2pod cluster render --output cluster, then cluster/runbooks/add-runner.md',
    'Un second runner : bbb2pod cluster render --output cluster, puis cluster/runbooks/add-runner.md',
  ),
  R16: property(
    'What says busy works',
    'Qui se dit occupé travaille',
    'available=false while the manager has no running task for that runner, for longer than the threshold. It needs two runs: the first one is kept in the state directory.',
    "available=false alors que le gestionnaire n'a aucune tâche en cours pour ce runner, plus longtemps que le seuil. Il faut deux passages : le premier est gardé dans le répertoire d'état.",
  ),
  'R16-stuck': say(
    'critical',
    '{subject} has said busy for {minutes} min and has no task',
    '{subject} se dit occupé depuis {minutes} min et n’a pas de tâche',
    'On the runner: systemctl --user -M {user}@.host restart esup-runner-runner; ps -fu {user} | grep -E "ffmpeg|whisper"',
    'Sur le runner : systemctl --user -M {user}@.host restart esup-runner-runner ; ps -fu {user} | grep -E "ffmpeg|whisper"',
  ),
  R17: property(
    'Runners have room',
    'Les runners ont de la place',
    'disk_usage of /runner/status (since 1.6). MAX_FILE_AGE_DAYS is 0, that is for ever, unless it is set.',
    "disk_usage de /runner/status (depuis 1.6). MAX_FILE_AGE_DAYS vaut 0, c'est-à-dire toujours, s'il n'est pas réglé.",
  ),
  'R17-full': say(
    'critical',
    '{subject}: {path} is full at {percent} %',
    '{subject} : {path} est plein à {percent} %',
    'MAX_FILE_AGE_DAYS=7 in {root}/runner/.env; now: cd {root}/runner && uv run scripts/manual_cleanup.py; df -h {path}',
    'MAX_FILE_AGE_DAYS=7 dans {root}/runner/.env ; maintenant : cd {root}/runner && uv run scripts/manual_cleanup.py ; df -h {path}',
  ),
  'R17-filling': say(
    'warning',
    '{subject}: {path} is filling up ({percent} %)',
    '{subject} : {path} se remplit ({percent} %)',
    'MAX_FILE_AGE_DAYS=7 in {root}/runner/.env; cd {root}/runner && uv run scripts/manual_cleanup.py',
    'MAX_FILE_AGE_DAYS=7 dans {root}/runner/.env ; cd {root}/runner && uv run scripts/manual_cleanup.py',
  ),
  R18: property(
    'Runners are not open to the world',
    'Les runners ne sont pas ouverts à tous',
    'Status and ping of a runner need no token. Judged only on a machine outside the network, which says so by `outside = true`.',
    "L'état et le ping d'un runner ne demandent pas de jeton. Jugé seulement depuis une machine hors du réseau, qui le dit par `outside = true`.",
  ),
  'R18-open': say(
    'warning',
    '{subject} answers from outside the network ({url})',
    "{subject} répond depuis l'extérieur du réseau ({url})",
    'On the runner: nft add rule inet filter input ip saddr != {host} tcp dport {range} drop',
    'Sur le runner : nft add rule inet filter input ip saddr != {host} tcp dport {range} drop',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerNodeTexts>, true> {}
}
