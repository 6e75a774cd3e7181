import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { refusal, say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Moodle's database, the notices written into it, and its inventory. */
export const texts = defineTexts({
  'notice-invalid': refusal(
    '{file}:{line}: {detail}.',
    '{file}:{line} : {detail}.',
    'Correct the notice; docs/moodle.md lists what it may hold.',
    "Corrigez le message ; docs/moodle.md dit ce qu'il peut contenir.",
  ),
  'notice-unreadable': refusal(
    'Cannot read the notice {file}: {detail}',
    'Message illisible {file} : {detail}',
    'Check [moodle_notice] file or files: ls -l {file}',
    'Vérifiez [moodle_notice] file ou files : ls -l {file}',
  ),
  'annotate-list-invalid': refusal(
    '{file}:{line}: {detail}.',
    '{file}:{line} : {detail}.',
    'One line is: recordID;meetingID;title;URL (all but the first may be empty).',
    'Une ligne est : recordID;meetingID;titre;URL (tout sauf le premier peut être vide).',
  ),
  'annotate-run-unknown': refusal(
    '--run {run}: the journal has no such annotation to take back.',
    "--run {run} : le journal n'a pas de telle annotation à retirer.",
    'All runs, newest first: bbb2pod migrate status',
    "Toutes les exécutions, la plus récente d'abord : bbb2pod migrate status",
  ),
  'annotate-run-elsewhere': refusal(
    'Run {run} wrote to a Moodle that is none of those looked at: nothing was taken back.',
    "L'exécution {run} a écrit dans un Moodle qui n'est aucun de ceux consultés : rien n'a été retiré.",
    'Give the configuration that names its database ([moodle.NAME]), without --moodle: bbb2pod moodle annotate --undo --run {run} --config FILE',
    'Donnez la configuration qui nomme sa base ([moodle.NOM]), sans --moodle : bbb2pod moodle annotate --undo --run {run} --config FICHIER',
  ),
  'annotate-database-missing': refusal(
    "[moodle.{section}] annotate_database is not set: nothing is written to Moodle with the reader's account.",
    "[moodle.{section}] annotate_database n'est pas renseigné : rien n'est écrit dans Moodle avec le compte de lecture.",
    'Create an account with these rights and set annotate_database (or annotate_database_file): {grants}',
    'Créez un compte avec ces droits et renseignez annotate_database (ou annotate_database_file) : {grants}',
  ),
  'moodle-section-missing': refusal(
    'No section [moodle.{section}] with a database in the configuration.',
    'Pas de section [moodle.{section}] avec une base dans la configuration.',
    'Add it, or choose another with --moodle.',
    'Ajoutez-la, ou choisissez-en une autre avec --moodle.',
  ),

  'annotate-nothing': say(
    'info',
    'No migrated recording was found in the journal.',
    'Aucun enregistrement migré dans le journal.',
    'bbb2pod migrate recordings first, or give --csv FILE.',
    "D'abord bbb2pod migrate recordings, ou donnez --csv FICHIER.",
  ),
  'annotate-written': say('info', 'notice for activity {activity}', "message pour l'activité {activity}"),
  'annotate-beside-legacy': say(
    'info',
    "notice for activity {activity}, beside the old script's message",
    "message pour l'activité {activity}, à côté de celui de l'ancien script",
    "--replace-legacy swaps the old script's message.",
    "--replace-legacy remplace le message de l'ancien script.",
  ),
  'annotate-replaced': say(
    'info',
    'notice of activity {activity} replaced',
    "message de l'activité {activity} remplacé",
  ),
  'annotate-outdated': say(
    'warning',
    'replaces a notice of an earlier version, which told more than Moodle shows',
    "remplace une notice d'une version antérieure, qui en disait plus que Moodle n'en montre",
  ),
  'annotate-legacy-replaced': say(
    'info',
    "the old script's message of activity {activity} replaced",
    "message de l'ancien script remplacé dans l'activité {activity}",
  ),
  'annotate-present': say(
    'info',
    "activity {activity} has this campaign's notice already",
    "l'activité {activity} a déjà le message de cette campagne",
    '--replace swaps it.',
    '--replace le remplace.',
  ),
  'annotate-unclear': say(
    'warning',
    'activity {activity} holds a torn copy of the notice',
    "l'activité {activity} contient une copie abîmée du message",
    "Edit that activity's description in Moodle.",
    'Modifiez la description de cette activité dans Moodle.',
  ),
  'annotate-swallowed': say(
    'warning',
    'the description of activity {activity} ends inside {by}, which would hide a notice',
    "la description de l'activité {activity} finit dans {by}, qui cacherait un message",
    "Edit that activity's description in Moodle.",
    'Modifiez la description de cette activité dans Moodle.',
  ),
  'annotate-no-module': say(
    'info',
    'activity {activity} has no course module',
    "l'activité {activity} n'a pas de module de cours",
  ),
  'annotate-being-deleted': say(
    'info',
    'activity {activity} is being deleted',
    "l'activité {activity} est en cours de suppression",
  ),
  'annotate-hidden': say('info', 'activity {activity} is hidden', "l'activité {activity} est masquée"),
  'annotate-changed-meanwhile': say(
    'info',
    'activity {activity} was saved by somebody meanwhile',
    "l'activité {activity} a été enregistrée par quelqu'un entre-temps",
    'Type the same command again.',
    'Tapez à nouveau la même commande.',
  ),
  'annotate-gone': say('info', 'activity {activity} is gone', "l'activité {activity} n'existe plus"),
  'undo-annotation-restored': say(
    'info',
    'former text restored byte for byte',
    "texte antérieur rétabli à l'octet près",
  ),
  'undo-annotation-cut': say(
    'info',
    'edited since: only our notice was cut out',
    'modifié depuis : seul notre message a été retiré',
  ),
  'undo-annotation-removed-by-hand': say(
    'info',
    'no notice of ours left in it',
    "il n'y reste aucun message de notre part",
  ),
  'undo-annotation-never-written': say(
    'info',
    'has its former text: nothing was written',
    "a son texte antérieur : rien n'a été écrit",
  ),
  'undo-annotation-unclear': say(
    'warning',
    'edited since so that our notice cannot be cut out cleanly: left',
    'modifié depuis de sorte que notre message ne peut être retiré proprement : laissé',
    "Edit that activity's description in Moodle.",
    'Modifiez la description de cette activité dans Moodle.',
  ),
  'undo-annotation-later-run': say(
    'warning',
    'a later run wrote it again: left',
    "une exécution ultérieure l'a réécrit : laissé",
    'bbb2pod moodle annotate --undo takes back all runs.',
    'bbb2pod moodle annotate --undo annule toutes les exécutions.',
  ),
  'undo-annotation-busy': say(
    'warning',
    'somebody saved it at that moment: left',
    "quelqu'un l'a enregistré à cet instant : laissé",
    'Type the same command again.',
    'Tapez à nouveau la même commande.',
  ),
  'undo-annotation-journal-damaged': say(
    'error',
    "the journal's copy of its text is damaged: left",
    'la copie de son texte dans le journal est abîmée : laissé',
    'Restore it from your backup of the table.',
    'Rétablissez-le depuis votre sauvegarde de la table.',
  ),
  'moodle-database-answers': say(
    'info',
    "Moodle's database answers: {database}, {server}.",
    'Moodle répond : {database}, {server}.',
  ),
  'moodle-schema-current': say(
    'info',
    'Moodle {release}, prefix "{prefix}", with a table of recordings.',
    "Moodle {release}, préfixe « {prefix} », avec une table d'enregistrements.",
  ),
  'moodle-schema-old': say(
    'info',
    'Moodle {release}, prefix "{prefix}", plugin 2.x without a table of recordings: recordings are matched by their meetingID.',
    "Moodle {release}, préfixe « {prefix} », plugin 2.x sans table d'enregistrements : ils sont rapprochés par leur meetingID.",
  ),
  'moodle-column-missing': say(
    'error',
    'A column that is read is missing in {table}: {detail}',
    'Une colonne lue manque dans {table} : {detail}',
    'Is this the database of a Moodle 3.4 to 5.1? If so, report it with the output of doctor.',
    "Est-ce la base d'un Moodle 3.4 à 5.1 ? Si oui, signalez-le avec la sortie de doctor.",
  ),
  'moodle-right-missing': say(
    'error',
    'The account may not read {tables}.',
    'Le compte ne peut pas lire {tables}.',
    "Run as the database's administrator: {grants}",
    'Exécutez en administrateur de la base : {grants}',
  ),
  'moodle-character-set': say(
    'warning',
    "The descriptions' character set is {characterSet}: characters such as emoji are written as entities.",
    'Le jeu de caractères des descriptions est {characterSet} : les émojis et autres sont écrits en entités.',
    "Moodle's admin/cli/mysql_collation.php --collation=utf8mb4_unicode_ci converts it.",
    'admin/cli/mysql_collation.php --collation=utf8mb4_unicode_ci de Moodle le convertit.',
  ),
  'moodle-writable': say(
    'info',
    'Notices can be written: {database} is a primary server and the account has the rights.',
    'Les messages peuvent être écrits dans {database} : serveur principal, et le compte a les droits.',
  ),
  'moodle-status-awaiting': say(
    'info',
    'awaiting (0): Moodle waits for BBB to publish it',
    'en attente (0) : Moodle attend sa publication par BBB',
  ),
  'moodle-status-dismissed': say(
    'info',
    'dismissed (1): BBB did not return it when it was last looked at',
    "écarté (1) : BBB ne l'a pas rendu à la dernière consultation",
  ),
  'moodle-status-processed': say(
    'info',
    'processed (2): shown in Moodle',
    'traité (2) : visible dans Moodle',
  ),
  'moodle-status-notified': say('info', 'notified (3): shown in Moodle', 'notifié (3) : visible dans Moodle'),
  'moodle-status-reset': say(
    'info',
    "reset (4): the BBB server's URL was changed since",
    "réinitialisé (4) : l'URL du serveur BBB a changé depuis",
  ),
  'moodle-status-deleted': say('info', 'deleted (5): BBB said so', "supprimé (5) : BBB l'a dit"),
  'moodle-status-by-meeting': say(
    'info',
    'no row in Moodle; its activity is known by the meetingID',
    'pas de ligne dans Moodle ; activité connue par le meetingID',
  ),
  'moodle-status-by-seed': say(
    'info',
    "no row in Moodle; its activity is known by the meetingID's seed",
    'pas de ligne dans Moodle ; activité connue par la graine du meetingID',
  ),
  'moodle-status-unknown': say('info', 'unknown to Moodle', 'inconnu de Moodle'),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
