import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** R20 to R26, R37: what only the machine itself shows. */
export const runnerHostTexts = defineTexts({
  R20: property(
    [
      'Runners can report to the manager',
      'MANAGER_PROTOCOL, MANAGER_HOST and MANAGER_PORT build the address that runners report to. With 127.* or 0.0.0.0 remote runners report to themselves, and tasks run for ever. Read in the manager’s .env, on its machine.',
    ],
    [
      'Les runners peuvent rendre compte au gestionnaire',
      "MANAGER_PROTOCOL, MANAGER_HOST et MANAGER_PORT forment l'adresse à laquelle les runners rendent compte. Avec 127.* ou 0.0.0.0 les runners distants se parlent à eux-mêmes, et les tâches durent sans fin. Lu dans le .env du gestionnaire, sur sa machine.",
    ],
  ),
  'R20-loopback': finding(
    'critical',
    [
      'MANAGER_HOST is {value}: the runners on other machines report to themselves',
      'MANAGER_HOST={suggested} and MANAGER_BIND_HOST=0.0.0.0 in {file}; systemctl --user -M {user}@.host restart esup-runner-manager',
    ],
    [
      'MANAGER_HOST vaut {value} : les runners des autres machines se rendent compte à eux-mêmes',
      'MANAGER_HOST={suggested} et MANAGER_BIND_HOST=0.0.0.0 dans {file} ; systemctl --user -M {user}@.host restart esup-runner-manager',
    ],
  ),
  R21: property(
    [
      'The manager runs in production',
      'ENVIRONMENT is development unless it is set: with several workers each has its own state, and 503 comes at random.',
    ],
    [
      'Le gestionnaire est en production',
      "ENVIRONMENT vaut development s'il n'est pas réglé : avec plusieurs workers chacun a son état, et des 503 viennent au hasard.",
    ],
  ),
  'R21-development': finding(
    'critical',
    [
      'ENVIRONMENT is {value} with {workers} workers: each has a state of its own',
      'ENVIRONMENT=production in {file}; systemctl --user -M {user}@.host restart esup-runner-manager',
    ],
    [
      'ENVIRONMENT vaut {value} avec {workers} workers : chacun a son propre état',
      'ENVIRONMENT=production dans {file} ; systemctl --user -M {user}@.host restart esup-runner-manager',
    ],
  ),
  R22: property(
    [
      'The units live without a session',
      'Units of a user stop with its last session, and do not start at boot, unless it lingers (loginctl).',
    ],
    [
      'Les unités vivent sans session',
      "Les unités d'un utilisateur s'arrêtent avec sa dernière session, et ne démarrent pas au boot, sans linger (loginctl).",
    ],
  ),
  'R22-no-linger': finding(
    'critical',
    [
      '{subject}: {user} does not linger: the units stop at logout and stay down after a reboot',
      'loginctl enable-linger {user}',
    ],
    [
      "{subject} : {user} n'a pas le linger : les unités s'arrêtent à la déconnexion et restent éteintes après un redémarrage",
      'loginctl enable-linger {user}',
    ],
  ),
  R23: property(
    [
      'One unit, not two',
      'Since 1.1 the units belong to the user; an old one in /etc/systemd/system takes the port, and the new one moves to the next.',
    ],
    [
      'Une unité, pas deux',
      "Depuis 1.1 les unités appartiennent à l'utilisateur ; une ancienne dans /etc/systemd/system prend le port, et la nouvelle va au suivant.",
    ],
  ),
  'R23-two': finding(
    'warning',
    [
      '{subject}: two units, {old} and {unit}',
      'systemctl disable --now {service}; rm {old}; systemctl daemon-reload',
    ],
    [
      '{subject} : deux unités, {old} et {unit}',
      'systemctl disable --now {service} ; rm {old} ; systemctl daemon-reload',
    ],
  ),
  R24: property(
    [
      'Secrets are for their owner',
      '.env holds the tokens, data/ of the manager those of its clients in clear.',
    ],
    [
      'Les secrets sont à leur seul propriétaire',
      '.env contient les jetons, data/ du gestionnaire ceux de ses clients en clair.',
    ],
  ),
  'R24-readable': finding(
    'warning',
    ['{subject}: {path} (mode {mode}) can be read by others', 'chmod {right} {path}'],
    ["{subject} : {path} (mode {mode}) est lisible par d'autres", 'chmod {right} {path}'],
  ),
  R25: property(
    [
      'Files of tasks have a place of their own',
      'STORAGE_DIR is below /tmp unless it is set: emptied at boot, often in memory. With RUNNERS_STORAGE_ENABLED the manager must see the same directory.',
    ],
    [
      'Les fichiers des tâches ont leur place',
      "STORAGE_DIR est sous /tmp s'il n'est pas réglé : vidé au démarrage, souvent en mémoire. Avec RUNNERS_STORAGE_ENABLED le gestionnaire doit voir le même répertoire.",
    ],
  ),
  'R25-tmp': finding(
    'warning',
    [
      '{subject}: tasks lie in {path}, which a reboot empties',
      'STORAGE_DIR={suggested} in {file} (install -d -o {user} -m 750 {suggested}), then restart esup-runner-runner',
    ],
    [
      '{subject} : les tâches sont dans {path}, que le redémarrage vide',
      'STORAGE_DIR={suggested} dans {file} (install -d -o {user} -m 750 {suggested}), puis relancez esup-runner-runner',
    ],
  ),
  'R25-share': finding(
    'critical',
    [
      'The manager reads results in {path}, which is not where {runner} writes',
      'Mount there the share that the runners write to (findmnt -T {path}), or RUNNERS_STORAGE_ENABLED=false in {file}',
    ],
    [
      "Le gestionnaire lit les résultats dans {path}, qui n'est pas là où {runner} écrit",
      'Montez-y le partage où écrivent les runners (findmnt -T {path}), ou RUNNERS_STORAGE_ENABLED=false dans {file}',
    ],
  ),
  'R25-absent': finding(
    'critical',
    [
      '{subject}: {path} is not there, or {user} may not enter it',
      'install -d -o {user} -m 750 {path}; findmnt -T {path}',
    ],
    [
      "{subject} : {path} n'est pas là, ou {user} ne peut pas y entrer",
      'install -d -o {user} -m 750 {path} ; findmnt -T {path}',
    ],
  ),
  R26: property(
    [
      'The runner has its programs',
      'ffmpeg and ffprobe; nvidia-smi and a device when ENCODING_TYPE is GPU. Looked for when this machine is the runner.',
    ],
    [
      'Le runner a ses programmes',
      'ffmpeg et ffprobe ; nvidia-smi et un périphérique si ENCODING_TYPE vaut GPU. Cherchés quand cette machine est le runner.',
    ],
  ),
  'R26-missing': finding(
    'critical',
    ['{subject} lacks {programs}', 'apt install ffmpeg; cd {root}/runner && uv run scripts/check_ffmpeg.py'],
    [
      'Il manque {programs} à {subject}',
      'apt install ffmpeg ; cd {root}/runner && uv run scripts/check_ffmpeg.py',
    ],
  ),
  'R26-gpu': finding(
    'critical',
    [
      '{subject} encodes on a GPU that is not there',
      'nvidia-smi; cd {root}/runner && uv run scripts/check_gpu.py; or ENCODING_TYPE=CPU in {file}',
    ],
    [
      "{subject} encode sur un GPU qui n'est pas là",
      'nvidia-smi ; cd {root}/runner && uv run scripts/check_gpu.py ; ou ENCODING_TYPE=CPU dans {file}',
    ],
  ),
  R37: property(
    [
      'The quota leaves Pod its place',
      'With PRIORITIES_ENABLED, whoever is not of PRIORITY_DOMAIN gets max(1, instances × MAX_OTHER_DOMAIN_TASK_PERCENT) tasks at once, all types together, then 503.',
    ],
    [
      'Le quota laisse sa place à Pod',
      "Avec PRIORITIES_ENABLED, qui n'est pas de PRIORITY_DOMAIN a max(1, instances × MAX_OTHER_DOMAIN_TASK_PERCENT) tâches à la fois, tous types réunis, puis 503.",
    ],
  ),
  'R37-starved': finding(
    'warning',
    [
      '{pod} is not of PRIORITY_DOMAIN ({domain}): at most {quota} {quota:task|tasks} of it {quota:runs|run} at once',
      'PRIORITY_DOMAIN={suggested} in {file}, or a higher MAX_OTHER_DOMAIN_TASK_PERCENT; restart the manager',
    ],
    [
      "{pod} n'est pas de PRIORITY_DOMAIN ({domain}) : {quota} {quota:tâche|tâches} au plus à la fois",
      'PRIORITY_DOMAIN={suggested} dans {file}, ou un MAX_OTHER_DOMAIN_TASK_PERCENT plus haut ; relancez le gestionnaire',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerHostTexts>, true> {}
}
