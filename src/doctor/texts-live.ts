import type { CodesOf } from '../kit/errors/code.js';
import { say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What `doctor` finds on what `live` and the mail of reports need. */
export const doctorLiveTexts = defineTexts({
  'doctor-live-stream': say(
    'info',
    'a second was published to {target} and read back from {hls}',
    'une seconde publiée vers {target}, relue depuis {hls}',
  ),
  'doctor-live-rtmp-unreachable': say(
    'critical',
    '{target} does not answer: {detail}',
    '{target} ne répond pas : {detail}',
    'On the streaming server: ss -ltn | grep 1935; then the firewall, and live.rtmp_url',
    'Sur le serveur de diffusion : ss -ltn | grep 1935 ; puis le pare-feu, et live.rtmp_url',
  ),
  'doctor-live-rtmp-refused': say(
    'critical',
    '{target} refuses a publisher: {detail}',
    '{target} refuse la publication : {detail}',
    'In its nginx: the application\u2019s name, allow publish for this machine, on_publish; credentials of live.rtmp_url',
    "Dans son nginx : nom de l'application, allow publish pour cette machine, on_publish ; identifiants de live.rtmp_url",
  ),
  'doctor-live-not-played': say(
    'critical',
    '{target} took the test stream, {hls} does not show it: {detail}',
    '{target} a pris le flux de test, {hls} ne le montre pas : {detail}',
    'live.hls_url must be the address under which hls_path is served; in the application: hls on; an authority of your own: live.rtmp_ca_file',
    "live.hls_url doit être l'adresse qui sert hls_path ; dans l'application : hls on ; une autorité à vous : live.rtmp_ca_file",
  ),
  'doctor-live-hls-unset': say(
    'warning',
    'published to {target}; without live.hls_url Pod has no address for its viewers',
    "publié vers {target} ; sans live.hls_url Pod n'a pas d'adresse pour ses spectateurs",
    'live.hls_url = "https://live.univ.fr/hls/"',
  ),
  'doctor-live-join-frame': say(
    'info',
    'inside after {seconds} s; marks of the frame that match: {marks}',
    'entré après {seconds} s ; marques du cadre reconnues : {marks}',
  ),
  'doctor-live-join-frame-unknown': say(
    'warning',
    'inside by getMeetingInfo alone, the frame of this client is not known: {page}',
    'entré au seul dire de getMeetingInfo, le cadre de ce client est inconnu : {page}',
    'Tell the version of BigBlueButton and this line to the maintainers of bbb2pod: a live starts six seconds later meanwhile',
    'Signalez la version de BigBlueButton et cette ligne aux mainteneurs de bbb2pod : un direct démarre six secondes plus tard en attendant',
  ),
  'doctor-live-join-attendance': say(
    'info',
    'getMeetingInfo lists the bot',
    'getMeetingInfo compte le robot',
  ),
  'doctor-live-join-attendance-missing': say(
    'warning',
    'getMeetingInfo does not list the bot while it is inside',
    'getMeetingInfo ne compte pas le robot alors qu’il est entré',
    'Nothing to do while the frame is known; with a proxy before several servers, check that it answers for this meeting',
    'Rien à faire tant que le cadre est connu ; avec un répartiteur, vérifiez qu’il répond pour cette session',
  ),
  'doctor-live-join-style': say(
    'info',
    'of {rules} rules of style {matched} match something, and all of that is hidden: {names}',
    'sur {rules} règles de style, {matched} touchent quelque chose, et tout cela est masqué : {names}',
  ),
  'doctor-live-join-style-seen': say(
    'warning',
    'the style sheet does not hide: {names}',
    'la feuille de style ne masque pas : {names}',
    'Look whether the server forbids custom styles (Content-Security-Policy, userdata-bbb_custom_style)',
    'Regardez si le serveur interdit les styles (Content-Security-Policy, userdata-bbb_custom_style)',
  ),
  'doctor-live-join-audio': say('info', 'the audio is joined', 'audio rejoint'),
  'doctor-live-join-audio-missing': say(
    'warning',
    'the audio was not joined within {seconds} s ({audio})',
    'audio non rejoint en {seconds} s ({audio})',
    'Open the meeting as a listener with a browser on this machine',
    'Ouvrez la session comme auditeur avec un navigateur sur cette machine',
  ),
  'doctor-live-join-chat': say('info', 'chat: opened with {button}', 'chat : s’ouvre par {button}'),
  'doctor-live-join-refused': say(
    'critical',
    'not inside: {detail}',
    'pas entré : {detail}',
    'bbb2pod live run --meeting {meeting} --record /tmp/try.mkv shows the same in its log',
    'bbb2pod live run --meeting {meeting} --record /tmp/try.mkv montre la même chose dans son journal',
  ),
  'doctor-live-pod': say(
    'info',
    'token of a staff user; lives of: {generations}',
    "jeton d'un membre de l'équipe ; directs de : {generations}",
  ),
  'doctor-live-pod-token': say(
    'critical',
    'Pod does not know the token (status 401)',
    'Pod ne connaît pas le jeton (statut 401)',
    'In Pod\u2019s administration, Tokens: one of a staff user into pod.token_file; with Apache: WSGIPassAuthorization On',
    "Dans l'administration de Pod, Tokens : celui d'un membre de l'équipe dans pod.token_file ; avec Apache : WSGIPassAuthorization On",
  ),
  'doctor-live-pod-staff': say(
    'critical',
    'the token is known, its user is not staff (status 403)',
    "le jeton est connu, son utilisateur n'est pas de l'équipe (statut 403)",
    'In Pod\u2019s administration, that user: tick \u201cstaff status\u201d',
    "Dans l'administration de Pod, cet utilisateur : cochez « statut équipe »",
  ),
  'doctor-live-building': say('info', 'building {id}: {name}', 'bâtiment {id} : {name}'),
  'doctor-live-building-missing': say(
    'critical',
    'Pod has no building {id}: no broadcaster can be created',
    "Pod n'a pas de bâtiment {id} : aucun diffuseur ne peut être créé",
    'In Pod\u2019s administration, Live, Buildings: create one, and set live.building_id to its id',
    "Dans l'administration de Pod, Direct, Bâtiments : créez-en un, et mettez son id dans live.building_id",
  ),
  'doctor-live-redis': say(
    'info',
    'answers at {host}:{port}, which Pod is told',
    "répond à {host}:{port}, l'adresse que Pod reçoit",
  ),
  'doctor-live-redis-loopback': say(
    'warning',
    'Pod is told {host}:{port}: right only when Pod runs on this machine',
    'Pod reçoit {host}:{port} : juste seulement si Pod tourne sur cette machine',
    'live.hostname = "NAME OF THIS MACHINE", and bind in redis.conf',
    'live.hostname = "NOM DE CETTE MACHINE", et bind dans redis.conf',
  ),
  'doctor-live-redis-unreachable': say(
    'critical',
    'does not answer at {host}:{port}, where Pod would publish the chat: {detail}',
    'ne répond pas à {host}:{port}, où Pod publierait le chat : {detail}',
    'bind and protected-mode in redis.conf, the firewall, live.hostname; redis-cli -h {host} -p {port} ping',
    'bind et protected-mode dans redis.conf, le pare-feu, live.hostname ; redis-cli -h {host} -p {port} ping',
  ),
  'doctor-live-redis-password': say(
    'critical',
    '{host}:{port} asks for a password; Pod sends none',
    "{host}:{port} demande un mot de passe ; Pod n'en envoie pas",
    'A Redis of its own for the chat, without requirepass, that only Pod may reach (bind, firewall)',
    'Un Redis à part pour le chat, sans requirepass, joignable par Pod seul (bind, pare-feu)',
  ),
  'doctor-live-screen': say('info', 'Xvfb and PulseAudio start', 'Xvfb et PulseAudio démarrent'),
  'doctor-live-devices': say(
    'critical',
    '{program} cannot read {devices}',
    '{program} ne sait pas lire {devices}',
    'apt-get install ffmpeg (Debian\u2019s can), or live.backend = "tab"',
    'apt-get install ffmpeg (celui de Debian sait), ou live.backend = "tab"',
  ),
  'doctor-live-engine': say(
    'critical',
    'no Docker engine answers: {detail}',
    'aucun moteur Docker ne répond : {detail}',
    'systemctl start docker; the user of live run in group docker; or live.backend = "tab"',
    'systemctl start docker ; le compte de live run dans le groupe docker ; ou live.backend = "tab"',
  ),
  'doctor-mail': say('info', '{server} answers, nothing was sent', "{server} répond, rien n'a été envoyé"),
  'doctor-mail-refused': say(
    'warning',
    '{server} would take no mail: {detail}',
    '{server} ne prendrait pas de courrier : {detail}',
    'Host, port and account in [mail] smtp: smtp://USER:PASSWORD@HOST:587 (STARTTLS) or smtps://USER:PASSWORD@HOST',
    'Hôte, port et compte de [mail] smtp : smtp://COMPTE:MOTDEPASSE@HOTE:587 (STARTTLS) ou smtps://COMPTE:MOTDEPASSE@HOTE',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof doctorLiveTexts>, true> {}
}
