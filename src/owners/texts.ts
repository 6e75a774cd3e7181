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
  'owner-moodle-course': say(
    'info',
    'editing teacher of Moodle course {course}, whose activity was deleted',
    "enseignant du cours Moodle {course}, dont l'activité a été supprimée",
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
  'owner-not-staff': say(
    'warning',
    '{user} is not staff in Pod and will not see it',
    "{user} n'est pas membre de l'équipe dans Pod et ne le verra pas",
    "In Pod's administration, Users, {user}: tick 'Staff status'.",
    "Dans l'administration de Pod, Utilisateurs, {user} : cochez « Statut équipe ».",
  ),
  'owner-inactive': say(
    'warning',
    '{user} is inactive in Pod and will not see it',
    '{user} est inactif dans Pod et ne le verra pas',
    "In Pod's administration, Users, {user}: tick 'Active', or name another owner in the owners file.",
    "Dans l'administration de Pod, Utilisateurs, {user} : cochez « Actif », ou nommez un autre propriétaire dans le fichier des propriétaires.",
  ),
  'owner-of-another-site': say(
    'warning',
    '{user} does not belong to site {site} of Pod and will not see it',
    "{user} n'appartient pas au site {site} de Pod et ne le verra pas",
    "In Pod's administration, Owners, {user}: add the site {site}.",
    "Dans l'administration de Pod, Propriétaires, {user} : ajoutez le site {site}.",
  ),
  'skip-deleted-in-moodle': say(
    'info',
    'deleted in Moodle',
    'supprimé dans Moodle',
    'Name its owner in the owners file to take it all the same.',
    'Nommez son propriétaire dans le fichier des propriétaires pour le prendre tout de même.',
  ),
  'unresolved-origin': say(
    'warning',
    'nothing tells whose meeting {meeting} is',
    'rien ne dit à qui est la réunion {meeting}',
    'Add a line to the owners file: {meeting};USER',
    'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
  ),
  'unresolved-ignored-server': say(
    'info',
    '{server} is in ignored_servers: no Moodle look-up',
    "{server} est dans ignored_servers : Moodle n'est pas consulté",
  ),
  'unresolved-no-moodle': say(
    'warning',
    'no Moodle database is consulted for {server}',
    "aucune base Moodle n'est consultée pour {server}",
    'Give --use-database-moodle and a section [moodle."{server}"], or [moodle.default].',
    'Donnez --use-database-moodle et une section [moodle."{server}"], ou [moodle.default].',
  ),
  'unresolved-no-server': say(
    'warning',
    'made by a Moodle that it does not name, and no Moodle database is consulted',
    "créé par un Moodle qu'il ne nomme pas, et aucune base Moodle n'est consultée",
    'Give --use-database-moodle and a section [moodle.default].',
    'Donnez --use-database-moodle et une section [moodle.default].',
  ),
  'unresolved-no-activity': say(
    'warning',
    'Moodle has no activity for {meeting}',
    "Moodle n'a pas d'activité pour {meeting}",
    'Add a line to the owners file: {meeting};USER',
    'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
  ),
  'unresolved-no-moderator': say(
    'warning',
    'the Moodle activity of {meeting} has no moderator, creator or teacher with a usable account',
    "l'activité Moodle de {meeting} n'a ni modérateur, ni créateur, ni enseignant au compte utilisable",
    'Add a line to the owners file: {meeting};USER',
    'Ajoutez une ligne au fichier des propriétaires : {meeting};UTILISATEUR',
  ),
  'unresolved-no-account': say(
    'warning',
    'nobody whom the rules name has an account in Pod that can be told for certain',
    "aucune des personnes désignées n'a dans Pod un compte certain",
    'See the notes of that recording; the owners file settles it.',
    'Voyez les notes de cet enregistrement ; le fichier des propriétaires tranche.',
  ),
  'note-meeting-of-another-application': say(
    'info',
    'its meeting belongs to {host}, not to this Pod',
    'sa réunion appartient à {host}, pas à ce Pod',
  ),
  'note-possible-pod-owner': say(
    'warning',
    'possible owner: user {owner} by the Pod meeting {meeting}, unproven on a shared BBB server',
    'propriétaire possible : utilisateur {owner} par la réunion Pod {meeting}, sans preuve sur un serveur BBB partagé',
    'Set [bbb] shared = false if only this Pod uses the server, or add a line to the owners file.',
    'Mettez [bbb] shared = false si seul ce Pod utilise le serveur, ou ajoutez une ligne au fichier des propriétaires.',
  ),
  'note-session-log-ambiguous': say(
    'warning',
    '{count} people opened a session at that time',
    '{count} personnes ont ouvert une session à ce moment',
    'Add a line to the owners file.',
    'Ajoutez une ligne au fichier des propriétaires.',
  ),
  'note-several-activities': say(
    'info',
    'held by {count} Moodle activities: owners are those of all',
    'présent dans {count} activités Moodle : les propriétaires de toutes sont retenus',
    '',
    '',
  ),
  'note-status-awaiting': say(
    'info',
    'Moodle still awaits it (status 0); matched by its meetingID',
    "Moodle l'attend encore (statut 0) ; rapproché par son meetingID",
  ),
  'note-matched-by-meeting': say('info', 'matched by its meetingID', 'rapproché par son meetingID'),
  'note-breakout-of': say(
    'info',
    'a breakout room: owners of its parent {parent}',
    'une salle de groupe : propriétaires de la réunion parente {parent}',
  ),
  'note-matched-by-seed': say(
    'info',
    "matched by the meetingID's seed alone",
    'rapproché par la seule graine du meetingID',
  ),
  'note-seed-ambiguous': say(
    'warning',
    "{count} activities share the meetingID's seed",
    '{count} activités partagent la graine du meetingID',
    'Add a line to the owners file.',
    'Ajoutez une ligne au fichier des propriétaires.',
  ),
  'note-everyone-moderator': say(
    'info',
    'everybody is moderator of activity {activity}: its creator or teachers stand in',
    "tout le monde est modérateur de l'activité {activity} : son créateur ou ses enseignants les remplacent",
    '',
    '',
  ),
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
  'note-moodle-user-suspended': say(
    'info',
    'left out: {user} is suspended in Moodle',
    'écarté : {user} est suspendu dans Moodle',
    '[migrate] keep_suspended = true keeps such people.',
    '[migrate] keep_suspended = true garde ces personnes.',
  ),
  'note-moodle-user-nologin': say(
    'info',
    'left out: {user} may not log in to Moodle',
    'écarté : {user} ne peut pas se connecter à Moodle',
    '[migrate] keep_suspended = true keeps such people.',
    '[migrate] keep_suspended = true garde ces personnes.',
  ),
  'note-moodle-user-other-group': say(
    'info',
    '{user} is left out: Moodle does not show them the recordings of group {group}',
    "{user} n'est pas retenu : Moodle ne lui montre pas les enregistrements du groupe {group}",
    '[moodle.NAME] group_teachers = "all" gives them to every moderator.',
    '[moodle.NOM] group_teachers = "all" les donne à tous les modérateurs.',
  ),
  'note-moodle-user-not-enrolled': say(
    'info',
    'left out: {user} is no longer enrolled',
    "écarté : {user} n'est plus inscrit",
    '[migrate] require_enrolment = false keeps such people.',
    '[migrate] require_enrolment = false garde ces personnes.',
  ),
  'note-user-without-key': say(
    'warning',
    '{user} has no {key} in Moodle',
    "{user} n'a pas de {key} dans Moodle",
    'Add a line to the owners file: {user};POD-USER',
    'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
  ),
  'note-user-ambiguous': say(
    'warning',
    '{count} Pod accounts answer for {user}',
    '{count} comptes Pod répondent à {user}',
    'Add a line to the owners file: {user};POD-USER',
    'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
  ),
  'note-user-not-in-pod': say(
    'warning',
    '{user} has no account in Pod and none may be created',
    "{user} n'a pas de compte dans Pod et aucun ne peut être créé",
    'Set [migrate] create_users = true, or add a line to the owners file: {user};POD-USER',
    'Mettez [migrate] create_users = true, ou ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
  ),
  'note-user-name-too-long': say(
    'warning',
    'the user name {user}… is too long for Pod',
    "l'identifiant {user}… est trop long pour Pod",
    'Add a line to the owners file.',
    'Ajoutez une ligne au fichier des propriétaires.',
  ),
  'note-user-name-invalid': say(
    'warning',
    'the user name {user} has characters that Pod does not take: no account is created',
    "l'identifiant {user} a des caractères que Pod n'accepte pas : aucun compte n'est créé",
    'Add a line to the owners file.',
    'Ajoutez une ligne au fichier des propriétaires.',
  ),
  'note-user-name-taken': say(
    'warning',
    'the user name {user} is taken in Pod by somebody with another address',
    "l'identifiant {user} est pris dans Pod par quelqu'un d'une autre adresse",
    'Add a line to the owners file: {user};POD-USER',
    'Ajoutez une ligne au fichier des propriétaires : {user};UTILISATEUR-POD',
  ),
  'note-user-email-in-pod': say(
    'warning',
    "{user}'s address {email} belongs to the Pod account {account}: no second account is made",
    "l'adresse {email} de {user} est celle du compte Pod {account} : pas de second compte",
    'Set [migrate] match = "email", or add a line to the owners file: {user};{account}',
    'Donnez [migrate] match = "email", ou ajoutez une ligne au fichier des propriétaires : {user};{account}',
  ),
  'note-file-user-not-in-pod': say(
    'warning',
    'the owners file names {user}, who has no account in Pod',
    'le fichier des propriétaires nomme {user}, sans compte dans Pod',
    'Correct the owners file, or let {user} log in to Pod once.',
    'Corrigez le fichier des propriétaires, ou que {user} se connecte une fois à Pod.',
  ),
  'note-pod-user-gone': say(
    'warning',
    'Pod user {user} no longer exists',
    "l'utilisateur Pod {user} n'existe plus",
  ),
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
