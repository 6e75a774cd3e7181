import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What BigBlueButton and Scalelite answer. */
export const texts = defineTexts({
  'filter-unmatched': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{filters}: none of the {listed} listed recordings has {count:that|these}.',
      remedy:
        'A list with recordID, meetingID, origin and course of each: bbb2pod migrate recordings --export-csv all.csv',
    },
    fr: {
      text: '{filters} : cela ne désigne aucun des {listed} enregistrements listés.',
      remedy:
        'La liste avec recordID, meetingID, origine et cours de chacun : bbb2pod migrate recordings --export-csv tout.csv',
    },
  },
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
  'bbb-listing-filtered': {
    severity: 'error',
    en: {
      text: '{host} gives no whole list of recordings (missingParameters): GET_RECORDINGS_API_FILTERED is set.',
      remedy:
        'Take GET_RECORDINGS_API_FILTERED out of the .env of Scalelite while you migrate; or say what to ask for: --recording ID or --meeting ID; for `migrate recordings` also --use-database-moodle or [migrate] owners_file.',
    },
    fr: {
      text: '{host} ne donne pas la liste entière (missingParameters) : GET_RECORDINGS_API_FILTERED est actif.',
      remedy:
        'Retirez GET_RECORDINGS_API_FILTERED du .env de Scalelite pendant la migration ; ou dites quoi demander : --recording ID ou --meeting ID ; pour `migrate recordings`, aussi --use-database-moodle ou [migrate] owners_file.',
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
  'bbb-file-broken': {
    severity: 'error',
    en: {
      text: '{file}, line {line}: no recording can be read: {detail}.',
      remedy:
        'Look at that line: sed -n {line}p {file}. For a file of another charset: iconv -f latin1 -t utf-8 {file}. Or save the answer again: --save-xml FILE',
    },
    fr: {
      text: "{file}, ligne {line} : aucun enregistrement n'est lisible : {detail}.",
      remedy:
        'Regardez cette ligne : sed -n {line}p {file}. Pour un fichier dans un autre jeu de caractères : iconv -f latin1 -t utf-8 {file}. Ou enregistrez la réponse de nouveau : --save-xml FICHIER',
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
  'listing-unpaged': {
    severity: 'info',
    en: {
      text: 'Server {server} does not page: everything came in one answer ({count}).',
      remedy: 'Nothing to do.',
    },
    fr: {
      text: 'Le serveur {server} ne pagine pas : tout est venu en une réponse ({count}).',
      remedy: 'Rien à faire.',
    },
  },
  'listing-mended': {
    severity: 'info',
    en: {
      text: 'Server {server}: characters or tags that XML forbids were replaced; recordings concerned: {count} (first: {detail}).',
      remedy: 'Look at the titles in the plan (--dry --all).',
    },
    fr: {
      text: 'Serveur {server} : des caractères ou balises interdits en XML ont été remplacés ; enregistrements concernés : {count} (premier : {detail}).',
      remedy: 'Regardez les titres dans le plan (--dry --all).',
    },
  },
  'listing-shrunk': {
    severity: 'info',
    en: {
      text: 'Server {server}: its total shrank by {count} while it was listed.',
      remedy: 'Nothing to do, if somebody deleted recordings meanwhile.',
    },
    fr: {
      text: 'Serveur {server} : son total a baissé de {count} pendant le listage.',
      remedy: 'Rien à faire, si des enregistrements ont été supprimés entre-temps.',
    },
  },
  'listing-asked': {
    severity: 'info',
    en: {
      text: 'Server {server} gave no whole list ({detail}): only the recordings asked for were read ({kept}).',
      remedy: 'Nothing to do.',
    },
    fr: {
      text: 'Le serveur {server} n’a pas donné la liste entière ({detail}) : seuls les enregistrements demandés ont été lus ({kept}).',
      remedy: 'Rien à faire.',
    },
  },
  'listing-unreadable': {
    severity: 'warning',
    en: {
      text: 'Server {server}: recordings that cannot be read and were left out: {count}. {detail}',
      remedy: 'Look at metadata.xml of that recording on the server, mend it, and run again.',
    },
    fr: {
      text: 'Serveur {server} : enregistrements illisibles, laissés de côté : {count}. {detail}',
      remedy: 'Regardez metadata.xml de cet enregistrement sur le serveur, corrigez-le, et relancez.',
    },
  },
  'listing-incomplete': {
    severity: 'warning',
    en: {
      text: 'Server {server} announces {announced} recordings and gives {kept}: {count} missing.',
      remedy:
        'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    },
    fr: {
      text: 'Le serveur {server} annonce {announced} enregistrements et en donne {kept} : il en manque {count}.',
      remedy:
        'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
    },
  },
  'listing-by-batches': {
    severity: 'warning',
    en: {
      text: 'Server {server} gave no whole list ({detail}): only ids that Moodle, Greenlight, Pod and the owners file know were asked; recordings kept: {kept}.',
      remedy:
        'Lower [bbb] page_size or raise [bbb] timeout (of Scalelite: take GET_RECORDINGS_API_FILTERED out), and run again.',
    },
    fr: {
      text: 'Le serveur {server} n’a pas donné la liste entière ({detail}) : seuls les identifiants connus de Moodle, de Greenlight, de Pod et du fichier des propriétaires ont été demandés ; enregistrements gardés : {kept}.',
      remedy:
        'Baissez [bbb] page_size ou augmentez [bbb] timeout (Scalelite : retirez GET_RECORDINGS_API_FILTERED), et relancez.',
    },
  },
  'listing-pages-failed': {
    severity: 'warning',
    en: {
      text: 'Server {server}: pages not given: {count} ({detail}); recordings kept: {kept}, announced: {announced}.',
      remedy:
        'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    },
    fr: {
      text: 'Serveur {server} : pages manquantes : {count} ({detail}) ; enregistrements gardés : {kept}, annoncés : {announced}.',
      remedy:
        'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
    },
  },
  'listing-formats-failed': {
    severity: 'warning',
    en: {
      text: 'Server {server}: recordings whose formats could not all be asked: {count} ({detail}); kept: {kept}.',
      remedy:
        'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    },
    fr: {
      text: 'Serveur {server} : enregistrements dont les formats n’ont pas tous pu être demandés : {count} ({detail}) ; gardés : {kept}.',
      remedy:
        'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
    },
  },
  'listing-vanished': {
    severity: 'warning',
    en: {
      text: 'Server {server}: recordings of its list that it no longer gives by their recordIDs: {count} (first: {detail}); formats may lack.',
      remedy: 'If they were deleted meanwhile, run the same command again: the list will be whole.',
    },
    fr: {
      text: 'Serveur {server} : enregistrements de sa liste qu’il ne donne plus par leur recordID : {count} (premier : {detail}) ; des formats peuvent manquer.',
      remedy: 'S’ils ont été supprimés entre-temps, relancez la même commande : la liste sera complète.',
    },
  },
  'listing-cut': {
    severity: 'warning',
    en: {
      text: 'Server {server}: the answer breaks off {detail}; recordings kept: {kept}.',
      remedy: 'Ask again. For a file (--from-xml), save it again with --save-xml FILE.',
    },
    fr: {
      text: 'Serveur {server} : la réponse s’interrompt {detail} ; enregistrements gardés : {kept}.',
      remedy: 'Redemandez. Pour un fichier (--from-xml), enregistrez-le de nouveau avec --save-xml FICHIER.',
    },
  },
  'listing-failed': {
    severity: 'warning',
    en: {
      text: 'Server {server} gave nothing: {detail}; recordings kept: {kept}, announced: {announced}.',
      remedy:
        'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    },
    fr: {
      text: 'Le serveur {server} n’a rien donné : {detail} ; enregistrements gardés : {kept}, annoncés : {announced}.',
      remedy:
        'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
