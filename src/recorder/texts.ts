import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Conversion of presentations: the browser, the encoder, the sources. */
export const texts = defineTexts({
  'ffmpeg-missing': say(
    'error',
    'No ffmpeg at {path}.',
    'Pas de ffmpeg à {path}.',
    'apt-get install ffmpeg, or set [recorder] ffmpeg',
    'apt-get install ffmpeg, ou renseignez [recorder] ffmpeg',
  ),
  'ffmpeg-failed': say(
    'error',
    'ffmpeg failed: {detail}',
    'Échec de ffmpeg : {detail}',
    'Check the recording’s media files (ffprobe), then type the same command again.',
    'Vérifiez les médias (ffprobe), puis relancez la même commande.',
  ),
  'media-broken': say(
    'error',
    'The media file {file} cannot be read: {detail}',
    'Le média {file} est illisible : {detail}',
    'Type the same command again (it is fetched anew), or have the server rebuild it: bbb-record --rebuild RECORDID',
    'Relancez la même commande (il est téléchargé à nouveau), ou faites-le reconstruire : bbb-record --rebuild RECORDID',
  ),

  'recording-incomplete': say(
    'error',
    'The recording is not whole on its server: {missing}.',
    "L'enregistrement n'est pas entier sur son serveur : {missing}.",
    'The same command tries again; on the server: bbb-record --rebuild RECORDID ; to make it without: --allow-missing',
    'La même commande réessaie ; sur le serveur : bbb-record --rebuild RECORDID ; pour le faire sans : --allow-missing',
  ),
  'folder-format-other': say(
    'error',
    '{folder} holds the format {format}; only presentation and video can be converted.',
    '{folder} contient le format {format} ; seuls presentation et video se convertissent.',
    'Give the folder of its presentation or video: /var/bigbluebutton/published/presentation/RECORDID',
    'Donnez le dossier de sa présentation ou vidéo : /var/bigbluebutton/published/presentation/RECORDID',
  ),
  'recording-exceeds-disk': say(
    'error',
    'The disk became full while {path} was made; without its files {free} are free again.',
    'Le disque s’est rempli pendant la fabrication de {path} ; sans ses fichiers, {free} sont à nouveau libres.',
    'Set [recorder] work_dir to a larger disk, or lower [recorder] max_media',
    'Placez [recorder] work_dir sur un disque plus grand, ou baissez [recorder] max_media',
  ),
  'fetch-deadline': say(
    'error',
    'The files of the recording did not all come within {limit}.',
    "Les fichiers de l'enregistrement ne sont pas tous arrivés en {limit}.",
    'Try again when the server is less busy, or raise [recorder] fetch_deadline',
    'Réessayez quand le serveur est moins chargé, ou augmentez [recorder] fetch_deadline',
  ),
  'player-needs-page': refusal(
    '--engine player films a page on a server; {source} is none.',
    '--engine player filme une page d’un serveur ; {source} n’en est pas une.',
    'Give the playback URL, or the recordID with [bbb] configured; files on disk need no --engine',
    'Donnez l’URL de lecture, ou le recordID avec [bbb] ; des fichiers sur disque, sans --engine',
  ),

  'playback-gone': say(
    'error',
    'The server has no published files of {recordId}.',
    'Le serveur n’a aucun fichier publié de {recordId}.',
    'Check that the recording is published; a protected one needs its token link, --cookie-file or --header-file',
    'Vérifiez qu’il est publié ; protégé, il faut son lien à jeton, --cookie-file ou --header-file',
  ),
  'recording-not-found': say(
    'error',
    'No configured server offers a presentation or video of {recordId}.',
    'Aucun serveur configuré n’offre de présentation ou vidéo de {recordId}.',
    'bbb2pod doctor checks the servers of [bbb]; or give the playback URL',
    'bbb2pod doctor vérifie les serveurs de [bbb] ; ou donnez l’URL de lecture',
  ),
  'work-disk-short': say(
    'error',
    'The conversion needs about {needed} in {directory}, and {free} are free.',
    'La conversion demande environ {needed} dans {directory} ; il reste {free}.',
    'Free some space, or set [recorder] work_dir to a larger disk',
    'Libérez de la place, ou placez [recorder] work_dir sur un disque plus grand',
  ),
  'conversion-running': say(
    'error',
    'Another process ({holder}) is converting into {path}.',
    'Un autre processus ({holder}) convertit vers {path}.',
    'Wait for it, or give another --output',
    'Attendez sa fin, ou donnez un autre --output',
  ),
  'result-wrong': say(
    'error',
    'The converted file failed its check: {detail}. It was not delivered.',
    "Le fichier converti n'a pas passé son contrôle : {detail}. Il n'a pas été livré.",
    'Type the same command again: it begins anew; if it happens again, --log-level debug --log-file FILE',
    'Relancez la même commande : elle repart de zéro ; si cela se répète, --log-level debug --log-file FICHIER',
  ),

  'chromium-memory': say(
    'error',
    'Chromium was stopped: it held {used}, more than the {limit} allowed.',
    'Chromium arrêté : {used} de mémoire, plus que les {limit} permis.',
    'The recording may be broken or hostile; --size 1280x720 needs the least memory',
    "L'enregistrement est peut-être abîmé ou hostile ; --size 1280x720 demande le moins de mémoire",
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
