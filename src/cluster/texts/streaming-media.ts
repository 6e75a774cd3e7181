import './phrases.js';
import type { CodesOf } from '../../kit/errors/code.js';
import { defineTexts } from '../../kit/errors/define-texts.js';
import { finding, property } from './terms.js';

/** S08 to S13: playlists and segments. */
export const streamingMediaTexts = defineTexts({
  S08: property(
    'Each broadcast node serves the master playlist itself',
    'Chaque nœud de diffusion sert lui-même la liste maîtresse',
    'Asked by the node’s own address, without the balancers: HTTP 200, MPEG-URL content type, CORS for players on Pod’s pages, no long caching.',
    "Demandée à l'adresse du nœud, sans les répartiteurs : HTTP 200, type MPEG-URL, CORS pour les lecteurs des pages de Pod, pas de cache long.",
  ),
  'S08-silent': finding(
    'critical',
    ['Node {subject} does not answer: {detail}', 'On {subject}: systemctl status nginx; nginx -t; ss -ltnp'],
    [
      'Le nœud {subject} ne répond pas : {detail}',
      'Sur {subject} : systemctl status nginx ; nginx -t ; ss -ltnp',
    ],
  ),
  'S08-untested': finding(
    'info',
    [
      'The playlists of {subject} are not tested: cluster.toml names no stream, and there is none at {url}',
      'Add streams = ["NAME"] to [streaming] of cluster.toml, and playlist when it is elsewhere than /hls/NAME.m3u8',
    ],
    [
      'Les playlists de {subject} ne sont pas vérifiées : cluster.toml ne nomme aucun flux, et il n’y en a pas à {url}',
      'Ajoutez streams = ["NOM"] à [streaming] de cluster.toml, et playlist si elle est ailleurs que dans /hls/NOM.m3u8',
    ],
  ),
  'S08-error': finding(
    'critical',
    [
      'Node {subject} answers {status} to {url}',
      'curl -sIL {url}; then on the node: journalctl -u nginx -n 20, or the log of the server that it runs',
    ],
    [
      'Le nœud {subject} répond {status} à {url}',
      'curl -sIL {url} ; puis sur le nœud : journalctl -u nginx -n 20, ou le journal du serveur qui y tourne',
    ],
  ),
  'S08-type': finding(
    'warning',
    [
      'Node {subject} serves playlists as {type}',
      'In nginx.conf: types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }',
    ],
    [
      'Le nœud {subject} sert les listes avec le type {type}',
      'Dans nginx.conf : types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }',
    ],
  ),
  'S08-cors': finding(
    'warning',
    [
      'Node {subject} sends no CORS header: players on other sites (Pod) are refused',
      "In nginx.conf, location /hls/: add_header Access-Control-Allow-Origin '*' always;",
    ],
    [
      "Le nœud {subject} n'envoie pas d'en-tête CORS : les lecteurs d'autres sites (Pod) sont refusés",
      "Dans nginx.conf, location /hls/ : add_header Access-Control-Allow-Origin '*' always;",
    ],
  ),
  'S08-cache': finding(
    'warning',
    [
      'Node {subject} lets playlists be cached (Cache-Control: {value})',
      'In nginx.conf, location of *.m3u8: add_header Cache-Control no-cache always;',
    ],
    [
      'Le nœud {subject} laisse mettre les listes en cache (Cache-Control : {value})',
      'Dans nginx.conf, location de *.m3u8 : add_header Cache-Control no-cache always;',
    ],
  ),
  S09: property(
    'The playlists move',
    'Les listes de lecture avancent',
    'The age of each rendition’s playlist is Date minus Last-Modified, both by the server’s clock: up to 1.5 target durations is fresh (RFC 8216, 6.2.2). One that looks older is asked again two seconds later, so that caches and NFS raise no false alarm; older than 3 targets and unmoved is frozen. A frozen playlist still answers 200, and HAProxy calls the node UP: only its age tells.',
    "L'âge de la liste de chaque qualité est Date moins Last-Modified, toutes deux à l'horloge du serveur : jusqu'à 1,5 durée cible elle est fraîche (RFC 8216, 6.2.2). Si elle paraît plus vieille, elle est redemandée deux secondes plus tard, pour que caches et NFS ne donnent pas de fausse alerte ; plus de 3 durées cibles sans mouvement : elle est figée. Une liste figée répond toujours 200, et HAProxy dit le nœud UP : seul son âge le révèle.",
  ),
  'S09-frozen': finding(
    'critical',
    [
      'Playlist {subject} has been frozen for {age} (target {target} s)',
      'Look at the ingest: bbb2pod cluster check --only S14,S15,S16',
    ],
    [
      'Liste {subject} figée depuis {age} (durée cible {target} s)',
      "Regardez l'ingest : bbb2pod cluster check --only S14,S15,S16",
    ],
  ),
  'S09-late': finding(
    'warning',
    [
      'Playlist {subject} is late: {age} old (target {target} s)',
      'Run again in a minute; look at the load of the ingest and the latency of the share',
    ],
    [
      'Liste {subject} en retard : {age} (durée cible {target} s)',
      "Relancez dans une minute ; regardez la charge de l'ingest et la latence du partage",
    ],
  ),
  S10: property(
    'The playlists obey RFC 8216',
    'Les listes respectent la RFC 8216',
    'Parsed by a library: #EXTM3U, no segment longer than the target duration, at least three targets of media, a sequence that never goes back (state file), the same target in all renditions (6.2.4), no end mark in a live, interruptions counted, every expected rendition announced and present.',
    "Analysées par une bibliothèque : #EXTM3U, aucun segment plus long que la durée cible, au moins trois durées cibles de média, séquence qui ne recule jamais (fichier d'état), même durée cible dans toutes les qualités (6.2.4), pas de marque de fin dans un direct, coupures comptées, chaque qualité attendue annoncée et présente.",
  ),
  'S10-invalid': finding(
    'critical',
    ['Playlist {subject} is invalid: {reason}', 'curl -sL {url} | head -20'],
    ['Liste {subject} invalide : {reason}', 'curl -sL {url} | head -20'],
  ),
  'S10-missing': finding(
    'critical',
    [
      'Rendition {subject} is announced or expected and absent: {detail}',
      'curl -sIL {url}; then who makes it, the transcoder or the packager: bbb2pod cluster check --only S16',
    ],
    [
      'Qualité {subject} annoncée ou attendue, et absente : {detail}',
      'curl -sIL {url} ; puis qui la fabrique, transcodeur ou packager : bbb2pod cluster check --only S16',
    ],
  ),
  'S10-backwards': finding(
    'critical',
    [
      'The media sequence of {subject} went back from {before} to {now}: players stop',
      'hls_cleanup on and hls_continuous on in the application of nginx-rtmp; nodes must follow one ingest',
    ],
    [
      'La séquence de {subject} a reculé de {before} à {now} : les lecteurs s’arrêtent',
      "hls_cleanup on et hls_continuous on dans l'application de nginx-rtmp ; les nœuds doivent suivre un seul ingest",
    ],
  ),
  'S10-ended': finding(
    'critical',
    [
      'Playlist {subject} carries an end mark: players take the live for finished',
      'A file of an old run is being served: empty the hls directory and restart nginx on the ingest',
    ],
    [
      'La liste {subject} porte une marque de fin : les lecteurs croient le direct terminé',
      "Un fichier d'une ancienne exécution est servi : videz le répertoire hls et relancez nginx sur l'ingest",
    ],
  ),
  'S10-target': finding(
    'critical',
    [
      'Playlist {subject} has segments of {longest} s for a target of {target} s',
      'Align the key frames on the segments: -g RATE*SECONDS -keyint_min same -sc_threshold 0',
    ],
    [
      'La liste {subject} a des segments de {longest} s pour une durée cible de {target} s',
      'Alignez les images clés sur les segments : -g IMAGES*SECONDES -keyint_min idem -sc_threshold 0',
    ],
  ),
  'S10-short': finding(
    'warning',
    [
      'Playlist {subject} holds {total} s, less than three targets ({wanted} s)',
      'Raise hls_playlist_length; right after the start of the stream, wait',
    ],
    [
      'La liste {subject} ne contient que {total} s, moins de trois durées cibles ({wanted} s)',
      'Augmentez hls_playlist_length ; juste après le début du flux, attendez',
    ],
  ),
  'S10-empty': finding(
    'critical',
    [
      'Playlist {subject} announces no segment: there is nothing to play',
      'Right after the start of the stream, wait one target duration; else the packager gets no picture: bbb2pod cluster check --only S14,S15,S16',
    ],
    [
      'La liste {subject} n’annonce aucun segment : il n’y a rien à lire',
      "Juste après le début du flux, attendez une durée cible ; sinon le packager ne reçoit pas d'image : bbb2pod cluster check --only S14,S15,S16",
    ],
  ),
  'S10-breaks': finding(
    'info',
    [
      '{breaks} {breaks:interruption|interruptions} in the window of {subject}',
      'Look at the source: an encoder that reconnects',
    ],
    [
      '{breaks} {breaks:coupure|coupures} dans la fenêtre de {subject}',
      'Regardez la source : un encodeur qui se reconnecte',
    ],
  ),
  'S10-broken': finding(
    'critical',
    [
      'Each of the {segments} segments of {subject} begins anew (EXT-X-DISCONTINUITY): players stall at every one',
      'Time stamps start again with each segment: repair them at the encoder, or give nginx-rtmp hls_fragment_naming sequential and hls_continuous off',
    ],
    [
      'Chacun des {segments} segments de {subject} recommence à zéro (EXT-X-DISCONTINUITY) : les lecteurs butent sur chacun',
      "Les horodatages repartent à chaque segment : corrigez-les à l'encodeur, ou donnez à nginx-rtmp hls_fragment_naming sequential et hls_continuous off",
    ],
  ),
  'S10-gaps': finding(
    'critical',
    [
      'All {segments} segments of {subject} are gaps (EXT-X-GAP): there is nothing to play',
      'The packager gets no picture: look at the encoder and at its connection to the ingest',
    ],
    [
      'Les {segments} segments de {subject} sont tous des trous (EXT-X-GAP) : il n’y a rien à lire',
      "Le packager ne reçoit pas d'image : vérifiez l'encodeur et sa liaison avec l'ingest",
    ],
  ),
  'S10-targets-differ': finding(
    'warning',
    [
      'The renditions of {subject} have different target durations ({targets} s): switching stalls',
      'Same key frame distance for all, the copied one included: encode it, or set the GOP at the source',
    ],
    [
      'Les qualités de {subject} ont des durées cibles différentes ({targets} s) : le changement bloque',
      "Même distance d'images clés pour toutes, y compris celle copiée : encodez-la, ou réglez le GOP à la source",
    ],
  ),
  'S10-unannounced': finding(
    'warning',
    [
      'The master of {subject} does not announce {names}',
      'Add an hls_variant line per rendition in the application of nginx-rtmp',
    ],
    [
      "La liste maîtresse de {subject} n'annonce pas {names}",
      "Ajoutez une ligne hls_variant par qualité dans l'application de nginx-rtmp",
    ],
  ),
  S11: property(
    'The segments are there and decode',
    'Les segments sont là et se décodent',
    'The newest and an old segment of each rendition: HTTP 200, not empty; the newest is an MPEG transport stream that ffprobe reads, as long as announced (within half a second).',
    'Le segment le plus récent et un ancien de chaque qualité : HTTP 200, non vides ; le plus récent est un flux MPEG que ffprobe lit, de la durée annoncée (à une demi-seconde près).',
  ),
  'S11-missing': finding(
    'critical',
    [
      'The {which} segment of {subject} is announced and absent: {detail}',
      'curl -sIL {url}; the playlist and its segments must come from one place: root and proxy_pass of that location, caching of the share (NFS: actimeo)',
    ],
    [
      'Le segment {which} de {subject} est annoncé et absent : {detail}',
      'curl -sIL {url} ; la liste et ses segments doivent venir du même endroit : root et proxy_pass de cette location, cache du partage (NFS : actimeo)',
    ],
  ),
  'S11-empty': finding(
    'critical',
    [
      'The newest segment of {subject} is empty',
      'On the ingest: df -h of the hls directory; the disk is full or the share is read-only',
    ],
    [
      'Le segment le plus récent de {subject} est vide',
      "Sur l'ingest : df -h du répertoire hls ; disque plein ou partage en lecture seule",
    ],
  ),
  'S11-key': finding(
    'critical',
    [
      'The key of the encrypted segments of {subject} cannot be had: {detail}. Players show nothing',
      'curl -sIL {url}; EXT-X-KEY names that address: hls_key_url of nginx-rtmp, or the key server of the packager',
    ],
    [
      'La clé des segments chiffrés de {subject} est introuvable : {detail}. Les lecteurs n’affichent rien',
      'curl -sIL {url} ; EXT-X-KEY nomme cette adresse : hls_key_url de nginx-rtmp, ou le serveur de clés du packager',
    ],
  ),
  'S11-damaged': finding(
    'critical',
    [
      'The newest segment of {subject} does not decode: {detail}',
      'On the ingest: systemctl restart nginx; ffprobe of the file there tells whether the share damages it',
    ],
    [
      'Le segment le plus récent de {subject} ne se décode pas : {detail}',
      "Sur l'ingest : systemctl restart nginx ; un ffprobe du fichier sur place dit si le partage l'abîme",
    ],
  ),
  'S11-duration': finding(
    'warning',
    [
      'The newest segment of {subject} lasts {measured} s and is announced with {announced} s',
      'Look at the time stamps of the source (an encoder that drops frames); restart the source',
    ],
    [
      'Le segment le plus récent de {subject} dure {measured} s, annoncé {announced} s',
      'Regardez les horodatages de la source (un encodeur qui perd des images) ; relancez la source',
    ],
  ),
  S12: property(
    'The rates declared are true',
    'Les débits annoncés sont vrais',
    'Size of the newest segment over its duration against BANDWIDTH, within 10 % (Apple’s authoring rules): players choose a rendition by what is declared.',
    "Taille du segment le plus récent rapportée à sa durée, comparée à BANDWIDTH, à 10 % près (règles d'Apple) : les lecteurs choisissent une qualité d'après ce qui est annoncé.",
  ),
  'S12-above': finding(
    'warning',
    [
      '{subject} takes {measured} kb/s and declares {declared}',
      'Raise BANDWIDTH of its hls_variant to the peak, or bound the encoder: -maxrate and -bufsize',
    ],
    [
      '{subject} consomme {measured} kb/s et annonce {declared}',
      "Montez le BANDWIDTH de son hls_variant au pic, ou bornez l'encodeur : -maxrate et -bufsize",
    ],
  ),
  S13: property(
    'The master tells players what they need',
    'La liste maîtresse dit aux lecteurs ce qu’il leur faut',
    'CODECS and RESOLUTION for each rendition: without them players guess, and some refuse.',
    'CODECS et RESOLUTION pour chaque qualité : sans eux les lecteurs devinent, et certains refusent.',
  ),
  'S13-attributes': finding(
    'info',
    [
      'The master does not give {missing} for {subject}',
      'As further words of hls_variant: BANDWIDTH=…,RESOLUTION=1280x720,CODECS="avc1.4d401f,mp4a.40.2"',
    ],
    [
      'La liste maîtresse ne donne pas {missing} pour {subject}',
      'Dans les mots suivants de hls_variant : BANDWIDTH=…,RESOLUTION=1280x720,CODECS="avc1.4d401f,mp4a.40.2"',
    ],
  ),
});

declare module '../../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof streamingMediaTexts>, true> {}
}
