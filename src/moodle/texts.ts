import './phrases.js';
import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Moodle's database, the notices written into it, and its inventory. */
export const texts = defineTexts({
  'notice-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{file}:{line}: {detail}.',
      remedy: 'Correct the notice; docs/moodle.md lists what it may hold.',
    },
    fr: {
      text: '{file}:{line} : {detail}.',
      remedy: "Corrigez le message ; docs/moodle.md dit ce qu'il peut contenir.",
    },
  },
  'notice-unreadable': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Cannot read the notice {file}: {detail}',
      remedy: 'Check [moodle_notice] file or files: ls -l {file}',
    },
    fr: {
      text: 'Message illisible {file} : {detail}',
      remedy: 'Vérifiez [moodle_notice] file ou files : ls -l {file}',
    },
  },
  'annotate-list-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{file}:{line}: {detail}.',
      remedy: 'One line is: recordID;meetingID;title;URL (all but the first may be empty).',
    },
    fr: {
      text: '{file}:{line} : {detail}.',
      remedy: 'Une ligne est : recordID;meetingID;titre;URL (tout sauf le premier peut être vide).',
    },
  },
  'annotate-run-unknown': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '--run {run}: the journal has no such annotation to take back.',
      remedy: 'All runs, newest first: bbb2pod migrate status',
    },
    fr: {
      text: "--run {run} : le journal n'a pas de telle annotation à retirer.",
      remedy: "Toutes les exécutions, la plus récente d'abord : bbb2pod migrate status",
    },
  },
  'annotate-run-elsewhere': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Run {run} wrote to a Moodle that is none of those looked at: nothing was taken back.',
      remedy:
        'Give the configuration that names its database ([moodle.NAME]), without --moodle: bbb2pod moodle annotate --undo --run {run} --config FILE',
    },
    fr: {
      text: "L'exécution {run} a écrit dans un Moodle qui n'est aucun de ceux consultés : rien n'a été retiré.",
      remedy:
        'Donnez la configuration qui nomme sa base ([moodle.NOM]), sans --moodle : bbb2pod moodle annotate --undo --run {run} --config FICHIER',
    },
  },
  'annotate-database-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: "[moodle.{section}] annotate_database is not set: nothing is written to Moodle with the reader's account.",
      remedy:
        'Create an account with these rights and set annotate_database (or annotate_database_file): {grants}',
    },
    fr: {
      text: "[moodle.{section}] annotate_database n'est pas renseigné : rien n'est écrit dans Moodle avec le compte de lecture.",
      remedy:
        'Créez un compte avec ces droits et renseignez annotate_database (ou annotate_database_file) : {grants}',
    },
  },
  'moodle-section-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'No section [moodle.{section}] with a database in the configuration.',
      remedy: 'Add it, or choose another with --moodle.',
    },
    fr: {
      text: 'Pas de section [moodle.{section}] avec une base dans la configuration.',
      remedy: 'Ajoutez-la, ou choisissez-en une autre avec --moodle.',
    },
  },

  'annotate-nothing': {
    severity: 'info',
    en: {
      text: 'No migrated recording was found in the journal.',
      remedy: 'bbb2pod migrate recordings first, or give --csv FILE.',
    },
    fr: {
      text: 'Aucun enregistrement migré dans le journal.',
      remedy: "D'abord bbb2pod migrate recordings, ou donnez --csv FICHIER.",
    },
  },
  'annotate-written': {
    severity: 'info',
    en: { text: 'notice for activity {activity}', remedy: '' },
    fr: { text: "message pour l'activité {activity}", remedy: '' },
  },
  'annotate-beside-legacy': {
    severity: 'info',
    en: {
      text: "notice for activity {activity}, beside the old script's message",
      remedy: "--replace-legacy swaps the old script's message.",
    },
    fr: {
      text: "message pour l'activité {activity}, à côté de celui de l'ancien script",
      remedy: "--replace-legacy remplace le message de l'ancien script.",
    },
  },
  'annotate-replaced': {
    severity: 'info',
    en: { text: 'notice of activity {activity} replaced', remedy: '' },
    fr: { text: "message de l'activité {activity} remplacé", remedy: '' },
  },
  'annotate-outdated': {
    severity: 'warning',
    en: { text: 'replaces a notice of an earlier version, which told more than Moodle shows', remedy: '' },
    fr: {
      text: "remplace une notice d'une version antérieure, qui en disait plus que Moodle n'en montre",
      remedy: '',
    },
  },
  'annotate-legacy-replaced': {
    severity: 'info',
    en: { text: "the old script's message of activity {activity} replaced", remedy: '' },
    fr: { text: "message de l'ancien script remplacé dans l'activité {activity}", remedy: '' },
  },
  'annotate-present': {
    severity: 'info',
    en: { text: "activity {activity} has this campaign's notice already", remedy: '--replace swaps it.' },
    fr: {
      text: "l'activité {activity} a déjà le message de cette campagne",
      remedy: '--replace le remplace.',
    },
  },
  'annotate-unclear': {
    severity: 'warning',
    en: {
      text: 'activity {activity} holds a torn copy of the notice',
      remedy: "Edit that activity's description in Moodle.",
    },
    fr: {
      text: "l'activité {activity} contient une copie abîmée du message",
      remedy: 'Modifiez la description de cette activité dans Moodle.',
    },
  },
  'annotate-swallowed': {
    severity: 'warning',
    en: {
      text: 'the description of activity {activity} ends inside {by}, which would hide a notice',
      remedy: "Edit that activity's description in Moodle.",
    },
    fr: {
      text: "la description de l'activité {activity} finit dans {by}, qui cacherait un message",
      remedy: 'Modifiez la description de cette activité dans Moodle.',
    },
  },
  'annotate-no-module': {
    severity: 'info',
    en: { text: 'activity {activity} has no course module', remedy: '' },
    fr: { text: "l'activité {activity} n'a pas de module de cours", remedy: '' },
  },
  'annotate-being-deleted': {
    severity: 'info',
    en: { text: 'activity {activity} is being deleted', remedy: '' },
    fr: { text: "l'activité {activity} est en cours de suppression", remedy: '' },
  },
  'annotate-hidden': {
    severity: 'info',
    en: { text: 'activity {activity} is hidden', remedy: '' },
    fr: { text: "l'activité {activity} est masquée", remedy: '' },
  },
  'annotate-changed-meanwhile': {
    severity: 'info',
    en: {
      text: 'activity {activity} was saved by somebody meanwhile',
      remedy: 'Type the same command again.',
    },
    fr: {
      text: "l'activité {activity} a été enregistrée par quelqu'un entre-temps",
      remedy: 'Tapez à nouveau la même commande.',
    },
  },
  'annotate-gone': {
    severity: 'info',
    en: { text: 'activity {activity} is gone', remedy: '' },
    fr: { text: "l'activité {activity} n'existe plus", remedy: '' },
  },
  'undo-annotation-restored': {
    severity: 'info',
    en: { text: 'former text restored byte for byte', remedy: '' },
    fr: { text: "texte antérieur rétabli à l'octet près", remedy: '' },
  },
  'undo-annotation-cut': {
    severity: 'info',
    en: { text: 'edited since: only our notice was cut out', remedy: '' },
    fr: { text: 'modifié depuis : seul notre message a été retiré', remedy: '' },
  },
  'undo-annotation-removed-by-hand': {
    severity: 'info',
    en: { text: 'no notice of ours left in it', remedy: '' },
    fr: { text: "il n'y reste aucun message de notre part", remedy: '' },
  },
  'undo-annotation-never-written': {
    severity: 'info',
    en: { text: 'has its former text: nothing was written', remedy: '' },
    fr: { text: "a son texte antérieur : rien n'a été écrit", remedy: '' },
  },
  'undo-annotation-unclear': {
    severity: 'warning',
    en: {
      text: 'edited since so that our notice cannot be cut out cleanly: left',
      remedy: "Edit that activity's description in Moodle.",
    },
    fr: {
      text: 'modifié depuis de sorte que notre message ne peut être retiré proprement : laissé',
      remedy: 'Modifiez la description de cette activité dans Moodle.',
    },
  },
  'undo-annotation-later-run': {
    severity: 'warning',
    en: {
      text: 'a later run wrote it again: left',
      remedy: 'bbb2pod moodle annotate --undo takes back all runs.',
    },
    fr: {
      text: "une exécution ultérieure l'a réécrit : laissé",
      remedy: 'bbb2pod moodle annotate --undo annule toutes les exécutions.',
    },
  },
  'undo-annotation-busy': {
    severity: 'warning',
    en: { text: 'somebody saved it at that moment: left', remedy: 'Type the same command again.' },
    fr: {
      text: "quelqu'un l'a enregistré à cet instant : laissé",
      remedy: 'Tapez à nouveau la même commande.',
    },
  },
  'undo-annotation-journal-damaged': {
    severity: 'error',
    en: {
      text: "the journal's copy of its text is damaged: left",
      remedy: 'Restore it from your backup of the table.',
    },
    fr: {
      text: 'la copie de son texte dans le journal est abîmée : laissé',
      remedy: 'Rétablissez-le depuis votre sauvegarde de la table.',
    },
  },
  'moodle-database-answers': {
    severity: 'info',
    en: { text: "Moodle's database answers: {database}, {server}.", remedy: '' },
    fr: { text: 'Moodle répond : {database}, {server}.', remedy: '' },
  },
  'moodle-schema-current': {
    severity: 'info',
    en: { text: 'Moodle {release}, prefix "{prefix}", with a table of recordings.', remedy: '' },
    fr: { text: "Moodle {release}, préfixe « {prefix} », avec une table d'enregistrements.", remedy: '' },
  },
  'moodle-schema-old': {
    severity: 'info',
    en: {
      text: 'Moodle {release}, prefix "{prefix}", plugin 2.x without a table of recordings: recordings are matched by their meetingID.',
      remedy: '',
    },
    fr: {
      text: "Moodle {release}, préfixe « {prefix} », plugin 2.x sans table d'enregistrements : ils sont rapprochés par leur meetingID.",
      remedy: '',
    },
  },
  'moodle-column-missing': {
    severity: 'error',
    en: {
      text: 'A column that is read is missing in {table}: {detail}',
      remedy: 'Is this the database of a Moodle 3.4 to 5.1? If so, report it with the output of doctor.',
    },
    fr: {
      text: 'Une colonne lue manque dans {table} : {detail}',
      remedy: "Est-ce la base d'un Moodle 3.4 à 5.1 ? Si oui, signalez-le avec la sortie de doctor.",
    },
  },
  'moodle-right-missing': {
    severity: 'error',
    en: {
      text: 'The account may not read {tables}.',
      remedy: "Run as the database's administrator: {grants}",
    },
    fr: {
      text: 'Le compte ne peut pas lire {tables}.',
      remedy: 'Exécutez en administrateur de la base : {grants}',
    },
  },
  'moodle-character-set': {
    severity: 'warning',
    en: {
      text: "The descriptions' character set is {characterSet}: characters such as emoji are written as entities.",
      remedy: "Moodle's admin/cli/mysql_collation.php --collation=utf8mb4_unicode_ci converts it.",
    },
    fr: {
      text: 'Le jeu de caractères des descriptions est {characterSet} : les émojis et autres sont écrits en entités.',
      remedy: 'admin/cli/mysql_collation.php --collation=utf8mb4_unicode_ci de Moodle le convertit.',
    },
  },
  'moodle-writable': {
    severity: 'info',
    en: {
      text: 'Notices can be written: {database} is a primary server and the account has the rights.',
      remedy: '',
    },
    fr: {
      text: 'Les messages peuvent être écrits dans {database} : serveur principal, et le compte a les droits.',
      remedy: '',
    },
  },
  'moodle-status-awaiting': {
    severity: 'info',
    en: { text: 'awaiting (0): Moodle waits for BBB to publish it', remedy: '' },
    fr: { text: 'en attente (0) : Moodle attend sa publication par BBB', remedy: '' },
  },
  'moodle-status-dismissed': {
    severity: 'info',
    en: { text: 'dismissed (1): BBB did not return it when it was last looked at', remedy: '' },
    fr: { text: "écarté (1) : BBB ne l'a pas rendu à la dernière consultation", remedy: '' },
  },
  'moodle-status-processed': {
    severity: 'info',
    en: { text: 'processed (2): shown in Moodle', remedy: '' },
    fr: { text: 'traité (2) : visible dans Moodle', remedy: '' },
  },
  'moodle-status-notified': {
    severity: 'info',
    en: { text: 'notified (3): shown in Moodle', remedy: '' },
    fr: { text: 'notifié (3) : visible dans Moodle', remedy: '' },
  },
  'moodle-status-reset': {
    severity: 'info',
    en: { text: "reset (4): the BBB server's URL was changed since", remedy: '' },
    fr: { text: "réinitialisé (4) : l'URL du serveur BBB a changé depuis", remedy: '' },
  },
  'moodle-status-deleted': {
    severity: 'info',
    en: { text: 'deleted (5): BBB said so', remedy: '' },
    fr: { text: "supprimé (5) : BBB l'a dit", remedy: '' },
  },
  'moodle-status-by-meeting': {
    severity: 'info',
    en: { text: 'no row in Moodle; its activity is known by the meetingID', remedy: '' },
    fr: { text: 'pas de ligne dans Moodle ; activité connue par le meetingID', remedy: '' },
  },
  'moodle-status-by-seed': {
    severity: 'info',
    en: { text: "no row in Moodle; its activity is known by the meetingID's seed", remedy: '' },
    fr: { text: 'pas de ligne dans Moodle ; activité connue par la graine du meetingID', remedy: '' },
  },
  'moodle-status-unknown': {
    severity: 'info',
    en: { text: 'unknown to Moodle', remedy: '' },
    fr: { text: 'inconnu de Moodle', remedy: '' },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
