import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Live streams: joining, streaming, Pod's two generations, recordings, incidents told by mail. */
export const texts = defineTexts({
  'live-rtmp-url': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'An address of live.rtmp_url, live.also or --rtmp is not usable: {detail}',
      remedy:
        'Write rtmp://host:1935/application/ (credentials: rtmp://user:word@host/application/), rtmps://… or srt://host:port?streamid=…',
    },
    fr: {
      text: 'Une adresse de live.rtmp_url, live.also ou --rtmp est inutilisable : {detail}',
      remedy:
        'Écrivez rtmp://hôte:1935/application/ (identifiants : rtmp://user:mot@hôte/application/), rtmps://… ou srt://hôte:port?streamid=…',
    },
  },
  'live-target-failed': {
    severity: 'warning',
    en: {
      text: '{id}: a further target does not take the stream: {detail}',
      remedy:
        'Check its address and key (live.also, live.rtmp_url); it is tried again for ever, the others go on.',
    },
    fr: {
      text: '{id} : une destination supplémentaire ne prend pas le flux : {detail}',
      remedy:
        'Vérifiez son adresse et sa clé (live.also, live.rtmp_url) ; nouvel essai sans fin, les autres continuent.',
    },
  },
  'live-pause-impossible': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'live.backend = "container" shows no pause picture: {id} goes on.',
      remedy: 'Set live.backend = "tab" or "x11" for the next lives.',
    },
    fr: {
      text: 'live.backend = "container" ne montre pas d’image de pause : {id} continue.',
      remedy: 'Mettez live.backend = "tab" ou "x11" pour les directs suivants.',
    },
  },
  'live-pause-unanswered': {
    severity: 'error',
    en: {
      text: 'The keeper of {id} did not answer within {seconds} s; it will obey as soon as it runs.',
      remedy: 'bbb2pod live status',
    },
    fr: {
      text: 'Le gardien de {id} n’a pas répondu en {seconds} s ; il obéira dès qu’il tournera.',
      remedy: 'bbb2pod live status',
    },
  },

  'live-screen-failed': {
    severity: 'error',
    en: {
      text: '{program} does not start: {detail}',
      remedy: 'Install xvfb and pulseaudio, or set live.backend = "tab".',
    },
    fr: {
      text: '{program} ne démarre pas : {detail}',
      remedy: 'Installez xvfb et pulseaudio, ou mettez live.backend = "tab".',
    },
  },

  'live-not-running': {
    severity: 'error',
    en: {
      text: 'No meeting {meeting} runs on this BigBlueButton.',
      remedy: 'Start the meeting, then type the same command again.',
    },
    fr: {
      text: 'Aucune session {meeting} en cours sur ce BigBlueButton.',
      remedy: 'Démarrez la session, puis retapez la même commande.',
    },
  },
  'live-unknown': {
    severity: 'error',
    en: { text: 'There is no live {id} here.', remedy: 'bbb2pod live status' },
    fr: { text: "Il n'y a pas de direct {id} ici.", remedy: 'bbb2pod live status' },
  },
  'live-nowhere-to-go': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Neither a stream nor a recording is asked for.',
      remedy: 'Give --rtmp URL or --record FILE, or set live.rtmp_url.',
    },
    fr: {
      text: 'Ni flux ni enregistrement demandé.',
      remedy: 'Donnez --rtmp URL ou --record FICHIER, ou renseignez live.rtmp_url.',
    },
  },
  'live-pass-locked': {
    severity: 'warning',
    en: {
      text: 'Another pass is at work ({holder}); this one does nothing.',
      remedy: 'Nothing to do, unless it lasts: bbb2pod live status',
    },
    fr: {
      text: 'Une autre passe est en cours ({holder}) ; celle-ci ne fait rien.',
      remedy: 'Rien à faire, sauf si cela dure : bbb2pod live status',
    },
  },
  'live-compose-failed': {
    severity: 'error',
    en: { text: 'docker compose {what}: {detail}', remedy: 'docker compose -f {file} logs' },
    fr: { text: 'docker compose {what} : {detail}', remedy: 'docker compose -f {file} logs' },
  },
  'live-claims-unreachable': {
    severity: 'error',
    en: {
      text: 'The claims of live.{where} cannot be read: {detail}',
      remedy: 'Nothing new is started meanwhile; check the shared directory or Redis.',
    },
    fr: {
      text: 'Réservations de live.{where} illisibles : {detail}',
      remedy: 'Rien de nouveau ne démarre en attendant ; vérifiez le partage ou Redis.',
    },
  },
  'live-recording-kept': {
    severity: 'warning',
    en: {
      text: 'The recording of {id} stays in {path}: {detail}',
      remedy: "Move it where Pod's job looks, as INTERNALMEETINGID.mkv, once the cause is gone.",
    },
    fr: {
      text: "L'enregistrement de {id} reste dans {path} : {detail}",
      remedy:
        'Déplacez-le où le traitement de Pod le cherche, sous INTERNALMEETINGID.mkv, la cause une fois réglée.',
    },
  },
  'live-gateway-without-token': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'The gateway needs live.gateway_token.',
      remedy: 'Write a long random word into a file of mode 0600 and set live.gateway_token_file.',
    },
    fr: {
      text: 'La passerelle a besoin de live.gateway_token.',
      remedy:
        'Écrivez un long mot aléatoire dans un fichier de mode 0600 et renseignez live.gateway_token_file.',
    },
  },
  'live-gateway-failed': {
    severity: 'warning',
    en: {
      text: 'An order of Pod was refused with status 500, for it could not be kept: {detail}',
      remedy: 'Look at the disk and the rights of the state directory: bbb2pod doctor',
    },
    fr: {
      text: "Un ordre de Pod a été refusé (statut 500), faute d'avoir pu être gardé : {detail}",
      remedy: "Regardez le disque et les droits du répertoire d'état : bbb2pod doctor",
    },
  },
  'live-gateway-open': {
    severity: 'warning',
    en: {
      text: 'The gateway listens on {address}, not only on this machine.',
      remedy: 'Put a TLS proxy before it, or set live.gateway_listen = "127.0.0.1:8990".',
    },
    fr: {
      text: 'La passerelle écoute sur {address}, pas seulement sur cette machine.',
      remedy: 'Placez un proxy TLS devant, ou mettez live.gateway_listen = "127.0.0.1:8990".',
    },
  },
  'live-no-free-slot': {
    severity: 'warning',
    en: {
      text: '{count} {count:live waits|lives wait} for a free slot on this server.',
      remedy: 'Raise live.lives if the machine can bear it, or add a server (live.servers).',
    },
    fr: {
      text: '{count} {count:direct attend|directs attendent} une place sur ce serveur.',
      remedy: 'Augmentez live.lives si la machine le supporte, ou ajoutez un serveur (live.servers).',
    },
  },
  'live-keeper-died': {
    severity: 'warning',
    en: {
      text: 'The keeper of {id} died and was started again.',
      remedy: 'Look at the end of its log: {log}',
    },
    fr: {
      text: 'Le gardien de {id} est mort et a été relancé.',
      remedy: 'Regardez la fin de son journal : {log}',
    },
  },
  'live-start-failed': {
    severity: 'error',
    en: { text: '{id} does not start: {detail}', remedy: "bbb2pod doctor; the live's log says more." },
    fr: {
      text: '{id} ne démarre pas : {detail}',
      remedy: 'bbb2pod doctor ; le journal du direct en dit plus.',
    },
  },
  'live-rtmp-unreachable': {
    severity: 'error',
    en: {
      text: '{id}: the RTMP server cannot be reached.',
      remedy: 'Check host and port of live.rtmp_url; the recording goes on, the stream comes back by itself.',
    },
    fr: {
      text: '{id} : serveur RTMP injoignable.',
      remedy: "Vérifiez hôte et port de live.rtmp_url ; l'enregistrement continue, le flux reviendra seul.",
    },
  },
  'live-rtmp-refused': {
    severity: 'error',
    en: {
      text: '{id}: the RTMP server refuses the stream.',
      remedy: 'Check application, credentials, `allow publish` and on_publish of the RTMP server.',
    },
    fr: {
      text: '{id} : le serveur RTMP refuse le flux.',
      remedy: "Vérifiez l'application, les identifiants, `allow publish` et on_publish du serveur RTMP.",
    },
  },
  'live-rtmp-name-in-use': {
    severity: 'error',
    en: {
      text: "{id}: somebody publishes under the stream's name already.",
      remedy: "Look at the RTMP server's statistics for another publisher.",
    },
    fr: {
      text: "{id} : quelqu'un publie déjà sous ce nom de flux.",
      remedy: "Cherchez l'autre émetteur dans les statistiques du serveur RTMP.",
    },
  },
  'live-rtmp-lost': {
    severity: 'warning',
    en: {
      text: '{id}: the connection to the RTMP server broke.',
      remedy: "It is tried again every second; look at the network and the RTMP server's log.",
    },
    fr: {
      text: '{id} : connexion au serveur RTMP coupée.',
      remedy: 'Nouvel essai chaque seconde ; regardez le réseau et le journal du serveur RTMP.',
    },
  },
  'live-recording-disk-full': {
    severity: 'error',
    en: {
      text: '{id}: no space left for the recording; the stream goes on.',
      remedy: 'Free space below live.work_dir (df -h).',
    },
    fr: {
      text: "{id} : plus de place pour l'enregistrement ; le flux continue.",
      remedy: 'Libérez de la place sous live.work_dir (df -h).',
    },
  },
  'live-recording-failed': {
    severity: 'error',
    en: { text: '{id}: the recording failed; the stream goes on.', remedy: "Look at the live's log." },
    fr: {
      text: "{id} : l'enregistrement a échoué ; le flux continue.",
      remedy: 'Regardez le journal du direct.',
    },
  },
  'live-child-died': {
    severity: 'warning',
    en: {
      text: '{id}: {detail}; it was started again.',
      remedy: 'Look at memory (dmesg) if it happens again.',
    },
    fr: { text: '{id} : {detail} ; relancé.', remedy: 'Regardez la mémoire (dmesg) si cela se répète.' },
  },
  'live-encoder-stalled': {
    severity: 'warning',
    en: {
      text: '{id}: the encoder stood still and was replaced.',
      remedy: 'Look at the load of the machine (uptime), lower live.framerate or live.size.',
    },
    fr: {
      text: "{id} : l'encodeur était figé, il a été remplacé.",
      remedy: 'Regardez la charge (uptime), baissez live.framerate ou live.size.',
    },
  },
  'live-waiting-for-moderator': {
    severity: 'warning',
    en: {
      text: "{id}: the bot waits for a moderator's approval.",
      remedy: 'A moderator of the meeting must let it in, or change the guest policy.',
    },
    fr: {
      text: "{id} : le robot attend l'accord d'un modérateur.",
      remedy: 'Un modérateur doit le laisser entrer, ou changer la règle des invités.',
    },
  },
  'live-audio-not-joined': {
    severity: 'warning',
    en: {
      text: '{id}: the audio could not be joined; the picture goes on without sound.',
      remedy: "Look at the meeting's audio; the live's log names the buttons found.",
    },
    fr: {
      text: "{id} : audio non rejoint ; l'image continue sans son.",
      remedy: "Regardez l'audio de la session ; le journal nomme les boutons trouvés.",
    },
  },
  'live-removed-from-meeting': {
    severity: 'warning',
    en: {
      text: '{id}: the bot was removed and joined again.',
      remedy: 'Tell the moderators that this participant is the live.',
    },
    fr: {
      text: '{id} : robot exclu, il est revenu.',
      remedy: 'Dites aux modérateurs que ce participant est le direct.',
    },
  },
  'live-chat-undelivered': {
    severity: 'warning',
    en: {
      text: '{id}: messages or toggles of the chat found no chat in the page: {detail}.',
      remedy: "Look at the live's log.",
    },
    fr: {
      text: '{id} : messages ou affichages du chat sans chat dans la page : {detail}.',
      remedy: 'Regardez le journal du direct.',
    },
  },
  'live-recording-waiting': {
    severity: 'warning',
    en: {
      text: "A finished recording waits for Pod's job since {minutes} min: {path}",
      remedy: "Check Pod's cron (manage.py bbb main) and its rights on the directory.",
    },
    fr: {
      text: 'Un enregistrement fini attend le traitement de Pod depuis {minutes} min : {path}',
      remedy: 'Vérifiez le cron de Pod (manage.py bbb main) et ses droits sur le répertoire.',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
