import type { CodesOf } from './code.js';
import { refusal, say } from './define.js';
import { defineTexts } from './define-texts.js';

/** SQL databases: Pod's and Moodle's. `{database}` names one without any secret, `{section}` its configuration section. */
export const databaseTexts = defineTexts({
  'database-settings-invalid': refusal(
    'The database of {section} is not usable: {detail}.',
    "La base de {section} n'est pas utilisable : {detail}.",
    'Write database = "postgresql://USER:PASSWORD@HOST/NAME", "mysql://…" or "sqlite:/PATH", or the separate keys engine, host, port, name, user, password_file.',
    'Écrivez database = "postgresql://USER:MOTDEPASSE@HOTE/NOM", "mysql://…" ou "sqlite:/CHEMIN", ou les clés séparées engine, host, port, name, user, password_file.',
  ),
  'database-unreachable': say(
    'error',
    'Cannot reach the {database}: {detail}',
    'Impossible de joindre {database} : {detail}',
    'Check host, port and firewall of {section}, and that the server runs; then: bbb2pod doctor',
    "Vérifiez l'hôte, le port et le pare-feu de {section}, et que le serveur tourne ; puis : bbb2pod doctor",
  ),
  'database-login-refused': say(
    'error',
    'The {database} refuses the login of "{user}": {detail}',
    'Connexion de « {user} » refusée par {database} : {detail}',
    'Check user and password (password_file) of {section}, and from which hosts the account may connect.',
    "Vérifiez user et password (password_file) de {section}, et les hôtes d'où ce compte peut se connecter.",
  ),
  'database-unknown': say(
    'error',
    'The server knows no such database: {database}: {detail}',
    'Le serveur ne connaît pas {database} : {detail}',
    'Correct the database name in {section}.',
    'Corrigez le nom de la base dans {section}.',
  ),
  'database-tls': say(
    'error',
    'No encrypted connection to the {database}: {detail}',
    'Pas de connexion chiffrée vers {database} : {detail}',
    'Set tls = "on", "verify" (with ca_file for a private authority) or "off" in {section}.',
    'Réglez tls = "on", "verify" (avec ca_file pour une autorité privée) ou "off" dans {section}.',
  ),
  'database-table-missing': say(
    'error',
    'A table is missing in the {database}: {detail}',
    'Une table manque dans {database} : {detail}',
    'Check that {section} names the right database, schema and prefix; then: bbb2pod doctor',
    'Vérifiez que {section} nomme la bonne base, le bon schéma et le bon préfixe ; puis : bbb2pod doctor',
  ),
  'database-column-missing': say(
    'error',
    'A column is missing in the {database}: {detail}',
    'Une colonne manque dans {database} : {detail}',
    'This version is not supported, or its upgrade is unfinished: bbb2pod doctor',
    "Cette version n'est pas prise en charge, ou sa mise à jour est inachevée : bbb2pod doctor",
  ),
  'database-right-missing': say(
    'error',
    'The account "{user}" lacks a right on the {database}: {detail}',
    'Le compte « {user} » manque de droits sur {database} : {detail}',
    'bbb2pod doctor prints the GRANT statements that are missing.',
    'bbb2pod doctor affiche les instructions GRANT qui manquent.',
  ),
  'database-connection-lost': say(
    'error',
    'The connection to the {database} was lost: {detail}',
    'Connexion perdue avec {database} : {detail}',
    'Type the same command again when the server is back: it goes on with what is left.',
    'Tapez à nouveau la même commande quand le serveur est revenu : elle reprend ce qui reste.',
  ),
  'database-too-slow': say(
    'error',
    'The {database} took too long for one statement: {detail}',
    'Instruction trop longue pour {database} : {detail}',
    'Try again when it is less busy, or in smaller portions (--min, --max).',
    'Réessayez quand elle est moins chargée, ou par plus petites portions (--min, --max).',
  ),
  'database-busy': say(
    'error',
    'Somebody else holds a lock on the {database}: {detail}',
    'Un autre programme tient un verrou sur {database} : {detail}',
    'Type the same command again in a moment: it goes on with what is left.',
    'Tapez à nouveau la même commande dans un moment : elle reprend ce qui reste.',
  ),
  'database-conflict': say(
    'error',
    'The {database} already holds a row of that key: {detail}',
    'Une ligne de même clé existe déjà dans {database} : {detail}',
    'Type the same command again: what is there is recognised.',
    "Tapez à nouveau la même commande : ce qui s'y trouve est reconnu.",
  ),
  'database-sequence-behind': say(
    'error',
    'The id sequence of {table} lies behind its rows, so nothing can be inserted ({database}).',
    "La séquence d'identifiants de {table} est en retard sur ses lignes, rien ne peut être inséré ({database}).",
    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}));",
  ),
  'database-value-refused': say(
    'error',
    'The {database} refuses a value: {detail}',
    'Valeur refusée par {database} : {detail}',
    'The rest is done; see this recording in the report: bbb2pod migrate status',
    'Le reste est fait ; voyez cet enregistrement dans le rapport : bbb2pod migrate status',
  ),
  'database-read-only': say(
    'error',
    'The {database} cannot be written: {detail}',
    'Écriture impossible dans {database} : {detail}',
    'Name the primary server (not a replica) in {section}; for SQLite: ls -l {name}',
    'Nommez le serveur primaire (pas un réplica) dans {section} ; pour SQLite : ls -l {name}',
  ),
  'database-full': say(
    'error',
    'No space left for the {database}: {detail}',
    "Plus d'espace pour {database} : {detail}",
    'Free some space on its server (df -h) and type the same command again.',
    "Libérez de l'espace sur son serveur (df -h) et tapez à nouveau la même commande.",
  ),
  'database-not-a-database': refusal(
    'The {database} is no database, or is damaged: {detail}',
    'Contenu illisible ou endommagé dans {database} : {detail}',
    'Check the path in {section}: file {name}',
    'Vérifiez le chemin dans {section} : file {name}',
  ),
  'database-failed': say(
    'error',
    'The {database} failed: {detail}',
    "Échec d'une opération sur {database} : {detail}",
    'bbb2pod doctor',
  ),
  'database-without-transactions': say(
    'error',
    'Tables of the {database} use an engine without transactions: {tables}. Nothing is written there.',
    'Moteur sans transactions dans {database} : {tables}. Rien n’y est écrit.',
    'Convert them (after a backup): ALTER TABLE {table} ENGINE=InnoDB;',
    'Convertissez-les (après une sauvegarde) : ALTER TABLE {table} ENGINE=InnoDB;',
  ),
  'sqlite-missing': refusal(
    'No SQLite database at {file} ({section}): {detail}',
    'Pas de base SQLite en {file} ({section}) : {detail}',
    'Correct the path: sqlite:/PATH/db.sqlite3. Nothing was created.',
    "Corrigez le chemin : sqlite:/CHEMIN/db.sqlite3. Rien n'a été créé.",
  ),
  'sqlite-not-owner': refusal(
    'The SQLite file {file} belongs to user {owner}, this command runs as user {user}: files that SQLite would put beside it could stop Pod.',
    "Le fichier SQLite {file} appartient à l'utilisateur {owner}, cette commande tourne sous {user} : les fichiers que SQLite mettrait à côté pourraient arrêter Pod.",
    'Run it as its owner: runuser -u "$(stat -c %U {file})" -- bbb2pod …',
    'Lancez-la sous son propriétaire : runuser -u "$(stat -c %U {file})" -- bbb2pod …',
  ),
});

declare module './code.js' {
  interface KnownCodes extends Record<CodesOf<typeof databaseTexts>, true> {}
}
