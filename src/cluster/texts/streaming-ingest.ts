import type { CodesOf } from '../../kit/errors/code.js';
import { say } from '../../kit/errors/define.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { property } from './property.js';

/** S14 to S17, S19 and S20: ingests, transcoder, agreement of the nodes. */
export const streamingIngestTexts = defineTexts({
  S14: property(
    'The ingest takes RTMP',
    "L'ingest accepte RTMP",
    'TCP, the whole RTMP handshake and connect() to the application, then goodbye: nothing is published. nginx-rtmp closes the connection of an unknown application without a word.',
    "TCP, la poignée de main RTMP complète et connect() vers l'application, puis départ : rien n'est publié. nginx-rtmp ferme sans un mot la connexion d'une application inconnue.",
  ),
  'S14-silent': say(
    'critical',
    'Ingest {subject} takes no RTMP on port {port}: {detail}',
    "L'ingest {subject} n'accepte pas de RTMP sur le port {port} : {detail}",
    'On {subject}: systemctl status nginx; nginx -t; ss -ltnp | grep {port}',
    'Sur {subject} : systemctl status nginx ; nginx -t ; ss -ltnp | grep {port}',
  ),
  'S14-refused': say(
    'critical',
    'Ingest {subject} refuses the application {application} ({code})',
    "L'ingest {subject} refuse l'application {application} ({code})",
    'In the rtmp block of nginx.conf there must be: application {application} { live on; … }',
    'Le bloc rtmp de nginx.conf doit contenir : application {application} { live on; … }',
  ),
  'S14-server-silent': say(
    'critical',
    'Ingest {subject} takes no RTMP on port {port}: {detail}',
    "L'ingest {subject} n'accepte pas de RTMP sur le port {port} : {detail}",
    'On {subject}: systemctl status {unit}; ss -ltnp | grep {port}; journalctl -u {unit} -n 50 (RTMP off on purpose: rtmp = false in cluster.toml)',
    'Sur {subject} : systemctl status {unit} ; ss -ltnp | grep {port} ; journalctl -u {unit} -n 50 (RTMP arrêté exprès : rtmp = false dans cluster.toml)',
  ),
  'S14-application': say(
    'critical',
    'Ingest {subject} refuses the application {application} ({code})',
    "L'ingest {subject} refuse l'application {application} ({code})",
    'application = "…" under [streaming.ingests.{subject}], as the source publishes it; on {subject}: journalctl -u {unit} -n 50',
    'application = "…" sous [streaming.ingests.{subject}], telle que la source la publie ; sur {subject} : journalctl -u {unit} -n 50',
  ),
  'S14-srt': say(
    'critical',
    'Ingest {subject} takes no SRT on port {port}/udp: {detail}',
    "L'ingest {subject} n'accepte pas de SRT sur le port {port}/udp : {detail}",
    'On {subject}: ss -lunp | grep {port}; systemctl status {unit}; nft list ruleset | grep {port}',
    'Sur {subject} : ss -lunp | grep {port} ; systemctl status {unit} ; nft list ruleset | grep {port}',
  ),
  S15: property(
    'The source publishes',
    'La source publie',
    'In nginx-rtmp’s statistics the expected stream has a publisher and its received bytes grow between two samples (its own rates stay at their old values for 15 s after a stop); H.264 and AAC, sound present and in step.',
    'Dans les statistiques de nginx-rtmp, le flux attendu a un émetteur et ses octets reçus augmentent entre deux mesures (ses propres débits gardent leur ancienne valeur 15 s après un arrêt) ; H.264 et AAC, son présent et synchronisé.',
  ),
  'S15-untested': say(
    'info',
    'No stream is tested on {subject}: cluster.toml names none',
    'Aucun flux n’est vérifié sur {subject} : cluster.toml n’en nomme pas',
    'Add streams = ["NAME"] to [streaming] of cluster.toml',
    'Ajoutez streams = ["NOM"] à [streaming] de cluster.toml',
  ),
  'S15-absent': say(
    'critical',
    'Nobody publishes {application}/{stream} on {subject}',
    'Personne ne publie {application}/{stream} sur {subject}',
    'Start the source (OBS, ffmpeg) towards rtmp://{subject}/{application}/{stream}',
    'Lancez la source (OBS, ffmpeg) vers rtmp://{subject}/{application}/{stream}',
  ),
  'S15-stalled': say(
    'critical',
    'The source of {application}/{stream} on {subject} is connected and sends nothing (from {source})',
    "La source de {application}/{stream} sur {subject} est connectée et n'envoie rien (depuis {source})",
    'Restart the source at {source}: it hangs, or its network does',
    'Relancez la source à {source} : elle est figée, ou son réseau',
  ),
  'S15-codec': say(
    'critical',
    '{subject} receives {codec}: HLS players need {wanted}',
    '{subject} reçoit du {codec} : les lecteurs HLS exigent {wanted}',
    'In OBS, or for ffmpeg: -c:v libx264 -c:a aac',
    'Dans OBS, ou pour ffmpeg : -c:v libx264 -c:a aac',
  ),
  'S15-no-sound': say(
    'warning',
    '{subject} receives pictures without sound',
    '{subject} reçoit des images sans son',
    'Check the microphone and the audio track of the source',
    'Vérifiez le micro et la piste audio de la source',
  ),
  'S15-sync': say(
    'warning',
    'Sound and picture are {ms} ms apart on {subject}',
    'Son et image sont décalés de {ms} ms sur {subject}',
    'Restart the source; look at the clock of its sound card',
    "Relancez la source ; regardez l'horloge de sa carte son",
  ),
  S16: property(
    'The transcoder works',
    'Le transcodeur travaille',
    'While the input grows, each expected rendition has a publisher and its bytes grow too. A transcoder that hangs keeps its connection: only the bytes tell.',
    "Pendant que l'entrée augmente, chaque qualité attendue a un émetteur et ses octets augmentent aussi. Un transcodeur figé garde sa connexion : seuls les octets le révèlent.",
  ),
  'S16-untested': say(
    'info',
    'The transcoder of {subject} is not tested: cluster.toml names no ladder',
    "Le transcodeur de {subject} n'est pas vérifié : cluster.toml ne donne pas les qualités (ladder)",
    'Add [[streaming.ladder]] with name, width, height and video for each rendition (bbb2pod cluster check --explain S16)',
    'Ajoutez [[streaming.ladder]] avec name, width, height et video pour chaque qualité (bbb2pod cluster check --explain S16)',
  ),
  'S16-absent': say(
    'critical',
    'The transcoder does not publish {rendition} on {subject}: input alive, no output',
    'Le transcodeur ne publie pas {rendition} sur {subject} : entrée vivante, pas de sortie',
    'On the ingest: tail /var/log/nginx/error.log; run the exec line of nginx.conf by hand',
    "Sur l'ingest : tail /var/log/nginx/error.log ; lancez à la main la ligne exec de nginx.conf",
  ),
  'S16-stalled': say(
    'critical',
    'The transcoder of {subject} hangs: input alive ({input} bytes between two samples), output at 0',
    'Le transcodeur de {subject} est figé : entrée vivante ({input} octets entre deux mesures), sortie à 0',
    'On the ingest: kill -9 of that ffmpeg (ps aux | grep {rendition}); nginx-rtmp starts it again',
    "Sur l'ingest : kill -9 de ce ffmpeg (ps aux | grep {rendition}) ; nginx-rtmp le relance",
  ),
  S17: property(
    'The nodes agree',
    "Les nœuds sont d'accord",
    'The place of each node in the same rendition (media sequence and segments): a distance of 3 is a warning, more than 10 means nodes that follow different ingests, or one that no longer follows.',
    "La position de chaque nœud dans une même qualité (séquence et segments) : un écart de 3 est un avertissement, plus de 10 signifie que les nœuds suivent des ingests différents, ou que l'un ne suit plus.",
  ),
  'S17-behind': say(
    'warning',
    '{behind} is {distance} segments behind {ahead} for {rendition}',
    '{behind} a {distance} segments de retard sur {ahead} pour {rendition}',
    'On {behind}: latency of the share (nfsiostat) or of the proxy to the ingest',
    'Sur {behind} : latence du partage (nfsiostat) ou du proxy vers l’ingest',
  ),
  'S17-diverged': say(
    'critical',
    '{behind} and {ahead} are {distance} segments apart for {rendition}: they follow different ingests',
    '{behind} et {ahead} sont à {distance} segments pour {rendition} : ils suivent des ingests différents',
    'Compare proxy_pass or root of location /hls/ on both nodes; reload nginx on the wrong one',
    'Comparez proxy_pass ou root de location /hls/ sur les deux nœuds ; rechargez nginx sur le fautif',
  ),
  S19: property(
    'Not everybody may publish',
    "N'importe qui ne peut pas publier",
    'allow/deny publish or on_publish in each application of nginx.conf. Never tried live, for it would put a stream on air: read from the file (cluster check --file nginx.conf).',
    "allow/deny publish ou on_publish dans chaque application de nginx.conf. Jamais essayé en vrai, cela mettrait un flux à l'antenne : lu dans le fichier (cluster check --file nginx.conf).",
  ),
  S20: property(
    'The disks of the ingest have room',
    "Les disques de l'ingest ont de la place",
    'Free space and inodes of the playlist and recording directories: recording grows by about 1.9 GB per hour at 4.2 Mb/s. Read when the check runs on that node.',
    "Espace et inodes libres des répertoires de listes et d'enregistrement : l'enregistrement grossit d'environ 1,9 Go par heure à 4,2 Mb/s. Lu quand la commande tourne sur ce nœud.",
  ),
  'S20-missing': say(
    'critical',
    '{directory} does not exist on this machine',
    "{directory} n'existe pas sur cette machine",
    'mkdir -p {directory} && chown www-data {directory}; or mount it',
    'mkdir -p {directory} && chown www-data {directory} ; ou montez-le',
  ),
  'S20-full': say(
    'critical',
    '{directory} is full: {free} % free ({gigabytes} GB), {inodes} % of inodes',
    '{directory} est plein : {free} % libres ({gigabytes} Go), {inodes} % des inodes',
    'du -sh {directory}/*; remove old recordings (find {directory} -name "*.flv" -mtime +7)',
    'du -sh {directory}/* ; supprimez les vieux enregistrements (find {directory} -name "*.flv" -mtime +7)',
  ),
  'S20-low': say(
    'warning',
    '{directory} is filling up: {free} % free ({gigabytes} GB), {inodes} % of inodes',
    '{directory} se remplit : {free} % libres ({gigabytes} Go), {inodes} % des inodes',
    'du -sh {directory}/*; a purge by cron: find {directory} -name "*.flv" -mtime +7 -delete',
    'du -sh {directory}/* ; une purge par cron : find {directory} -name "*.flv" -mtime +7 -delete',
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingIngestTexts>, true> {}
}
