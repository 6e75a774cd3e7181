import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** What the .env files of esup-runner show by themselves (`cluster check --root manager=DIR`, `--file .env`). */
export const runnerFileTexts = defineTexts({
  'R04-file-token': say(
    'critical',
    '{place}: RUNNER_TOKEN is none of the tokens of {manager}: the manager answers 401',
    "{place} : RUNNER_TOKEN n'est aucun des jetons de {manager} : le gestionnaire répond 401",
    'Write the value of an AUTHORIZED_TOKENS__… of {manager} there, then restart esup-runner-runner',
    "Mettez-y la valeur d'un AUTHORIZED_TOKENS__… de {manager}, puis relancez esup-runner-runner",
  ),
  'R04-file-placeholder': say(
    'critical',
    '{place}: {key} is empty or still the one of the example',
    "{place} : {key} est vide ou encore celui de l'exemple",
    'openssl rand -hex 24',
  ),
  'R06-file-manager': say(
    'critical',
    '{place}: MANAGER_URL is {value}: this runner looks for the manager on itself',
    '{place} : MANAGER_URL vaut {value} : ce runner cherche le gestionnaire chez lui-même',
    'MANAGER_URL=http://{manager}:8081 there, then restart esup-runner-runner',
    'Mettez-y MANAGER_URL=http://{manager}:8081, puis relancez esup-runner-runner',
  ),
  'R12-file-loopback': say(
    'critical',
    '{place}: RUNNER_HOST is {value}, which the manager on {manager} takes for itself',
    '{place} : RUNNER_HOST vaut {value}, que le gestionnaire de {manager} prend pour lui-même',
    'RUNNER_HOST={node} (the name by which {manager} reaches it), then restart esup-runner-runner',
    'RUNNER_HOST={node} (le nom par lequel {manager} le joint), puis relancez esup-runner-runner',
  ),
  'R14-file-type': say(
    'critical',
    '{place}: {value} is no type of task: encoding, studio and transcription are',
    "{place} : {value} n'est pas un type de tâche : encoding, studio et transcription le sont",
    'RUNNER_TASK_TYPES=encoding,studio or [2x(encoding,studio),1x(transcription)]',
    'RUNNER_TASK_TYPES=encoding,studio ou [2x(encoding,studio),1x(transcription)]',
  ),
  'R20-file-loopback': say(
    'critical',
    '{place}: MANAGER_HOST is {value}: runners on other machines ({runners}) report to themselves',
    "{place} : MANAGER_HOST vaut {value} : les runners d'autres machines ({runners}) se rendent compte à eux-mêmes",
    'MANAGER_HOST={node} and MANAGER_BIND_HOST=0.0.0.0 there, then restart esup-runner-manager',
    'MANAGER_HOST={node} et MANAGER_BIND_HOST=0.0.0.0, puis relancez esup-runner-manager',
  ),
  'R21-file-development': say(
    'critical',
    '{place}: ENVIRONMENT is {value} with {workers} workers: each has a state of its own',
    '{place} : ENVIRONMENT vaut {value} avec {workers} workers : chacun a son propre état',
    'ENVIRONMENT=production there, then restart esup-runner-manager',
    'Mettez-y ENVIRONMENT=production, puis relancez esup-runner-manager',
  ),
  'R24-file-readable': say(
    'warning',
    '{place} holds tokens and can be read by others (mode {mode})',
    "{place} contient des jetons et est lisible par d'autres (mode {mode})",
    'chmod 600 {file}',
  ),
  'R25-file-tmp': say(
    'warning',
    '{place}: tasks lie in {value}, which a reboot empties',
    '{place} : les tâches sont dans {value}, que le redémarrage vide',
    'STORAGE_DIR=/srv/esup-runner, a directory of the user esup-runner, then restart esup-runner-runner',
    "STORAGE_DIR=/srv/esup-runner, un dossier de l'utilisateur esup-runner, puis relancez esup-runner-runner",
  ),
  'R01-file-root-path': say(
    'critical',
    '{place}: MANAGER_ROOT_PATH is {value}: the manager refuses to start',
    '{place} : MANAGER_ROOT_PATH vaut {value} : le gestionnaire refuse de démarrer',
    'MANAGER_ROOT_PATH=/manager there: one / before it, none behind it, no blank; then restart esup-runner-manager',
    'Mettez-y MANAGER_ROOT_PATH=/manager : un / devant, aucun à la fin, sans espace ; puis relancez esup-runner-manager',
  ),
  'R06-file-path': say(
    'critical',
    '{place}: MANAGER_URL asks the manager below {value}, and it answers below {wanted} ({manager})',
    '{place} : MANAGER_URL interroge le gestionnaire sous {value}, et il répond sous {wanted} ({manager})',
    'MANAGER_URL={url} there, then restart esup-runner-runner',
    'Mettez-y MANAGER_URL={url}, puis relancez esup-runner-runner',
  ),
  'R06-file-prefix': say(
    'warning',
    '{place}: MANAGER_URL has the path {value}, MANAGER_ROOT_PATH of the manager is {wanted} ({manager})',
    '{place} : MANAGER_URL a le chemin {value}, le MANAGER_ROOT_PATH du gestionnaire est {wanted} ({manager})',
    'MANAGER_URL={url} there, unless the proxy before the manager takes that path away; then restart esup-runner-runner',
    'Mettez-y MANAGER_URL={url}, sauf si le proxy devant le gestionnaire enlève ce chemin ; puis relancez esup-runner-runner',
  ),
  'R06-file-port': say(
    'warning',
    '{place}: MANAGER_URL has port {value}, the manager of that name listens on {wanted} ({manager})',
    '{place} : MANAGER_URL a le port {value}, le gestionnaire de ce nom écoute sur {wanted} ({manager})',
    'MANAGER_URL with port {wanted} there, unless a proxy listens on {value}; then restart esup-runner-runner',
    'Mettez-y le port {wanted}, sauf si un proxy écoute sur {value} ; puis relancez esup-runner-runner',
  ),
  'R25-file-share': say(
    'critical',
    '{place}: tasks lie in {value}, the manager looks for them in {wanted} ({manager})',
    '{place} : les tâches sont dans {value}, le gestionnaire les cherche dans {wanted} ({manager})',
    'One and the same mount: STORAGE_DIR on the runner, RUNNERS_STORAGE_DIR on the manager; findmnt on both',
    'Un seul et même montage : STORAGE_DIR sur le runner, RUNNERS_STORAGE_DIR sur le gestionnaire ; findmnt sur les deux',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof runnerFileTexts>, true> {}
}
