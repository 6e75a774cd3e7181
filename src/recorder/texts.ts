import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Conversion of presentations: the browser, the encoder, the sources. */
export const texts = defineTexts({
  'ffmpeg-missing': {
    severity: 'error',
    en: { text: 'No ffmpeg at {path}.', remedy: 'apt-get install ffmpeg, or set [recorder] ffmpeg' },
    fr: {
      text: 'Pas de ffmpeg à {path}.',
      remedy: 'apt-get install ffmpeg, ou renseignez [recorder] ffmpeg',
    },
  },
  'ffmpeg-failed': {
    severity: 'error',
    en: {
      text: 'ffmpeg failed: {detail}',
      remedy: 'Check the recording’s media files (ffprobe), then type the same command again.',
    },
    fr: {
      text: 'Échec de ffmpeg : {detail}',
      remedy: 'Vérifiez les médias (ffprobe), puis relancez la même commande.',
    },
  },
  'media-broken': {
    severity: 'error',
    en: {
      text: 'The media file {file} cannot be read: {detail}',
      remedy:
        'Type the same command again (it is fetched anew), or have the server rebuild it: bbb-record --rebuild RECORDID',
    },
    fr: {
      text: 'Le média {file} est illisible : {detail}',
      remedy:
        'Relancez la même commande (il est téléchargé à nouveau), ou faites-le reconstruire : bbb-record --rebuild RECORDID',
    },
  },

  'recording-incomplete': {
    severity: 'error',
    en: {
      text: 'The recording is not whole on its server: {missing}.',
      remedy:
        'The same command tries again; on the server: bbb-record --rebuild RECORDID ; to make it without: --allow-missing',
    },
    fr: {
      text: "L'enregistrement n'est pas entier sur son serveur : {missing}.",
      remedy:
        'La même commande réessaie ; sur le serveur : bbb-record --rebuild RECORDID ; pour le faire sans : --allow-missing',
    },
  },
  'recording-exceeds-disk': {
    severity: 'error',
    en: {
      text: 'The disk became full while {path} was made; without its files {free} are free again.',
      remedy: 'Set [recorder] work_dir to a larger disk, or lower [recorder] max_media',
    },
    fr: {
      text: 'Le disque s’est rempli pendant la fabrication de {path} ; sans ses fichiers, {free} sont à nouveau libres.',
      remedy: 'Placez [recorder] work_dir sur un disque plus grand, ou baissez [recorder] max_media',
    },
  },
  'fetch-deadline': {
    severity: 'error',
    en: {
      text: 'The files of the recording did not all come within {limit}.',
      remedy: 'Try again when the server is less busy, or raise [recorder] fetch_deadline',
    },
    fr: {
      text: "Les fichiers de l'enregistrement ne sont pas tous arrivés en {limit}.",
      remedy: 'Réessayez quand le serveur est moins chargé, ou augmentez [recorder] fetch_deadline',
    },
  },
  'player-needs-page': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--engine player films a page on a server; {source} is none.',
      remedy: 'Give the playback URL, or the recordID with [bbb] configured; files on disk need no --engine',
    },
    fr: {
      text: '--engine player filme une page d’un serveur ; {source} n’en est pas une.',
      remedy: 'Donnez l’URL de lecture, ou le recordID avec [bbb] ; des fichiers sur disque, sans --engine',
    },
  },

  'playback-gone': {
    severity: 'error',
    en: {
      text: 'The server has no published files of {recordId}.',
      remedy:
        'Check that the recording is published; a protected one needs its token link, --cookie-file or --header-file',
    },
    fr: {
      text: 'Le serveur n’a aucun fichier publié de {recordId}.',
      remedy: 'Vérifiez qu’il est publié ; protégé, il faut son lien à jeton, --cookie-file ou --header-file',
    },
  },
  'recording-not-found': {
    severity: 'error',
    en: {
      text: 'No configured server offers a presentation or video of {recordId}.',
      remedy: 'bbb2pod doctor checks the servers of [bbb]; or give the playback URL',
    },
    fr: {
      text: 'Aucun serveur configuré n’offre de présentation ou vidéo de {recordId}.',
      remedy: 'bbb2pod doctor vérifie les serveurs de [bbb] ; ou donnez l’URL de lecture',
    },
  },
  'work-disk-short': {
    severity: 'error',
    en: {
      text: 'The conversion needs about {needed} in {directory}, and {free} are free.',
      remedy: 'Free some space, or set [recorder] work_dir to a larger disk',
    },
    fr: {
      text: 'La conversion demande environ {needed} dans {directory} ; il reste {free}.',
      remedy: 'Libérez de la place, ou placez [recorder] work_dir sur un disque plus grand',
    },
  },
  'conversion-running': {
    severity: 'error',
    en: {
      text: 'Another process ({holder}) is converting into {path}.',
      remedy: 'Wait for it, or give another --output',
    },
    fr: {
      text: 'Un autre processus ({holder}) convertit vers {path}.',
      remedy: 'Attendez sa fin, ou donnez un autre --output',
    },
  },
  'result-wrong': {
    severity: 'error',
    en: {
      text: 'The converted file failed its check: {detail}. It was not delivered.',
      remedy:
        'Type the same command again: it begins anew; if it happens again, --log-level debug --log-file FILE',
    },
    fr: {
      text: "Le fichier converti n'a pas passé son contrôle : {detail}. Il n'a pas été livré.",
      remedy:
        'Relancez la même commande : elle repart de zéro ; si cela se répète, --log-level debug --log-file FICHIER',
    },
  },

  'chromium-memory': {
    severity: 'error',
    en: {
      text: 'Chromium was stopped: it held {used}, more than the {limit} allowed.',
      remedy: 'The recording may be broken or hostile; --size 1280x720 needs the least memory',
    },
    fr: {
      text: 'Chromium arrêté : {used} de mémoire, plus que les {limit} permis.',
      remedy: "L'enregistrement est peut-être abîmé ou hostile ; --size 1280x720 demande le moins de mémoire",
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
