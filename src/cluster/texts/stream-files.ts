import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';

/** Where the lines of haproxy.cfg and nginx.conf lead: servers, backends, directories, who may publish (`--file`). */
export const streamFileTexts = defineTexts({
  'S21-no-backend': say(
    'warning',
    '{place}: no backend {key} in this file: HAProxy does not start unless another file given with -f holds it',
    '{place} : pas de backend {key} dans ce fichier : HAProxy ne démarre pas, sauf si un autre fichier donné par -f le contient',
    'One of its backends ({backends}), or: backend {key}; then haproxy -c -f {file}',
    'Un de ses backends ({backends}), ou : backend {key} ; puis haproxy -c -f {file}',
  ),
  'S21-page-check': say(
    'critical',
    '{place}: {key} asks an RTMP port ({port}) for a web page: no server ever passes this check',
    '{place} : {key} demande une page web à un port RTMP ({port}) : aucun serveur ne passe ce test',
    'option tcp-check; systemctl reload haproxy',
    'option tcp-check ; systemctl reload haproxy',
  ),
  'S21-same-name': say(
    'critical',
    '{place}: {backend} has a server {key} already (line {other}): HAProxy does not start with this file',
    '{place} : {backend} a déjà un serveur {key} (ligne {other}) : HAProxy ne démarre pas avec ce fichier',
    'Another name on one of the two lines',
    'Un autre nom sur une des deux lignes',
  ),
  'S21-same-server': say(
    'warning',
    '{place}: {key} is the same machine as {other} ({address}): when it falls, both fall',
    '{place} : {key} est la même machine que {other} ({address}) : quand elle tombe, les deux tombent',
    'The address of another node on the line of {key}',
    "L'adresse d'un autre nœud sur la ligne de {key}",
  ),
  'S19-nobody': say(
    'critical',
    '{place}: in the application {key}, deny stands before allow: nobody may publish (the first rule that fits decides)',
    "{place} : dans l'application {key}, deny précède allow : personne ne peut publier (la première règle qui convient décide)",
    'The allow publish lines first, then: deny publish all;',
    "D'abord les lignes allow publish, puis : deny publish all;",
  ),
  'S09-file-path': say(
    'critical',
    '{place}: {key} serves {served}, the playlists are written to {written}',
    '{place} : {key} sert {served}, les listes sont écrites dans {written}',
    'The same directory in hls_path and in the location; nginx -t; systemctl reload nginx',
    'Le même dossier dans hls_path et dans la location ; nginx -t ; systemctl reload nginx',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamFileTexts>, true> {}
}
