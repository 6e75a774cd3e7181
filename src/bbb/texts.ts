import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** What BigBlueButton and Scalelite answer. */
export const texts = defineTexts({
  'filter-unmatched': refusal(
    '{filters}: none of the {listed} listed recordings has {count:that|these}.',
    '{filters} : cela ne désigne aucun des {listed} enregistrements listés.',
    'A list with recordID, meetingID, origin and course of each: bbb2pod migrate recordings --export-csv all.csv',
    'La liste avec recordID, meetingID, origine et cours de chacun : bbb2pod migrate recordings --export-csv tout.csv',
  ),
  'bbb-checksum-refused': say(
    'error',
    '{host} refuses our signature (checksumError).',
    '{host} refuse notre signature (checksumError).',
    'Compare [bbb] secret with `bbb-conf --secret` (Scalelite: LOADBALANCER_SECRET), and [bbb] checksum with what the server supports.',
    'Comparez [bbb] secret avec `bbb-conf --secret` (Scalelite : LOADBALANCER_SECRET), et [bbb] checksum avec ce que le serveur accepte.',
  ),
  'bbb-call-failed': say(
    'error',
    '{host} answers FAILED to {call}: {key} {message}',
    '{host} répond FAILED à {call} : {key} {message}',
    'Look at the log of that server: bbb-conf --check',
    'Regardez le journal de ce serveur : bbb-conf --check',
  ),
  'bbb-listing-filtered': say(
    'error',
    '{host} gives no whole list of recordings (missingParameters): GET_RECORDINGS_API_FILTERED is set.',
    '{host} ne donne pas la liste entière (missingParameters) : GET_RECORDINGS_API_FILTERED est actif.',
    'Take GET_RECORDINGS_API_FILTERED out of the .env of Scalelite while you migrate; or say what to ask for: --recording ID or --meeting ID; for `migrate recordings` also --use-database-moodle or [migrate] owners_file.',
    'Retirez GET_RECORDINGS_API_FILTERED du .env de Scalelite pendant la migration ; ou dites quoi demander : --recording ID ou --meeting ID ; pour `migrate recordings`, aussi --use-database-moodle ou [migrate] owners_file.',
  ),
  'bbb-not-an-api': say(
    'error',
    '{url} is no BigBlueButton API: {detail}.',
    "{url} n'est pas une API BigBlueButton : {detail}.",
    'Check [bbb] url: it is https://HOST/bigbluebutton/api (what `bbb-conf --secret` prints).',
    "Vérifiez [bbb] url : c'est https://HÔTE/bigbluebutton/api (ce qu'affiche `bbb-conf --secret`).",
  ),
  'bbb-answer-broken': say(
    'error',
    '{source} is not a whole getRecordings answer: {detail}. Nothing of it was kept.',
    "{source} n'est pas une réponse getRecordings complète : {detail}. Rien n'en a été gardé.",
    'Ask again; if it stays so, look at what the server sends: curl -o answer.xml …',
    'Redemandez ; si cela persiste, regardez ce que le serveur envoie : curl -o reponse.xml …',
  ),
  'bbb-file-broken': say(
    'error',
    '{file}, line {line}: no recording can be read: {detail}.',
    "{file}, ligne {line} : aucun enregistrement n'est lisible : {detail}.",
    'Look at that line: sed -n {line}p {file}. For a file of another charset: iconv -f latin1 -t utf-8 {file}. Or save the answer again: --save-xml FILE',
    'Regardez cette ligne : sed -n {line}p {file}. Pour un fichier dans un autre jeu de caractères : iconv -f latin1 -t utf-8 {file}. Ou enregistrez la réponse de nouveau : --save-xml FICHIER',
  ),
  'bbb-answer-unsafe': say(
    'error',
    '{source} declares a document type, which no BigBlueButton does: refused.',
    '{source} déclare un type de document, ce que ne fait aucun BigBlueButton : refusé.',
    'Check the URL, and who answers there.',
    "Vérifiez l'URL, et qui y répond.",
  ),
  'bbb-xml-unreadable': refusal(
    'Cannot read {file}: {detail}',
    'Lecture impossible de {file} : {detail}',
    'ls -l {file}',
  ),
  'bbb-video-missing': say(
    'error',
    'The playback page {url} names no video file.',
    'La page {url} ne nomme aucun fichier vidéo.',
    'Open it in a browser; a next run tries again.',
    'Ouvrez-la dans un navigateur ; une prochaine exécution réessaiera.',
  ),
  'bbb-token-spent': say(
    'error',
    'The single-use link to {url} is spent or expired ({status}).',
    'Le lien à usage unique vers {url} est consommé ou périmé ({status}).',
    'Run again: a fresh link is asked from the server for each recording.',
    'Relancez : un lien neuf est demandé au serveur pour chaque enregistrement.',
  ),
  'listing-unpaged': say(
    'info',
    'Server {server} does not page: everything came in one answer ({count}).',
    'Le serveur {server} ne pagine pas : tout est venu en une réponse ({count}).',
    'Nothing to do.',
    'Rien à faire.',
  ),
  'listing-mended': say(
    'info',
    'Server {server}: characters or tags that XML forbids were replaced; recordings concerned: {count} (first: {detail}).',
    'Serveur {server} : des caractères ou balises interdits en XML ont été remplacés ; enregistrements concernés : {count} (premier : {detail}).',
    'Look at the titles in the plan (--dry --all).',
    'Regardez les titres dans le plan (--dry --all).',
  ),
  'listing-shrunk': say(
    'info',
    'Server {server}: its total shrank by {count} while it was listed.',
    'Serveur {server} : son total a baissé de {count} pendant le listage.',
    'Nothing to do, if somebody deleted recordings meanwhile.',
    'Rien à faire, si des enregistrements ont été supprimés entre-temps.',
  ),
  'listing-asked': say(
    'info',
    'Server {server} gave no whole list ({detail}): only the recordings asked for were read ({kept}).',
    'Le serveur {server} n’a pas donné la liste entière ({detail}) : seuls les enregistrements demandés ont été lus ({kept}).',
    'Nothing to do.',
    'Rien à faire.',
  ),
  'listing-unreadable': say(
    'warning',
    'Server {server}: recordings that cannot be read and were left out: {count}. {detail}',
    'Serveur {server} : enregistrements illisibles, laissés de côté : {count}. {detail}',
    'Look at metadata.xml of that recording on the server, mend it, and run again.',
    'Regardez metadata.xml de cet enregistrement sur le serveur, corrigez-le, et relancez.',
  ),
  'listing-incomplete': say(
    'warning',
    'Server {server} announces {announced} recordings and gives {kept}: {count} missing.',
    'Le serveur {server} annonce {announced} enregistrements et en donne {kept} : il en manque {count}.',
    'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
  ),
  'listing-by-batches': say(
    'warning',
    'Server {server} gave no whole list ({detail}): only ids that Moodle, Greenlight, Pod and the owners file know were asked; recordings kept: {kept}.',
    'Le serveur {server} n’a pas donné la liste entière ({detail}) : seuls les identifiants connus de Moodle, de Greenlight, de Pod et du fichier des propriétaires ont été demandés ; enregistrements gardés : {kept}.',
    'Lower [bbb] page_size or raise [bbb] timeout (of Scalelite: take GET_RECORDINGS_API_FILTERED out), and run again.',
    'Baissez [bbb] page_size ou augmentez [bbb] timeout (Scalelite : retirez GET_RECORDINGS_API_FILTERED), et relancez.',
  ),
  'listing-pages-failed': say(
    'warning',
    'Server {server}: pages not given: {count} ({detail}); recordings kept: {kept}, announced: {announced}.',
    'Serveur {server} : pages manquantes : {count} ({detail}) ; enregistrements gardés : {kept}, annoncés : {announced}.',
    'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
  ),
  'listing-formats-failed': say(
    'warning',
    'Server {server}: recordings whose formats could not all be asked: {count} ({detail}); kept: {kept}.',
    'Serveur {server} : enregistrements dont les formats n’ont pas tous pu être demandés : {count} ({detail}) ; gardés : {kept}.',
    'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
  ),
  'listing-vanished': say(
    'warning',
    'Server {server}: recordings of its list that it no longer gives by their recordIDs: {count} (first: {detail}); formats may lack.',
    'Serveur {server} : enregistrements de sa liste qu’il ne donne plus par leur recordID : {count} (premier : {detail}) ; des formats peuvent manquer.',
    'If they were deleted meanwhile, run the same command again: the list will be whole.',
    'S’ils ont été supprimés entre-temps, relancez la même commande : la liste sera complète.',
  ),
  'listing-overfull': say(
    'warning',
    'Server {server}: recordings of which it gives more than 50 formats or 200 metadata, the rest being left out: {count} (first: {detail}).',
    'Serveur {server} : enregistrements dont il donne plus de 50 formats ou 200 métadonnées, le reste étant laissé de côté : {count} (premier : {detail}).',
    'Look at its entries in getRecordings: no server writes so many by itself.',
    'Regardez ses entrées dans getRecordings : aucun serveur n’en écrit autant de lui-même.',
  ),
  'listing-cut': say(
    'warning',
    'Server {server}: the answer breaks off {detail}; recordings kept: {kept}.',
    'Serveur {server} : la réponse s’interrompt {detail} ; enregistrements gardés : {kept}.',
    'Ask again. For a file (--from-xml), save it again with --save-xml FILE.',
    'Redemandez. Pour un fichier (--from-xml), enregistrez-le de nouveau avec --save-xml FICHIER.',
  ),
  'listing-failed': say(
    'warning',
    'Server {server} gave nothing: {detail}; recordings kept: {kept}, announced: {announced}.',
    'Le serveur {server} n’a rien donné : {detail} ; enregistrements gardés : {kept}, annoncés : {announced}.',
    'Look at that server (bbb2pod doctor), then run the same command again: what is done is skipped.',
    'Regardez ce serveur (bbb2pod doctor), puis relancez la même commande : ce qui est fait est sauté.',
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
