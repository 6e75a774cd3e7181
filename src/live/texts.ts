import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Live streams: joining, streaming, Pod's two generations, recordings, incidents told by mail. */
export const texts = defineTexts({
  'live-rtmp-url': refusal(
    'An address of live.rtmp_url, live.also or --rtmp is not usable: {detail}',
    'Une adresse de live.rtmp_url, live.also ou --rtmp est inutilisable : {detail}',
    'Write rtmp://host:1935/application/ (credentials: rtmp://user:word@host/application/), rtmps://… or srt://host:port?streamid=…',
    'Écrivez rtmp://hôte:1935/application/ (identifiants : rtmp://user:mot@hôte/application/), rtmps://… ou srt://hôte:port?streamid=…',
  ),
  'live-target-failed': say(
    'warning',
    '{id}: a further target does not take the stream: {detail}',
    '{id} : une destination supplémentaire ne prend pas le flux : {detail}',
    'Check its address and key (live.also, live.rtmp_url); it is tried again for ever, the others go on.',
    'Vérifiez son adresse et sa clé (live.also, live.rtmp_url) ; nouvel essai sans fin, les autres continuent.',
  ),
  'live-pause-impossible': refusal(
    'live.backend = "container" shows no pause picture: {id} goes on.',
    'live.backend = "container" ne montre pas d’image de pause : {id} continue.',
    'Set live.backend = "tab" or "x11" for the next lives.',
    'Mettez live.backend = "tab" ou "x11" pour les directs suivants.',
  ),
  'live-pause-unanswered': say(
    'error',
    'The keeper of {id} did not answer within {seconds} s; it will obey as soon as it runs.',
    'Le gardien de {id} n’a pas répondu en {seconds} s ; il obéira dès qu’il tournera.',
    'bbb2pod live status',
  ),

  'live-screen-failed': say(
    'error',
    '{program} does not start: {detail}',
    '{program} ne démarre pas : {detail}',
    'Install xvfb and pulseaudio, or set live.backend = "tab".',
    'Installez xvfb et pulseaudio, ou mettez live.backend = "tab".',
  ),

  'live-not-running': say(
    'error',
    'No meeting {meeting} runs on this BigBlueButton.',
    'Aucune session {meeting} en cours sur ce BigBlueButton.',
    'Start the meeting, then type the same command again.',
    'Démarrez la session, puis retapez la même commande.',
  ),
  'live-unknown': say(
    'error',
    'There is no live {id} here.',
    "Il n'y a pas de direct {id} ici.",
    'bbb2pod live status',
  ),
  'live-nowhere-to-go': refusal(
    'Neither a stream nor a recording is asked for.',
    'Ni flux ni enregistrement demandé.',
    'Give --rtmp URL or --record FILE, or set live.rtmp_url.',
    'Donnez --rtmp URL ou --record FICHIER, ou renseignez live.rtmp_url.',
  ),
  'live-pass-locked': say(
    'warning',
    'Another pass is at work ({holder}); this one does nothing.',
    'Une autre passe est en cours ({holder}) ; celle-ci ne fait rien.',
    'Nothing to do, unless it lasts: bbb2pod live status',
    'Rien à faire, sauf si cela dure : bbb2pod live status',
  ),
  'live-compose-failed': say(
    'error',
    'docker compose {what}: {detail}',
    'docker compose {what} : {detail}',
    'docker compose -f {file} logs',
  ),
  'live-claims-unreachable': say(
    'error',
    'The claims of live.{where} cannot be read: {detail}',
    'Réservations de live.{where} illisibles : {detail}',
    'Nothing new is started meanwhile; check the shared directory or Redis.',
    'Rien de nouveau ne démarre en attendant ; vérifiez le partage ou Redis.',
  ),
  'live-recording-kept': say(
    'warning',
    'The recording of {id} stays in {path}: {detail}',
    "L'enregistrement de {id} reste dans {path} : {detail}",
    "Move it where Pod's job looks, as INTERNALMEETINGID.mkv, once the cause is gone.",
    'Déplacez-le où le traitement de Pod le cherche, sous INTERNALMEETINGID.mkv, la cause une fois réglée.',
  ),
  'live-gateway-without-token': refusal(
    'The gateway needs live.gateway_token.',
    'La passerelle a besoin de live.gateway_token.',
    'install -m 0640 -g bbb2pod /dev/null /etc/bbb2pod/gateway.token && openssl rand -hex 12 > /etc/bbb2pod/gateway.token ; then [live] gateway_token_file = "/etc/bbb2pod/gateway.token", and the same word in Pod.',
    'install -m 0640 -g bbb2pod /dev/null /etc/bbb2pod/gateway.token && openssl rand -hex 12 > /etc/bbb2pod/gateway.token ; puis [live] gateway_token_file = "/etc/bbb2pod/gateway.token", et le même mot dans Pod.',
  ),
  'live-gateway-failed': say(
    'warning',
    'An order of Pod was refused with status 500, for it could not be kept: {detail}',
    "Un ordre de Pod a été refusé (statut 500), faute d'avoir pu être gardé : {detail}",
    'Look at the disk and the rights of the state directory: bbb2pod doctor',
    "Regardez le disque et les droits du répertoire d'état : bbb2pod doctor",
  ),
  'live-gateway-open': say(
    'warning',
    'The gateway listens on {address}, not only on this machine.',
    'La passerelle écoute sur {address}, pas seulement sur cette machine.',
    'Put a TLS proxy before it, or set live.gateway_listen = "127.0.0.1:8990".',
    'Placez un proxy TLS devant, ou mettez live.gateway_listen = "127.0.0.1:8990".',
  ),
  'live-no-free-slot': say(
    'warning',
    '{count} {count:live waits|lives wait} for a free slot on this server.',
    '{count} {count:direct attend|directs attendent} une place sur ce serveur.',
    'Raise live.lives if the machine can bear it, or add a server (live.servers).',
    'Augmentez live.lives si la machine le supporte, ou ajoutez un serveur (live.servers).',
  ),
  'live-keeper-died': say(
    'warning',
    'The keeper of {id} died and was started again.',
    'Le gardien de {id} est mort et a été relancé.',
    'Look at the end of its log: {log}',
    'Regardez la fin de son journal : {log}',
  ),
  'live-start-failed': say(
    'error',
    '{id} does not start: {detail}',
    '{id} ne démarre pas : {detail}',
    "bbb2pod doctor; the live's log says more.",
    'bbb2pod doctor ; le journal du direct en dit plus.',
  ),
  'live-rtmp-unreachable': say(
    'error',
    '{id}: the RTMP server cannot be reached.',
    '{id} : serveur RTMP injoignable.',
    'Check host and port of live.rtmp_url; the recording goes on, the stream comes back by itself.',
    "Vérifiez hôte et port de live.rtmp_url ; l'enregistrement continue, le flux reviendra seul.",
  ),
  'live-rtmp-refused': say(
    'error',
    '{id}: the RTMP server refuses the stream.',
    '{id} : le serveur RTMP refuse le flux.',
    'Check application, credentials, `allow publish` and on_publish of the RTMP server.',
    "Vérifiez l'application, les identifiants, `allow publish` et on_publish du serveur RTMP.",
  ),
  'live-rtmp-name-in-use': say(
    'error',
    "{id}: somebody publishes under the stream's name already.",
    "{id} : quelqu'un publie déjà sous ce nom de flux.",
    "Look at the RTMP server's statistics for another publisher.",
    "Cherchez l'autre émetteur dans les statistiques du serveur RTMP.",
  ),
  'live-rtmp-lost': say(
    'warning',
    '{id}: the connection to the RTMP server broke.',
    '{id} : connexion au serveur RTMP coupée.',
    "It is tried again every second; look at the network and the RTMP server's log.",
    'Nouvel essai chaque seconde ; regardez le réseau et le journal du serveur RTMP.',
  ),
  'live-recording-disk-full': say(
    'error',
    '{id}: no space left for the recording; the stream goes on.',
    "{id} : plus de place pour l'enregistrement ; le flux continue.",
    'Free space below live.work_dir (df -h).',
    'Libérez de la place sous live.work_dir (df -h).',
  ),
  'live-recording-failed': say(
    'error',
    '{id}: the recording failed; the stream goes on.',
    "{id} : l'enregistrement a échoué ; le flux continue.",
    "Look at the live's log.",
    'Regardez le journal du direct.',
  ),
  'live-child-died': say(
    'warning',
    '{id}: {detail}; it was started again.',
    '{id} : {detail} ; relancé.',
    'Look at memory (dmesg) if it happens again.',
    'Regardez la mémoire (dmesg) si cela se répète.',
  ),
  'live-encoder-stalled': say(
    'warning',
    '{id}: the encoder stood still and was replaced.',
    "{id} : l'encodeur était figé, il a été remplacé.",
    'Look at the load of the machine (uptime), lower live.framerate or live.size.',
    'Regardez la charge (uptime), baissez live.framerate ou live.size.',
  ),
  'live-waiting-for-moderator': say(
    'warning',
    "{id}: the bot waits for a moderator's approval.",
    "{id} : le robot attend l'accord d'un modérateur.",
    'A moderator of the meeting must let it in, or change the guest policy.',
    'Un modérateur doit le laisser entrer, ou changer la règle des invités.',
  ),
  'live-audio-not-joined': say(
    'warning',
    '{id}: the audio could not be joined; the picture goes on without sound.',
    "{id} : audio non rejoint ; l'image continue sans son.",
    "Look at the meeting's audio; the live's log names the buttons found.",
    "Regardez l'audio de la session ; le journal nomme les boutons trouvés.",
  ),
  'live-removed-from-meeting': say(
    'warning',
    '{id}: the bot was removed and joined again.',
    '{id} : robot exclu, il est revenu.',
    'Tell the moderators that this participant is the live.',
    'Dites aux modérateurs que ce participant est le direct.',
  ),
  'live-chat-undelivered': say(
    'warning',
    '{id}: messages or toggles of the chat found no chat in the page: {detail}.',
    '{id} : messages ou affichages du chat sans chat dans la page : {detail}.',
    "Look at the live's log.",
    'Regardez le journal du direct.',
  ),
  'live-recording-waiting': say(
    'warning',
    "A finished recording waits for Pod's job since {minutes} min: {path}",
    'Un enregistrement fini attend le traitement de Pod depuis {minutes} min : {path}',
    "Check Pod's cron (manage.py bbb main) and its rights on the directory.",
    'Vérifiez le cron de Pod (manage.py bbb main) et ses droits sur le répertoire.',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
