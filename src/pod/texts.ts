import type { CodesOf } from '../kit/errors/code.js';
import { defineTexts } from '../kit/errors/define-texts.js';

/** Esup-Pod's database: its schema, and what it cannot hold. */
export const texts = defineTexts({
  'live-pod-unreachable': {
    severity: 'error',
    en: {
      text: 'Pod does not answer: {detail}',
      remedy: 'curl -I the address of pod.url; running lives go on meanwhile.',
    },
    fr: {
      text: 'Pod ne répond pas : {detail}',
      remedy: 'curl -I sur pod.url ; les directs en cours continuent.',
    },
  },
  'live-pod-refused': {
    severity: 'error',
    en: {
      text: 'Pod refuses {what} with status {status}: {detail}',
      remedy: 'Check pod.token (its user must be staff): bbb2pod doctor',
    },
    fr: {
      text: 'Pod refuse {what} avec le statut {status} : {detail}',
      remedy: 'Vérifiez pod.token (son utilisateur doit être « staff ») : bbb2pod doctor',
    },
  },
  'live-pod-without-lives': {
    severity: 'error',
    en: {
      text: "Pod's REST root at {url} lists neither bbb_livestream nor meeting_livestream.",
      remedy:
        'In Pod: USE_BBB and USE_BBB_LIVE (2.8 to 3.8.1), or USE_MEETING and webinars (3.6 and later); or bbb2pod live run --meeting MEETINGID',
    },
    fr: {
      text: 'La racine REST de Pod à {url} ne montre ni bbb_livestream ni meeting_livestream.',
      remedy:
        'Dans Pod : USE_BBB et USE_BBB_LIVE (2.8 à 3.8.1), ou USE_MEETING et les webinaires (3.6 et après) ; ou bbb2pod live run --meeting MEETINGID',
    },
  },
  'pod-schema-unsupported': {
    severity: 'error',
    en: {
      text: 'The {database} is no Pod that this tool knows (3.5.1 to 4.4): missing are {missing}.',
      remedy:
        'Check that [pod] names Pod’s own database and schema; bbb2pod doctor lists every table and column.',
    },
    fr: {
      text: 'Pas de Pod connu de cet outil (3.5.1 à 4.4) dans {database} : il manque {missing}.',
      remedy:
        'Vérifiez que [pod] nomme bien la base et le schéma de Pod ; bbb2pod doctor liste chaque table et colonne.',
    },
  },
  'pod-five': {
    severity: 'error',
    en: {
      text: 'The {database} is Pod 5: its tables are others, and nothing is written to them, taken back or cleaned up.',
      remedy:
        'What was migrated must be imported or claimed before the upgrade, in Pod 4: bbb2pod migrate status --adoption there lists who has not (docs/operations.md, “The day Pod is upgraded”). Videos came over; links and files to claim did not. For those: bbb2pod recorder convert --archive',
    },
    fr: {
      text: "Pod 5 dans {database} : ses tables sont autres, rien n'y est écrit, annulé ni nettoyé.",
      remedy:
        "Ce qui a été migré doit être importé ou revendiqué avant la mise à jour, dans Pod 4 : bbb2pod migrate status --adoption y liste qui ne l'a pas fait (docs/fr/guide.md, « Le jour où Pod change de version »). Les vidéos ont suivi ; pas les liens ni les fichiers à revendiquer. Pour ceux-là : bbb2pod recorder convert --archive",
    },
  },
  'pod-site-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Pod has no site with the id {id}.',
      remedy: 'Set site_id in [pod] to Pod’s SITE_ID. SELECT id, domain FROM django_site; lists them.',
    },
    fr: {
      text: "Pod n'a pas de site d'identifiant {id}.",
      remedy: 'Donnez à site_id dans [pod] le SITE_ID de Pod. SELECT id, domain FROM django_site; les liste.',
    },
  },
  'pod-recorder-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'Pod has no recorder with the id {id}.',
      remedy: 'Create one in Pod’s administration (type video, no manager), then set recorder_id in [pod].',
    },
    fr: {
      text: "Pod n'a pas d'enregistreur d'identifiant {id}.",
      remedy:
        "Créez-en un dans l'administration de Pod (type vidéo, sans gestionnaire), puis donnez recorder_id dans [pod].",
    },
  },
  'pod-claim-path-too-long': {
    severity: 'error',
    en: {
      text: 'Pod cannot register {path}: its column holds {length} characters.',
      remedy:
        'Shorten the recorder’s directory or DEFAULT_RECORDER_PATH in Pod, or upgrade Pod to 4.0.1 or later.',
    },
    fr: {
      text: 'Pod ne peut pas enregistrer {path} : sa colonne tient {length} caractères.',
      remedy:
        "Raccourcissez le répertoire de l'enregistreur ou DEFAULT_RECORDER_PATH dans Pod, ou passez à Pod 4.0.1 ou plus.",
    },
  },
  'pod-url-too-long': {
    severity: 'error',
    en: {
      text: 'The URL of {recordId} is longer than the {length} characters Pod holds: {url}',
      remedy: 'Use claim mode for it: bbb2pod migrate recordings --use-manual-claim --recording {recordId}',
    },
    fr: {
      text: "L'URL de {recordId} dépasse les {length} caractères que Pod peut tenir : {url}",
      remedy:
        'Passez par la revendication : bbb2pod migrate recordings --use-manual-claim --recording {recordId}',
    },
  },
  'pod-username-ambiguous': {
    severity: 'error',
    en: {
      text: 'Two Pod accounts differ from "{username}" only by case: the owner would be a guess.',
      remedy: 'Name the right account in the owners file, or merge the two in Pod.',
    },
    fr: {
      text: 'Deux comptes de Pod ne diffèrent de « {username} » que par la casse : le propriétaire serait deviné.',
      remedy: 'Nommez le bon compte dans le fichier des propriétaires, ou fusionnez les deux dans Pod.',
    },
  },
  'pod-row-vanished': {
    severity: 'error',
    en: {
      text: 'A row just written could not be read back, so the chunk was rolled back: {url}',
      remedy:
        'Look for a trigger or a column type of your own on import_video_externalrecording: bbb2pod doctor',
    },
    fr: {
      text: 'Une ligne à peine écrite est restée introuvable, le lot a donc été annulé : {url}',
      remedy:
        'Cherchez un déclencheur ou un type de colonne modifié sur import_video_externalrecording : bbb2pod doctor',
    },
  },
  'pod-database-answers': {
    severity: 'info',
    en: { text: '{server} answers: {database}.', remedy: '' },
    fr: { text: '{server} répond : {database}.', remedy: '' },
  },
  'pod-tables-present': {
    severity: 'info',
    en: { text: 'All {tables} tables and {columns} columns that are needed are there.', remedy: '' },
    fr: { text: 'Les {tables} tables et {columns} colonnes nécessaires sont présentes.', remedy: '' },
  },
  'pod-version': {
    severity: 'info',
    en: { text: 'Pod {version} or later, by its columns.', remedy: '' },
    fr: { text: 'Pod {version} ou plus récent, d’après ses colonnes.', remedy: '' },
  },
  'pod-write-works': {
    severity: 'info',
    en: {
      text: 'Writing works: users, external recordings and claims were written in a transaction and rolled back.',
      remedy: '',
    },
    fr: {
      text: "L'écriture fonctionne : comptes, enregistrements externes et revendications écrits dans une transaction, puis annulés.",
      remedy: '',
    },
  },
  'pod-site-found': {
    severity: 'info',
    en: { text: 'Site {id} is {domain}.', remedy: '' },
    fr: { text: 'Le site {id} est {domain}.', remedy: '' },
  },
  'pod-admin-found': {
    severity: 'info',
    en: { text: 'User {id} ({username}) receives what nobody else owns.', remedy: '' },
    fr: { text: "L'utilisateur {id} ({username}) reçoit ce qui n'a pas d'autre propriétaire.", remedy: '' },
  },
  'pod-recorder-found': {
    severity: 'info',
    en: { text: 'Recorder {id} ({name}) receives claims in its directory {directory}.', remedy: '' },
    fr: {
      text: "L'enregistreur {id} ({name}) reçoit les revendications dans son répertoire {directory}.",
      remedy: '',
    },
  },
  'pod-table-missing': {
    severity: 'critical',
    en: {
      text: 'The table {table} is missing.',
      remedy: 'Check that [pod] names Pod’s own database and schema; Pod 3.5.1 to 4.4 is supported.',
    },
    fr: {
      text: 'La table {table} manque.',
      remedy: 'Vérifiez que [pod] nomme la base et le schéma de Pod ; Pod 3.5.1 à 4.4 est pris en charge.',
    },
  },
  'pod-column-missing': {
    severity: 'critical',
    en: {
      text: 'The column {column} is missing.',
      remedy: 'Finish Pod’s upgrade (python manage.py migrate); Pod 3.5.1 to 4.4 is supported.',
    },
    fr: {
      text: 'La colonne {column} manque.',
      remedy:
        'Terminez la mise à jour de Pod (python manage.py migrate) ; Pod 3.5.1 à 4.4 est pris en charge.',
    },
  },
  'pod-column-unexpected': {
    severity: 'critical',
    en: {
      text: 'The column {column} must have a value, and this tool knows none for it.',
      remedy: 'Give it a default in the database (ALTER TABLE … SET DEFAULT …) while migrating.',
    },
    fr: {
      text: 'La colonne {column} exige une valeur que cet outil ne connaît pas.',
      remedy:
        'Donnez-lui une valeur par défaut dans la base (ALTER TABLE … SET DEFAULT …) le temps de la migration.',
    },
  },
  'pod-character-set': {
    severity: 'warning',
    en: {
      text: 'The columns of {table} use {characterSet}: emoji and rare characters of names will be replaced.',
      remedy: 'ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4; (after a backup; Pod goes on working)',
    },
    fr: {
      text: 'Les colonnes de {table} sont en {characterSet} : émojis et caractères rares des noms seront remplacés.',
      remedy:
        'ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4; (après une sauvegarde ; Pod continue de fonctionner)',
    },
  },
  'pod-accounts-doubled': {
    severity: 'warning',
    en: {
      text: 'Addresses or names with several Pod accounts: {count}. OIDC lets none of them in: {accounts}.',
      remedy:
        "In Pod's administration, Users: keep the account that person logs in with, give it what the other one owns, delete the other. An account that a run made and nobody used: bbb2pod migrate undo RUN",
    },
    fr: {
      text: 'Adresses ou noms à plusieurs comptes Pod : {count}. OIDC n’en laisse entrer aucun : {accounts}.',
      remedy:
        "Dans l'administration de Pod, Utilisateurs : gardez le compte avec lequel la personne se connecte, donnez-lui ce que possède l'autre, supprimez l'autre. Un compte créé par une exécution et jamais utilisé : bbb2pod migrate undo EXÉCUTION",
    },
  },
  'pod-sequence-behind': {
    severity: 'critical',
    en: {
      text: 'The id sequence of {table} lies behind its rows: the next insertion, Pod’s own too, meets an id that exists.',
      remedy: "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}));",
    },
    fr: {
      text: 'La séquence d’identifiants de {table} est en retard sur ses lignes : la prochaine insertion, même de Pod, rencontrera un identifiant existant.',
      remedy: "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}));",
    },
  },
  'pod-right-missing': {
    severity: 'critical',
    en: {
      text: 'The account lacks a right: {detail}.',
      remedy: 'As the database’s administrator: {grants}',
    },
    fr: {
      text: 'Il manque un droit au compte : {detail}.',
      remedy: 'En administrateur de la base : {grants}',
    },
  },
  'pod-tables-unseen': {
    severity: 'info',
    en: {
      text: 'MariaDB does not tell this account whether there are {tables}: only some versions of Pod have them.',
      remedy: '',
    },
    fr: {
      text: 'MariaDB ne dit pas à ce compte si {tables} existent : seules certaines versions de Pod les ont.',
      remedy: '',
    },
  },
  'pod-write-untried': {
    severity: 'warning',
    en: { text: 'Writing was not tried.', remedy: 'Repair what stands above, then: bbb2pod doctor' },
    fr: { text: "L'écriture n'a pas été essayée.", remedy: 'Corrigez ce qui précède, puis : bbb2pod doctor' },
  },
  'pod-admin-missing': {
    severity: 'critical',
    en: {
      text: 'Pod has no user with the id {id}.',
      remedy:
        'Set admin_id in [pod] to a superuser of Pod: SELECT id, username FROM auth_user WHERE is_superuser;',
    },
    fr: {
      text: "Pod n'a pas d'utilisateur d'identifiant {id}.",
      remedy:
        'Donnez à admin_id dans [pod] un superutilisateur de Pod : SELECT id, username FROM auth_user WHERE is_superuser;',
    },
  },
  'pod-admin-unfit': {
    severity: 'warning',
    en: {
      text: '{username} would not see the recordings given to it: {detail}.',
      remedy: 'Tick "active" and "staff" for it in Pod’s administration, or set another admin_id.',
    },
    fr: {
      text: '{username} ne verrait pas les enregistrements reçus : {detail}.',
      remedy:
        'Cochez « actif » et « équipe » pour ce compte dans l’administration de Pod, ou changez admin_id.',
    },
  },
  'pod-admin-elsewhere': {
    severity: 'warning',
    en: {
      text: '{username} does not belong to site {site}: recordings given to it stay invisible there.',
      remedy: 'Add the site to its owner in Pod’s administration, or set another admin_id.',
    },
    fr: {
      text: "{username} n'appartient pas au site {site} : les enregistrements reçus y restent invisibles.",
      remedy: 'Ajoutez le site à son propriétaire dans l’administration de Pod, ou changez admin_id.',
    },
  },
  'pod-recorder-managed': {
    severity: 'critical',
    en: {
      text: 'Recorder {id} ({name}) has a manager (user {user}): its files never reach the claim page.',
      remedy: 'Empty "User" of this recorder in Pod’s administration, or set another recorder_id.',
    },
    fr: {
      text: "L'enregistreur {id} ({name}) a un gestionnaire (utilisateur {user}) : ses fichiers n'arrivent jamais à la page de revendication.",
      remedy:
        'Videz « Utilisateur » de cet enregistreur dans l’administration de Pod, ou changez recorder_id.',
    },
  },
  'pod-recorder-type': {
    severity: 'critical',
    en: {
      text: 'Recorder {id} ({name}) is of type {type}, not video.',
      remedy: 'Set its type to "video" in Pod’s administration, or set another recorder_id.',
    },
    fr: {
      text: "L'enregistreur {id} ({name}) est de type {type}, et non vidéo.",
      remedy: 'Mettez son type à « video » dans l’administration de Pod, ou changez recorder_id.',
    },
  },
  'pod-recorder-site': {
    severity: 'critical',
    en: {
      text: 'Recorder {id} ({name}) is not attached to site {site}: its files stay invisible there.',
      remedy: 'Add the site to the recorder in Pod’s administration.',
    },
    fr: {
      text: "L'enregistreur {id} ({name}) n'est pas rattaché au site {site} : ses fichiers y restent invisibles.",
      remedy: 'Ajoutez le site à l’enregistreur dans l’administration de Pod.',
    },
  },
  'pod-backup-exists': {
    severity: 'error',
    en: {
      text: 'The backup {file} exists already: it is not overwritten.',
      remedy: 'Name another directory: --backup DIR',
    },
    fr: {
      text: "La sauvegarde {file} existe déjà : elle n'est pas écrasée.",
      remedy: 'Nommez un autre répertoire : --backup DIR',
    },
  },
});

declare module '../kit/errors/code.js' {
  interface KnownCodes extends Record<CodesOf<typeof texts>, true> {}
}
