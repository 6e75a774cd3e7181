import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** R10 to R18: the runners. */
export const runnerNodeTexts = defineTexts({
  R10: property(
    [
      'The manager can reach each runner',
      '/runner/ping at each registered URL. The manager looks for a free runner in turn and waits 5 s for each dead one; Pod waits 30 s in all.',
    ],
    [
      'Le gestionnaire peut joindre chaque runner',
      '/runner/ping à chaque URL enregistrée. Le gestionnaire cherche un runner libre à tour de rôle et attend 5 s pour chaque mort ; Pod attend 30 s en tout.',
    ],
  ),
  'R10-unreachable': finding(
    'critical',
    [
      '{subject} does not answer the manager’s question at {url}: {detail}',
      'On the runner: ss -ltnp | grep -E "{ports}"; firewall for the manager: nft add rule inet filter input ip saddr {host} tcp dport {range} accept',
    ],
    [
      '{subject} ne répond pas à la question du gestionnaire à {url} : {detail}',
      'Sur le runner : ss -ltnp | grep -E "{ports}" ; pare-feu pour le gestionnaire : nft add rule inet filter input ip saddr {host} tcp dport {range} accept',
    ],
  ),
  R11: property(
    [
      'Each runner is registered',
      'registered in /runner/ping: false when the manager refused it (409 version, 401 token) or cannot be reached from there.',
    ],
    [
      'Chaque runner est enregistré',
      "registered dans /runner/ping : faux quand le gestionnaire l'a refusé (409 version, 401 jeton) ou n'est pas joignable de là.",
    ],
  ),
  'R11-unregistered': finding(
    'critical',
    [
      '{subject} answers and is not registered with the manager',
      'On the runner: journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 100 | grep -E "409|401|regist"; 409: upgrade both, 401: RUNNER_TOKEN, neither: MANAGER_URL in {root}/runner/.env',
    ],
    [
      "{subject} répond et n'est pas enregistré auprès du gestionnaire",
      'Sur le runner : journalctl _SYSTEMD_USER_UNIT=esup-runner-runner.service -n 100 | grep -E "409|401|regist" ; 409 : mettez les deux à jour, 401 : RUNNER_TOKEN, ni l\'un ni l\'autre : MANAGER_URL dans {root}/runner/.env',
    ],
  ),
  R12: property(
    [
      'The runner gives an address that others can use',
      'RUNNER_HOST is both what it listens on and what it tells the manager: localhost and 0.0.0.0 lead the manager to itself.',
    ],
    [
      "Le runner donne une adresse que d'autres peuvent utiliser",
      "RUNNER_HOST est à la fois ce sur quoi il écoute et ce qu'il dit au gestionnaire : localhost et 0.0.0.0 ramènent le gestionnaire à lui-même.",
    ],
  ),
  'R12-loopback': finding(
    'critical',
    [
      '{subject} told the manager {url}, which the manager takes for itself',
      'RUNNER_HOST={suggested} in {root}/runner/.env of that runner; systemctl --user -M {user}@.host restart esup-runner-runner',
    ],
    [
      '{subject} a donné {url} au gestionnaire, qui le prend pour lui-même',
      'RUNNER_HOST={suggested} dans {root}/runner/.env de ce runner ; systemctl --user -M {user}@.host restart esup-runner-runner',
    ],
  ),
  R13: property(
    [
      'Runners listen on their own ports',
      'A busy port is silently replaced by the next free one: the firewall then knows nothing of it. Usually an old unit still runs.',
    ],
    [
      'Les runners écoutent sur leurs ports',
      'Un port occupé est remplacé en silence par le premier libre : le pare-feu l’ignore alors. Le plus souvent une ancienne unité tourne encore.',
    ],
  ),
  'R13-moved': finding(
    'warning',
    [
      '{subject} listens on port {port}, outside {range}',
      'On that runner: ss -ltnp | grep -E "{ports}"; bbb2pod cluster check --only R23 there; stop the old one, then restart esup-runner-runner',
    ],
    [
      '{subject} écoute sur le port {port}, hors de {range}',
      'Sur ce runner : ss -ltnp | grep -E "{ports}" ; bbb2pod cluster check --only R23 là-bas ; arrêtez l\'ancienne unité, puis relancez esup-runner-runner',
    ],
  ),
  'R13-unlisted': finding(
    'info',
    [
      '{subject} ({url}) is registered and not in the inventory',
      'Add [esup_runner.runners.NAME] to cluster.toml',
    ],
    [
      "{subject} ({url}) est enregistré et absent de l'inventaire",
      'Ajoutez [esup_runner.runners.NOM] à cluster.toml',
    ],
  ),
  R14: property(
    [
      'Every type of task is served',
      'task_types of the runners that answer, together, against those of the inventory.',
    ],
    [
      'Chaque type de tâche est servi',
      "task_types des runners qui répondent, réunis, face à ceux de l'inventaire.",
    ],
  ),
  'R14-nobody': finding(
    'critical',
    [
      'No runner takes tasks of type {type}: they wait in Pod for ever',
      'RUNNER_TASK_TYPES="[1x(encoding,studio,transcription)]" in {root}/runner/.env of a runner; systemctl --user -M {user}@.host restart esup-runner-runner',
    ],
    [
      'Aucun runner ne prend les tâches de type {type} : elles attendent sans fin dans Pod',
      'RUNNER_TASK_TYPES="[1x(encoding,studio,transcription)]" dans {root}/runner/.env d\'un runner ; systemctl --user -M {user}@.host restart esup-runner-runner',
    ],
  ),
  R15: property(
    ['One runner may be lost', 'Instances per type: with one, its stop is the stop of the type.'],
    ['Un runner peut manquer', 'Instances par type : avec une seule, son arrêt est celui du type.'],
  ),
  'R15-single': finding(
    'warning',
    [
      'One instance alone takes tasks of type {type}',
      'A second runner: bbb2pod cluster render --output cluster, then cluster/runbooks/add-runner.md',
    ],
    [
      'Une seule instance prend les tâches de type {type}',
      'Un second runner : bbb2pod cluster render --output cluster, puis cluster/runbooks/add-runner.md',
    ],
  ),
  R16: property(
    [
      'What says busy works',
      'available=false while the manager has no running task for that runner, for longer than the threshold. It needs two runs: the first one is kept in the state directory.',
    ],
    [
      'Qui se dit occupé travaille',
      "available=false alors que le gestionnaire n'a aucune tâche en cours pour ce runner, plus longtemps que le seuil. Il faut deux passages : le premier est gardé dans le répertoire d'état.",
    ],
  ),
  'R16-stuck': finding(
    'critical',
    [
      '{subject} has said busy for {minutes} min and has no task',
      'On the runner: systemctl --user -M {user}@.host restart esup-runner-runner; ps -fu {user} | grep -E "ffmpeg|whisper"',
    ],
    [
      '{subject} se dit occupé depuis {minutes} min et n’a pas de tâche',
      'Sur le runner : systemctl --user -M {user}@.host restart esup-runner-runner ; ps -fu {user} | grep -E "ffmpeg|whisper"',
    ],
  ),
  R17: property(
    [
      'Runners have room',
      'disk_usage of /runner/status (since 1.6). MAX_FILE_AGE_DAYS is 0, that is for ever, unless it is set.',
    ],
    [
      'Les runners ont de la place',
      "disk_usage de /runner/status (depuis 1.6). MAX_FILE_AGE_DAYS vaut 0, c'est-à-dire toujours, s'il n'est pas réglé.",
    ],
  ),
  'R17-full': finding(
    'critical',
    [
      '{subject}: {path} is full at {percent} %',
      'MAX_FILE_AGE_DAYS=7 in {root}/runner/.env; now: cd {root}/runner && uv run scripts/manual_cleanup.py; df -h {path}',
    ],
    [
      '{subject} : {path} est plein à {percent} %',
      'MAX_FILE_AGE_DAYS=7 dans {root}/runner/.env ; maintenant : cd {root}/runner && uv run scripts/manual_cleanup.py ; df -h {path}',
    ],
  ),
  'R17-filling': finding(
    'warning',
    [
      '{subject}: {path} is filling up ({percent} %)',
      'MAX_FILE_AGE_DAYS=7 in {root}/runner/.env; cd {root}/runner && uv run scripts/manual_cleanup.py',
    ],
    [
      '{subject} : {path} se remplit ({percent} %)',
      'MAX_FILE_AGE_DAYS=7 dans {root}/runner/.env ; cd {root}/runner && uv run scripts/manual_cleanup.py',
    ],
  ),
  R18: property(
    [
      'Runners are not open to the world',
      'Status and ping of a runner need no token. Judged only on a machine outside the network, which says so by `outside = true`.',
    ],
    [
      'Les runners ne sont pas ouverts à tous',
      "L'état et le ping d'un runner ne demandent pas de jeton. Jugé seulement depuis une machine hors du réseau, qui le dit par `outside = true`.",
    ],
  ),
  'R18-open': finding(
    'warning',
    [
      '{subject} answers from outside the network ({url})',
      'On the runner: nft add rule inet filter input ip saddr != {host} tcp dport {range} drop',
    ],
    [
      "{subject} répond depuis l'extérieur du réseau ({url})",
      'Sur le runner : nft add rule inet filter input ip saddr != {host} tcp dport {range} drop',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerNodeTexts>, true> {}
}
