import { knowPhrases } from '../kit/errors/phrases.js';

/* Why a recorder of Pod does not fit, a line of the owners file is refused, a film is not the one announced. */
knowPhrases([
  ['SELECT on {tables} (only for undo and doctor)', 'SELECT sur {tables} (pour undo et doctor seulement)'],
  ['SELECT on {tables}', 'SELECT sur {tables}'],
  ['making accounts ({detail})', 'création de comptes ({detail})'],
  ['registering claims ({detail})', 'enregistrement des revendications ({detail})'],
  ['taking back ({detail})', 'annulation ({detail})'],
  ['taking back accounts ({detail})', 'annulation de comptes ({detail})'],
  ['it does not exist', "il n'existe pas"],
  [
    'it has a manager, who would get the files instead of the claim page',
    'il a un gestionnaire, qui aurait les fichiers à la place de la page de revendication',
  ],
  ['its type is {type}, not video', 'son type est {type}, et non video'],
  ['it is not attached to site {site}', "il n'est pas rattaché au site {site}"],
  ['a quotation mark is not closed', "un guillemet n'est pas fermé"],
  [
    'the first column (recordID, meetingID or Moodle user name) is empty',
    'la première colonne (recordID, meetingID ou nom d’utilisateur Moodle) est vide',
  ],
  ['no Pod user name after "{key}"', 'pas de nom d’utilisateur Pod après « {key} »'],
  ['a Pod user name has at most 150 characters', 'un nom d’utilisateur Pod a 150 caractères au plus'],
  [
    '"{key}" was already given other owners on line {line}',
    '« {key} » a déjà reçu d’autres propriétaires à la ligne {line}',
  ],
  ['it lasts {is}, announced were {said}', 'elle dure {is}, {said} étaient annoncés'],
  ['it vanished', 'il a disparu'],
  ['nobody knows what, the run was killed', 'nul ne sait quoi, l’exécution a été tuée'],
  ['none', 'aucun'],
  ['{mode} and {other}', '{mode} et {other}'],
  ['another file has that name', 'un autre fichier porte ce nom'],
  ['{name} is not known on this machine', '{name} est inconnu sur cette machine'],
]);
