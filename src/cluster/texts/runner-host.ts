import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** R20 to R26, R37: what only the machine itself shows. */
export const runnerHostTexts = defineTexts({
  R20: property(
    'Runners can report to the manager',
    'Les runners peuvent rendre compte au gestionnaire',
    'MANAGER_PROTOCOL, MANAGER_HOST and MANAGER_PORT build the address that runners report to. With 127.* or 0.0.0.0 remote runners report to themselves, and tasks run for ever. Read in the manager’s .env, on its machine.',
    "MANAGER_PROTOCOL, MANAGER_HOST et MANAGER_PORT forment l'adresse à laquelle les runners rendent compte. Avec 127.* ou 0.0.0.0 les runners distants se parlent à eux-mêmes, et les tâches durent sans fin. Lu dans le .env du gestionnaire, sur sa machine.",
  ),
  'R20-loopback': say(
    'critical',
    'MANAGER_HOST is {value}: the runners on other machines report to themselves',
    'MANAGER_HOST vaut {value} : les runners des autres machines se rendent compte à eux-mêmes',
    'MANAGER_HOST={suggested} and MANAGER_BIND_HOST=0.0.0.0 in {file}; systemctl --user -M {user}@.host restart esup-runner-manager',
    'MANAGER_HOST={suggested} et MANAGER_BIND_HOST=0.0.0.0 dans {file} ; systemctl --user -M {user}@.host restart esup-runner-manager',
  ),
  R21: property(
    'The manager runs in production',
    'Le gestionnaire est en production',
    'ENVIRONMENT is development unless it is set: with several workers each has its own state, and 503 comes at random.',
    "ENVIRONMENT vaut development s'il n'est pas réglé : avec plusieurs workers chacun a son état, et des 503 viennent au hasard.",
  ),
  'R21-development': say(
    'critical',
    'ENVIRONMENT is {value} with {workers} workers: each has a state of its own',
    'ENVIRONMENT vaut {value} avec {workers} workers : chacun a son propre état',
    'ENVIRONMENT=production in {file}; systemctl --user -M {user}@.host restart esup-runner-manager',
    'ENVIRONMENT=production dans {file} ; systemctl --user -M {user}@.host restart esup-runner-manager',
  ),
  R22: property(
    'The units live without a session',
    'Les unités vivent sans session',
    'Units of a user stop with its last session, and do not start at boot, unless it lingers (loginctl).',
    "Les unités d'un utilisateur s'arrêtent avec sa dernière session, et ne démarrent pas au boot, sans linger (loginctl).",
  ),
  'R22-no-linger': say(
    'critical',
    '{subject}: {user} does not linger: the units stop at logout and stay down after a reboot',
    "{subject} : {user} n'a pas le linger : les unités s'arrêtent à la déconnexion et restent éteintes après un redémarrage",
    'loginctl enable-linger {user}',
  ),
  R23: property(
    'One unit, not two',
    'Une unité, pas deux',
    'Since 1.1 the units belong to the user; an old one in /etc/systemd/system takes the port, and the new one moves to the next.',
    "Depuis 1.1 les unités appartiennent à l'utilisateur ; une ancienne dans /etc/systemd/system prend le port, et la nouvelle va au suivant.",
  ),
  'R23-two': say(
    'warning',
    '{subject}: two units, {old} and {unit}',
    '{subject} : deux unités, {old} et {unit}',
    'systemctl disable --now {service}; rm {old}; systemctl daemon-reload',
    'systemctl disable --now {service} ; rm {old} ; systemctl daemon-reload',
  ),
  R24: property(
    'Secrets are for their owner',
    'Les secrets sont à leur seul propriétaire',
    '.env holds the tokens, data/ of the manager those of its clients in clear.',
    '.env contient les jetons, data/ du gestionnaire ceux de ses clients en clair.',
  ),
  'R24-readable': say(
    'warning',
    '{subject}: {path} (mode {mode}) can be read by others',
    "{subject} : {path} (mode {mode}) est lisible par d'autres",
    'chmod {right} {path}',
  ),
  R25: property(
    'Files of tasks have a place of their own',
    'Les fichiers des tâches ont leur place',
    'STORAGE_DIR is below /tmp unless it is set: emptied at boot, often in memory. With RUNNERS_STORAGE_ENABLED the manager must see the same directory.',
    "STORAGE_DIR est sous /tmp s'il n'est pas réglé : vidé au démarrage, souvent en mémoire. Avec RUNNERS_STORAGE_ENABLED le gestionnaire doit voir le même répertoire.",
  ),
  'R25-tmp': say(
    'warning',
    '{subject}: tasks lie in {path}, which a reboot empties',
    '{subject} : les tâches sont dans {path}, que le redémarrage vide',
    'STORAGE_DIR={suggested} in {file} (install -d -o {user} -m 750 {suggested}), then restart esup-runner-runner',
    'STORAGE_DIR={suggested} dans {file} (install -d -o {user} -m 750 {suggested}), puis relancez esup-runner-runner',
  ),
  'R25-share': say(
    'critical',
    'The manager reads results in {path}, which is not where {runner} writes',
    "Le gestionnaire lit les résultats dans {path}, qui n'est pas là où {runner} écrit",
    'Mount there the share that the runners write to (findmnt -T {path}), or RUNNERS_STORAGE_ENABLED=false in {file}',
    'Montez-y le partage où écrivent les runners (findmnt -T {path}), ou RUNNERS_STORAGE_ENABLED=false dans {file}',
  ),
  'R25-absent': say(
    'critical',
    '{subject}: {path} is not there, or {user} may not enter it',
    "{subject} : {path} n'est pas là, ou {user} ne peut pas y entrer",
    'install -d -o {user} -m 750 {path}; findmnt -T {path}',
    'install -d -o {user} -m 750 {path} ; findmnt -T {path}',
  ),
  R26: property(
    'The runner has its programs',
    'Le runner a ses programmes',
    'ffmpeg and ffprobe; nvidia-smi and a device when ENCODING_TYPE is GPU. Looked for when this machine is the runner.',
    'ffmpeg et ffprobe ; nvidia-smi et un périphérique si ENCODING_TYPE vaut GPU. Cherchés quand cette machine est le runner.',
  ),
  'R26-missing': say(
    'critical',
    '{subject} lacks {programs}',
    'Il manque {programs} à {subject}',
    'apt install ffmpeg; cd {root}/runner && uv run scripts/check_ffmpeg.py',
    'apt install ffmpeg ; cd {root}/runner && uv run scripts/check_ffmpeg.py',
  ),
  'R26-gpu': say(
    'critical',
    '{subject} encodes on a GPU that is not there',
    "{subject} encode sur un GPU qui n'est pas là",
    'nvidia-smi; cd {root}/runner && uv run scripts/check_gpu.py; or ENCODING_TYPE=CPU in {file}',
    'nvidia-smi ; cd {root}/runner && uv run scripts/check_gpu.py ; ou ENCODING_TYPE=CPU dans {file}',
  ),
  R37: property(
    'The quota leaves Pod its place',
    'Le quota laisse sa place à Pod',
    'With PRIORITIES_ENABLED, whoever is not of PRIORITY_DOMAIN gets max(1, instances × MAX_OTHER_DOMAIN_TASK_PERCENT) tasks at once, all types together, then 503.',
    "Avec PRIORITIES_ENABLED, qui n'est pas de PRIORITY_DOMAIN a max(1, instances × MAX_OTHER_DOMAIN_TASK_PERCENT) tâches à la fois, tous types réunis, puis 503.",
  ),
  'R37-starved': say(
    'warning',
    '{pod} is not of PRIORITY_DOMAIN ({domain}): at most {quota} {quota:task|tasks} of it {quota:runs|run} at once',
    "{pod} n'est pas de PRIORITY_DOMAIN ({domain}) : {quota} {quota:tâche|tâches} au plus à la fois",
    'PRIORITY_DOMAIN={suggested} in {file}, or a higher MAX_OTHER_DOMAIN_TASK_PERCENT; restart the manager',
    'PRIORITY_DOMAIN={suggested} dans {file}, ou un MAX_OTHER_DOMAIN_TASK_PERCENT plus haut ; relancez le gestionnaire',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerHostTexts>, true> {}
}
