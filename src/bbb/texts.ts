import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What BigBlueButton and Scalelite answer. */
export const texts = defineTexts({
  'bbb-checksum-refused': {
    severity: 'error',
    en: {
      text: '{host} refuses our signature (checksumError).',
      remedy:
        'Compare [bbb] secret with `bbb-conf --secret` (Scalelite: LOADBALANCER_SECRET), and [bbb] checksum with what the server supports.',
    },
    fr: {
      text: '{host} refuse notre signature (checksumError).',
      remedy:
        'Comparez [bbb] secret avec `bbb-conf --secret` (Scalelite : LOADBALANCER_SECRET), et [bbb] checksum avec ce que le serveur accepte.',
    },
  },
  'bbb-call-failed': {
    severity: 'error',
    en: {
      text: '{host} answers FAILED to {call}: {key} {message}',
      remedy: 'Look at the log of that server: bbb-conf --check',
    },
    fr: {
      text: '{host} répond FAILED à {call} : {key} {message}',
      remedy: 'Regardez le journal de ce serveur : bbb-conf --check',
    },
  },
  'bbb-not-an-api': {
    severity: 'error',
    en: {
      text: '{url} is no BigBlueButton API: {detail}.',
      remedy: 'Check [bbb] url: it is https://HOST/bigbluebutton/api (what `bbb-conf --secret` prints).',
    },
    fr: {
      text: "{url} n'est pas une API BigBlueButton : {detail}.",
      remedy:
        "Vérifiez [bbb] url : c'est https://HÔTE/bigbluebutton/api (ce qu'affiche `bbb-conf --secret`).",
    },
  },
  'bbb-answer-broken': {
    severity: 'error',
    en: {
      text: '{source} is not a whole getRecordings answer: {detail}. Nothing of it was kept.',
      remedy: 'Ask again; if it stays so, look at what the server sends: curl -o answer.xml …',
    },
    fr: {
      text: "{source} n'est pas une réponse getRecordings complète : {detail}. Rien n'en a été gardé.",
      remedy: 'Redemandez ; si cela persiste, regardez ce que le serveur envoie : curl -o reponse.xml …',
    },
  },
  'bbb-answer-unsafe': {
    severity: 'error',
    en: {
      text: '{source} declares a document type, which no BigBlueButton does: refused.',
      remedy: 'Check the URL, and who answers there.',
    },
    fr: {
      text: '{source} déclare un type de document, ce que ne fait aucun BigBlueButton : refusé.',
      remedy: "Vérifiez l'URL, et qui y répond.",
    },
  },
  'bbb-xml-unreadable': {
    severity: 'error',
    exitStatus: 2,
    en: { text: 'Cannot read {file}: {detail}', remedy: 'ls -l {file}' },
    fr: { text: 'Lecture impossible de {file} : {detail}', remedy: 'ls -l {file}' },
  },
  'bbb-video-missing': {
    severity: 'error',
    en: {
      text: 'The playback page {url} names no video file.',
      remedy: 'Open it in a browser; a next run tries again.',
    },
    fr: {
      text: 'La page {url} ne nomme aucun fichier vidéo.',
      remedy: 'Ouvrez-la dans un navigateur ; une prochaine exécution réessaiera.',
    },
  },
  'bbb-token-spent': {
    severity: 'error',
    en: {
      text: 'The single-use link to {url} is spent or expired ({status}).',
      remedy: 'Run again: a fresh link is asked from the server for each recording.',
    },
    fr: {
      text: 'Le lien à usage unique vers {url} est consommé ou périmé ({status}).',
      remedy: 'Relancez : un lien neuf est demandé au serveur pour chaque enregistrement.',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
