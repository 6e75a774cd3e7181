import type { CodesOf } from '../kit/errors/code.js';
import { finding as say } from '../kit/errors/define.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Who receives a recording and why: rules, notes on people left out, and why nobody. */
export const texts = defineTexts({
  'owners-file-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: '{file}:{line}: {detail}.',
      remedy: 'Correct that line; one line is: recordID, meetingID or Moodle user name; Pod user name.',
    },
    fr: {
      text: '{file}:{line} : {detail}.',
      remedy:
        'Corrigez cette ligne ; une ligne est : recordID, meetingID ou identifiant Moodle ; identifiant Pod.',
    },
  },
  'owner-file': say(
    'info',
    'named on line {line} of the owners file',
    'nommé ligne {line} du fichier des propriétaires',
  ),
  'owner-pod-meeting': say(
    'info',
    'owner of the Pod meeting {meeting}',
    'propriétaire de la réunion Pod {meeting}',
  ),
  'owner-pod-meeting-renamed': say(
    'info',
    'owner of the Pod meeting {meeting}, renamed since',
    'propriétaire de la réunion Pod {meeting}, renommée depuis',
  ),
  'owner-pod-meeting-additional': say(
    'info',
    'additional owner of the Pod meeting {meeting}',
    'propriétaire additionnel de la réunion Pod {meeting}',
  ),
  'owner-moodle-user': say(
    'info',
    'named moderator of Moodle activity {activity}',
    "modérateur nommé de l'activité Moodle {activity}",
  ),
  'owner-moodle-role': say(
    'info',
    'moderator of Moodle activity {activity} by the role {role} ({level})',
    "modérateur de l'activité Moodle {activity} par le rôle {role} ({level})",
  ),
  'owner-moodle-default-creator': say(
    'info',
    "creator of Moodle activity {activity}, moderator by the site's default",
    "créateur de l'activité Moodle {activity}, modérateur par défaut du site",
  ),
  'owner-moodle-creator': say(
    'info',
    'creator of Moodle activity {activity}, for no moderator is eligible',
    "créateur de l'activité Moodle {activity}, faute de modérateur retenu",
  ),
  'owner-moodle-teacher': say(
    'info',
    'teacher of Moodle course {course}, for no moderator is eligible',
    'enseignant du cours Moodle {course}, faute de modérateur retenu',
  ),
  'owner-attendee': say(
    'info',
    "moderator of that session by Pod's list of attendees",
    "modérateur de cette session d'après la liste des participants de Pod",
  ),
  'owner-session-log': say(
    'info',
    "opened that session by Pod's session log",
    "a ouvert cette session d'après le journal des sessions de Pod",
  ),
  'owner-not-staff': {
    severity: 'warning',
    en: {
      text: '{user} is not staff in Pod and will not see it',
      remedy: "In Pod's administration, Users, {user}: tick 'Staff status'.",
    },
    fr: {
      text: "{user} n'est pas membre de l'équipe dans Pod et ne le verra pas",
      remedy: "Dans l'administration de Pod, Utilisateurs, {user} : cochez « Statut équipe ».",
    },
  },
  'owner-inactive': {
    severity: 'warning',
    en: {
      text: '{user} is inactive in Pod and will not see it',
      remedy:
        "In Pod's administration, Users, {user}: tick 'Active', or name another owner in the owners file.",
    },
    fr: {
      text: '{user} est inactif dans Pod et ne le verra pas',
      remedy:
        "Dans l'administration de Pod, Utilisateurs, {user} : cochez « Actif », ou nommez un autre propriétaire dans le fichier des propriétaires.",
    },
  },
  'owner-of-another-site': {
    severity: 'warning',
    en: {
      text: '{user} does not belong to site {site} of Pod and will not see it',
      remedy: "In Pod's administration, Owners, {user}: add the site {site}.",
    },
    fr: {
      text: "{user} n'appartient pas au site {site} de Pod et ne le verra pas",
      remedy: "Dans l'administration de Pod, Propriétaires, {user} : ajoutez le site {site}.",
    },
  },
  'skip-deleted-in-moodle': {
    severity: 'info',
    en: { text: 'deleted in Moodle', remedy: 'Name its owner in the owners file to take it all the same.' },
    fr: {
      text: 'supprimé dans Moodle',
      remedy: 'Nommez son propriétaire dans le fichier des propriétaires pour le prendre tout de même.',
    },
  },
  'unresolved-greenlight': {
    severity: 'warning',
    en: {
      text: "a Greenlight room's session; its owner is only known to Greenlight",
      remedy: "Write Greenlight's owners to the owners file (docs/operations.md).",
    },
    fr: {
      text: "session d'un salon Greenlight ; seul Greenlight en connaît le propriétaire",
      remedy:
        'Écrivez les propriétaires de Greenlight dans le fichier des propriétaires (docs/operations.md).',
    },
  },
  'unresolved-origin': {
    severity: 'warning',
    en: {
      text: 'nothing tells whose meeting {meeting} is',
      remedy: 'Add a line to the owners file: {meeting};USER',
    },
    fr: {
      text: 'rien ne dit à qui est la réunion {meeting}',
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
    },
  },
  'unresolved-ignored-server': say(
    'info',
    '{server} is in ignored_servers: no Moodle look-up',
    "{server} est dans ignored_servers : Moodle n'est pas consulté",
  ),
  'unresolved-no-moodle': {
    severity: 'warning',
    en: {
      text: 'no Moodle database is consulted for {server}',
      remedy: 'Give --use-database-moodle and a section [moodle."{server}"], or [moodle.default].',
    },
    fr: {
      text: "aucune base Moodle n'est consultée pour {server}",
      remedy: 'Donnez --use-database-moodle et une section [moodle."{server}"], ou [moodle.default].',
    },
  },
  'unresolved-no-activity': {
    severity: 'warning',
    en: {
      text: 'Moodle has no activity for {meeting}',
      remedy: 'Add a line to the owners file: {meeting};USER',
    },
    fr: {
      text: "Moodle n'a pas d'activité pour {meeting}",
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
    },
  },
  'unresolved-no-moderator': {
    severity: 'warning',
    en: {
      text: 'the Moodle activity of {meeting} has no moderator, creator or teacher with a usable account',
      remedy: 'Add a line to the owners file: {meeting};USER',
    },
    fr: {
      text: "l'activité Moodle de {meeting} n'a ni modérateur, ni créateur, ni enseignant au compte utilisable",
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
    },
  },
  'unresolved-no-account': {
    severity: 'warning',
    en: {
      text: 'nobody whom the rules name has an account in Pod that can be told for certain',
      remedy: 'See the notes of that recording; the owners file settles it.',
    },
    fr: {
      text: "aucune des personnes désignées n'a dans Pod un compte certain",
      remedy: 'Voyez les notes de cet enregistrement ; le fichier des propriétaires tranche.',
    },
  },
  'note-meeting-of-another-application': say(
    'info',
    'its meeting belongs to {host}, not to this Pod',
    'sa réunion appartient à {host}, pas à ce Pod',
  ),
  'note-possible-pod-owner': {
    severity: 'warning',
    en: {
      text: 'possible owner: user {owner} by the Pod meeting {meeting}, unproven on a shared BBB server',
      remedy: 'Set [bbb] shared = false if only this Pod uses the server, or add a line to the owners file.',
    },
    fr: {
      text: 'propriétaire possible : utilisateur {owner} par la réunion Pod {meeting}, sans preuve sur un serveur BBB partagé',
      remedy:
        'Mettez [bbb] shared = false si seul ce Pod utilise le serveur, ou ajoutez une ligne au fichier des propriétaires.',
    },
  },
  'note-session-log-ambiguous': {
    severity: 'warning',
    en: { text: '{count} people opened a session at that time', remedy: 'Add a line to the owners file.' },
    fr: {
      text: '{count} personnes ont ouvert une session à ce moment',
      remedy: 'Ajoutez une ligne au fichier des propriétaires.',
    },
  },
  'note-several-activities': {
    severity: 'info',
    en: { text: 'held by {count} Moodle activities: owners are those of all', remedy: '' },
    fr: {
      text: 'présent dans {count} activités Moodle : les propriétaires de toutes sont retenus',
      remedy: '',
    },
  },
  'note-status-awaiting': say(
    'info',
    'Moodle still awaits it (status 0); matched by its meetingID',
    "Moodle l'attend encore (statut 0) ; rapproché par son meetingID",
  ),
  'note-matched-by-meeting': say('info', 'matched by its meetingID', 'rapproché par son meetingID'),
  'note-matched-by-seed': say(
    'info',
    "matched by the meetingID's seed alone",
    'rapproché par la seule graine du meetingID',
  ),
  'note-seed-ambiguous': {
    severity: 'warning',
    en: { text: "{count} activities share the meetingID's seed", remedy: 'Add a line to the owners file.' },
    fr: {
      text: '{count} activités partagent la graine du meetingID',
      remedy: 'Ajoutez une ligne au fichier des propriétaires.',
    },
  },
  'note-everyone-moderator': {
    severity: 'info',
    en: {
      text: 'everybody is moderator of activity {activity}: its creator or teachers stand in',
      remedy: '',
    },
    fr: {
      text: "tout le monde est modérateur de l'activité {activity} : son créateur ou ses enseignants les remplacent",
      remedy: '',
    },
  },
  'note-default-rule': say(
    'info',
    "activity {activity} follows the site's default rule",
    "l'activité {activity} suit la règle par défaut du site",
  ),
  'note-moodle-user-unknown': say(
    'info',
    'Moodle user {user} no longer exists',
    "l'utilisateur Moodle {user} n'existe plus",
  ),
  'note-moodle-user-deleted': say(
    'info',
    'left out: {user} was deleted in Moodle',
    'écarté : {user} a été supprimé dans Moodle',
  ),
  'note-moodle-user-guest': say(
    'info',
    "left out: {user} is Moodle's guest",
    "écarté : {user} est l'invité de Moodle",
  ),
  'note-moodle-user-foreign': say(
    'info',
    'left out: {user} belongs to another Moodle (MNet)',
    "écarté : {user} vient d'un autre Moodle (MNet)",
  ),
  'note-moodle-user-unconfirmed': say(
    'info',
    'left out: {user} never confirmed the account',
    "écarté : {user} n'a jamais confirmé son compte",
  ),
  'note-moodle-user-suspended': {
    severity: 'info',
    en: {
      text: 'left out: {user} is suspended in Moodle',
      remedy: '[migrate] keep_suspended = true keeps such people.',
    },
    fr: {
      text: 'écarté : {user} est suspendu dans Moodle',
      remedy: '[migrate] keep_suspended = true garde ces personnes.',
    },
  },
  'note-moodle-user-nologin': {
    severity: 'info',
    en: {
      text: 'left out: {user} may not log in to Moodle',
      remedy: '[migrate] keep_suspended = true keeps such people.',
    },
    fr: {
      text: 'écarté : {user} ne peut pas se connecter à Moodle',
      remedy: '[migrate] keep_suspended = true garde ces personnes.',
    },
  },
  'note-moodle-user-other-group': {
    severity: 'info',
    en: {
      text: '{user} is left out: Moodle does not show them the recordings of group {group}',
      remedy: '[moodle.NAME] group_teachers = "all" gives them to every moderator.',
    },
    fr: {
      text: "{user} n'est pas retenu : Moodle ne lui montre pas les enregistrements du groupe {group}",
      remedy: '[moodle.NOM] group_teachers = "all" les donne à tous les modérateurs.',
    },
  },
  'note-moodle-user-not-enrolled': {
    severity: 'info',
    en: {
      text: 'left out: {user} is no longer enrolled',
      remedy: '[migrate] require_enrolment = false keeps such people.',
    },
    fr: {
      text: "écarté : {user} n'est plus inscrit",
      remedy: '[migrate] require_enrolment = false garde ces personnes.',
    },
  },
  'note-user-without-key': {
    severity: 'warning',
    en: { text: '{user} has no {key} in Moodle', remedy: 'Add a line to the owners file: {user};POD-USER' },
    fr: {
      text: "{user} n'a pas de {key} dans Moodle",
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
    },
  },
  'note-user-ambiguous': {
    severity: 'warning',
    en: {
      text: '{count} Pod accounts answer for {user}',
      remedy: 'Add a line to the owners file: {user};POD-USER',
    },
    fr: {
      text: '{count} comptes Pod répondent à {user}',
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
    },
  },
  'note-user-not-in-pod': {
    severity: 'warning',
    en: {
      text: '{user} has no account in Pod and none may be created',
      remedy: 'Set [migrate] create_users = true, or add a line to the owners file: {user};POD-USER',
    },
    fr: {
      text: "{user} n'a pas de compte dans Pod et aucun ne peut être créé",
      remedy:
        'Mettez [migrate] create_users = true, ou ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
    },
  },
  'note-user-name-too-long': {
    severity: 'warning',
    en: { text: 'the user name {user}… is too long for Pod', remedy: 'Add a line to the owners file.' },
    fr: {
      text: "l'identifiant {user}… est trop long pour Pod",
      remedy: 'Ajoutez une ligne au fichier des propriétaires.',
    },
  },
  'note-user-name-taken': {
    severity: 'warning',
    en: {
      text: 'the user name {user} is taken in Pod by somebody with another address',
      remedy: 'Add a line to the owners file: {user};POD-USER',
    },
    fr: {
      text: "l'identifiant {user} est pris dans Pod par quelqu'un d'une autre adresse",
      remedy: 'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
    },
  },
  'note-user-email-in-pod': {
    severity: 'warning',
    en: {
      text: "{user}'s address {email} belongs to the Pod account {account}: no second account is made",
      remedy: 'Set [migrate] match = "email", or add a line to the owners file: {user};{account}',
    },
    fr: {
      text: "l'adresse {email} de {user} est celle du compte Pod {account} : pas de second compte",
      remedy:
        'Donnez [migrate] match = "email", ou ajoutez une ligne au fichier des propriétaires : {user};{account}',
    },
  },
  'note-file-user-not-in-pod': {
    severity: 'warning',
    en: {
      text: 'the owners file names {user}, who has no account in Pod',
      remedy: 'Correct the owners file, or let {user} log in to Pod once.',
    },
    fr: {
      text: 'le fichier des propriétaires nomme {user}, sans compte dans Pod',
      remedy: 'Corrigez le fichier des propriétaires, ou que {user} se connecte une fois à Pod.',
    },
  },
  'note-pod-user-gone': say(
    'warning',
    'Pod user {user} no longer exists',
    "l'utilisateur Pod {user} n'existe plus",
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
