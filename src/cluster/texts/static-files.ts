import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** S21 and the findings in haproxy.cfg, nginx.conf and jicofo.log (`--file`). */
export const staticFileTexts = defineTexts({
  S21: property(
    [
      'haproxy.cfg and nginx.conf are sound',
      'Rules on the text of the files, with line and fix; haproxy -c and nginx -t have the word on syntax where they are installed.',
    ],
    [
      'haproxy.cfg et nginx.conf sont sains',
      'Règles sur le texte des fichiers, avec ligne et correction ; haproxy -c et nginx -t jugent la syntaxe là où ils sont installés.',
    ],
  ),
  'S21-syntax': finding(
    'critical',
    ['{place}: {detail}', '{command} {file}'],
    ['{place} : {detail}', '{command} {file}'],
  ),
  'S21-not-known': finding(
    'info',
    [
      '{place}: {what}: not judged',
      'bbb2pod judges haproxy.cfg, nginx.conf, settings_local.py, the files of Jitsi (docker-jitsi-meet’s .env too), jicofo.log, .env of esup-runner, redis.conf and the units of Celery',
    ],
    [
      '{place} : {what} : non jugé',
      "bbb2pod juge haproxy.cfg, nginx.conf, settings_local.py, les fichiers de Jitsi (le .env de docker-jitsi-meet aussi), jicofo.log, les .env d'esup-runner, redis.conf et les unités de Celery",
    ],
  ),
  'S21-template': finding(
    'info',
    ['{place}: a template: not judged', 'Fill it in (ansible, confd…), then check the file that it gives'],
    ['{place} : un gabarit : non jugé', 'Remplissez-le (ansible, confd…), puis testez le fichier obtenu'],
  ),
  'S21-other-version': finding(
    'info',
    [
      '{place}: the {program} of this machine does not know this, another version or module may: {detail}',
      'On the machine that runs it: {command} {file}',
    ],
    [
      '{place} : le {program} de cette machine ne le connaît pas, une autre version ou un module peut le connaître : {detail}',
      "Sur la machine qui l'exécute : {command} {file}",
    ],
  ),
  'S21-no-tls': finding(
    'warning',
    [
      '{place}: frontend {key} has no TLS: pages of Pod in HTTPS refuse its playlists',
      'bind :443 ssl crt /etc/haproxy/live.pem alpn h2,http/1.1',
    ],
    [
      "{place} : le frontend {key} n'a pas de TLS : les pages HTTPS de Pod refusent ses listes",
      'bind :443 ssl crt /etc/haproxy/live.pem alpn h2,http/1.1',
    ],
  ),
  'S21-no-redirect': finding(
    'warning',
    ['{place}: frontend {key} does not lead HTTP to HTTPS', 'redirect scheme https code 301 if !{ ssl_fc }'],
    [
      '{place} : le frontend {key} ne renvoie pas HTTP vers HTTPS',
      'redirect scheme https code 301 if !{ ssl_fc }',
    ],
  ),
  'S21-default-password': finding(
    'critical',
    [
      '{place}: the statistics page has a password that everybody knows',
      'stats auth USER:ANOTHER-PASSWORD; systemctl reload haproxy',
    ],
    [
      '{place} : la page de statistiques a un mot de passe connu de tous',
      'stats auth UTILISATEUR:AUTRE-MOTDEPASSE ; systemctl reload haproxy',
    ],
  ),
  'S21-open-statistics': finding(
    'warning',
    ['{place}: the statistics page asks for no password', 'stats auth USER:PASSWORD'],
    ['{place} : la page de statistiques ne demande pas de mot de passe', 'stats auth UTILISATEUR:MOTDEPASSE'],
  ),
  'S21-no-timeout': finding(
    'warning',
    [
      '{place}: no timeout {key}: dead connections stay for ever',
      'timeout connect 5s, timeout client 30s, timeout server 30s',
    ],
    [
      '{place} : pas de timeout {key} : les connexions mortes restent',
      'timeout connect 5s, timeout client 30s, timeout server 30s',
    ],
  ),
  'S21-no-redispatch': finding(
    'warning',
    [
      '{place}: no redispatch: viewers bound to a dead node get 503 until it is taken out',
      'option redispatch',
    ],
    [
      "{place} : pas de redispatch : les spectateurs liés à un nœud mort reçoivent 503 jusqu'à son retrait",
      'option redispatch',
    ],
  ),
  'S21-no-check': finding(
    'warning',
    [
      '{place}: server {key} ({backend}) is never checked: it stays green when dead',
      'check at the end of the server line',
    ],
    [
      "{place} : le serveur {key} ({backend}) n'est jamais testé : il reste vert une fois mort",
      'check à la fin de la ligne server',
    ],
  ),
  'S21-few-connections': finding(
    'warning',
    [
      '{place}: maxconn {limit} on {key}: about {viewers} viewers at 3.5 Mb/s, then a queue',
      'bbb2pod cluster plan gives the figure',
    ],
    [
      '{place} : maxconn {limit} sur {key} : environ {viewers} spectateurs à 3,5 Mb/s, puis une file',
      'bbb2pod cluster plan donne la valeur',
    ],
  ),
  'S21-no-cookie': finding(
    'warning',
    [
      '{place}: backend {key} has no cookie: viewers change node at each request',
      'cookie SERVERUSED insert indirect nocache, and cookie NAME on each server line',
    ],
    [
      "{place} : le backend {key} n'a pas de cookie : les spectateurs changent de nœud à chaque requête",
      'cookie SERVERUSED insert indirect nocache, et cookie NOM sur chaque ligne server',
    ],
  ),
  'S21-server-cookie': finding(
    'warning',
    [
      '{place}: server {key} ({backend}) has no cookie value: no viewer stays with it',
      'cookie {key} on the server line',
    ],
    [
      "{place} : le serveur {key} ({backend}) n'a pas de valeur de cookie : aucun spectateur n'y reste",
      'cookie {key} sur la ligne server',
    ],
  ),
  'S21-same-cookie': finding(
    'critical',
    [
      '{place}: {key} has the cookie of {other} ({value}): one of them gets no sticky viewer',
      'cookie {key} on the server line',
    ],
    [
      "{place} : {key} a le cookie de {other} ({value}) : l'un des deux ne garde aucun spectateur",
      'cookie {key} sur la ligne server',
    ],
  ),
  'S21-blind-check': finding(
    'warning',
    [
      '{place}: the health check of {key} does not look at playlists: UP while nothing moves',
      'option httpchk, with: http-check send meth GET uri /hls/STREAM.m3u8',
    ],
    [
      '{place} : le test de {key} ne regarde pas les listes : UP alors que rien ne bouge',
      'option httpchk, avec : http-check send meth GET uri /hls/FLUX.m3u8',
    ],
  ),
  'S19-open': finding(
    'critical',
    [
      '{place}: anybody may publish to the application {key}',
      'allow publish SOURCE-ADDRESS; deny publish all; (or on_publish)',
    ],
    [
      "{place} : n'importe qui peut publier dans l'application {key}",
      'allow publish ADRESSE-SOURCE; deny publish all; (ou on_publish)',
    ],
  ),
  'S20-cleanup': finding(
    'warning',
    [
      '{place}: application {key} keeps every segment of HLS (hls_cleanup off): the disk of hls_path fills',
      'hls_cleanup on; or, where the segments are kept on purpose, a purge by cron: find HLS_PATH -name "*.ts" -mmin +1440 -delete',
    ],
    [
      '{place} : l’application {key} garde tous les segments HLS (hls_cleanup off) : le disque de hls_path se remplit',
      'hls_cleanup on ; ou, si les segments sont gardés exprès, une purge par cron : find HLS_PATH -name "*.ts" -mmin +1440 -delete',
    ],
  ),
  'S20-record': finding(
    'warning',
    [
      '{place}: the application {key} records everything and nothing is ever removed (1.9 GB per hour at 4.2 Mb/s)',
      'record off; or a purge by cron: find DIRECTORY -name "*.flv" -mtime +7 -delete',
    ],
    [
      "{place} : l'application {key} enregistre tout et rien n'est jamais supprimé (1,9 Go par heure à 4,2 Mb/s)",
      'record off; ou une purge par cron : find REPERTOIRE -name "*.flv" -mtime +7 -delete',
    ],
  ),
  'S10-window': finding(
    'warning',
    [
      '{place}: the playlist of {key} holds {length} s, less than three segments ({wanted} s)',
      'hls_playlist_length {wanted}s; or more',
    ],
    [
      '{place} : la liste de {key} contient {length} s, moins de trois segments ({wanted} s)',
      'hls_playlist_length {wanted}s; ou plus',
    ],
  ),
  'S10-copied': finding(
    'warning',
    [
      '{place}: one rendition is copied and others encoded: its key frames do not fall with theirs',
      'Encode it too, or make the source send a key frame per segment',
    ],
    [
      '{place} : une qualité est copiée, les autres encodées : leurs images clés ne coïncident pas',
      'Encodez-la aussi, ou faites envoyer par la source une image clé par segment',
    ],
  ),
  'S10-key-frames': finding(
    'warning',
    [
      '{place}: no key frame distance: segments get any length',
      '-g RATE*SECONDS -keyint_min same -sc_threshold 0',
    ],
    [
      "{place} : pas de distance d'images clés : les segments ont des longueurs quelconques",
      '-g IMAGES*SECONDES -keyint_min idem -sc_threshold 0',
    ],
  ),
  'S12-crf': finding(
    'warning',
    [
      '{place}: -crf with -b:v and no -maxrate: the rate has no bound and BANDWIDTH lies',
      '-b:v R -maxrate R -bufsize 2R, without -crf',
    ],
    [
      "{place} : -crf avec -b:v et sans -maxrate : le débit n'a pas de borne et BANDWIDTH ment",
      '-b:v D -maxrate D -bufsize 2D, sans -crf',
    ],
  ),
  'S13-variant': finding(
    'info',
    [
      '{place}: hls_variant {key} gives no CODECS or no RESOLUTION',
      'hls_variant {key} BANDWIDTH=…,RESOLUTION=1280x720,CODECS="avc1.4d401f,mp4a.40.2";',
    ],
    [
      '{place} : hls_variant {key} ne donne pas CODECS ou RESOLUTION',
      'hls_variant {key} BANDWIDTH=…,RESOLUTION=1280x720,CODECS="avc1.4d401f,mp4a.40.2";',
    ],
  ),
  'S16-variant': finding(
    'critical',
    [
      '{place}: the master announces {key}, which no exec publishes: 404 in players',
      'Add the output to the exec of the ingest application, or take the line away if nobody publishes it',
    ],
    [
      "{place} : la liste maîtresse annonce {key}, qu'aucun exec ne publie : 404 dans les lecteurs",
      "Ajoutez la sortie à l'exec de l'application ingest, ou retirez la ligne si personne ne la publie",
    ],
  ),
  'S19-unjudged': finding(
    'info',
    [
      '{place}: who may publish to {key} is said by another file, if at all: not judged',
      'While it runs: bbb2pod cluster check --only S19; in the included file: allow publish ADDRESS; deny publish all;',
    ],
    [
      '{place} : qui peut publier vers {key} est dit par un autre fichier, ou nulle part : non jugé',
      'En marche : bbb2pod cluster check --only S19 ; dans le fichier inclus : allow publish ADRESSE; deny publish all;',
    ],
  ),
  'S16-unjudged': finding(
    'info',
    [
      '{place}: the renditions are made elsewhere (a script, another machine): whether {key} is published is not judged',
      'While it runs: bbb2pod cluster check --only S16',
    ],
    [
      '{place} : les qualités sont produites ailleurs (un script, une autre machine) : la publication de {key} n’est pas jugée',
      'Pendant la diffusion : bbb2pod cluster check --only S16',
    ],
  ),
  'S16-no-application': finding(
    'critical',
    [
      '{place}: publishes to the application {key}, which this file does not have: nobody gets the stream',
      'Write the name of one of its applications ({applications}), or add: application {key} { live on; }',
    ],
    [
      '{place} : publie vers l’application {key}, absente de ce fichier : personne ne reçoit le flux',
      'Écrivez le nom d’une de ses applications ({applications}), ou ajoutez : application {key} { live on; }',
    ],
  ),
  'S15-processes': finding(
    'warning',
    [
      '{place}: worker_processes {key}: a stream published to one process is unknown to the others',
      'worker_processes 1; or rtmp_auto_push on;',
    ],
    [
      '{place} : worker_processes {key} : un flux publié à un processus est inconnu des autres',
      'worker_processes 1; ou rtmp_auto_push on;',
    ],
  ),
  'S18-file-stat': finding(
    'warning',
    [
      '{place}: the statistics of nginx-rtmp are open to everybody ({key})',
      'allow 127.0.0.1; allow SUPERVISION; deny all;',
    ],
    [
      '{place} : les statistiques de nginx-rtmp sont ouvertes à tous ({key})',
      'allow 127.0.0.1; allow SUPERVISION; deny all;',
    ],
  ),
  'S18-file-control': finding(
    'critical',
    ['{place}: the control of nginx-rtmp is open to everybody ({key})', 'allow 127.0.0.1; deny all;'],
    ['{place} : le contrôle de nginx-rtmp est ouvert à tous ({key})', 'allow 127.0.0.1; deny all;'],
  ),
  'S08-file-cors': finding(
    'warning',
    ['{place}: {key} sends no CORS header', "add_header Access-Control-Allow-Origin '*' always;"],
    ["{place} : {key} n'envoie pas d'en-tête CORS", "add_header Access-Control-Allow-Origin '*' always;"],
  ),
  'S08-file-cache': finding(
    'warning',
    [
      '{place}: {key} says nothing of caching: playlists may be kept',
      'add_header Cache-Control no-cache always;',
    ],
    [
      '{place} : {key} ne dit rien du cache : les listes peuvent être gardées',
      'add_header Cache-Control no-cache always;',
    ],
  ),
  'J14-flapping': finding(
    'warning',
    [
      '{place}: {key} left {leaves} times (last entry {joined}, last departure {left})',
      'On {key}: journalctl -u jitsi-videobridge2; the network to 5222, and its load',
    ],
    [
      '{place} : {key} est parti {leaves} fois (dernière arrivée {joined}, dernier départ {left})',
      'Sur {key} : journalctl -u jitsi-videobridge2 ; le réseau vers 5222, et sa charge',
    ],
  ),
  'J14-gone': finding(
    'critical',
    [
      '{place}: {key} left at {left} and did not come back (last entry {joined})',
      'On {key}: systemctl status jitsi-videobridge2; journalctl -u jitsi-videobridge2 -n 100',
    ],
    [
      "{place} : {key} est parti à {left} et n'est pas revenu (dernière arrivée {joined})",
      'Sur {key} : systemctl status jitsi-videobridge2 ; journalctl -u jitsi-videobridge2 -n 100',
    ],
  ),
  'J14-stopped': finding(
    'info',
    ['{place}: {key} was stopped on purpose at {left} (last entry {joined})', 'bbb2pod cluster ready {key}'],
    [
      '{place} : {key} a été arrêté volontairement à {left} (dernière arrivée {joined})',
      'bbb2pod cluster ready {key}',
    ],
  ),
  'J14-present': finding(
    'info',
    ['{place}: {key} is in since {joined} (last departure {left})', ''],
    ['{place} : {key} est présent depuis {joined} (dernier départ {left})', ''],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof staticFileTexts>, true> {}
}
