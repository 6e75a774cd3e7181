import type { CodesOf } from './code.js';
import { defineTexts } from './define-texts.js';

/** SQL databases: Pod's and Moodle's. `{database}` names one without any secret, `{section}` its configuration section. */
export const databaseTexts = defineTexts({
  'database-settings-invalid': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'The database of {section} is not usable: {detail}.',
      remedy:
        'Write database = "postgresql://USER:PASSWORD@HOST/NAME", "mysql://…" or "sqlite:/PATH", or the separate keys engine, host, port, name, user, password_file.',
    },
    fr: {
      text: "La base de {section} n'est pas utilisable : {detail}.",
      remedy:
        'Écrivez database = "postgresql://USER:MOTDEPASSE@HOTE/NOM", "mysql://…" ou "sqlite:/CHEMIN", ou les clés séparées engine, host, port, name, user, password_file.',
    },
  },
  'database-unreachable': {
    severity: 'error',
    en: {
      text: 'Cannot reach the {database}: {detail}',
      remedy: 'Check host, port and firewall of {section}, and that the server runs; then: bbb2pod doctor',
    },
    fr: {
      text: 'Impossible de joindre {database} : {detail}',
      remedy:
        "Vérifiez l'hôte, le port et le pare-feu de {section}, et que le serveur tourne ; puis : bbb2pod doctor",
    },
  },
  'database-login-refused': {
    severity: 'error',
    en: {
      text: 'The {database} refuses the login of "{user}": {detail}',
      remedy:
        'Check user and password (password_file) of {section}, and from which hosts the account may connect.',
    },
    fr: {
      text: 'Connexion de « {user} » refusée par {database} : {detail}',
      remedy:
        "Vérifiez user et password (password_file) de {section}, et les hôtes d'où ce compte peut se connecter.",
    },
  },
  'database-unknown': {
    severity: 'error',
    en: {
      text: 'The server knows no such database: {database}: {detail}',
      remedy: 'Correct the database name in {section}.',
    },
    fr: {
      text: 'Le serveur ne connaît pas {database} : {detail}',
      remedy: 'Corrigez le nom de la base dans {section}.',
    },
  },
  'database-tls': {
    severity: 'error',
    en: {
      text: 'No encrypted connection to the {database}: {detail}',
      remedy: 'Set tls = "on", "verify" (with ca_file for a private authority) or "off" in {section}.',
    },
    fr: {
      text: 'Pas de connexion chiffrée vers {database} : {detail}',
      remedy: 'Réglez tls = "on", "verify" (avec ca_file pour une autorité privée) ou "off" dans {section}.',
    },
  },
  'database-table-missing': {
    severity: 'error',
    en: {
      text: 'A table is missing in the {database}: {detail}',
      remedy: 'Check that {section} names the right database, schema and prefix; then: bbb2pod doctor',
    },
    fr: {
      text: 'Une table manque dans {database} : {detail}',
      remedy:
        'Vérifiez que {section} nomme la bonne base, le bon schéma et le bon préfixe ; puis : bbb2pod doctor',
    },
  },
  'database-column-missing': {
    severity: 'error',
    en: {
      text: 'A column is missing in the {database}: {detail}',
      remedy: 'This version is not supported, or its upgrade is unfinished: bbb2pod doctor',
    },
    fr: {
      text: 'Une colonne manque dans {database} : {detail}',
      remedy: "Cette version n'est pas prise en charge, ou sa mise à jour est inachevée : bbb2pod doctor",
    },
  },
  'database-right-missing': {
    severity: 'error',
    en: {
      text: 'The account "{user}" lacks a right on the {database}: {detail}',
      remedy: 'bbb2pod doctor prints the GRANT statements that are missing.',
    },
    fr: {
      text: 'Le compte « {user} » manque de droits sur {database} : {detail}',
      remedy: 'bbb2pod doctor affiche les instructions GRANT qui manquent.',
    },
  },
  'database-connection-lost': {
    severity: 'error',
    en: {
      text: 'The connection to the {database} was lost: {detail}',
      remedy: 'Type the same command again when the server is back: it goes on with what is left.',
    },
    fr: {
      text: 'Connexion perdue avec {database} : {detail}',
      remedy: 'Tapez à nouveau la même commande quand le serveur est revenu : elle reprend ce qui reste.',
    },
  },
  'database-too-slow': {
    severity: 'error',
    en: {
      text: 'The {database} took too long for one statement: {detail}',
      remedy: 'Try again when it is less busy, or in smaller portions (--min, --max).',
    },
    fr: {
      text: 'Instruction trop longue pour {database} : {detail}',
      remedy: 'Réessayez quand elle est moins chargée, ou par plus petites portions (--min, --max).',
    },
  },
  'database-busy': {
    severity: 'error',
    en: {
      text: 'Somebody else holds a lock on the {database}: {detail}',
      remedy: 'Type the same command again in a moment: it goes on with what is left.',
    },
    fr: {
      text: 'Un autre programme tient un verrou sur {database} : {detail}',
      remedy: 'Tapez à nouveau la même commande dans un moment : elle reprend ce qui reste.',
    },
  },
  'database-conflict': {
    severity: 'error',
    en: {
      text: 'The {database} already holds a row of that key: {detail}',
      remedy: 'Type the same command again: what is there is recognised.',
    },
    fr: {
      text: 'Une ligne de même clé existe déjà dans {database} : {detail}',
      remedy: "Tapez à nouveau la même commande : ce qui s'y trouve est reconnu.",
    },
  },
  'database-sequence-behind': {
    severity: 'error',
    en: {
      text: 'The id sequence of {table} lies behind its rows, so nothing can be inserted ({database}).',
      remedy: "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}));",
    },
    fr: {
      text: "La séquence d'identifiants de {table} est en retard sur ses lignes, rien ne peut être inséré ({database}).",
      remedy: "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}));",
    },
  },
  'database-value-refused': {
    severity: 'error',
    en: {
      text: 'The {database} refuses a value: {detail}',
      remedy: 'The rest is done; see this recording in the report: bbb2pod migrate status',
    },
    fr: {
      text: 'Valeur refusée par {database} : {detail}',
      remedy: 'Le reste est fait ; voyez cet enregistrement dans le rapport : bbb2pod migrate status',
    },
  },
  'database-read-only': {
    severity: 'error',
    en: {
      text: 'The {database} cannot be written: {detail}',
      remedy: 'Name the primary server (not a replica) in {section}; for SQLite: ls -l {name}',
    },
    fr: {
      text: 'Écriture impossible dans {database} : {detail}',
      remedy: 'Nommez le serveur primaire (pas un réplica) dans {section} ; pour SQLite : ls -l {name}',
    },
  },
  'database-full': {
    severity: 'error',
    en: {
      text: 'No space left for the {database}: {detail}',
      remedy: 'Free some space on its server (df -h) and type the same command again.',
    },
    fr: {
      text: "Plus d'espace pour {database} : {detail}",
      remedy: "Libérez de l'espace sur son serveur (df -h) et tapez à nouveau la même commande.",
    },
  },
  'database-not-a-database': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'The {database} is no database, or is damaged: {detail}',
      remedy: 'Check the path in {section}: file {name}',
    },
    fr: {
      text: 'Contenu illisible ou endommagé dans {database} : {detail}',
      remedy: 'Vérifiez le chemin dans {section} : file {name}',
    },
  },
  'database-failed': {
    severity: 'error',
    en: { text: 'The {database} failed: {detail}', remedy: 'bbb2pod doctor' },
    fr: { text: "Échec d'une opération sur {database} : {detail}", remedy: 'bbb2pod doctor' },
  },
  'database-without-transactions': {
    severity: 'error',
    en: {
      text: 'Tables of the {database} use an engine without transactions: {tables}. Nothing is written there.',
      remedy: 'Convert them (after a backup): ALTER TABLE {table} ENGINE=InnoDB;',
    },
    fr: {
      text: 'Moteur sans transactions dans {database} : {tables}. Rien n’y est écrit.',
      remedy: 'Convertissez-les (après une sauvegarde) : ALTER TABLE {table} ENGINE=InnoDB;',
    },
  },
  'sqlite-missing': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'No SQLite database at {file} ({section}): {detail}',
      remedy: 'Correct the path: sqlite:/PATH/db.sqlite3. Nothing was created.',
    },
    fr: {
      text: 'Pas de base SQLite en {file} ({section}) : {detail}',
      remedy: "Corrigez le chemin : sqlite:/CHEMIN/db.sqlite3. Rien n'a été créé.",
    },
  },
  'sqlite-not-owner': {
    severity: 'error',
    exitStatus: 2,
    en: {
      text: 'The SQLite file {file} belongs to user {owner}, this command runs as user {user}: files that SQLite would put beside it could stop Pod.',
      remedy: 'Run it as its owner: runuser -u "$(stat -c %U {file})" -- bbb2pod …',
    },
    fr: {
      text: "Le fichier SQLite {file} appartient à l'utilisateur {owner}, cette commande tourne sous {user} : les fichiers que SQLite mettrait à côté pourraient arrêter Pod.",
      remedy: 'Lancez-la sous son propriétaire : runuser -u "$(stat -c %U {file})" -- bbb2pod …',
    },
  },
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof databaseTexts>, true> {}
}
