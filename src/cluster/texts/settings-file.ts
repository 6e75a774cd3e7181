import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** P18: findings in settings_local.py (`--file`). */
export const settingsFileTexts = defineTexts({
  P18: property(
    [
      'settings_local.py fits the workers',
      'Literals of Pod’s settings, never executed: broker, REST, token, xAPI, transcription. What is computed is said to be not evaluable.',
    ],
    [
      'settings_local.py convient aux workers',
      'Valeurs littérales des réglages de Pod, jamais exécutées : broker, REST, jeton, xAPI, transcription. Ce qui est calculé est dit non évaluable.',
    ],
  ),
  'P18-not-evaluable': finding(
    'info',
    ['{place}: {key} is computed: not judged', ''],
    ['{place} : {key} est calculé : non évaluable', ''],
  ),
  'P18-import': finding(
    'info',
    [
      '{place}: takes over all of {key}, which is not beside it: what that module sets is not judged',
      'Put {key} beside {file}, then check again',
    ],
    [
      '{place} : reprend tout {key}, qui n’est pas à côté : ce que ce module règle n’est pas jugé',
      'Placez {key} à côté de {file}, puis relancez',
    ],
  ),
  'P18-no-broker': finding(
    'critical',
    [
      '{place}: remote encoding is on and {missing} is not set: workers look for amqp://guest@localhost',
      '{missing} = "redis://:PASSWORD@HOST:6379/5", on the backend and on the workers',
    ],
    [
      "{place} : l'encodage distant est actif et {missing} n'est pas défini : les workers cherchent amqp://guest@localhost",
      '{missing} = "redis://:MOTDEPASSE@HOTE:6379/5", sur le serveur et sur les workers',
    ],
  ),
  'P18-remote-off': finding(
    'warning',
    [
      '{place}: a broker is set and USE_REMOTE_ENCODING_TRANSCODING is not True: Pod encodes by itself',
      'USE_REMOTE_ENCODING_TRANSCODING = True',
    ],
    [
      "{place} : un broker est défini et USE_REMOTE_ENCODING_TRANSCODING n'est pas True : Pod encode lui-même",
      'USE_REMOTE_ENCODING_TRANSCODING = True',
    ],
  ),
  'P18-both-ways': finding(
    'warning',
    ['{place}: {key} beside remote encoding: two ways at once', '{key} = False'],
    ["{place} : {key} à côté de l'encodage distant : deux chemins à la fois", '{key} = False'],
  ),
  'P18-amqp': finding(
    'warning',
    [
      '{place}: {key} is no Redis: this tool cannot check it',
      'redis://:PASSWORD@HOST:6379/5, as Pod’s page has it',
    ],
    [
      "{place} : {key} n'est pas un Redis : cet outil ne peut le vérifier",
      'redis://:MOTDEPASSE@HOTE:6379/5, comme dans la page de Pod',
    ],
  ),
  'P18-cache-database': finding(
    'warning',
    [
      '{place}: {key} is in database {database}, where Pod keeps caches or sessions: a flush loses the queue',
      'Database 5 (encoding) or 6 (xAPI)',
    ],
    [
      '{place} : {key} est dans la base {database}, celle des caches ou des sessions de Pod : un vidage perd la file',
      'Base 5 (encodage) ou 6 (xAPI)',
    ],
  ),
  'P18-no-password': finding(
    'warning',
    [
      '{place}: {key} has no password: a Redis that other machines reach is open',
      'requirepass in redis.conf, and redis://:PASSWORD@HOST…',
    ],
    [
      "{place} : {key} n'a pas de mot de passe : un Redis joignable d'autres machines est ouvert",
      'requirepass dans redis.conf, et redis://:MOTDEPASSE@HOTE…',
    ],
  ),
  'P18-missing': finding(
    'critical',
    ['{place}: {key} is not set', 'Set {key} in {file}; systemctl restart celery-*'],
    ["{place} : {key} n'est pas défini", 'Définissez {key} dans {file} ; systemctl restart celery-*'],
  ),
  'P18-placeholder': finding(
    'critical',
    ['{place}: {key} is still the placeholder', 'Pod’s admin, Tokens: copy the key of a staff user'],
    [
      "{place} : {key} est resté la valeur d'exemple",
      "Admin de Pod, Jetons : copiez la clé d'un utilisateur « staff »",
    ],
  ),
  'P18-cleartext': finding(
    'warning',
    ['{place}: {key} in http: a redirection loses what is sent, and secrets travel in clear', 'https://'],
    [
      '{place} : {key} en http : une redirection perd les envois, et les secrets circulent en clair',
      'https://',
    ],
  ),
  'P18-no-rest': finding(
    'warning',
    ['{place}: {key} does not end with /rest/ ({url})', '{key} = "https://pod.univ.fr/rest/"'],
    ['{place} : {key} ne se termine pas par /rest/ ({url})', '{key} = "https://pod.univ.fr/rest/"'],
  ),
  'P18-xapi-missing': finding(
    'critical',
    ['{place}: {key} is on and {missing} is not set: no statement leaves', 'Set {missing}'],
    [
      "{place} : {key} est actif et {missing} n'est pas défini : aucune trace ne part",
      'Définissez {missing}',
    ],
  ),
  'P18-personal': finding(
    'info',
    [
      '{place}: xAPI statements name the viewers (personal data)',
      '{key} = True, or an entry in the register of processings',
    ],
    [
      '{place} : les traces xAPI nomment les spectateurs (données personnelles)',
      '{key} = True, ou une entrée au registre des traitements',
    ],
  ),
  'P18-relative': finding(
    'critical',
    [
      '{place}: {key} is relative ({value}): workers look elsewhere',
      'An absolute path, the same on the backend and on the workers',
    ],
    [
      '{place} : {key} est relatif ({value}) : les workers cherchent ailleurs',
      'Un chemin absolu, le même sur le serveur et sur les workers',
    ],
  ),
  'P18-no-mail': finding(
    'info',
    [
      '{file}: EMAIL_HOST is not set: errors of the workers are mailed to nobody',
      'EMAIL_HOST = "smtp.univ.fr"',
    ],
    [
      "{file} : EMAIL_HOST n'est pas défini : les erreurs des workers ne parviennent à personne",
      'EMAIL_HOST = "smtp.univ.fr"',
    ],
  ),
  'P18-debug': finding(
    'warning',
    ['{place}: DEBUG is on', 'DEBUG = False'],
    ['{place} : DEBUG est actif', 'DEBUG = False'],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof settingsFileTexts>, true> {}
}
