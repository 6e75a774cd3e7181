import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** P18: findings in settings_local.py (`--file`). */
export const settingsFileTexts = defineTexts({
  P18: property(
    'settings_local.py fits the workers',
    'settings_local.py convient aux workers',
    'Literals of Pod’s settings, never executed: broker, REST, token, xAPI, transcription. What is computed is said to be not evaluable.',
    'Valeurs littérales des réglages de Pod, jamais exécutées : broker, REST, jeton, xAPI, transcription. Ce qui est calculé est dit non évaluable.',
  ),
  'P18-not-evaluable': say(
    'info',
    '{place}: {key} is computed: not judged',
    '{place} : {key} est calculé : non évaluable',
  ),
  'P18-import': say(
    'info',
    '{place}: takes over all of {key}, which is not beside it: what that module sets is not judged',
    '{place} : reprend tout {key}, qui n’est pas à côté : ce que ce module règle n’est pas jugé',
    'Put {key} beside {file}, then check again',
    'Placez {key} à côté de {file}, puis relancez',
  ),
  'P18-no-broker': say(
    'critical',
    '{place}: remote encoding is on and {missing} is not set: workers look for amqp://guest@localhost',
    "{place} : l'encodage distant est actif et {missing} n'est pas défini : les workers cherchent amqp://guest@localhost",
    '{missing} = "redis://:PASSWORD@HOST:6379/5", on the backend and on the workers',
    '{missing} = "redis://:MOTDEPASSE@HOTE:6379/5", sur le serveur et sur les workers',
  ),
  'P18-remote-off': say(
    'warning',
    '{place}: a broker is set and USE_REMOTE_ENCODING_TRANSCODING is not True: Pod encodes by itself',
    "{place} : un broker est défini et USE_REMOTE_ENCODING_TRANSCODING n'est pas True : Pod encode lui-même",
    'USE_REMOTE_ENCODING_TRANSCODING = True',
  ),
  'P18-both-ways': say(
    'warning',
    '{place}: {key} beside remote encoding: two ways at once',
    "{place} : {key} à côté de l'encodage distant : deux chemins à la fois",
    '{key} = False',
  ),
  'P18-amqp': say(
    'warning',
    '{place}: {key} is no Redis: this tool cannot check it',
    "{place} : {key} n'est pas un Redis : cet outil ne peut le vérifier",
    'redis://:PASSWORD@HOST:6379/5, as Pod’s page has it',
    'redis://:MOTDEPASSE@HOTE:6379/5, comme dans la page de Pod',
  ),
  'P18-cache-database': say(
    'warning',
    '{place}: {key} is in database {database}, where Pod keeps caches or sessions: a flush loses the queue',
    '{place} : {key} est dans la base {database}, celle des caches ou des sessions de Pod : un vidage perd la file',
    'Database 5 (encoding) or 6 (xAPI)',
    'Base 5 (encodage) ou 6 (xAPI)',
  ),
  'P18-no-password': say(
    'warning',
    '{place}: {key} has no password: a Redis that other machines reach is open',
    "{place} : {key} n'a pas de mot de passe : un Redis joignable d'autres machines est ouvert",
    'requirepass in redis.conf, and redis://:PASSWORD@HOST…',
    'requirepass dans redis.conf, et redis://:MOTDEPASSE@HOTE…',
  ),
  'P18-missing': say(
    'critical',
    '{place}: {key} is not set',
    "{place} : {key} n'est pas défini",
    'Set {key} in {file}; systemctl restart celery-*',
    'Définissez {key} dans {file} ; systemctl restart celery-*',
  ),
  'P18-placeholder': say(
    'critical',
    '{place}: {key} is still the placeholder',
    "{place} : {key} est resté la valeur d'exemple",
    'Pod’s admin, Tokens: copy the key of a staff user',
    "Admin de Pod, Jetons : copiez la clé d'un utilisateur « staff »",
  ),
  'P18-cleartext': say(
    'warning',
    '{place}: {key} in http: a redirection loses what is sent, and secrets travel in clear',
    '{place} : {key} en http : une redirection perd les envois, et les secrets circulent en clair',
    'https://',
  ),
  'P18-no-rest': say(
    'warning',
    '{place}: {key} does not end with /rest/ ({url})',
    '{place} : {key} ne se termine pas par /rest/ ({url})',
    '{key} = "https://pod.univ.fr/rest/"',
  ),
  'P18-xapi-missing': say(
    'critical',
    '{place}: {key} is on and {missing} is not set: no statement leaves',
    "{place} : {key} est actif et {missing} n'est pas défini : aucune trace ne part",
    'Set {missing}',
    'Définissez {missing}',
  ),
  'P18-personal': say(
    'info',
    '{place}: xAPI statements name the viewers (personal data)',
    '{place} : les traces xAPI nomment les spectateurs (données personnelles)',
    '{key} = True, or an entry in the register of processings',
    '{key} = True, ou une entrée au registre des traitements',
  ),
  'P18-relative': say(
    'critical',
    '{place}: {key} is relative ({value}): workers look elsewhere',
    '{place} : {key} est relatif ({value}) : les workers cherchent ailleurs',
    'An absolute path, the same on the backend and on the workers',
    'Un chemin absolu, le même sur le serveur et sur les workers',
  ),
  'P18-no-mail': say(
    'info',
    '{file}: EMAIL_HOST is not set: errors of the workers are mailed to nobody',
    "{file} : EMAIL_HOST n'est pas défini : les erreurs des workers ne parviennent à personne",
    'EMAIL_HOST = "smtp.univ.fr"',
  ),
  'P18-debug': say('warning', '{place}: DEBUG is on', '{place} : DEBUG est actif', 'DEBUG = False'),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof settingsFileTexts>, true> {}
}
