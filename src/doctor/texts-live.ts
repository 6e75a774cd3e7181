import type { CodesOf } from '../kit/errors/code.js';
import { finding as say } from '../kit/errors/define.js';
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
    'live.hls_url must be the address under which hls_path is served; in the application: hls on',
    "live.hls_url doit être l'adresse qui sert hls_path ; dans l'application : hls on",
  ),
  'doctor-live-hls-unset': say(
    'warning',
    'published to {target}; without live.hls_url Pod has no address for its viewers',
    "publié vers {target} ; sans live.hls_url Pod n'a pas d'adresse pour ses spectateurs",
    'live.hls_url = "https://live.univ.fr/hls/"',
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
