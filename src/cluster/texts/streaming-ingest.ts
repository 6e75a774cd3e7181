import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** S14 to S17, S19 and S20: ingests, transcoder, agreement of the nodes. */
export const streamingIngestTexts = defineTexts({
  S14: property(
    [
      'The ingest takes RTMP',
      'TCP, the whole RTMP handshake and connect() to the application, then goodbye: nothing is published. nginx-rtmp closes the connection of an unknown application without a word.',
    ],
    [
      "L'ingest accepte RTMP",
      "TCP, la poignée de main RTMP complète et connect() vers l'application, puis départ : rien n'est publié. nginx-rtmp ferme sans un mot la connexion d'une application inconnue.",
    ],
  ),
  'S14-silent': finding(
    'critical',
    [
      'Ingest {subject} takes no RTMP on port {port}: {detail}',
      'On {subject}: systemctl status nginx; nginx -t; ss -ltnp | grep {port}',
    ],
    [
      "L'ingest {subject} n'accepte pas de RTMP sur le port {port} : {detail}",
      'Sur {subject} : systemctl status nginx ; nginx -t ; ss -ltnp | grep {port}',
    ],
  ),
  'S14-refused': finding(
    'critical',
    [
      'Ingest {subject} refuses the application {application} ({code})',
      'In the rtmp block of nginx.conf there must be: application {application} { live on; … }',
    ],
    [
      "L'ingest {subject} refuse l'application {application} ({code})",
      'Le bloc rtmp de nginx.conf doit contenir : application {application} { live on; … }',
    ],
  ),
  'S14-server-silent': finding(
    'critical',
    [
      'Ingest {subject} takes no RTMP on port {port}: {detail}',
      'On {subject}: systemctl status {unit}; ss -ltnp | grep {port}; journalctl -u {unit} -n 50 (RTMP off on purpose: rtmp = false in cluster.toml)',
    ],
    [
      "L'ingest {subject} n'accepte pas de RTMP sur le port {port} : {detail}",
      'Sur {subject} : systemctl status {unit} ; ss -ltnp | grep {port} ; journalctl -u {unit} -n 50 (RTMP arrêté exprès : rtmp = false dans cluster.toml)',
    ],
  ),
  'S14-application': finding(
    'critical',
    [
      'Ingest {subject} refuses the application {application} ({code})',
      'application = "…" under [streaming.ingests.{subject}], as the source publishes it; on {subject}: journalctl -u {unit} -n 50',
    ],
    [
      "L'ingest {subject} refuse l'application {application} ({code})",
      'application = "…" sous [streaming.ingests.{subject}], telle que la source la publie ; sur {subject} : journalctl -u {unit} -n 50',
    ],
  ),
  'S14-srt': finding(
    'critical',
    [
      'Ingest {subject} takes no SRT on port {port}/udp: {detail}',
      'On {subject}: ss -lunp | grep {port}; systemctl status {unit}; nft list ruleset | grep {port}',
    ],
    [
      "L'ingest {subject} n'accepte pas de SRT sur le port {port}/udp : {detail}",
      'Sur {subject} : ss -lunp | grep {port} ; systemctl status {unit} ; nft list ruleset | grep {port}',
    ],
  ),
  S15: property(
    [
      'The source publishes',
      'In nginx-rtmp’s statistics the expected stream has a publisher and its received bytes grow between two samples (its own rates stay at their old values for 15 s after a stop); H.264 and AAC, sound present and in step.',
    ],
    [
      'La source publie',
      'Dans les statistiques de nginx-rtmp, le flux attendu a un émetteur et ses octets reçus augmentent entre deux mesures (ses propres débits gardent leur ancienne valeur 15 s après un arrêt) ; H.264 et AAC, son présent et synchronisé.',
    ],
  ),
  'S15-untested': finding(
    'info',
    [
      'No stream is tested on {subject}: cluster.toml names none',
      'Add streams = ["NAME"] to [streaming] of cluster.toml',
    ],
    [
      'Aucun flux n’est vérifié sur {subject} : cluster.toml n’en nomme pas',
      'Ajoutez streams = ["NOM"] à [streaming] de cluster.toml',
    ],
  ),
  'S15-absent': finding(
    'critical',
    [
      'Nobody publishes {application}/{stream} on {subject}',
      'Start the source (OBS, ffmpeg) towards rtmp://{subject}/{application}/{stream}',
    ],
    [
      'Personne ne publie {application}/{stream} sur {subject}',
      'Lancez la source (OBS, ffmpeg) vers rtmp://{subject}/{application}/{stream}',
    ],
  ),
  'S15-stalled': finding(
    'critical',
    [
      'The source of {application}/{stream} on {subject} is connected and sends nothing (from {source})',
      'Restart the source at {source}: it hangs, or its network does',
    ],
    [
      "La source de {application}/{stream} sur {subject} est connectée et n'envoie rien (depuis {source})",
      'Relancez la source à {source} : elle est figée, ou son réseau',
    ],
  ),
  'S15-codec': finding(
    'critical',
    ['{subject} receives {codec}: HLS players need {wanted}', 'In OBS, or for ffmpeg: -c:v libx264 -c:a aac'],
    [
      '{subject} reçoit du {codec} : les lecteurs HLS exigent {wanted}',
      'Dans OBS, ou pour ffmpeg : -c:v libx264 -c:a aac',
    ],
  ),
  'S15-no-sound': finding(
    'warning',
    ['{subject} receives pictures without sound', 'Check the microphone and the audio track of the source'],
    ['{subject} reçoit des images sans son', 'Vérifiez le micro et la piste audio de la source'],
  ),
  'S15-sync': finding(
    'warning',
    [
      'Sound and picture are {ms} ms apart on {subject}',
      'Restart the source; look at the clock of its sound card',
    ],
    [
      'Son et image sont décalés de {ms} ms sur {subject}',
      "Relancez la source ; regardez l'horloge de sa carte son",
    ],
  ),
  S16: property(
    [
      'The transcoder works',
      'While the input grows, each expected rendition has a publisher and its bytes grow too. A transcoder that hangs keeps its connection: only the bytes tell.',
    ],
    [
      'Le transcodeur travaille',
      "Pendant que l'entrée augmente, chaque qualité attendue a un émetteur et ses octets augmentent aussi. Un transcodeur figé garde sa connexion : seuls les octets le révèlent.",
    ],
  ),
  'S16-untested': finding(
    'info',
    [
      'The transcoder of {subject} is not tested: cluster.toml names no ladder',
      'Add [[streaming.ladder]] with name, width, height and video for each rendition (bbb2pod cluster check --explain S16)',
    ],
    [
      "Le transcodeur de {subject} n'est pas vérifié : cluster.toml ne donne pas les qualités (ladder)",
      'Ajoutez [[streaming.ladder]] avec name, width, height et video pour chaque qualité (bbb2pod cluster check --explain S16)',
    ],
  ),
  'S16-absent': finding(
    'critical',
    [
      'The transcoder does not publish {rendition} on {subject}: input alive, no output',
      'On the ingest: tail /var/log/nginx/error.log; run the exec line of nginx.conf by hand',
    ],
    [
      'Le transcodeur ne publie pas {rendition} sur {subject} : entrée vivante, pas de sortie',
      "Sur l'ingest : tail /var/log/nginx/error.log ; lancez à la main la ligne exec de nginx.conf",
    ],
  ),
  'S16-stalled': finding(
    'critical',
    [
      'The transcoder of {subject} hangs: input alive ({input} bytes between two samples), output at 0',
      'On the ingest: kill -9 of that ffmpeg (ps aux | grep {rendition}); nginx-rtmp starts it again',
    ],
    [
      'Le transcodeur de {subject} est figé : entrée vivante ({input} octets entre deux mesures), sortie à 0',
      "Sur l'ingest : kill -9 de ce ffmpeg (ps aux | grep {rendition}) ; nginx-rtmp le relance",
    ],
  ),
  S17: property(
    [
      'The nodes agree',
      'The place of each node in the same rendition (media sequence and segments): a distance of 3 is a warning, more than 10 means nodes that follow different ingests, or one that no longer follows.',
    ],
    [
      "Les nœuds sont d'accord",
      "La position de chaque nœud dans une même qualité (séquence et segments) : un écart de 3 est un avertissement, plus de 10 signifie que les nœuds suivent des ingests différents, ou que l'un ne suit plus.",
    ],
  ),
  'S17-behind': finding(
    'warning',
    [
      '{behind} is {distance} segments behind {ahead} for {rendition}',
      'On {behind}: latency of the share (nfsiostat) or of the proxy to the ingest',
    ],
    [
      '{behind} a {distance} segments de retard sur {ahead} pour {rendition}',
      'Sur {behind} : latence du partage (nfsiostat) ou du proxy vers l’ingest',
    ],
  ),
  'S17-diverged': finding(
    'critical',
    [
      '{behind} and {ahead} are {distance} segments apart for {rendition}: they follow different ingests',
      'Compare proxy_pass or root of location /hls/ on both nodes; reload nginx on the wrong one',
    ],
    [
      '{behind} et {ahead} sont à {distance} segments pour {rendition} : ils suivent des ingests différents',
      'Comparez proxy_pass ou root de location /hls/ sur les deux nœuds ; rechargez nginx sur le fautif',
    ],
  ),
  S19: property(
    [
      'Not everybody may publish',
      'allow/deny publish or on_publish in each application of nginx.conf. Never tried live, for it would put a stream on air: read from the file (cluster check --file nginx.conf).',
    ],
    [
      "N'importe qui ne peut pas publier",
      "allow/deny publish ou on_publish dans chaque application de nginx.conf. Jamais essayé en vrai, cela mettrait un flux à l'antenne : lu dans le fichier (cluster check --file nginx.conf).",
    ],
  ),
  S20: property(
    [
      'The disks of the ingest have room',
      'Free space and inodes of the playlist and recording directories: recording grows by about 1.9 GB per hour at 4.2 Mb/s. Read when the check runs on that node.',
    ],
    [
      "Les disques de l'ingest ont de la place",
      "Espace et inodes libres des répertoires de listes et d'enregistrement : l'enregistrement grossit d'environ 1,9 Go par heure à 4,2 Mb/s. Lu quand la commande tourne sur ce nœud.",
    ],
  ),
  'S20-missing': finding(
    'critical',
    [
      '{directory} does not exist on this machine',
      'mkdir -p {directory} && chown www-data {directory}; or mount it',
    ],
    [
      "{directory} n'existe pas sur cette machine",
      'mkdir -p {directory} && chown www-data {directory} ; ou montez-le',
    ],
  ),
  'S20-full': finding(
    'critical',
    [
      '{directory} is full: {free} % free ({gigabytes} GB), {inodes} % of inodes',
      'du -sh {directory}/*; remove old recordings (find {directory} -name "*.flv" -mtime +7)',
    ],
    [
      '{directory} est plein : {free} % libres ({gigabytes} Go), {inodes} % des inodes',
      'du -sh {directory}/* ; supprimez les vieux enregistrements (find {directory} -name "*.flv" -mtime +7)',
    ],
  ),
  'S20-low': finding(
    'warning',
    [
      '{directory} is filling up: {free} % free ({gigabytes} GB), {inodes} % of inodes',
      'du -sh {directory}/*; a purge by cron: find {directory} -name "*.flv" -mtime +7 -delete',
    ],
    [
      '{directory} se remplit : {free} % libres ({gigabytes} Go), {inodes} % des inodes',
      'du -sh {directory}/* ; une purge par cron : find {directory} -name "*.flv" -mtime +7 -delete',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingIngestTexts>, true> {}
}
